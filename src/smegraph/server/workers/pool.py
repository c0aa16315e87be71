"""Answer queries in worker processes, so that nothing that a query does harms another.

Two lanes. Every query begins in the lane of short ones. One that runs on while others wait, or
for `_LONG` seconds in any case, becomes heavy: its process gets the lowest priority and leaves the
lane, and a new one is forked in its place. As many heavy queries run as there are slots; further
ones are stopped (SIGSTOP) until a slot is free. A query that was heavy before waits for a slot.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    EngineError,
    MemoryExceeded,
    Overloaded,
    WorkerLost,
)
from smegraph.server.workers.connection import Handle, Job
from smegraph.server.workers.errors import made
from smegraph.server.workers.forkserver import Plan
from smegraph.server.workers.queues import RETRY_AFTER, Lanes
from smegraph.server.workers.spool import Spool
from smegraph.server.workers.supervisor import Crew, Event
from smegraph.sparql.errors import QueryRefused

_TICK: Final = 0.01
_CROWDED: Final = 0.03  # seconds that a query may run while others wait
_LONG: Final = 0.25
_HEAVY: Final = 0.5  # seconds after which the next query of the same text is heavy at once
_CLOSING_LOOK: Final = 0.02


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many and how much.

    Attributes:
        short: workers for short queries.
        heavy: heavy queries that run at once.
        suspended: heavy queries that may be stopped half-way; more are refused.
        queue: queries that may wait in either lane.
        timeout: seconds that a query may take, waiting included.
        spool: bytes on disk that all unread results together may take.
    """

    short: int = 3
    heavy: int = 2
    suspended: int = 16
    queue: int = 128
    timeout: float = 30.0
    spool: int = 8 * 2**30


def _no_event(name: str, **fields: object) -> None:
    """Tell nobody."""


class Pool:
    """An engine of worker processes over one store, or over snapshots of one."""

    def __init__(
        self,
        plan: Plan,
        settings: PoolSettings,
        generation: Generation,
        event: Event = _no_event,
        ended: Counter[str] | None = None,
    ) -> None:
        """Take what to load, how much of everything, and who is told of what happens.

        `ended` counts the workers that have ended, by cause.
        """
        self.ended: Counter[str] = Counter() if ended is None else ended
        self._plan, self._settings, self._generation = plan, settings, generation
        self._lanes = Lanes(settings.queue)
        self._spared = min(1, settings.short - 1)
        self._crew = Crew(plan, self._heard, self._next, self._lanes.remember, event, self.ended)
        self._path: str | None = None
        self._spools: set[Spool] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self._closing = False
        self._taken: dict[str, Callable[..., None]] = {
            "whole": self._whole, "start": self._start, "more": self._more, "end": self._end,
            "fail": self._fail,
        }  # fmt: skip

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query sees."""
        return self._generation

    @property
    def ready(self) -> bool:
        """Whether queries are answered now."""
        return self._crew.up and not self._closing

    @property
    def quads(self) -> int:
        """How many statements were loaded; 0 where each worker opens a folder."""
        return self._crew.quads

    @property
    def isolated(self) -> bool:
        """Whether the workers have no network."""
        return self._crew.isolated

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return len(self._lanes)

    def states(self) -> Iterator[str]:
        """Yield what each worker does: "idle", "short", "heavy" or "suspended"."""
        for handle in self._crew.handles.values():
            lane = "heavy" if handle.heavy else "short"
            yield "suspended" if handle.suspended else lane if handle.job else "idle"

    # Beginning and end

    async def start(self) -> None:
        """Load the store and start the workers; raises PoolFailed."""
        self._loop = asyncio.get_running_loop()
        await self._crew.start()
        self._fill()

    def use(self, path: Path, generation: Generation) -> None:
        """Let every query from now on see another folder; those that run see theirs."""
        self._path, self._generation = str(path), generation
        for handle in [*self._crew.idle]:
            self._crew.retire(handle, "outdated")

    def generations(self) -> set[str]:
        """Return the names of the generations that some worker still has open."""
        used = {handle.generation.name for handle in self._crew.handles.values()}
        return used | {self._generation.name}

    async def close(self, grace: float) -> None:
        """Answer what runs and waits, for at most `grace` seconds, then end every process."""
        self._closing = True
        until = self._loop.time() + grace
        while self._is_busy() and self._loop.time() < until:
            await asyncio.sleep(_CLOSING_LOOK)
        stopped = Overloaded(RETRY_AFTER, "The service is stopping.")
        for job in [handle.job for handle in self._crew.working()]:
            if job is not None:
                job.fail(stopped)
        for job in self._lanes.take_all():
            job.fail(stopped)
        self._crew.stop()
        if self._ticking is not None:
            self._ticking.cancel()

    def _is_busy(self) -> bool:
        return len(self._lanes) > 0 or any(self._crew.working())

    # Questions

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query in a worker (`Engine.answer`)."""
        return await self.submit(request)

    def submit(self, request: QueryRequest) -> asyncio.Future[Answer]:
        """Give a query to a worker, or let it wait for one (`Submitting.submit`)."""
        job = self._admit(request)
        job.future.add_done_callback(partial(self._left, job))
        return job.future

    def _left(self, job: Job, future: asyncio.Future[Answer]) -> None:
        """Take that nobody waits for an answer any more, if that is how it ended."""
        if future.cancelled():
            job.abandoned = True
            self._lanes.remove(job)

    def _admit(self, request: QueryRequest) -> Job:
        """Take a query in, or raise Overloaded."""
        if self._closing:
            raise Overloaded(RETRY_AFTER, "The service is stopping.")
        now = self._loop.time()
        seconds = min(request.timeout or self._settings.timeout, self._settings.timeout)
        job = Job(request, self._loop.create_future(), now, now + seconds, seconds)
        if self._lanes.was_heavy(job):
            self._lanes.put_heavy(job)
            self._run_heavy()
        elif not self._give(job):
            self._lanes.put_short(job)
            self._fill()
        if self._ticking is None:
            self._ticking = self._loop.call_later(_TICK, self._tick)
        return job

    def _give(self, job: Job) -> bool:
        """Give a query to a worker that waits for one, if one does.

        The last one is not for slow queries, so that a quick one need never wait for those.
        """
        while idle := self._crew.idle:
            if len(idle) <= self._spared and self._lanes.is_slow(job):
                return False
            handle = idle.pop()
            if not handle.gone:
                self._assign(handle, job)
                return True
        return False

    def _assign(self, handle: Handle, job: Job) -> None:
        handle.job, job.started = job, self._loop.time()
        handle.send(job)
        if self._lanes.is_slow(job) and not handle.heavy:
            self._crew.lower_a_little(handle)

    # Answers

    def _heard(self, handle: Handle, head: list[Any], body: bytes) -> None:
        """Take what a worker says."""
        kind, *said = head
        if kind == "ready":
            self._ready(handle)
        elif handle.job is not None:
            self._taken[kind](handle, handle.job, said, body)

    def _ready(self, handle: Handle) -> None:
        handle.ready = True
        if handle.job is not None:
            self._assign(handle, handle.job)
        else:
            self._free(handle)

    def _whole(self, handle: Handle, job: Job, said: list[Any], body: bytes) -> None:
        format, encoding, rows, worn = said
        if not job.future.done():
            answer = Answer(format, handle.generation, encoding, body, rows=rows)
            answer.worker, answer.computed = handle.pid, time.time()
            job.future.set_result(answer)
        self._done(handle, job, worn)

    def _start(self, handle: Handle, job: Job, said: list[Any], body: bytes) -> None:
        format, encoding, name = said
        if job.future.done():
            self._crew.kill(handle, "client-gone")
            return
        try:
            spool = Spool(Path(self._plan.spool) / name, self._spool_closed)
        except OSError as error:
            job.fail(WorkerLost(f"The result cannot be read: {error}."))
            self._crew.kill(handle, "spool")
            return
        self._spools.add(spool)
        answer = Answer(format, handle.generation, encoding, parts=spool, worker=handle.pid)
        answer.computed = time.time()
        job.spool, job.answer = spool, answer
        job.future.set_result(answer)

    def _more(self, handle: Handle, job: Job, said: list[Any], body: bytes) -> None:
        (written,) = said
        if (spool := job.spool) is None:
            return
        spool.grown(written)
        if not spool.open:
            self._crew.kill(handle, "client-gone")
        elif sum(other.written for other in self._spools) > self._settings.spool:
            spool.fail(Overloaded(RETRY_AFTER, "Too many large results wait for their readers."))
            self._crew.kill(handle, "spool")

    def _spool_closed(self, spool: Spool) -> None:
        """Take that nobody reads a result any more; end the work on it."""
        self._spools.discard(spool)
        for handle in self._crew.working():
            if handle.job is not None and handle.job.spool is spool and not spool.ended:
                self._crew.kill(handle, "client-gone")
                return

    def _end(self, handle: Handle, job: Job, said: list[Any], body: bytes) -> None:
        rows, worn = said
        if job.spool is not None and job.answer is not None:
            job.answer.rows = rows
            job.spool.end()
        self._done(handle, job, worn)

    def _fail(self, handle: Handle, job: Job, said: list[Any], body: bytes) -> None:
        kind, what, worn = said
        if kind == "MemoryError":
            error: QueryRefused | EngineError = MemoryExceeded(self._plan.memory)
            self._lanes.remember(job)
        else:
            error = made(kind, what)
        job.fail(error)
        self._done(handle, job, worn)

    def _done(self, handle: Handle, job: Job, worn: bool) -> None:
        """Take that a worker has finished a query."""
        handle.job = None
        if self._loop.time() - job.started < _CROWDED:
            self._lanes.was_quick(job)
        if handle.heavy or handle.lowered or worn:
            self._crew.retire(handle, "worn" if worn else "finished")
        else:
            self._free(handle)

    def _free(self, handle: Handle) -> None:
        """Give a worker the next query that waits, or let it wait for one."""
        if handle.generation.name != self._generation.name:
            self._crew.retire(handle, "outdated")
        elif job := self._lanes.take_short(slow=len(self._crew.idle) >= self._spared):
            self._assign(handle, job)
        else:
            self._crew.idle.append(handle)

    # Lanes

    def _next(self) -> None:
        """Fill what has become free."""
        if self._crew.up:
            self._run_heavy()
            self._fill()

    def _fill(self) -> None:
        """Ask for workers until the lane of short queries has its number."""
        if not self._crew.may_hatch:
            return
        lane = [handle for handle in self._crew.handles.values() if not handle.heavy]
        wanted = self._settings.short
        if not self._plan.loader:  # Each opens the store anew, so it is opened on demand.
            there = sum(handle.ready for handle in lane)
            wanted = min(wanted, there + self._lanes.short)
        for _ in range(wanted - len(lane)):
            if not self._crew.hatch(self._path, self._generation):
                return

    def _run_heavy(self) -> None:
        """Go on with heavy queries as far as there are slots, the oldest first."""
        while self._crew.heavy() < self._settings.heavy:
            if self._crew.suspended:
                self._crew.resume_one()
            elif not self._lanes.heavy or not self._crew.may_hatch:
                return
            elif self._crew.hatch(self._path, self._generation, self._lanes.heavy[0]):
                self._lanes.heavy.popleft()

    def _promote(self, handle: Handle, job: Job) -> None:
        """Move a query that runs into the lane of heavy ones."""
        self._lanes.was_slow(job)
        crowded = self._crew.heavy() >= self._settings.heavy
        if crowded and len(self._crew.suspended) >= self._settings.suspended:
            job.fail(_crowded())
            self._crew.kill(handle, "crowded")
            return
        self._crew.lower(handle)
        if crowded:
            self._crew.suspend(handle)
        self._fill()

    # Time

    def _tick(self) -> None:
        """Look at every query that runs or waits: is its time over, is it heavy?"""
        now = self._loop.time()
        jobs = [(handle.job.arrived, handle) for handle in self._crew.working() if handle.job]
        for _, handle in sorted(jobs, key=lambda found: found[0]):  # the oldest keep running
            if handle.job is not None:
                self._look(handle, handle.job, now)
        for job in self._lanes.take_expired(now):
            job.fail(Overloaded(RETRY_AFTER))
        again = self._is_busy() and self._crew.up
        self._ticking = self._loop.call_later(_TICK, self._tick) if again else None

    def _look(self, handle: Handle, job: Job, now: float) -> None:
        ran = handle.ran(now)
        if job.abandoned and (ran > _CROWDED or not job.started):
            self._crew.kill(handle, "client-gone")
        elif now >= job.deadline:
            self._overdue(handle, job)
        elif not handle.heavy and (ran > _LONG or (ran > _CROWDED and self._lanes.short)):
            self._promote(handle, job)
        elif handle.heavy and ran > _HEAVY and not handle.suspended:
            self._lanes.remember(job)

    def _overdue(self, handle: Handle, job: Job) -> None:
        """End a query at its deadline; one that was kept from running is told so."""
        if handle.suspended or not job.started:
            job.fail(_crowded())
        else:
            error = DeadlineExceeded(job.seconds)
            job.fail(error)
            self._lanes.remember(job)
        self._crew.kill(handle, "deadline")


def _crowded() -> Overloaded:
    return Overloaded(RETRY_AFTER, "Too many long queries run.")
