"""The workers of a pool: fork them, end them, notice their end, fork the store's process anew."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from smegraph.server.engine.engine import Generation
from smegraph.server.engine.errors import EngineError, MemoryExceeded, QueryTooComplex, WorkerLost
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.forkserver_client import ForkserverClient
from smegraph.server.workers.job import Job
from smegraph.server.workers.sandbox import LOW_PRIORITY

_EXIT_CODE_WAIT: Final = 1.0
_RESTART_PAUSE: Final = 0.5

_CAUSES: Final = {MemoryExceeded: "memory", QueryTooComplex: "stack"}

_NOTHING: Final = Generation("", 0.0)  # what a worker sees that is not ready

LogEvent: TypeAlias = Callable[..., None]


class Supervisor:
    """Every worker process of a pool, from the fork to the end.

    Attributes:
        connections: the workers by number, those that are still to come too.
        idle: those that wait for a query.
        rested: those that wait for a slow query, the last to have had one at the end.
        suspended: those that are stopped, the first of them first.
        up: whether the forkserver has loaded the store.
        quads: how many statements it loaded.
        isolated: whether it left the network.
    """

    def __init__(
        self,
        settings: ForkserverSettings,
        on_message: Callable[[WorkerConnection, list[Any], bytes], None],
        on_capacity: Callable[[], None],
        on_resource_death: Callable[[Job], None],
        event: LogEvent,
        on_returned: Callable[[Job], None],
        ended: Counter[str],
    ) -> None:
        """Take what to load, and who is told.

        `on_message` gets what a worker tells; `on_capacity` is called when there may be room for
        another worker; `on_resource_death` gets a query whose process has died of it;
        `event` is the log; `on_returned` gets a query that was sent ahead to a worker which ended
        before it; `ended` counts ends by cause.
        """
        self._settings, self._on_message = settings, on_message
        self._on_capacity, self._on_resource_death = on_capacity, on_resource_death
        self._event, self._on_returned, self._ended = event, on_returned, ended
        self.forkserver = self._new_forkserver()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._paused_until = 0.0
        self._closing = False
        self.connections: dict[int, WorkerConnection] = {}
        self.idle: list[WorkerConnection] = []
        self.rested: list[WorkerConnection] = []
        self.suspended: deque[WorkerConnection] = deque()
        self.up = False
        self.quads = 0
        self.isolated = False

    def _new_forkserver(self) -> ForkserverClient:
        return ForkserverClient(
            self._settings, self._worker_started, self._worker_ended, self._forkserver_lost
        )

    # Beginning and end

    async def start(self) -> None:
        """Load the store; raises PoolFailed."""
        self._loop = asyncio.get_running_loop()
        self.quads, self.isolated = await self.forkserver.start()
        self.up = True

    def stop(self) -> None:
        """End every process."""
        self.up, self._closing = False, True
        self.forkserver.stop()
        for connection in [*self.connections.values()]:
            self.drop(connection)
        for task in [*self._tasks]:
            task.cancel()

    @property
    def may_start_worker(self) -> bool:
        """Whether asking for a worker makes sense now."""
        return self.up and self._loop.time() >= self._paused_until

    # Life

    def start_worker(self, job: Job | None = None) -> bool:
        """Ask for a worker, and say whether that worked; one with a query is for a heavy one."""
        try:
            pending = self.forkserver.start_worker()
        except (PoolFailed, OSError) as error:
            self._event("worker-missing", why=str(error))
            self._pause()
            return False
        connection = WorkerConnection(pending, _NOTHING, self._on_message, self._connection_lost)
        connection.heavy, connection.job = job is not None, job
        self.connections[connection.number] = connection
        self._spawn(self._connect(connection))
        return True

    async def _connect(self, connection: WorkerConnection) -> None:
        await self._loop.create_unix_connection(lambda: connection, sock=connection.pending.socket)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _worker_started(self, number: int, pid: int) -> None:
        connection = self.connections.get(number)
        if connection is None:  # It was given up meanwhile.
            self.forkserver.signal(pid, signal.SIGKILL)
            return
        connection.pid = pid
        if connection.heavy:
            self.forkserver.renice(pid)

    def working(self) -> Iterator[WorkerConnection]:
        """Yield the workers that have a query."""
        return (found for found in [*self.connections.values()] if found.job is not None)

    def heavy(self) -> int:
        """Return how many heavy queries run now."""
        return sum(1 for found in self.working() if found.heavy and not found.suspended)

    def make_heavy(self, connection: WorkerConnection) -> None:
        """Take a worker out of the short queries, with the lowest priority."""
        connection.heavy = True
        self.forkserver.renice(connection.pid)

    def renice(self, connection: WorkerConnection) -> None:
        """Let a worker that is about to take a slow query stand behind the quick ones."""
        connection.reniced = True
        self.forkserver.renice(connection.pid, LOW_PRIORITY)

    def suspend(self, connection: WorkerConnection) -> None:
        """Stop a worker until `resume_one`."""
        connection.suspended = True
        self.suspended.append(connection)
        self.forkserver.signal(connection.pid, signal.SIGSTOP)

    def resume_one(self) -> None:
        """Let the worker go on that was stopped first."""
        connection = self.suspended.popleft()
        connection.suspended = False
        self.forkserver.signal(connection.pid, signal.SIGCONT)

    # Ends

    def retire(self, connection: WorkerConnection, cause: str) -> None:
        """Let a worker without a query end by itself; one that was stopped meanwhile cannot."""
        self._ended[cause] += 1
        if connection.suspended:
            self.forkserver.signal(connection.pid, signal.SIGKILL)
        self.drop(connection)
        self._on_capacity()

    def kill(self, connection: WorkerConnection, cause: str) -> None:
        """End a worker at once, whatever it does; its query must be settled."""
        self._ended[cause] += 1
        self._event("worker-killed", pid=connection.pid, why=cause)
        if connection.pid:
            self.forkserver.signal(connection.pid, signal.SIGKILL)
        self.drop(connection)
        self._on_capacity()

    def drop(self, connection: WorkerConnection) -> None:
        """Forget a worker and close its connection."""
        self.connections.pop(connection.number, None)
        for among in (self.idle, self.rested, self.suspended):
            with contextlib.suppress(ValueError):
                among.remove(connection)
        following, connection.job, connection.next = connection.next, None, None
        connection.close()
        connection.pending.stderr_tail()
        if following is not None:
            self._on_returned(following)

    def _worker_ended(self, pid: int, exit_code: int) -> None:
        self._remove_spools(f"{pid}-*")  # Only now can it begin no result any more.
        for connection in [*self.connections.values()]:
            if connection.pid == pid:
                connection.exit_code = exit_code
                if connection.lost:
                    self._reap(connection)

    def _connection_lost(self, connection: WorkerConnection) -> None:
        """Take that a connection has ended; the process's end tells why."""
        if connection.number not in self.connections:
            return
        if connection.exit_code is not None:
            self._reap(connection)
        else:
            self._loop.call_later(_EXIT_CODE_WAIT, self._reap, connection)

    def _reap(self, connection: WorkerConnection) -> None:
        """Take that a worker has ended of itself: its query fails, and only that."""
        if connection.number not in self.connections:
            return
        stderr, exit_code = connection.pending.stderr_tail(), connection.exit_code
        error = self._cause(stderr, exit_code)
        cause = _CAUSES.get(type(error), "died")
        self._ended[cause] += 1
        self._event("worker-lost", pid=connection.pid, status=exit_code, why=cause, said=stderr)
        if not connection.ready:
            self._pause()
        if job := connection.job:
            job.fail(error)
            self._on_resource_death(job)
        self.drop(connection)
        self._on_capacity()

    # Decision 023: docs/decisions/023-how-workers-end.md
    def _cause(self, stderr: str, exit_code: int | None) -> EngineError:
        if exit_code == -signal.SIGSEGV:  # The engine recurses, and its stack has an end.
            return QueryTooComplex()
        if "memory allocation" in stderr or "MemoryError" in stderr:
            return MemoryExceeded(self._settings.memory)
        return WorkerLost("The process that worked on the query has ended unexpectedly.")

    def _remove_spools(self, names: str) -> None:
        """Remove results that workers began and that nobody opened: who opens one, unlinks it."""
        for path in Path(self._settings.spool).glob(names):
            path.unlink(missing_ok=True)

    def _pause(self) -> None:
        """Ask for no worker for a moment: one has just failed to start."""
        self._paused_until = self._loop.time() + _RESTART_PAUSE
        self._loop.call_later(_RESTART_PAUSE * 1.1, self._on_capacity)

    def _forkserver_lost(self) -> None:
        """Take that the process that holds the store has died, and all workers with it.

        Those that wait for a query may not have ended yet, and must get none.
        """
        self.up = False
        self._event("store-process-lost")
        for connection in [*self.idle, *self.rested]:
            self._ended["died"] += 1
            self.drop(connection)
        if not self._closing:
            self._spawn(self._restart())

    async def _restart(self) -> None:
        while not self._closing:
            self.forkserver = self._new_forkserver()
            try:
                self.quads, self.isolated = await self.forkserver.start()
            except (PoolFailed, OSError) as error:
                self._event("store-process-missing", why=str(error))
                await asyncio.sleep(_RESTART_PAUSE)
            else:
                self._remove_spools("*-*")
                self.up = True
                self._on_capacity()
                return
