"""A pool whose workers are played by the test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.workers import pool as pool_module
from smegraph.server.workers import supervisor as supervisor_module
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.job import Job
from smegraph.server.workers.pool import Pool, PoolSettings
from tests.server.loops import until
from tests.server.workers.fakes import FakeForkserver, FakeWorker

QUICK = QueryRequest("SELECT ?o { <urn:a> ?p ?o }")
SLOW = QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }")


class Played:
    """A pool whose workers are played by the test."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    @property
    def forkserver(self) -> FakeForkserver:
        found = self.pool._supervisor.forkserver
        assert isinstance(found, FakeForkserver)
        return found

    @property
    def workers(self) -> list[FakeWorker]:
        return self.forkserver.workers

    def know_as_slow(self, request: QueryRequest) -> None:
        """Let the pool know that queries of the same shape are slow."""
        future = asyncio.get_running_loop().create_future()
        self.pool._queues.remember_slow(Job(request, future, 0.0, 0.0, 0.0))

    def know_as_quick(self, request: QueryRequest) -> None:
        """Let the pool know that queries of the same shape are quick."""
        future = asyncio.get_running_loop().create_future()
        self.pool._queues.remember_quick(Job(request, future, 0.0, 0.0, 0.0))

    def know_as_instant(self, request: QueryRequest) -> None:
        """Let the pool know that queries of the same shape take next to no time."""
        future = asyncio.get_running_loop().create_future()
        job = Job(request, future, 0.0, 0.0, 0.0)
        self.pool._queues.remember_quick(job, instant=True)

    async def warm(self) -> FakeWorker:
        """Let the first worker answer a slow query, so that it rests."""
        worker = await self.ready(1)
        self.know_as_slow(SLOW)
        if self.pool._reserved:
            await self.ready(2)
        asked = self.pool.submit(SLOW)
        (number,) = (found.number for found in self.pool._supervisor.working())
        worker = self.workers[number - 1]
        await worker.request()
        worker.answer("slow", seconds=0.1)
        await asked
        return worker

    async def ready(self, number: int) -> FakeWorker:
        """Let the worker with a number take queries."""
        await until(lambda: len(self.workers) >= number)
        worker = self.workers[number - 1]
        worker.tell("ready", worker.pid)
        connection = self.pool._supervisor.connections[number]
        await until(lambda: connection.ready)
        return worker


@asynccontextmanager
async def played(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *,
    loaded: bool = True,
    long: float = 60.0,
    **settings: Any,
) -> AsyncIterator[Played]:
    """A pool that takes a query for a long one after so many seconds."""
    monkeypatch.setattr(supervisor_module, "ForkserverClient", FakeForkserver)
    monkeypatch.setattr(pool_module, "_SHORT", long)
    monkeypatch.setattr(pool_module, "_SHORT_WHILE_OTHERS_WAIT", long)
    forkserver = ForkserverSettings(
        parent=os.getpid(), loader=("true",) if loaded else (), stored_union=False,
        spool=str(folder), memory=2**20, result=2**20,
    )  # fmt: skip
    named = PoolSettings(**{"short": 1, "heavy": 1, "rest": 600, **settings})
    pool = Pool(forkserver, named, Generation("one", 0.0))
    await pool.start()
    try:
        yield Played(pool)
    finally:
        await pool.close(0)
