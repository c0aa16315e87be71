"""A large result that is read while it is written."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from smegraph.server.engine.errors import AnswerBroken, Overloaded
from smegraph.server.workers.spool import Spool
from tests.server.loops import in_loop


class Writing:
    """The worker's side: a file that grows."""

    def __init__(self, folder: Path) -> None:
        path = folder / "1-1"
        self._file = path.open("xb", buffering=0)
        self._written = 0
        self.closed: list[Spool] = []
        self.spool = Spool(path, self.closed.append)

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._written += len(data)
        self.spool.grow(self._written)


@in_loop
async def test_the_file_has_no_name_once_it_is_open(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    assert [*tmp_path.iterdir()] == []
    await writing.spool.aclose()


@in_loop
async def test_what_was_written_comes_in_parts_of_a_bounded_size(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    data = os.urandom(200_000)
    writing.write(data)
    writing.spool.end()
    parts = [part async for part in writing.spool]
    assert b"".join(parts) == data
    assert max(map(len, parts)) == 65_536


@in_loop
async def test_a_reader_waits_for_what_is_not_written_yet(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    first = asyncio.ensure_future(anext(writing.spool))
    await asyncio.sleep(0)
    assert not first.done()
    writing.write(b"one")
    assert await first == b"one"
    writing.write(b"two")
    writing.spool.end()
    assert [part async for part in writing.spool] == [b"two"]


@in_loop
async def test_nothing_is_read_beyond_what_the_worker_has_told_of(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    writing._file.write(b"onetwo")
    writing.spool.grow(3)
    assert await anext(writing.spool) == b"one"
    await writing.spool.aclose()


@in_loop
async def test_a_failure_before_the_first_part_is_told_as_it_is(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    writing.write(b"one")
    writing.spool.fail(Overloaded(5))
    with pytest.raises(Overloaded):
        await anext(writing.spool)
    assert writing.closed == [writing.spool]


@in_loop
async def test_a_failure_after_it_breaks_the_answer(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    writing.write(b"one")
    await anext(writing.spool)
    writing.spool.fail(Overloaded(5))
    with pytest.raises(AnswerBroken) as broken:
        await anext(writing.spool)
    assert isinstance(broken.value.__cause__, Overloaded)


@in_loop
async def test_closing_is_told_once_and_ends_a_reader_that_waits(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    waiting = asyncio.ensure_future(anext(writing.spool, None))
    await asyncio.sleep(0)
    await writing.spool.aclose()
    await writing.spool.aclose()
    assert await waiting is None
    assert writing.closed == [writing.spool]
    assert not writing.spool.open


@in_loop
async def test_reading_to_the_end_gives_the_file_back(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    writing.spool.end()
    assert [part async for part in writing.spool] == []
    assert writing.closed == [writing.spool]


@in_loop
async def test_the_file_of_a_reader_that_was_dropped_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "1-1"
    path.write_bytes(b"")
    spool = Spool(path, lambda spool: None)
    descriptor = spool._file
    os.fstat(descriptor)
    del spool
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
