"""Bearer tokens of requests (RFC 6750): who may, who is asked for one, and who may not."""

from __future__ import annotations

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


@pytest.mark.parametrize("headers", [[], ["Basic dTpw"], ["Bearer"], ["Bearer "], [""]])
def test_no_token_is_answered_by_the_challenge(tmp_path: Path, headers: list[str]) -> None:
    problem = refusal(tmp_path, bearing(*headers))
    assert problem.status == 401
    assert problem.headers["WWW-Authenticate"] == 'Bearer realm="smegraph"'


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
