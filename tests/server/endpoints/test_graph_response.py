"""A graph as a response: whole, in parts, and where the parts break."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from smegraph.server.endpoints.graph_response import GraphResponse
from smegraph.server.engine.engine import Answer, Generation
from smegraph.server.engine.errors import DeadlineExceeded
from tests.server.asgi_client import client_of

HEADERS = {"Content-Type": "application/n-triples", "Vary": "Accept"}


def answer(parts: AsyncIterator[bytes] | None, body: bytes | None = None) -> Answer:
    return Answer("ntriples", Generation("1", 0.0), body=body, parts=parts)


async def two() -> AsyncIterator[bytes]:
    yield b"one "
    yield b"two"


async def none() -> AsyncIterator[bytes]:
    raise DeadlineExceeded(2.0)
    yield b""


def sent(found: Answer, method: str = "GET") -> tuple[int, bytes, str]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await GraphResponse(found, HEADERS, 5.0)(scope, receive, send)

    with client_of(app) as http:
        response = http.request(method, "/")
        return response.status_code, response.content, response.headers["vary"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_graph_is_sent_whole_or_in_parts(method: str) -> None:
    body = b"one two" if method == "GET" else b""
    assert sent(answer(None, b"one two"), method) == (200, body, "Accept")
    assert sent(answer(two()), method) == (200, body, "Accept")


def test_what_breaks_before_the_first_part_has_a_status() -> None:
    status, body, vary = sent(answer(none()))
    assert (status, vary) == (504, "Accept")
    assert b"deadline-exceeded" in body
