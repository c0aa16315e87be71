"""The queries that wait: short ones, heavy ones, and which texts were heavy before."""

from __future__ import annotations

import contextlib
from collections import OrderedDict, deque
from typing import Final

from smegraph.server.engine import Overloaded
from smegraph.server.pool.handle import Job

RETRY_AFTER: Final = 5
_REMEMBERED: Final = 1000


class Lanes:
    """Two queues of bounded length."""

    def __init__(self, limit: int) -> None:
        """Take how many queries may wait in each."""
        self.short: deque[Job] = deque()
        self.heavy: deque[Job] = deque()
        self._limit = limit
        self._known: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        """Return how many queries wait."""
        return len(self.short) + len(self.heavy)

    def put(self, job: Job, lane: deque[Job]) -> None:
        """Let a query wait in one of the lanes; raises Overloaded when it is full."""
        if len(lane) >= self._limit:
            raise Overloaded(RETRY_AFTER)
        lane.append(job)

    def remove(self, job: Job) -> None:
        """Take a query out, wherever it waits."""
        for lane in (self.short, self.heavy):
            with contextlib.suppress(ValueError):
                lane.remove(job)

    def take_expired(self, now: float) -> list[Job]:
        """Take out and return the queries whose time is over."""
        expired = [job for lane in (self.short, self.heavy) for job in lane if now >= job.deadline]
        for job in expired:
            self.remove(job)
        return expired

    def take_all(self) -> list[Job]:
        """Take out and return every query."""
        jobs = [*self.short, *self.heavy]
        self.short.clear()
        self.heavy.clear()
        return jobs

    def was_heavy(self, job: Job) -> bool:
        """Say whether a query of the same text was heavy before."""
        return hash(job.request.text) in self._known

    def remember(self, job: Job) -> None:
        """Keep in mind that a query is heavy."""
        self._known[hash(job.request.text)] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, job: Job) -> None:
        """Take that a query is short after all."""
        self._known.pop(hash(job.request.text), None)
