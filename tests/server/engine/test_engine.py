"""A query as a value, and an answer that is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from smegraph.server.engine.engine import Answer, Generation, QueryRequest


@pytest.mark.parametrize(
    "other",
    [
        {"default_graphs": ("http://e/",)},
        {"named_graphs": ("http://e/",)},
        {"default_graphs": ()},
        {"table_format": "csv"},
        {"graph_format": None},
        {"encoding": "gzip"},
    ],
)
def test_another_request_has_another_name(other: dict[str, object]) -> None:
    request = QueryRequest("ASK {}")
    changed = QueryRequest("ASK {}", **other)  # type: ignore[arg-type]
    assert request.fingerprint("0") != changed.fingerprint("0")


def test_another_text_has_another_fingerprint() -> None:
    request = QueryRequest("ASK {}")
    assert request.fingerprint("0") != request.fingerprint("1")


def test_a_timeout_does_not_change_the_answer() -> None:
    hasty = QueryRequest("ASK {}", timeout=1.0)
    assert hasty.fingerprint("0") == QueryRequest("ASK {}").fingerprint("0")
    assert hasty.content == QueryRequest("ASK {}").content


def test_an_answer_is_read_whole_however_it_comes() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"c"

    whole = Answer("json", Generation("1", 0.0), body=b"abc")
    assert asyncio.run(whole.read()) == b"abc"
    assert asyncio.run(Answer("json", Generation("1", 0.0), parts=parts()).read()) == b"abc"


def test_an_answer_is_given_up_once_or_twice() -> None:
    ended = []

    async def parts() -> AsyncIterator[bytes]:
        try:
            yield b"first"
            yield b"second"
        finally:
            ended.append(True)

    async def give_up() -> None:
        answer = Answer("json", Generation("1", 0.0), parts=parts())
        assert answer.parts is not None
        assert await anext(answer.parts) == b"first"
        await answer.close()
        await answer.close()

    asyncio.run(give_up())
    assert ended == [True]


def test_a_whole_answer_has_nothing_to_give_up() -> None:
    asyncio.run(Answer("json", Generation("1", 0.0), body=b"{}").close())
