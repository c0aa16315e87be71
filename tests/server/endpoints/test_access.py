"""Bearer tokens of requests (RFC 6750): who may, who is asked for one, and who may not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from starlette.types import Scope

from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.dataset.interface import Permission
from smegraph.server.endpoints.access import TokenAccess
from smegraph.server.http.problems import HttpProblem


def bearing(*authorization: str) -> Scope:
    headers = [(b"authorization", value.encode()) for value in authorization]
    return {"type": "http", "headers": headers}


def refusal(folder: Path, scope: Scope, permission: Permission = "update") -> HttpProblem:
    with pytest.raises(HttpProblem) as caught:
        TokenAccess(folder).require(scope, permission)
    return caught.value


def test_a_token_gives_the_permission_that_it_has(tmp_path: Path) -> None:
    made = TokenFile(tmp_path).create(["update", "graph-store"])
    access = TokenAccess(tmp_path)
    access.require(bearing(f"Bearer {made}"), "update")
    access.require(bearing(f"bearer {made}"), "graph-store")  # Schemes have no case.


NO_TOKENS = ["Basic", "Basic dTo=", "Basic dQ==", "Basic !", "Basic /w==", "Bearer", "Bearer ", ""]


@pytest.mark.parametrize("headers", [[], *([found] for found in NO_TOKENS)])
def test_no_token_is_answered_by_the_challenge(tmp_path: Path, headers: list[str]) -> None:
    problem = refusal(tmp_path, bearing(*headers))
    assert problem.status == 401
    assert problem.headers["WWW-Authenticate"] == 'Bearer realm="smegraph"'


def basic(token: str, name: str = "anybody", **fields: str) -> Scope:
    given = base64.b64encode(f"{name}:{token}".encode()).decode()
    scope = bearing(f"Basic {given}")
    told = {"host": "data.example:8000", **fields}
    scope["headers"] += [(n.replace("_", "-").encode(), v.encode()) for n, v in told.items()]
    return scope


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"sec_fetch_site": "same-origin", "origin": "http://data.example:8000"},
        {"sec_fetch_site": "none"},
        {"origin": "https://DATA.example:8000"},
    ],
)
@pytest.mark.parametrize("name", ["anybody", "", "é"])
def test_a_token_may_be_the_password_of_http_basic(
    tmp_path: Path, name: str, fields: dict[str, str]
) -> None:
    made = TokenFile(tmp_path).create(["update"])
    TokenAccess(tmp_path).require(basic(made, name, **fields), "update")


@pytest.mark.parametrize(
    "fields",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://data.example:8000"},
        {"origin": "http://elsewhere.example"},
        {"origin": "http://data.example"},
        {"origin": "null"},
    ],
)
def test_another_site_cannot_use_the_password_that_a_browser_keeps(
    tmp_path: Path, fields: dict[str, str]
) -> None:
    made = TokenFile(tmp_path).create(["update"])
    problem = refusal(tmp_path, basic(made, **fields))
    assert problem.status == 403
    assert "WWW-Authenticate" not in problem.headers
    scope = bearing(f"Bearer {made}")
    scope["headers"] += basic(made, **fields)["headers"][1:]
    TokenAccess(tmp_path).require(scope, "update")  # No browser sends such a token by itself.


def test_the_address_that_clients_see_is_this_site_too(tmp_path: Path) -> None:
    """A proxy may send another Host than the browser did."""
    made = TokenFile(tmp_path).create(["update"])
    access = TokenAccess(tmp_path, own_host="example.org")
    access.require(basic(made, origin="https://example.org"), "update")
    access.require(basic(made, origin="http://data.example:8000"), "update")
    for other in ("https://example.org:8443", "https://x.example.org", "null", ""):
        with pytest.raises(HttpProblem) as refused:
            access.require(basic(made, origin=other), "update")
        assert refused.value.status == 403


def test_a_wrong_password_is_an_invalid_token_and_provokes_no_dialog(tmp_path: Path) -> None:
    problem = refusal(tmp_path, basic("smegraph_wrong"))
    assert problem.status == 401
    assert problem.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_wrong_token_is_invalid(tmp_path: Path) -> None:
    made = TokenFile(tmp_path).create(["update"])
    for wrong in (made[:-1], made + "x", made.lower(), "é", "smegraph_"):
        problem = refusal(tmp_path, bearing(f"Bearer {wrong}"))
        assert problem.status == 401
        assert 'error="invalid_token"' in problem.headers["WWW-Authenticate"]


def test_two_authorizations_are_none(tmp_path: Path) -> None:
    made = f"Bearer {TokenFile(tmp_path).create(['update'])}"
    assert refusal(tmp_path, bearing(made, made)).status == 401


def test_a_token_without_the_scope_is_forbidden(tmp_path: Path) -> None:
    made = TokenFile(tmp_path).create(["update"])
    problem = refusal(tmp_path, bearing(f"Bearer {made}"), "graph-store")
    assert problem.status == 403
    assert 'error="insufficient_scope"' in problem.headers["WWW-Authenticate"]


def test_revoking_works_at_once_where_the_file_was_read_before(tmp_path: Path) -> None:
    file, access = TokenFile(tmp_path), TokenAccess(tmp_path)
    made = file.create(["update"])
    access.require(bearing(f"Bearer {made}"), "update")
    file.revoke(file.tokens()[0].id)
    with pytest.raises(HttpProblem):
        access.require(bearing(f"Bearer {made}"), "update")
    again = file.create(["update"])
    access.require(bearing(f"Bearer {again}"), "update")


def test_a_damaged_file_lets_nobody_in_and_tells_clients_nothing(tmp_path: Path) -> None:
    made = TokenFile(tmp_path).create(["update"])
    (tmp_path / "tokens.json").write_text("{")
    problem = refusal(tmp_path, bearing(f"Bearer {made}"))
    assert problem.status == 500
    assert "tokens.json" not in problem.detail
