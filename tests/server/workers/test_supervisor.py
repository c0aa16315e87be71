"""Workers from their fork to their end, with a forkserver that has no processes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.engine.errors import EngineError, MemoryExceeded, QueryTooComplex, WorkerLost
from smegraph.server.workers import supervisor as supervisor_module
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.job import Job
from smegraph.server.workers.sandbox import LOW_PRIORITY, LOWEST_PRIORITY
from smegraph.server.workers.supervisor import Supervisor
from tests.server.loops import in_loop, until
from tests.server.workers.fakes import FakeForkserver, FakeWorker

GENERATION = Generation("one", 0.0)


class Told:
    """A supervisor, and all that it tells."""

    def __init__(self, spool: Path) -> None:
        self.messages: list[list[Any]] = []
        self.chances = 0
        self.deadly: list[Job] = []
        self.returned: list[Job] = []
        self.events: list[tuple[str, dict[str, object]]] = []
        self.ended: Counter[str] = Counter()
        settings = ForkserverSettings(
            parent=os.getpid(), loader=(), stored_union=False, spool=str(spool), memory=2**20,
            result=2**20,
        )  # fmt: skip
        self.supervisor = Supervisor(
            settings,
            lambda connection, head, body: self.messages.append(head),
            self.count,
            self.deadly.append,
            lambda name, **fields: self.events.append((name, fields)),
            self.returned.append,
            self.ended,
        )

    def count(self) -> None:
        self.chances += 1

    @property
    def forkserver(self) -> FakeForkserver:
        found = self.supervisor.forkserver
        assert isinstance(found, FakeForkserver)
        return found

    async def worker(self, job: Job | None = None) -> tuple[WorkerConnection, FakeWorker]:
        """A worker that has been forked, from both sides; with a query, for a heavy one."""
        assert self.supervisor.start_worker(job)
        connection = [*self.supervisor.connections.values()][-1]
        await until(lambda: connection.pid)
        return connection, self.forkserver.workers[-1]


@asynccontextmanager
async def supervised(monkeypatch: pytest.MonkeyPatch, spool: Path) -> AsyncIterator[Told]:
    monkeypatch.setattr(supervisor_module, "ForkserverClient", FakeForkserver)
    monkeypatch.setattr(supervisor_module, "_RESTART_PAUSE", 0.01)
    told = Told(spool)
    await told.supervisor.start()
    try:
        yield told
    finally:
        told.supervisor.stop()
        await asyncio.sleep(0)


def job() -> Job:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    return Job(QueryRequest("ASK {}"), future, 0.0, 10.0, 10.0)


# ----------------------------------------------------------------------------------------- life


@in_loop
async def test_a_worker_is_known_from_the_moment_that_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        assert told.supervisor.start_worker()
        (connection,) = told.supervisor.connections.values()
        assert (connection.pid, connection.ready, connection.generation.name) == (0, False, "")
        await until(lambda: connection.pid)
        assert connection.pid == told.forkserver.workers[0].pid


@in_loop
async def test_a_worker_for_a_heavy_query_gets_the_lowest_priority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker(job())
        assert connection.heavy
        assert told.forkserver.niceness == [(worker.pid, LOWEST_PRIORITY)]
        assert [*told.supervisor.working()] == [connection]
        assert told.supervisor.heavy() == 1


@in_loop
async def test_renicing_leaves_a_worker_among_the_short_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker()
        assert told.forkserver.niceness == []
        told.supervisor.renice(connection)
        assert (connection.reniced, connection.heavy) == (True, False)
        assert told.forkserver.niceness == [(worker.pid, LOW_PRIORITY)]


@in_loop
async def test_of_two_stopped_workers_the_first_goes_on_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        pairs = [await told.worker(job()) for _ in range(2)]
        for connection, _ in pairs:
            told.supervisor.suspend(connection)
        assert told.supervisor.heavy() == 0
        told.supervisor.resume_one()
        assert [connection.suspended for connection, _ in pairs] == [False, True]
        assert told.forkserver.signals == [
            (pairs[0][1].pid, signal.SIGSTOP),
            (pairs[1][1].pid, signal.SIGSTOP),
            (pairs[0][1].pid, signal.SIGCONT),
        ]


@in_loop
async def test_one_that_was_given_up_before_its_fork_is_killed_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        told.supervisor.start_worker()
        (connection,) = told.supervisor.connections.values()
        told.supervisor.drop(connection)
        await until(lambda: told.forkserver.signals)
        assert told.forkserver.signals == [(told.forkserver.workers[0].pid, signal.SIGKILL)]


@in_loop
async def test_where_no_worker_can_be_had_none_is_asked_for_during_a_pause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        told.forkserver.failing = True
        assert not told.supervisor.start_worker()
        assert not told.supervisor.may_start_worker
        assert told.events == [("worker-missing", {"why": "There are too many processes."})]
        await until(lambda: told.chances)
        assert told.supervisor.may_start_worker


# ----------------------------------------------------------------------------------------- ends


@in_loop
async def test_a_retired_worker_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker()
        told.supervisor.idle.append(connection)
        told.supervisor.retire(connection, "finished")
        assert await worker.is_dismissed()
        assert told.forkserver.signals == []
        assert told.supervisor.idle == []
        assert told.supervisor.connections == {}
        assert (told.ended, told.chances) == ({"finished": 1}, 1)


@in_loop
async def test_a_stopped_worker_cannot_end_by_itself_so_it_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker(job())
        told.supervisor.suspend(connection)
        told.supervisor.retire(connection, "finished")
        assert told.forkserver.signals[-1] == (worker.pid, signal.SIGKILL)
        assert not told.supervisor.suspended


@in_loop
async def test_a_killed_worker_is_logged_with_the_cause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker(job())
        told.supervisor.kill(connection, "deadline")
        assert told.forkserver.signals == [(worker.pid, signal.SIGKILL)]
        assert told.events == [("worker-killed", {"pid": worker.pid, "why": "deadline"})]
        assert told.ended == {"deadline": 1}


@pytest.mark.parametrize("connection_first", [True, False])
@pytest.mark.parametrize(
    ("stderr", "exit_code", "error", "cause"),
    [
        (b"", -signal.SIGKILL, WorkerLost, "died"),
        (b"", -signal.SIGSEGV, QueryTooComplex, "stack"),
        (b"memory allocation of 9 bytes failed", -signal.SIGABRT, MemoryExceeded, "memory"),
        (b"Traceback ...\nMemoryError", 1, MemoryExceeded, "memory"),
    ],
)
@in_loop
async def test_a_death_fails_its_query_by_what_the_process_left_behind(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stderr: bytes,
    exit_code: int,
    error: type[EngineError],
    cause: str,
    connection_first: bool,
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        asked = job()
        connection, worker = await told.worker(asked)
        connection.ready = True
        os.write(worker.stderr, stderr)
        if not connection_first:
            told.forkserver.on_ended(worker.pid, exit_code)
            assert not asked.future.done()  # An answer may still be on its way.
        worker.die()
        await until(lambda: connection.lost)
        if connection_first:
            told.forkserver.on_ended(worker.pid, exit_code)
        with pytest.raises(error):
            await asked.future
        assert told.ended == {cause: 1}
        assert told.deadly == [asked]
        assert told.supervisor.connections == {}
        ((name, fields),) = told.events
        assert name == "worker-lost"
        assert (fields["status"], fields["why"]) == (exit_code, cause)


@in_loop
async def test_the_log_has_the_beginning_and_the_end_of_much_standard_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker()
        os.write(worker.stderr, b"first " + b"x" * 10_000 + b" last")
        worker.die()
        await until(lambda: connection.lost)
        told.forkserver.on_ended(worker.pid, 1)
        said = str(told.events[0][1]["said"])
        assert said.startswith("first ")
        assert said.endswith(" last")
        assert len(said) == 2000


@in_loop
async def test_a_worker_that_dies_before_it_is_ready_makes_a_pause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        connection, worker = await told.worker()
        worker.die()
        await until(lambda: connection.lost)
        told.forkserver.on_ended(worker.pid, 1)
        assert not told.supervisor.may_start_worker


@in_loop
async def test_where_nobody_tells_of_the_end_of_a_process_its_query_fails_after_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor_module, "_EXIT_CODE_WAIT", 0.01)
    async with supervised(monkeypatch, tmp_path) as told:
        asked = job()
        _, worker = await told.worker(asked)
        worker.die()
        with pytest.raises(WorkerLost):
            await asked.future


@in_loop
async def test_the_end_of_a_process_removes_its_results_that_nobody_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        _, worker = await told.worker()
        (tmp_path / f"{worker.pid}-1").touch()
        (tmp_path / "99-1").touch()
        told.forkserver.on_ended(worker.pid, 0)
        assert [path.name for path in tmp_path.iterdir()] == ["99-1"]


@in_loop
async def test_a_forkserver_that_dies_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        former = told.forkserver
        (tmp_path / "99-1").touch()
        former.on_lost()
        assert not told.supervisor.up
        await until(lambda: told.supervisor.up)
        assert told.forkserver is not former
        assert told.events == [("store-process-lost", {})]
        assert told.chances == 1
        assert [*tmp_path.iterdir()] == []


@in_loop
async def test_workers_that_wait_are_given_up_with_their_forkserver(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        waiting, _ = await told.worker()
        working, _ = await told.worker(job())
        told.supervisor.idle.append(waiting)
        told.forkserver.on_lost()
        assert told.supervisor.idle == []
        assert [*told.supervisor.connections.values()] == [working]  # Its end tells its query.
        assert told.ended == {"died": 1}


@in_loop
async def test_the_end_of_the_forkserver_is_no_loss_when_it_was_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with supervised(monkeypatch, tmp_path) as told:
        former = told.forkserver
        told.supervisor.stop()
        former.on_lost()
        await asyncio.sleep(0.03)
        assert told.forkserver is former
