"""The queries that wait: short ones, heavy ones, and what is known of how long they take.

What a query will take is guessed from its shape, the text without its constants: one that never
came before is then no stranger. Queries of a shape that was quick go first, those of an unknown
one next, those of one that was slow last; a wrong guess costs a place in the queue and no more.
"""

from __future__ import annotations

import contextlib
import re
from collections import OrderedDict, deque
from typing import Final

from smegraph.server.engine.errors import Overloaded
from smegraph.server.workers.connection import Job

RETRY_AFTER: Final = 5
_REMEMBERED: Final = 1000
_QUICK, _UNKNOWN, _SLOW = range(3)

# Comments, IRIs, strings, local names, numbers and white space; linear in the text.
_CONSTANT: Final = re.compile(
    r"""<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'|#[^\n]*|(?<=:)[\w.-]+|\b\d[\d.]*|\s+"""
)
_LONGEST: Final = 2048  # characters of a text that its shape is made of


class Lanes:
    """Queues of bounded length: one for heavy queries, three for short ones by their shape."""

    def __init__(self, limit: int) -> None:
        """Take how many queries may wait in each."""
        self.heavy: deque[Job] = deque()
        self._short: tuple[deque[Job], ...] = (deque(), deque(), deque())
        self._limit = limit
        self._known: OrderedDict[int, int] = OrderedDict()
        self._paces: OrderedDict[int, int] = OrderedDict()

    def __len__(self) -> int:
        """Return how many queries wait."""
        return self.short + len(self.heavy)

    @property
    def short(self) -> int:
        """How many queries wait in the lane of short ones."""
        return sum(map(len, self._short))

    def put_short(self, job: Job) -> None:
        """Let a query wait in the lane of short ones; raises Overloaded when it is full."""
        self._put(job, self._short[self._pace(job)])

    def put_heavy(self, job: Job) -> None:
        """Let a query wait in the lane of heavy ones; raises Overloaded when it is full."""
        self._put(job, self.heavy)

    def _put(self, job: Job, lane: deque[Job]) -> None:
        if len(lane) >= self._limit:
            raise Overloaded(RETRY_AFTER)
        lane.append(job)

    def take_short(self, slow: bool) -> Job | None:
        """Take out the query whose turn it is; one of a slow shape only when `slow` are wanted."""
        if not any(self._short):
            return None
        self._learn()
        lanes = self._short if slow else self._short[:_SLOW]
        return next((lane.popleft() for lane in lanes if lane), None)

    def _learn(self) -> None:
        """Put back what was of an unknown shape when it came, and is known to be slow by now."""
        quick, unknown, slow = self._short
        while not quick and unknown and self.is_slow(unknown[0]):
            slow.append(unknown.popleft())

    def remove(self, job: Job) -> None:
        """Take a query out, wherever it waits."""
        for lane in (*self._short, self.heavy):
            with contextlib.suppress(ValueError):
                lane.remove(job)

    def take_expired(self, now: float) -> list[Job]:
        """Take out and return the queries whose time is over."""
        lanes = (*self._short, self.heavy)
        expired = [job for lane in lanes for job in lane if now >= job.deadline]
        for job in expired:
            self.remove(job)
        return expired

    def take_all(self) -> list[Job]:
        """Take out and return every query."""
        lanes = (*self._short, self.heavy)
        jobs = [job for lane in lanes for job in lane]
        for lane in lanes:
            lane.clear()
        return jobs

    # What is known

    def was_heavy(self, job: Job) -> bool:
        """Say whether a query of the same text was heavy before."""
        return hash(job.request.text) in self._known

    def is_slow(self, job: Job) -> bool:
        """Say whether a query has a shape that was slow before."""
        return self._pace(job) == _SLOW

    def was_slow(self, job: Job) -> None:
        """Keep in mind that queries of this shape are slow."""
        _keep(self._paces, job.shape, _SLOW)

    def was_quick(self, job: Job) -> None:
        """Take that a query is short, and the others of its shape too."""
        self._known.pop(hash(job.request.text), None)
        if self._paces.get(job.shape) != _QUICK:
            _keep(self._paces, job.shape, _QUICK)

    def remember(self, job: Job) -> None:
        """Keep in mind that a query is heavy."""
        _keep(self._known, hash(job.request.text), _SLOW)
        self.was_slow(job)

    def _pace(self, job: Job) -> int:
        if not job.shape:
            job.shape = shape_of(job.request.text)
        return self._paces.get(job.shape, _UNKNOWN)


def shape_of(text: str) -> int:
    """Return a number that queries share which differ in their constants and comments only."""
    return hash(_CONSTANT.sub("", text[:_LONGEST]))


def _keep(known: OrderedDict[int, int], key: int, value: int) -> None:
    """Keep something, and forget what was kept longest ago where there is too much."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
