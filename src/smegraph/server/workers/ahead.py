"""Send a worker its next query before it has answered the first, and take it back if need be."""

from __future__ import annotations

from collections.abc import Callable

from smegraph.server.engine.engine import Generation
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.job import Job
from smegraph.server.workers.queues import Queues
from smegraph.server.workers.supervisor import Supervisor


# Decision 051: docs/decisions/051-queries-sent-ahead.md
class Ahead:
    """Gives instant queries to workers that are at another one, one to each at most.

    `now` is the time by the clock of the event loop: to ask for the loop is a system call.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        queues: Queues,
        generation: Callable[[], Generation],
        again: Callable[[Job], None],
        quick: float,
    ) -> None:
        """Take who knows the workers and the queries that wait, and how to ask a query again.

        `generation` gives the newest state of the data. A query that has taken `quick` seconds is
        not instant.
        """
        self._supervisor, self._queues = supervisor, queues
        self._generation, self._again, self._quick = generation, again, quick

    def send(self, job: Job, now: float) -> bool:
        """Give an instant query to a worker that is at another, if one is; say whether one is."""
        if not self._queues.lets_pass(job, now):
            return False
        for connection in self._supervisor.connections.values():
            if self._takes(connection, now):
                connection.next = job
                connection.send(job)
                return True
        return False

    def _takes(self, connection: WorkerConnection, now: float) -> bool:
        """Say whether a worker will soon be free, and has no query yet that is next."""
        job = connection.job
        return (
            job is not None
            and connection.next is None
            and connection.generation is self._generation()
            and not (job.answered or connection.heavy or connection.reniced or connection.lost)
            and self._queues.is_instant(job)
            and now - job.started < self._quick
        )

    def fill(self, connection: WorkerConnection, now: float) -> None:
        """Send a worker the instant query ahead that waits first, if one does."""
        if self._takes(connection, now):
            connection.next = self._queues.dequeue_instant(now)
            if connection.next is not None:
                connection.send(connection.next)

    def begin(self, connection: WorkerConnection, job: Job, now: float) -> None:
        """Take that a worker has begun what it was sent ahead."""
        if job.stands_for is not None and self._queues.remove(job.stands_for):
            job = job.stands_for  # It was taken back, and nobody else has come to it.
        connection.job, connection.next = job, None
        job.started = now
        self.fill(connection, now)

    def take_back(self, connection: WorkerConnection) -> None:
        """Let another worker answer what was sent ahead; that this one does so too is no harm."""
        job = connection.next
        if job is not None and not job.future.done():
            connection.next = job.for_nobody()
            self._again(job)
