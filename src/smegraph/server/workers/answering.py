"""What workers tell of their queries, and the answers that come of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smegraph.server.engine.engine import Answer
from smegraph.server.engine.errors import EngineError, MemoryExceeded, Overloaded, WorkerLost
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.errors import decode
from smegraph.server.workers.job import Job
from smegraph.server.workers.queues import RETRY_AFTER, Queues
from smegraph.server.workers.spool import Spool
from smegraph.server.workers.supervisor import Supervisor
from smegraph.sparql.errors import QueryRefused


class Answering:
    """Makes answers of what workers tell, and ends those that work for nobody."""

    def __init__(
        self,
        supervisor: Supervisor,
        queues: Queues,
        *,
        folder: Path,
        limit: int,
        memory: int,
        on_concluded: Callable[[WorkerConnection, Job, bool | None, float], None],
        on_measured: Callable[[WorkerConnection, bool, int], None],
    ) -> None:
        """Take who ends workers and what is known of queries, and who goes on.

        Large results are read from `folder`; all that are unread together may have `limit` bytes.
        A worker may take `memory` bytes. `on_concluded` is told that a query is answered, whether a
        fresh worker should take over (None: this one measures itself), and the seconds of processor
        time that it took; `on_measured`, whether one should after all, and the worker's own bytes.
        """
        self._supervisor, self._queues = supervisor, queues
        self._folder, self._limit, self._memory = folder, limit, memory
        self._on_concluded, self._measured = on_concluded, on_measured
        self._spools: set[Spool] = set()
        self._handlers: dict[str, Callable[..., None]] = {
            "hints": self._on_hints, "whole": self._on_whole, "start": self._on_start,
            "more": self._on_more, "end": self._on_end, "fail": self._on_fail,
            "measured": self._on_measured,
        }  # fmt: skip

    def take(
        self, connection: WorkerConnection, job: Job, kind: str, values: list[Any], body: bytes
    ) -> None:
        """Take a message of a worker that has a query."""
        self._handlers[kind](connection, job, values, body)

    def _on_hints(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        job.hints = tuple(map(str, values))

    def _on_whole(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        format, encoding, *end = values
        if not job.future.done():
            answer = Answer(format, connection.generation, encoding, body, hints=job.hints)
            answer.worker, answer.computed = connection.pid, time.time()
            job.future.set_result(answer)
        self._on_concluded(connection, job, *end)

    def _on_start(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        format, encoding, name = values
        if job.future.done():
            self._supervisor.kill(connection, "client-gone")
            return
        try:
            spool = Spool(self._folder / name, self._spool_closed)
        except OSError as error:
            job.fail(WorkerLost(f"The result cannot be read: {error}."))
            self._supervisor.kill(connection, "spool")
            return
        self._spools.add(spool)
        answer = Answer(format, connection.generation, encoding, parts=spool, hints=job.hints)
        answer.worker, answer.computed = connection.pid, time.time()
        job.spool, job.answer = spool, answer
        job.future.set_result(answer)

    def _on_more(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        (written,) = values
        if (spool := job.spool) is None:
            return
        spool.grow(written)
        if not spool.open:
            self._supervisor.kill(connection, "client-gone")
        elif sum(other.written for other in self._spools) > self._limit:
            spool.fail(Overloaded(RETRY_AFTER, "Too many large results wait for their readers."))
            self._supervisor.kill(connection, "spool")

    def _spool_closed(self, spool: Spool) -> None:
        """Take that nobody reads a result any more; end the work on it."""
        self._spools.discard(spool)
        for connection in self._supervisor.working():
            if connection.job is not None and connection.job.spool is spool and not spool.ended:
                self._supervisor.kill(connection, "client-gone")
                return

    def _on_end(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        if job.spool is not None and job.answer is not None:
            job.spool.end()
        self._on_concluded(connection, job, *values)

    def _on_fail(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        kind, content, *end = values
        if kind == "MemoryError":
            error: QueryRefused | EngineError = MemoryExceeded(self._memory)
            self._queues.remember_heavy(job)
        else:
            error = decode(kind, content)
        job.fail(error)
        self._on_concluded(connection, job, *end)

    def _on_measured(
        self, connection: WorkerConnection, job: Job, values: list[Any], body: bytes
    ) -> None:
        due, own = values
        self._measured(connection, due, own)
