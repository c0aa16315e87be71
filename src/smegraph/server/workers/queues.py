"""The queries that wait: short ones, heavy ones, and what is known of how long they take.

What a query will take is guessed from its shape, the text without its constants: one that never
came before is then no stranger. Queries of a shape that was quick go first, those of an unknown
one next, those of one that was slow last; a wrong guess costs a place in the queue and no more.
One that has waited too long goes before all of them, now and then, so that none waits for ever.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from enum import IntEnum
from typing import Final, TypeVar

from smegraph.server.engine.errors import Overloaded
from smegraph.server.workers.job import Job

_Known = TypeVar("_Known")

RETRY_AFTER: Final = 5
_REMEMBERED: Final = 1000
_PATIENCE: Final = 0.25  # seconds that a query lets quicker ones go first
_PAUSE: Final = 0.1  # seconds until the next one that has lost patience goes first

# Comments, IRIs, strings, local names, numbers and white space; linear in the text.
_CONSTANT: Final = re.compile(
    r"""<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'|#[^\n]*|(?<=:)[\w.-]+|\b\d[\d.]*|\s+"""
)
_LONGEST: Final = 2048  # characters of a text that its shape is made of


class SpeedClass(IntEnum):
    """How long queries of a shape take, as far as is known; the quick go first."""

    QUICK = 0
    UNKNOWN = 1
    SLOW = 2


class Queues:
    """Queues of bounded length: one for heavy queries, three for short ones by speed class.

    Attributes:
        heavy: the heavy queries that wait, the oldest first.
    """

    def __init__(self, limit: int) -> None:
        """Take how many queries may wait in each."""
        self.heavy: deque[Job] = deque()
        self._short: tuple[deque[Job], ...] = tuple(deque() for _ in SpeedClass)
        self._limit = limit
        self._paused_until = 0.0
        self._heavy_texts: OrderedDict[int, None] = OrderedDict()
        self._speed_classes: OrderedDict[int, SpeedClass] = OrderedDict()
        self._instant: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        """Return how many queries wait."""
        return self.short + len(self.heavy)

    @property
    def long(self) -> int:
        """How many queries wait that are heavy or of a slow shape."""
        return len(self.heavy) + len(self._short[SpeedClass.SLOW])

    @property
    def short(self) -> int:
        """How many short queries wait."""
        return sum(map(len, self._short))

    def enqueue_short(self, job: Job) -> None:
        """Let a query wait among the short ones; raises Overloaded when the queue is full."""
        self._enqueue(job, self._short[self.speed_class(job)])

    def enqueue_first(self, job: Job) -> None:
        """Let a query wait before the others of its kind: it has waited already."""
        self._short[self.speed_class(job)].appendleft(job)

    def enqueue_heavy(self, job: Job) -> None:
        """Let a query wait among the heavy ones; raises Overloaded when the queue is full."""
        self._enqueue(job, self.heavy)

    def _enqueue(self, job: Job, queue: deque[Job]) -> None:
        if len(queue) >= self._limit:
            raise Overloaded(RETRY_AFTER)
        queue.append(job)

    def dequeue_short(self, now: float, *, slow: bool) -> Job | None:
        """Take out the short query whose turn it is; a slow one only where `slow` are wanted.

        One that has waited too long goes first, whatever it is.
        """
        if not any(self._short):
            return None
        self._requeue_slow()
        if (overdue := self._overdue(now)) is not None:
            self._paused_until = now + _PAUSE
            return overdue.popleft()
        queues = self._short if slow else self._short[: SpeedClass.SLOW]
        return next((queue.popleft() for queue in queues if queue), None)

    def dequeue_instant(self, now: float) -> Job | None:
        """Take out the short query whose turn it is, if it is an instant one."""
        quick = self._short[SpeedClass.QUICK]
        if quick and self.is_instant(quick[0]) and self._overdue(now) is None:
            return quick.popleft()
        return None

    def lets_pass(self, job: Job, now: float) -> bool:
        """Say whether an instant query may go before all that wait."""
        quick = self._short[SpeedClass.QUICK]
        return not quick and self.is_instant(job) and self._overdue(now) is None

    # Decision 051: docs/decisions/051-queries-sent-ahead.md
    def _overdue(self, now: float) -> deque[Job] | None:
        """Return the queue whose first has waited too long, and the longest, if one may go now."""
        _, unknown, slow = self._short
        if now < self._paused_until or not (unknown or slow):
            return None
        oldest = min((queue for queue in self._short if queue), key=lambda found: found[0].arrived)
        return oldest if now - oldest[0].arrived > _PATIENCE else None

    def dequeue_long(self) -> Job | None:
        """Take out the heavy query whose turn it is, or else one of a slow shape."""
        queues = (self.heavy, self._short[SpeedClass.SLOW])
        return next((queue.popleft() for queue in queues if queue), None)

    def _requeue_slow(self) -> None:
        """Put back what was of an unknown shape when it came, and is known to be slow by now."""
        quick, unknown, slow = self._short
        while not quick and unknown and self.is_slow(unknown[0]):
            slow.append(unknown.popleft())

    def remove(self, job: Job) -> bool:
        """Take a query out, wherever it waits; say whether it did."""
        for queue in (*self._short, self.heavy):
            if job in queue:
                queue.remove(job)
                return True
        return False

    def remove_expired(self, now: float) -> list[Job]:
        """Take out and return the queries whose time is over."""
        queues = (*self._short, self.heavy)
        expired = [job for queue in queues for job in queue if now >= job.deadline]
        for job in expired:
            self.remove(job)
        return expired

    def remove_all(self) -> list[Job]:
        """Take out and return every query."""
        queues = (*self._short, self.heavy)
        jobs = [job for queue in queues for job in queue]
        for queue in queues:
            queue.clear()
        return jobs

    # What is known

    def was_heavy(self, job: Job) -> bool:
        """Say whether a query of the same text was heavy before."""
        return hash(job.request.text) in self._heavy_texts

    def is_slow(self, job: Job) -> bool:
        """Say whether a query has a shape that was slow before."""
        return self.speed_class(job) == SpeedClass.SLOW

    def is_instant(self, job: Job) -> bool:
        """Say whether a query has a shape that took next to no time."""
        return _shape(job) in self._instant

    def speed_class(self, job: Job) -> SpeedClass:
        """Return how long queries of the same shape take."""
        return self._speed_classes.get(_shape(job), SpeedClass.UNKNOWN)

    def remember_quick(self, job: Job, *, instant: bool = False) -> None:
        """Keep in mind that a query is short, and that the others of its shape are."""
        if self._heavy_texts:
            self._heavy_texts.pop(hash(job.request.text), None)
        if self.speed_class(job) != SpeedClass.QUICK:
            _remember(self._speed_classes, _shape(job), SpeedClass.QUICK)
        if not instant:
            self._instant.pop(_shape(job), None)
        elif not self.is_instant(job):
            _remember(self._instant, _shape(job), None)

    def remember_slow(self, job: Job) -> None:
        """Keep in mind that queries of this shape are slow."""
        self._instant.pop(_shape(job), None)
        _remember(self._speed_classes, _shape(job), SpeedClass.SLOW)

    def remember_heavy(self, job: Job) -> None:
        """Keep in mind that queries of this text are heavy, and those of its shape slow."""
        _remember(self._heavy_texts, hash(job.request.text), None)
        self.remember_slow(job)


# Decision 022: docs/decisions/022-scheduling-queries.md
def shape_of(text: str) -> int:
    """Return a number that queries share which differ in their constants and comments only.

    >>> shape_of("SELECT ?o { <urn:a> ?p ?o } # first") == shape_of("SELECT ?o {<urn:b> ?p ?o}")
    True
    """
    return hash(_CONSTANT.sub("", text[:_LONGEST]))


def _shape(job: Job) -> int:
    """Return the shape of a query, which is worked out once."""
    if not job.shape:
        job.shape = shape_of(job.request.text)
    return job.shape


def _remember(known: OrderedDict[int, _Known], key: int, value: _Known) -> None:
    """Keep something, and forget what was kept longest ago where there is too much."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
