"""Answer queries in worker processes, so that nothing that a query does harms another.

There are two queues. Every query begins among the short ones. One that runs on while others wait,
or for `_SHORT` seconds in any case, becomes heavy: its process gets the lowest priority, and a new
one for short queries is forked in its place. As many heavy queries run as there are slots; further
ones are stopped (SIGSTOP) until a slot is free. A query that was heavy before waits for a slot.

A worker that has answered a slow query is warm: it has its own copy of each page that the query
touched. It rests, and the next slow query gets it. There are no more such workers than slots.

Where no worker is free, a query of an instant shape goes to one that is at another such query, and
is answered next there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    Overloaded,
)
from smegraph.server.workers.ahead import Ahead
from smegraph.server.workers.answering import Answering
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.job import Job
from smegraph.server.workers.queues import RETRY_AFTER, Queues, SpeedClass
from smegraph.server.workers.sandbox import give_back_memory
from smegraph.server.workers.supervisor import LogEvent, Supervisor
from smegraph.server.workers.warm_up import WarmUp

_TICK: Final = 0.01
_SHORT_WHILE_OTHERS_WAIT: Final = 0.03  # seconds that a short query may run then
_SHORT: Final = 0.25  # seconds that one may run in any case
_HEAVY: Final = 0.5  # seconds after which the next query of the same text is heavy at once
_QUICK: Final = 0.01  # seconds of processor time; what takes more is for a warm worker
_INSTANT: Final = 0.001  # seconds of processor time of what may be sent ahead, or waited for
_QUICK_WHEN_WARM: Final = 0.002  # seconds in which a warm worker answers what is quick anywhere
_LONG_TEXT: Final = 2**16  # characters
_TRIM_AFTER: Final = 1.0  # seconds
_COPIED: Final = 32 * 2**20  # bytes of its own with which a worker is for slow queries
_CLOSING_TICK: Final = 0.02


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many and how much.

    Attributes:
        short: workers for short queries.
        heavy: heavy queries that run at once.
        suspended: heavy queries that may be stopped half-way; more are refused.
        queue: queries that may wait in either queue.
        timeout: seconds that a query may take, waiting included.
        spool: bytes on disk that all unread results together may take.
        rest: seconds without a query after which a worker is made warm for the first slow one.
    """

    short: int = 3
    heavy: int = 2
    suspended: int = 16
    queue: int = 128
    timeout: float = 30.0
    spool: int = 8 * 2**30
    rest: float = 1.0


def _no_event(name: str, **fields: object) -> None:
    """Tell nobody."""


# Decision 020: docs/decisions/020-forked-workers.md
class Pool:
    """An engine of worker processes over one store, or over snapshots of one."""

    def __init__(
        self,
        forkserver: ForkserverSettings,
        settings: PoolSettings,
        generation: Generation,
        event: LogEvent = _no_event,
        ended: Counter[str] | None = None,
    ) -> None:
        """Take what to load, how much of everything, and who is told of what happens.

        `ended` counts the workers that have ended, by cause.
        """
        self.ended: Counter[str] = Counter() if ended is None else ended
        self._forkserver, self._settings, self._generation = forkserver, settings, generation
        self._queues = Queues(settings.queue)
        self._reserved = min(1, settings.short - 1)
        self._supervisor = Supervisor(
            forkserver, self._on_message, self._use_capacity, self._queues.remember_heavy, event,
            self._again, self.ended,
        )  # fmt: skip
        self._warm_up = WarmUp(
            self._supervisor, self._start_worker_for, rest=settings.rest,
            timeout=settings.timeout, is_busy=self._is_busy,
        )  # fmt: skip
        self._path: str | None = None
        self._ticking: asyncio.TimerHandle | None = None
        self._trimming: asyncio.TimerHandle | None = None
        self._closing = False
        self._ahead = Ahead(
            self._supervisor, self._queues, lambda: self._generation, self._again, _QUICK
        )
        self._answering = Answering(
            self._supervisor, self._queues, folder=Path(forkserver.spool), limit=settings.spool,
            memory=forkserver.memory, on_concluded=self._conclude, on_measured=self._on_measured,
        )  # fmt: skip

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query sees."""
        return self._generation

    @property
    def ready(self) -> bool:
        """Whether queries are answered now."""
        return self._supervisor.up and not self._closing

    @property
    def quads(self) -> int:
        """How many statements were loaded; 0 where each worker opens a folder."""
        return self._supervisor.quads

    @property
    def isolated(self) -> bool:
        """Whether the workers have no network."""
        return self._supervisor.isolated

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return len(self._queues)

    def states(self) -> Iterator[str]:
        """Yield what each worker does: "idle", "rested", "short", "heavy" or "suspended"."""
        for connection in self._supervisor.connections.values():
            kind, free = ("heavy", "rested") if connection.heavy else ("short", "idle")
            yield "suspended" if connection.suspended else kind if connection.job else free

    # Beginning and end

    async def start(self) -> None:
        """Load the store and start the workers; raises PoolFailed."""
        self._loop = asyncio.get_running_loop()
        await self._supervisor.start()
        self._use_capacity()

    def use(self, path: Path, generation: Generation) -> None:
        """Let every query from now on see another folder; those that run see theirs."""
        self._path, self._generation = str(path), generation
        for connection in [*self._supervisor.idle, *self._supervisor.rested]:
            self._update(connection)

    def generations(self) -> set[str]:
        """Return the names of the generations that some query still sees."""
        used = {found.generation.name for found in self._supervisor.working()}
        return used | {self._generation.name}

    def _update(self, connection: WorkerConnection) -> None:
        """Let a worker without a query answer from the newest state."""
        if connection.generation is self._generation:
            return
        if self._path is None:
            connection.generation = self._generation
        else:
            connection.open(self._path, self._generation)

    async def close(self, grace: float) -> None:
        """Answer what runs and waits, for at most `grace` seconds, then end every process."""
        self._closing = True
        until = self._loop.time() + grace
        while self._is_busy() and self._loop.time() < until:
            await asyncio.sleep(_CLOSING_TICK)
        stopped = Overloaded(RETRY_AFTER, "The service is stopping.")
        for connection in self._supervisor.working():
            for job in (connection.job, connection.next):
                if job is not None:
                    job.fail(stopped)
        for job in self._queues.remove_all():
            job.fail(stopped)
        self._supervisor.stop()
        self._warm_up.cancel()
        for timer in (self._ticking, self._trimming):
            if timer is not None:
                timer.cancel()

    def _is_busy(self) -> bool:
        return len(self._queues) > 0 or any(self._supervisor.working())

    # Questions

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query in a worker (`Engine.answer`)."""
        return await self.submit(request)

    def submit(self, request: QueryRequest) -> asyncio.Future[Answer]:
        """Give a query to a worker, or let it wait for one (`Submitting.submit`)."""
        job = self._admit(request)
        job.future.add_done_callback(partial(self._abandon, job))
        return job.future

    def _abandon(self, job: Job, future: asyncio.Future[Answer]) -> None:
        """Take that nobody waits for an answer any more, if that is how it ended."""
        if future.cancelled():
            job.abandoned = True
            self._queues.remove(job)

    def _admit(self, request: QueryRequest) -> Job:
        """Take a query in, or raise Overloaded."""
        if self._closing:
            raise Overloaded(RETRY_AFTER, "The service is stopping.")
        now = self._loop.time()
        timeout = min(request.timeout or self._settings.timeout, self._settings.timeout)
        job = Job(request, self._loop.create_future(), now, now + timeout, timeout)
        self._warm_up.last_asked = now
        if self._queues.was_heavy(job):
            self._queues.enqueue_heavy(job)
            self._run_heavy()
        elif not self._dispatch(job) and not self._ahead.send(job, now):
            self._queues.enqueue_short(job)
            self._start_workers()
        self._start_ticking()
        return job

    def _start_ticking(self) -> None:
        if self._ticking is None:
            self._ticking = self._loop.call_later(_TICK, self._tick)

    def _dispatch(self, job: Job) -> bool:
        """Give a query to a worker that waits for one; say whether one does.

        The last one is not for slow queries, so that a quick one need never wait for those. They
        get a rested one where there is one, and a slot. So does a query of an unknown shape while
        no short one runs, as the low priority of a rested one does it no harm then.
        """
        if self._may_be_slow(job) and (rested := self._take_rested()):
            self._assign(rested, job)
            return True
        while idle := self._supervisor.idle:
            if len(idle) <= self._reserved and self._queues.is_slow(job):
                return False
            connection = idle.pop()
            if not connection.lost:
                self._assign(connection, job)
                return True
        return False

    def _may_be_slow(self, job: Job) -> bool:
        known = self._queues.speed_class(job)
        if known == SpeedClass.UNKNOWN:
            return all(found.heavy for found in self._supervisor.working())
        return known == SpeedClass.SLOW

    def _take_rested(self) -> WorkerConnection | None:
        """Return a worker that rests, if one does and may work now."""
        while self._supervisor.rested and self._has_slot():
            connection = self._supervisor.rested.pop()
            if not connection.lost:
                return connection
        return None

    def _has_slot(self) -> bool:
        return self._supervisor.heavy() < self._settings.heavy

    def _assign(self, connection: WorkerConnection, job: Job) -> None:
        connection.job, job.started = job, self._loop.time()
        connection.send(job)
        self._ahead.fill(connection, job.started)
        if self._queues.is_slow(job) and not connection.heavy:
            self._supervisor.renice(connection)

    def _again(self, job: Job) -> None:
        """Take a query that was sent ahead to a worker that did not come to it."""
        if job.future.done():
            return
        if not self._dispatch(job):
            self._queues.enqueue_first(job)
            self._start_workers()

    # What workers tell

    def _on_message(self, connection: WorkerConnection, head: list[Any], body: bytes) -> None:
        kind, *values = head
        if kind == "ready":
            self._on_ready(connection)
        elif connection.job is not None:
            self._answering.take(connection, connection.job, kind, values, body)

    def _on_ready(self, connection: WorkerConnection) -> None:
        connection.ready = True
        self._update(connection)
        if connection.job is not None:
            self._assign(connection, connection.job)
        else:
            self._release(connection)

    def _conclude(
        self, connection: WorkerConnection, job: Job, due: bool | None, seconds: float
    ) -> None:
        """Take that a query is answered, in so many seconds of processor time.

        `due` says whether a fresh worker should take over; None, that this one measures itself.
        """
        self._learn(connection, job, seconds)
        if len(job.request.text) > _LONG_TEXT and self._trimming is None:
            self._trimming = self._loop.call_later(_TRIM_AFTER, self._trim)
        job.answered = True
        if due is not None:
            self._finish(connection, due_for_recycling=due)

    def _trim(self) -> None:
        """Give back what long texts have taken in this process."""
        self._trimming = None
        give_back_memory()

    def _learn(self, connection: WorkerConnection, job: Job, seconds: float) -> None:
        """Keep in mind how long a query took; a warm worker is quicker than another."""
        is_slow = self._queues.is_slow(job)
        if seconds < (_QUICK_WHEN_WARM if connection.heavy and is_slow else _QUICK):
            self._queues.remember_quick(job, instant=seconds < _INSTANT)
        elif not is_slow:
            self._queues.remember_slow(job)

    def _on_measured(self, connection: WorkerConnection, due: bool, own: int) -> None:
        """Take what a worker has found out about its own memory."""
        if not connection.heavy and self._forkserver.loader and own > _COPIED:
            due |= any(found.heavy for found in self._supervisor.connections.values())
            connection.heavy = not due
        self._finish(connection, due_for_recycling=due)

    def _finish(self, connection: WorkerConnection, *, due_for_recycling: bool) -> None:
        """Take that a worker has finished a query."""
        connection.job = None
        if due_for_recycling:
            self._supervisor.retire(connection, "worn")
        elif connection.next is not None:
            self._ahead.begin(connection, connection.next, self._loop.time())
        else:
            self._go_on(connection)

    def _go_on(self, connection: WorkerConnection) -> None:
        """Give a worker that has nothing to do its next query, or let it wait for one."""
        self._update(connection)
        if connection.heavy or connection.reniced:
            self._rest(connection)
        else:
            self._release(connection)

    # Decision 046: docs/decisions/046-warm-workers.md
    def _rest(self, connection: WorkerConnection) -> None:
        """Keep a worker for slow queries, if it may be kept."""
        connection.heavy = True
        if connection.suspended or len(self._supervisor.rested) >= self._settings.heavy:
            self._supervisor.retire(connection, "finished")
        else:
            self._supervisor.rested.append(connection)
            self._use_capacity()

    def _release(self, connection: WorkerConnection) -> None:
        """Give a worker the next query that waits, or let it wait for one."""
        slow = len(self._supervisor.idle) >= self._reserved
        if job := self._queues.dequeue_short(self._loop.time(), slow=slow):
            self._assign(connection, job)
        else:
            self._supervisor.idle.append(connection)

    # Capacity

    def _use_capacity(self) -> None:
        """Fill what has become free."""
        if self._supervisor.up:
            self._run_heavy()
            self._start_workers()
            if self._forkserver.loader and not self._closing:
                self._warm_up.plan()

    def _start_worker_for(self, job: Job) -> bool:
        """Ask for a worker for a heavy query; say whether one may come."""
        if self._closing or not self._supervisor.may_start_worker:
            return False
        started = self._supervisor.start_worker(job)
        if started:
            self._start_ticking()
        return started

    def _start_workers(self) -> None:
        """Ask for workers until there are as many for short queries as there should be."""
        if not self._supervisor.may_start_worker:
            return
        present = [found for found in self._supervisor.connections.values() if not found.heavy]
        for _ in range(self._settings.short - len(present)):
            if not self._supervisor.start_worker():
                return

    def _run_heavy(self) -> None:
        """Go on with heavy queries as far as there are slots, the oldest first."""
        supervisor, waiting = self._supervisor, self._queues.heavy
        while self._has_slot():
            if supervisor.suspended:
                supervisor.resume_one()
            elif self._queues.long and (rested := self._take_rested()):
                if job := self._queues.dequeue_long():
                    self._assign(rested, job)
            elif not waiting or not supervisor.may_start_worker:
                return
            elif supervisor.start_worker(waiting[0]):
                waiting.popleft()

    def _make_heavy(self, connection: WorkerConnection, job: Job) -> None:
        """Take a query that runs out of the short ones."""
        self._queues.remember_slow(job)
        self._ahead.take_back(connection)
        full = not self._has_slot()
        if full and len(self._supervisor.suspended) >= self._settings.suspended:
            job.fail(_too_many_heavy())
            self._supervisor.kill(connection, "crowded")
            return
        self._supervisor.make_heavy(connection)
        if full:
            self._supervisor.suspend(connection)
        self._start_workers()

    # Time

    def _tick(self) -> None:
        """Look at every query that runs or waits: is its time over, is it heavy?"""
        now = self._loop.time()
        jobs = [(found.job.arrived, found) for found in self._supervisor.working() if found.job]
        for _, connection in sorted(jobs, key=lambda found: found[0]):  # the oldest keep running
            if connection.job is not None:
                self._check(connection, connection.job, now)
        for job in self._queues.remove_expired(now):
            job.fail(Overloaded(RETRY_AFTER))
        again = self._is_busy() and self._supervisor.up
        self._ticking = self._loop.call_later(_TICK, self._tick) if again else None

    def _check(self, connection: WorkerConnection, job: Job, now: float) -> None:
        ran = connection.run_time(now)
        if connection.next is not None and (ran > _QUICK or now >= connection.next.deadline):
            self._ahead.take_back(connection)
        is_long = ran > _SHORT or (ran > _SHORT_WHILE_OTHERS_WAIT and self._queues.short)
        if job.abandoned and (ran > _SHORT_WHILE_OTHERS_WAIT or not job.started):
            self._supervisor.kill(connection, "client-gone")
        elif now >= job.deadline:
            self._time_out(connection, job)
        elif job.answered:
            return
        elif not connection.heavy and is_long:
            self._make_heavy(connection, job)
        elif connection.heavy and ran > _HEAVY and not connection.suspended:
            self._queues.remember_heavy(job)

    def _time_out(self, connection: WorkerConnection, job: Job) -> None:
        """End a query at its deadline; one that was kept from running is told so."""
        if connection.suspended or not job.started:
            job.fail(_too_many_heavy())
        else:
            job.fail(DeadlineExceeded(job.timeout))
            self._queues.remember_heavy(job)
        self._supervisor.kill(connection, "deadline")


def _too_many_heavy() -> Overloaded:
    return Overloaded(RETRY_AFTER, "Too many long queries run.")
