"""The workers of a pool: fork them, end them, notice their end, fork the store's process anew."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final

from smegraph.server.engine.engine import Generation
from smegraph.server.engine.errors import EngineError, MemoryExceeded, QueryTooComplex, WorkerLost
from smegraph.server.workers.connection import Handle, Job
from smegraph.server.workers.forkserver import Plan
from smegraph.server.workers.forkserver_client import Hatchery, PoolFailed
from smegraph.server.workers.sandbox import LOW_PRIORITY

_STATUS_PATIENCE: Final = 1.0
_RESTART_PAUSE: Final = 0.5

_CAUSES: Final = {MemoryExceeded: "memory", QueryTooComplex: "stack"}

Event = Callable[..., None]


class Crew:
    """Every worker process of a pool, from the fork to the end."""

    def __init__(
        self,
        plan: Plan,
        heard: Callable[[Handle, list[Any], bytes], None],
        changed: Callable[[], None],
        overtaxed: Callable[[Job], None],
        event: Event,
        ended: Counter[str],
    ) -> None:
        """Take what to load, and who is told.

        `heard` gets what a worker says; `changed` is called when there may be room for another
        worker; `overtaxed` gets a query whose process has died of it; `event` is the log; `ended`
        counts ends by cause.
        """
        self._plan, self._heard, self._changed = plan, heard, changed
        self._overtaxed, self._event, self._ended = overtaxed, event, ended
        self._hatchery = self._new_hatchery()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._paused_until = 0.0
        self._closing = False
        self.handles: dict[int, Handle] = {}
        self.idle: list[Handle] = []
        self.suspended: deque[Handle] = deque()
        self.up = False
        self.quads = 0
        self.isolated = False

    def _new_hatchery(self) -> Hatchery:
        return Hatchery(self._plan, self._hatched, self._process_ended, self._store_lost)

    # Beginning and end

    async def start(self) -> None:
        """Load the store; raises PoolFailed."""
        self._loop = asyncio.get_running_loop()
        self.quads, self.isolated = await self._hatchery.start()
        self.up = True

    def stop(self) -> None:
        """End every process."""
        self.up, self._closing = False, True
        self._hatchery.stop()
        for handle in [*self.handles.values()]:
            self.drop(handle)
        for task in [*self._tasks]:
            task.cancel()

    @property
    def may_hatch(self) -> bool:
        """Whether asking for a worker makes sense now."""
        return self.up and self._loop.time() >= self._paused_until

    # Life

    def hatch(self, path: str | None, generation: Generation, job: Job | None = None) -> bool:
        """Ask for a worker; one that comes with a query is for a heavy one."""
        try:
            egg = self._hatchery.ask(path)
        except (PoolFailed, OSError) as error:
            self._event("worker-missing", why=str(error))
            self._pause()
            return False
        handle = Handle(egg, generation, self._heard, self._gone)
        handle.heavy, handle.job = job is not None, job
        self.handles[egg.name] = handle
        self._spawn(self._connect(handle))
        return True

    async def _connect(self, handle: Handle) -> None:
        await self._loop.create_unix_connection(lambda: handle, sock=handle.egg.connection)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hatched(self, name: int, pid: int) -> None:
        handle = self.handles.get(name)
        if handle is None:  # It was given up meanwhile.
            self._hatchery.signal(pid, signal.SIGKILL)
            return
        handle.pid = pid
        if handle.heavy:
            self._hatchery.lower(pid)

    def working(self) -> Iterator[Handle]:
        """Yield the workers that have a query."""
        return (handle for handle in [*self.handles.values()] if handle.job is not None)

    def heavy(self) -> int:
        """Return how many heavy queries run now."""
        return sum(1 for h in self.handles.values() if h.heavy and not h.suspended)

    def lower(self, handle: Handle) -> None:
        """Take a worker out of the lane of short queries, with the lowest priority."""
        handle.heavy = True
        self._hatchery.lower(handle.pid)

    def lower_a_little(self, handle: Handle) -> None:
        """Let a worker that is about to take a slow query stand behind the quick ones."""
        handle.lowered = True
        self._hatchery.lower(handle.pid, LOW_PRIORITY)

    def suspend(self, handle: Handle) -> None:
        """Stop a worker until `resume_one`."""
        handle.suspended = True
        self.suspended.append(handle)
        self._hatchery.signal(handle.pid, signal.SIGSTOP)

    def resume_one(self) -> None:
        """Let the worker go on that was stopped first."""
        handle = self.suspended.popleft()
        handle.suspended = False
        self._hatchery.signal(handle.pid, signal.SIGCONT)

    # Ends

    def retire(self, handle: Handle, cause: str) -> None:
        """Let a worker without a query end by itself; one that was stopped meanwhile cannot."""
        self._ended[cause] += 1
        if handle.suspended:
            self._hatchery.signal(handle.pid, signal.SIGKILL)
        self.drop(handle)
        self._changed()

    def kill(self, handle: Handle, cause: str) -> None:
        """End a worker at once, whatever it does; its query must be settled."""
        self._ended[cause] += 1
        self._event("worker-killed", pid=handle.pid, why=cause)
        if handle.pid:
            self._hatchery.signal(handle.pid, signal.SIGKILL)
        self.drop(handle)
        self._changed()

    def drop(self, handle: Handle) -> None:
        """Forget a worker and close its connection."""
        self.handles.pop(handle.egg.name, None)
        for among in (self.idle, self.suspended):
            with contextlib.suppress(ValueError):
                among.remove(handle)
        handle.job = None
        handle.close()
        handle.egg.last_words()

    def _process_ended(self, pid: int, status: int) -> None:
        self._sweep(f"{pid}-*")  # Only now can it begin no result any more.
        for handle in [*self.handles.values()]:
            if handle.pid == pid:
                handle.status = status
                if handle.gone:
                    self._bury(handle)

    def _gone(self, handle: Handle) -> None:
        """Take that a connection has ended; the process's end tells why."""
        if handle.egg.name not in self.handles:
            return
        if handle.status is not None:
            self._bury(handle)
        else:
            self._loop.call_later(_STATUS_PATIENCE, self._bury, handle)

    def _bury(self, handle: Handle) -> None:
        """Take that a worker has ended of itself: its query fails, and only that."""
        if handle.egg.name not in self.handles:
            return
        words = handle.egg.last_words()
        error = self._cause(words, handle.status)
        cause = _CAUSES.get(type(error), "died")
        self._ended[cause] += 1
        self._event("worker-lost", pid=handle.pid, status=handle.status, why=cause, said=words)
        if not handle.ready:
            self._pause()
        if job := handle.job:
            job.fail(error)
            self._overtaxed(job)
        self.drop(handle)
        self._changed()

    def _cause(self, words: str, status: int | None) -> EngineError:
        if status == -signal.SIGSEGV:  # The engine recurses, and its stack has an end.
            return QueryTooComplex()
        if "memory allocation" in words or "MemoryError" in words:
            return MemoryExceeded(self._plan.memory)
        return WorkerLost("The process that worked on the query has ended unexpectedly.")

    def _sweep(self, names: str) -> None:
        """Remove results that workers began and that nobody opened: who opens one, unlinks it."""
        for path in Path(self._plan.spool).glob(names):
            path.unlink(missing_ok=True)

    def _pause(self) -> None:
        """Ask for no worker for a moment: one has just failed to start."""
        self._paused_until = self._loop.time() + _RESTART_PAUSE
        self._loop.call_later(_RESTART_PAUSE * 1.1, self._changed)

    def _store_lost(self) -> None:
        """Take that the process that holds the store has died, and all workers with it."""
        self.up = False
        self._event("store-process-lost")
        if not self._closing:
            self._spawn(self._restart())

    async def _restart(self) -> None:
        while not self._closing:
            self._hatchery = self._new_hatchery()
            try:
                self.quads, self.isolated = await self._hatchery.start()
            except (PoolFailed, OSError) as error:
                self._event("store-process-missing", why=str(error))
                await asyncio.sleep(_RESTART_PAUSE)
            else:
                self._sweep("*-*")
                self.up = True
                self._changed()
                return
