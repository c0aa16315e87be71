"""The headers that every response has, and what OPTIONS answers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from smegraph.server.http.headers import (
    PAGE_METHODS,
    RAW_STANDARD_HEADERS,
    STANDARD_HEADERS,
    StandardHeaders,
    options_headers,
    raw_headers,
)
from tests.server.asgi_client import client_of


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a header of its own, and one that is a standard one."""
    own = {"X-Own": "1", "Content-Security-Policy": "default-src 'self'"}
    await Response(b"page", headers=own)(scope, receive, send)


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with client_of(StandardHeaders(page)) as client:
        yield client


def test_missing_headers_are_added_and_others_stay(http: httpx.Client) -> None:
    headers = http.get("/").headers
    expected = STANDARD_HEADERS | {"X-Own": "1", "Content-Security-Policy": "default-src 'self'"}
    assert {name: headers[name] for name in expected} == expected


def test_options_is_answered_without_the_page(http: httpx.Client) -> None:
    response = http.options("/")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == PAGE_METHODS
    assert response.headers.items() >= {("access-control-max-age", "86400")}


def test_a_browser_may_send_a_token() -> None:
    """Fetch standard §3.2.2: "*" does not stand for Authorization."""
    headers = options_headers("GET, PUT")
    assert headers["Access-Control-Allow-Methods"] == headers["Allow"] == "GET, PUT"
    assert "Authorization" in headers["Access-Control-Allow-Headers"]


def test_headers_of_a_message_are_bytes_in_lower_case() -> None:
    assert raw_headers({"X-Name": "é"}) == [(b"x-name", "é".encode("latin-1"))]
    assert [name for name, _ in RAW_STANDARD_HEADERS] == [
        name.lower().encode() for name in STANDARD_HEADERS
    ]
