"""A process that works for the service: its commands, its deaths, its fresh starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smegraph.server.dataset.child_process import ChildProcess
from smegraph.server.dataset.errors import ChildProcessDiskFull, ChildProcessUnusable
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    InsufficientStorage,
    MemoryExceeded,
    WorkerLost,
)
from smegraph.sparql.errors import QueryFailed
from tests.server.loops import in_loop

LIMIT = 64 * 2**20

# It tells first what its argument says, and then carries out what it is told.
MODULE = """
import json, os, socket, sys, time
from smegraph.server.workers.messages import pack, receive

connection = socket.socket(fileno=int(sys.argv[1]))
first, limit, parent = json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
if first is None:
    os._exit(1)
connection.sendall(pack([0, *first]))
while first == ["ready"] and (message := receive(connection)):
    (number, command, options), body = message
    if command == "echo":
        connection.sendall(pack([number, "done", [options, len(body), limit, parent]]))
    elif command == "reply":
        connection.sendall(pack([number, *options]))
    elif command == "later":
        waiting = number
    elif command == "now":
        connection.sendall(pack([number, "done", "second"]) + pack([waiting, "done", "first"]))
    elif command == "sleep":
        time.sleep(60)
    elif command == "exit":
        os._exit(3)
    elif command == "abort":
        os.abort()
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child_of_a_test.py").write_text(MODULE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@asynccontextmanager
async def child(first: str = '["ready"]') -> AsyncIterator[ChildProcess]:
    process = ChildProcess("child_of_a_test", [first], LIMIT)
    try:
        yield process
    finally:
        await process.stop()


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


# ------------------------------------------------------------------------------------ commands


@in_loop
async def test_a_command_goes_over_with_its_options_and_its_body() -> None:
    async with child() as process:
        options = {"graph": None, "name": "a"}
        found, size, limit, _ = await process.call("echo", options, b"x" * 1_000_000)
        assert (found, size, limit) == (options, 1_000_000, LIMIT)


@in_loop
async def test_the_process_is_started_by_the_first_command_and_kept() -> None:
    async with child() as process:
        assert (process.pid, process.starts) == (0, 0)
        await asyncio.gather(*(process.call("echo", number) for number in range(5)))
        assert is_running(process.pid)
        assert process.starts == 1


@in_loop
async def test_each_command_gets_its_own_reply_in_whatever_order_they_come() -> None:
    async with child() as process:
        await process.start()
        first = asyncio.ensure_future(process.call("later", None))
        await asyncio.sleep(0)
        assert await process.call("now", None) == "second"
        assert await first == "first"


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (["refused", "QueryFailed", "It failed."], QueryFailed, "It failed"),
        (["memory"], MemoryExceeded, "64 MiB"),
        (["full", "There is no room."], InsufficientStorage, "no room"),
        (["nonsense"], WorkerLost, "nonsense"),
    ],
)
@in_loop
async def test_a_reply_that_is_no_result_is_raised_and_the_process_goes_on(
    reply: list[str], error: type[Exception], message: str
) -> None:
    async with child() as process:
        with pytest.raises(error, match=message):
            await process.call("reply", reply)
        await process.call("echo", None)
        assert process.starts == 1


@in_loop
async def test_a_process_that_can_do_nothing_more_is_replaced() -> None:
    async with child() as process:
        with pytest.raises(InsufficientStorage, match="no room"):
            await process.call("reply", ["full-for-good", "There is no room."])
        await process.call("echo", None)
        assert process.starts == 2


# ------------------------------------------------------------------------------ deaths, and ends


@in_loop
async def test_a_death_fails_all_that_wait_and_the_next_command_starts_a_fresh_process() -> None:
    async with child() as process:
        await process.start()
        waiting = asyncio.ensure_future(process.call("later", None))
        await asyncio.sleep(0)
        with pytest.raises(WorkerLost, match="ended with 3"):
            await process.call("exit", None)
        with pytest.raises(WorkerLost):
            await waiting
        await process.call("echo", None)
        assert process.starts == 2


@in_loop
async def test_the_engine_aborts_where_memory_ends() -> None:
    async with child() as process:
        with pytest.raises(MemoryExceeded, match="64 MiB"):
            await process.call("abort", None)


@in_loop
async def test_a_command_beyond_its_time_ends_the_process() -> None:
    async with child() as process:
        await process.start()
        pid = process.pid
        with pytest.raises(DeadlineExceeded, match=r"0\.05 s"):
            await process.call("sleep", None, timeout=0.05)
        assert process.pid == 0
        await process.call("echo", None)
        assert not is_running(pid)


@in_loop
async def test_stopping_ends_the_process_and_fails_what_it_works_on() -> None:
    async with child() as process:
        await process.start()
        pid, running = process.pid, asyncio.ensure_future(process.call("sleep", None))
        await asyncio.sleep(0.01)
        await process.stop()
        assert not is_running(pid)
        with pytest.raises(WorkerLost):
            await running


@in_loop
async def test_stopping_what_never_started_is_no_fault() -> None:
    async with child() as process:
        await process.stop()


# -------------------------------------------------------------------------------------- starts


@in_loop
async def test_a_process_that_cannot_work_says_why() -> None:
    async with child('["unusable", "It holds no dataset."]') as process:
        with pytest.raises(ChildProcessUnusable, match="It holds no dataset"):
            await process.start()


@in_loop
async def test_all_that_wait_for_a_process_that_cannot_work_are_told_why() -> None:
    async with child('["unusable", "It holds no dataset."]') as process:
        calls = [process.call("echo", number) for number in range(3)]
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(error) for error in found] == [ChildProcessUnusable] * 3
        assert process.starts == 1


@in_loop
async def test_who_gives_up_while_the_process_starts_does_it_no_harm() -> None:
    async with child() as process:
        waiting = asyncio.ensure_future(process.call("echo", None))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await process.call("echo", "more"))[0] == "more"
        assert process.starts == 1


@in_loop
async def test_a_full_disk_at_the_start_is_told_apart_and_tried_again() -> None:
    async with child('["full", "There is no room."]') as process:
        for _ in range(2):
            with pytest.raises(ChildProcessDiskFull, match="There is no room"):
                await process.call("echo", None)
        assert process.starts == 2


@in_loop
async def test_a_process_that_dies_before_it_is_ready_is_lost() -> None:
    async with child("null") as process:
        with pytest.raises(WorkerLost, match="ended with 1"):
            await process.start()
