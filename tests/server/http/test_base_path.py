"""The path below which clients see the service."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from smegraph.server.http.base_path import BelowBasePath, as_clients_see


def seen(prefix: str, path: str, raw: bytes | None = None) -> tuple[str, bytes]:
    """The path, decoded and raw, that an application sees behind the wrapper."""
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        raise AssertionError("nothing is sent")

    scope: dict[str, Any] = {"type": "http", "path": path, "raw_path": raw or path.encode()}

    async def ask() -> None:
        await BelowBasePath(app, prefix)(scope, receive, send)

    asyncio.run(ask())
    return found[0]["path"], found[0]["raw_path"]


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/small-firms/graph/sparql", "/sparql"),
        ("/small-firms/graph/", "/"),
        ("/small-firms/graph", "/"),
        ("/small-firms/graph/graphs/a", "/graphs/a"),
        ("/small-firms/graph/small-firms/graph/", "/small-firms/graph/"),
    ],
)
def test_the_path_is_taken_off_once(path: str, below: str) -> None:
    assert seen("/small-firms/graph", path) == (below, below.encode())


@pytest.mark.parametrize(
    "path",
    ["/sparql", "/", "/evidence", "/small-firms/graphs", "/small-firms/graphs/x", "/graph/sparql"],
)
def test_what_does_not_lie_below_it_stays(path: str) -> None:
    assert seen("/small-firms/graph", path) == (path, path.encode())


def test_a_path_is_the_same_however_it_is_escaped() -> None:
    assert seen("/%C3%A9/a-b", "/é/a-b/sparql", b"/%c3%a9/a%2Db/sparql") == ("/sparql", b"/sparql")


def test_an_escaped_slash_is_no_boundary() -> None:
    raw = b"/evidence%2Fgraph/sparql"
    assert seen("/small-firms/graph", "/small-firms/graph/sparql", raw) == (
        "/small-firms/graph/sparql",
        raw,
    )


def test_escapes_behind_the_path_stay_in_the_raw_path() -> None:
    assert seen("/e", "/e/graphs/a b", b"/e/graphs/a%20b") == ("/graphs/a b", b"/graphs/a%20b")


def test_a_request_is_shown_as_if_it_had_come_to_the_base_address() -> None:
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "path": "/coverage/",
        "query_string": b"a=1", "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"upstream"), (b"accept", b"*/*")],
    }  # fmt: skip
    request = Request(as_clients_see(scope, "https://example.org/small-firms/graph"))
    assert str(request.url) == "https://example.org/small-firms/graph/coverage/?a=1"
    assert request.headers["accept"] == "*/*"
