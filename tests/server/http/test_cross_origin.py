"""Which sites' pages may read answers, as a real service with its settings says it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.http.cross_origin import OnlyOrigins
from smegraph.server.monitoring.logs import EventLog
from smegraph.server.monitoring.metrics import Metrics
from smegraph.server.monitoring.observe import Observed
from tests.server.bare import serving
from tests.server.conftest import answering

SITE, OTHER = "https://app.example.org", "https://evil.example"
ASK = "/sparql?query=ASK%7B%7D"
# An answer of each part of the service: pages, the endpoint, the graph store, problems.
PATHS = [
    "/", "/health", "/metrics", "/static/ask.js", "/openapi.json", "/.well-known/void", "/nothing",
    "/static/nothing", "/coverage/", "/sparql", "/sparql/", ASK, "/sparql?query=x",
    "/graphs?default", "/graphs/none",
]  # fmt: skip


@pytest.fixture(scope="module")
def listed(release: Path) -> Iterator[httpx.Client]:
    """A service of a release that two sites may read."""
    with answering(dataset=release, cors_origin=(SITE, "http://localhost:3000")) as http:
        yield http


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service that takes updates, with the settings that such a one has by itself."""
    folder = tmp_path_factory.mktemp("private")
    with answering(dataset=folder, writable=True) as http:
        http.headers["Authorization"] = f"Bearer {TokenFile(folder).create(['graph-store'])}"
        yield http


def cross(response: httpx.Response) -> dict[str, str]:
    """The headers of a response that let another site do something."""
    return {k: v for k, v in response.headers.items() if k.startswith("access-control-")}


def preflight(http: httpx.Client, path: str, method: str, *names: str, origin: str = SITE) -> (
    httpx.Response
):  # fmt: skip
    asked = {
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ", ".join(names),
    }  # fmt: skip
    return http.options(path, headers=asked)


def words(response: httpx.Response, name: str) -> set[str]:
    return {word.strip().lower() for word in response.headers.get(name, "").split(",")} - {""}


# ------------------------------------------------------------------ a service that is public


@pytest.mark.parametrize("path", PATHS)
def test_any_site_may_read_what_is_public(service: httpx.Client, path: str) -> None:
    response = service.get(path, headers={"Origin": OTHER})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert words(response, "access-control-expose-headers") >= {"*", "etag", "location"}
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(("path", "method"), [("/sparql", "POST"), ("/", "GET")])
def test_any_site_may_send_what_the_protocol_has(
    service: httpx.Client, path: str, method: str
) -> None:
    response = preflight(service, path, method, "authorization", "content-type", "if-match")
    assert response.status_code == 204
    assert method.lower() in words(response, "access-control-allow-methods")
    allowed = words(response, "access-control-allow-headers")
    assert allowed >= {"authorization", "content-type", "if-match"}


# ------------------------------------------------------------------ one that some may read


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [SITE, "http://localhost:3000"])
def test_a_listed_site_may_read(listed: httpx.Client, path: str, origin: str) -> None:
    response = listed.get(path, headers={"Origin": origin})
    assert response.headers.get_list("access-control-allow-origin") == [origin]
    assert "etag" in words(response, "access-control-expose-headers")
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin",
    [None, OTHER, "null", "http://app.example.org", f"{SITE}:8443", f"{SITE}.evil.example", "*"],
)
def test_no_other_site_may(listed: httpx.Client, path: str, origin: str | None) -> None:
    response = listed.get(path, headers={"Origin": origin} if origin else {})
    assert cross(response) == {}
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
def test_caches_keep_an_answer_for_each_origin(listed: httpx.Client, path: str) -> None:
    before = listed.get(path)
    assert "origin" in words(before, "vary")
    assert len(before.headers.get_list("vary")) == 1
    assert words(listed.get(path, headers={"Origin": SITE}), "vary") == words(before, "vary")


def test_what_a_client_has_already_varies_too(listed: httpx.Client) -> None:
    tag = listed.get(ASK).headers["etag"]
    response = listed.get(ASK, headers={"If-None-Match": tag, "Origin": SITE})
    assert response.status_code == 304
    assert response.headers["access-control-allow-origin"] == SITE
    assert words(response, "vary") >= {"accept", "origin"}


def test_a_listed_site_s_preflight_is_granted(listed: httpx.Client) -> None:
    response = preflight(listed, "/sparql", "POST", "content-type", "authorization", "if-match")
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == SITE
    assert words(response, "access-control-allow-methods") >= {"get", "post"}
    allowed = words(response, "access-control-allow-headers")
    assert allowed >= {"content-type", "authorization", "if-match"}


def test_another_site_s_preflight_is_not(listed: httpx.Client) -> None:
    response = preflight(listed, "/sparql", "POST", "content-type", origin=OTHER)
    assert response.status_code == 204
    assert cross(response) == {}
    assert "POST" in response.headers["allow"]


# ------------------------------------------------------------------ one that may be private


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [OTHER, "null", "http://localhost:3000"])
def test_no_site_may_read_what_takes_updates(private: httpx.Client, path: str, origin: str) -> None:
    response = private.get(path, headers={"Origin": origin})
    assert cross(response) == {}
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "origin" not in words(response, "vary")


@pytest.mark.parametrize(("path", "method"), [("/sparql", "POST"), ("/graphs?default", "PUT")])
def test_no_site_may_ask_to_change_it(private: httpx.Client, path: str, method: str) -> None:
    assert cross(preflight(private, path, method, "authorization", origin=OTHER)) == {}


def test_a_site_that_is_listed_may_change_it_with_a_token(tmp_path: Path) -> None:
    token = TokenFile(tmp_path).create(["graph-store"])
    with answering(dataset=tmp_path, writable=True, cors_origin=(SITE,)) as http:
        asked = preflight(http, "/graphs/a", "PUT", "authorization", "content-type", "if-match")
        assert asked.headers["access-control-allow-origin"] == SITE
        assert "put" in words(asked, "access-control-allow-methods")
        sent = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle", "Origin": SITE}
        made = http.put("/graphs/a", content="<s> <p> <o> .", headers=sent)
        assert made.status_code == 201
        assert made.headers["access-control-allow-origin"] == SITE


def test_a_listed_site_does_not_get_what_a_browser_keeps(tmp_path: Path) -> None:
    token = TokenFile(tmp_path).create(["graph-store"])
    with answering(dataset=tmp_path, writable=True, cors_origin=(SITE,)) as http:
        response = http.get("/graphs?default", auth=("me", token), headers={"Origin": SITE})
        assert response.status_code == 403
        assert "Bearer" in response.json()["detail"]


def test_any_site_may_read_what_takes_updates_where_that_is_set(tmp_path: Path) -> None:
    with answering(dataset=tmp_path, writable=True, cors_origin=("*",)) as http:
        assert http.get(ASK).headers["access-control-allow-origin"] == "*"


def test_a_public_service_can_be_closed(release: Path) -> None:
    with answering(dataset=release, cors_origin=("none",)) as http:
        assert cross(http.get(ASK, headers={"Origin": OTHER})) == {}


# ------------------------------------------------------------------ what never reaches the pages


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n"])
@pytest.mark.parametrize(("name", "expected"), [("private", False), ("service", True)])
def test_a_refused_request_is_as_open_as_the_others(
    request: pytest.FixtureRequest, start: bytes, name: str, expected: bool
) -> None:
    http: httpx.Client = request.getfixturevalue(name)
    with socket.create_connection((http.base_url.host, http.base_url.port or 80), 60) as client:
        client.sendall(start)
        answer = b"".join(iter(lambda: client.recv(65536), b"")).lower()
    assert answer.startswith(b"http/1.1 400 ")
    assert (b"access-control-" in answer) == expected
    assert (b"resource-policy: same-origin" in answer) != expected


def test_a_failure_that_nobody_foresaw_is_closed_too() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError("secret")

    with serving(OnlyOrigins(Observed(fail, EventLog(None), Metrics()), [])) as http:
        response = http.get("/", headers={"Origin": OTHER})
    assert response.status_code == 500
    assert cross(response) == {}


class Cycle:
    """A server's state of a request of which the client has left."""

    disconnected = True

    async def send(self, message: Message) -> None:
        raise AssertionError("nothing is sent")


def told(send: Send) -> object:
    """What an application behind `OnlyOrigins` sees of whether the client has left."""
    found: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(getattr(getattr(send, "__self__", None), "disconnected", "unknown"))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def ask() -> None:
        await OnlyOrigins(app, [])({"type": "http", "headers": []}, receive, send)

    asyncio.run(ask())
    return found[0]


def test_the_log_still_sees_whether_the_client_has_left() -> None:
    async def send(message: Message) -> None:
        raise AssertionError("nothing is sent")

    assert told(Cycle().send) is True
    assert told(send) == "unknown"
