"""Responses as they leave, whatever an application's messages are: whole, in parts, too short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.server.bare import serving

LARGE: Final = b"x" * 70_000
# What the length says (None: nothing), the parts, and what the client gets (None: a broken answer).
CASES: Final[dict[str, tuple[int | None, list[bytes], bytes | None]]] = {
    "whole": (2, [b"ab"], b"ab"),
    "empty": (0, [b""], b""),
    "large": (len(LARGE), [LARGE], LARGE),
    "parts": (4, [b"ab", b"cd"], b"abcd"),
    "late": (2, [b"", b"ab"], b"ab"),
    "chunks": (None, [b"ab", b"cd"], b"abcd"),
    "short": (3, [b"ab"], None),
    "long": (1, [b"ab"], None),
    "nothing": (2, [], None),
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the case that the path names."""
    length, parts, _ = CASES[scope["path"].strip("/")]
    headers = [(b"x-case", b"1")]
    if length is not None:
        headers.append((b"content-length", b"%d" % length))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if not parts:
        raise RuntimeError("an error of the application")
    for number, part in enumerate(parts, 1):
        more = number < len(parts)
        await send({"type": "http.response.body", "body": part, "more_body": more})


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with serving(app) as client:
        yield client


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[2] is not None])
def test_an_answer_leaves_as_it_is_and_the_connection_goes_on(
    http: httpx.Client, name: str
) -> None:
    for _ in range(3):
        response = http.get(f"/{name}")
        assert (response.status_code, response.content) == (200, CASES[name][2])
        assert response.headers["x-case"] == "1"
        assert "connection" not in response.headers


@pytest.mark.parametrize("name", ["whole", "large", "parts"])
def test_head_has_the_length_and_no_body(http: httpx.Client, name: str) -> None:
    for _ in range(3):
        response = http.head(f"/{name}")
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["content-length"] == str(CASES[name][0])


@pytest.mark.parametrize("name", ["whole", "large", "parts", "chunks"])
def test_the_last_answer_of_a_connection_is_whole_too(http: httpx.Client, name: str) -> None:
    response = http.get(f"/{name}", headers={"Connection": "close"})
    assert (response.content, response.headers["connection"]) == (CASES[name][2], "close")


@pytest.mark.parametrize("name", ["short", "long", "nothing"])
def test_an_answer_that_is_not_what_it_says_is_broken_off(http: httpx.Client, name: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        http.get(f"/{name}")
    assert http.get("/whole").content == b"ab"
