"""Make one worker warm before the first slow query comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.workers.job import Job
from smegraph.server.workers.supervisor import Supervisor

_TOUCH_ALL: Final = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # reads each statement


# Decision 046: docs/decisions/046-warm-workers.md
class WarmUp:
    """Has one worker touch the whole store, for each process that holds one.

    Attributes:
        last_asked: when the last query came, by the clock of the event loop.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        start: Callable[[Job], bool],
        *,
        rest: float,
        timeout: float,
        is_busy: Callable[[], bool],
    ) -> None:
        """Take who knows the workers, and what forks one for a query and says if it could.

        A worker is made warm after `rest` seconds without a query, for `timeout` seconds at most;
        `is_busy` says whether a query runs or waits.
        """
        self._supervisor, self._start, self._is_busy = supervisor, start, is_busy
        self._rest, self._timeout = rest, timeout
        self._timer: asyncio.TimerHandle | None = None
        self._warmed = 0  # the forkserver that has forked a worker to be warm
        self.last_asked = 0.0

    def plan(self) -> None:
        """Make a worker warm in a while, unless there is one for this forkserver."""
        if self._supervisor.forkserver.pid != self._warmed and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._rest, self._begin)

    def cancel(self) -> None:
        """Make none any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        self._timer, loop = None, asyncio.get_running_loop()
        if not self._supervisor.up:
            return
        now = loop.time()
        idle = not self._is_busy() and now - self.last_asked >= self._rest
        job = Job(_TOUCH_ALL, loop.create_future(), now, now + self._timeout, self._timeout)
        job.future.add_done_callback(self._settle)
        if idle and self._start(job):
            self._warmed = self._supervisor.forkserver.pid
        else:
            self.plan()

    def _settle(self, done: asyncio.Future[Answer]) -> None:
        """Let the worker that is warm now settle, wherever it waits."""
        if done.cancelled() or done.exception():
            return
        for connection in self._supervisor.connections.values():
            if connection.pid == done.result().worker and not connection.lost:
                connection.settle()
