"""When a worker is made warm, and when it is tried again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.server.loops import in_loop, until
from tests.server.workers.played import QUICK, played


@in_loop
async def test_a_worker_is_made_warm_once_nobody_has_asked_for_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, rest=0.05) as play:
        await until(lambda: len(play.workers) == 2)
        worker = await play.ready(2)
        assert "COUNT" in await worker.request()
        worker.answer("n")
        await until(lambda: "rested" in play.pool.states())
        assert await worker.next() == ["settle"]
        await asyncio.sleep(0.2)
        assert len(play.workers) == 2


@in_loop
async def test_no_worker_is_made_warm_where_each_opens_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, rest=0.01, loaded=False) as play:
        await asyncio.sleep(0.1)
        assert len(play.workers) == 1


@in_loop
async def test_while_queries_come_no_worker_is_made_warm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, rest=0.05) as play:
        worker = await play.ready(1)
        for _ in range(20):
            asked = play.pool.submit(QUICK)
            await worker.request()
            worker.answer("quick")
            await asked
            await asyncio.sleep(0.01)
            assert len(play.workers) == 1
        await until(lambda: len(play.workers) == 2)


@in_loop
async def test_a_worker_that_could_not_be_had_is_made_warm_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, rest=0.02) as play:
        await play.ready(1)
        play.forkserver.failing = True
        await asyncio.sleep(0.1)
        assert len(play.workers) == 1
        play.forkserver.failing = False
        await until(lambda: len(play.workers) == 2)
        worker = await play.ready(2)
        assert "COUNT" in await worker.request()


@in_loop
async def test_a_worker_that_failed_to_warm_up_is_not_told_to_settle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, rest=0.02) as play:
        await until(lambda: len(play.workers) == 2)
        worker = await play.ready(2)
        await worker.request()
        worker.tell("fail", "MemoryError", None, True, 0.5)
        assert await worker.is_dismissed()
