"""What becomes of what workers tell: answers whole and in parts, failures, limits."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from smegraph.server.engine.errors import AnswerBroken, MemoryExceeded, WorkerLost
from tests.server.loops import in_loop, until
from tests.server.workers.played import QUICK, played


@in_loop
async def test_a_deadline_breaks_a_result_that_is_under_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        (tmp_path / "1-1").write_bytes(b"part")
        worker.tell("start", "csv", "identity", "1-1")
        worker.tell("more", 4)
        parts = (await asked).parts
        assert parts is not None
        assert await anext(parts) == b"part"
        (connection,) = play.pool._supervisor.working()
        assert connection.job is not None
        connection.job.deadline = 0.0  # So it is over, however quick the test is.
        with pytest.raises(AnswerBroken, match="30 s"):
            await anext(parts)
        assert play.forkserver.signals == [(worker.pid, signal.SIGKILL)]
        assert play.pool.ended == {"deadline": 1}


@in_loop
async def test_unread_results_together_have_a_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, spool=1000) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        (tmp_path / "1-1").write_bytes(b"x" * 2000)
        worker.tell("start", "csv", "identity", "1-1")
        parts = (await asked).parts
        assert parts is not None
        worker.tell("more", 1000)
        assert await anext(parts) == b"x" * 1000
        worker.tell("more", 1001)
        await until(lambda: play.pool.ended == {"spool": 1})
        assert play.forkserver.signals == [(worker.pid, signal.SIGKILL)]


@in_loop
async def test_a_result_whose_file_is_gone_fails_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        worker.tell("start", "csv", "identity", "1-1")
        with pytest.raises(WorkerLost, match="cannot be read"):
            await asked
        assert play.pool.ended == {"spool": 1}
        await play.ready(2)


@in_loop
async def test_a_query_without_memory_is_told_the_limit_and_is_heavy_the_next_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        worker.tell("fail", "MemoryError", None, True, 0.5)
        with pytest.raises(MemoryExceeded, match="1 MiB"):
            await asked
        assert play.pool.ended == {"worn": 1}
        assert await worker.is_dismissed()
        await play.ready(2)
        again = play.pool.submit(QUICK)
        assert [*play.pool.states()] == ["idle", "heavy"]
        again.cancel()


@in_loop
async def test_a_result_for_nobody_ends_its_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        asked.cancel()
        await asyncio.sleep(0)
        worker.tell("start", "csv", "identity", "1-1")
        await until(lambda: play.pool.ended == {"client-gone": 1})
