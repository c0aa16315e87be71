"""Reading a body within bounds, and what its headers say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive

from smegraph.server.http.body import (
    check_coding,
    decode,
    has_body,
    parse_content_type,
    read_body,
)
from smegraph.server.http.errors import ClientGone
from smegraph.server.http.fields import Fields
from smegraph.server.http.problems import HttpProblem


def receiving(*messages: Message | float) -> Receive:
    """What gives the messages in turn, then waits; a number is a pause in seconds."""
    waiting = [*messages]

    async def receive() -> Message:
        while waiting:
            message = waiting.pop(0)
            if not isinstance(message, float):
                return message
            await asyncio.sleep(message)
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    return receive


def part(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def read(
    *messages: Message | float,
    limit: int = 100,
    timeout: float = 30.0,
    fields: Fields | None = None,
) -> bytes:
    receive = receiving(*messages)
    return asyncio.run(read_body(receive, fields or {}, limit=limit, timeout=timeout))


def refusal(call: Callable[[], object]) -> HttpProblem:
    with pytest.raises(HttpProblem) as caught:
        call()
    return caught.value


# ------------------------------------------------------------------ the bytes


@given(st.lists(st.binary(max_size=10), max_size=9), st.binary(max_size=10))
def test_a_body_is_the_sum_of_its_parts(parts: list[bytes], last: bytes) -> None:
    assert read(*map(part, parts), part(last, more=False)) == b"".join([*parts, last])


def test_a_message_without_a_body_ends_it() -> None:
    assert read({"type": "http.request"}) == b""


def test_a_body_may_have_all_that_is_allowed() -> None:
    assert read(part(b"abc"), part(b"de", more=False), limit=5) == b"abcde"


def test_a_body_that_states_too_much_is_refused_unread() -> None:
    found = refusal(lambda: read(limit=5, fields={b"content-length": b"6"}))
    assert (found.kind, found.members) == ("body-too-large", {"limit": 5})
    assert found.headers == {"Connection": "close"}


def test_a_body_that_grows_too_large_is_refused_before_its_end() -> None:
    assert refusal(lambda: read(part(b"abc"), part(b"def"), limit=5)).kind == "body-too-large"


def test_a_body_that_stalls_is_refused() -> None:
    found = refusal(lambda: read(part(b"abc"), timeout=0.02))
    assert (found.kind, found.headers) == ("request-timeout", {"Connection": "close"})
    assert "3 bytes" in found.detail


def test_what_has_come_gives_time_for_more() -> None:
    much = b"x" * 60 * 1024
    messages = (part(much), 0.1, part(b"y", more=False))
    assert read(*messages, limit=len(much) + 1, timeout=0.01) == much + b"y"


def test_a_client_that_goes_ends_the_reading() -> None:
    with pytest.raises(ClientGone):
        read(part(b"abc"), {"type": "http.disconnect"})


# ------------------------------------------------------------------ what is said of them


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({b"content-length": b"0"}, False),
        ({b"content-length": b"1"}, True),
        ({b"transfer-encoding": b"chunked"}, True),
    ],
)
def test_a_body_shows_in_the_headers(fields: Fields, expected: bool) -> None:
    assert has_body(fields) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ("", "")),
        ("text/turtle", ("text/turtle", "")),
        (" Text/Turtle ; Charset = utf-8", ("text/turtle", "utf-8")),
        ('text/turtle; q=1; charset="US-ASCII"', ("text/turtle", "us-ascii")),
        ("multipart/form-data; boundary=charset=x", ("multipart/form-data", "")),
    ],
)
def test_a_content_type_has_a_media_type_and_a_charset(
    value: str, expected: tuple[str, str]
) -> None:
    assert parse_content_type(value) == expected


@pytest.mark.parametrize("coding", [b"", b"identity", b" Identity "])
def test_a_body_may_be_sent_as_it_is(coding: bytes) -> None:
    check_coding({b"content-encoding": coding})


def test_a_compressed_body_is_refused_by_its_coding() -> None:
    found = refusal(lambda: check_coding({b"content-encoding": b"GZip"}))
    assert (found.kind, found.headers) == ("unsupported-encoding", {"Accept-Encoding": "identity"})
    assert "gzip" in found.detail


@given(st.binary(max_size=100))
def test_a_body_is_text_exactly_when_it_is_utf_8(body: bytes) -> None:
    try:
        expected = body.decode()
    except UnicodeDecodeError:
        assert refusal(lambda: decode(body)).kind == "not-utf-8"
    else:
        assert decode(body) == expected.removeprefix("\ufeff")
