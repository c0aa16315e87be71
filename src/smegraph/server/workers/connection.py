"""A worker as the service knows it: the connection to it, and what it is doing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from smegraph.server.engine.engine import Generation
from smegraph.server.workers.forkserver_client import PendingWorker
from smegraph.server.workers.job import Job, encode_request
from smegraph.server.workers.messages import Unpacker, pack
from smegraph.server.workers.sandbox import processor_time

_MEASURED_FROM: Final = 0.005  # seconds; below, no query is worth a look at its processor time
_WAIT_ALLOWED: Final = 1.0  # seconds after which waiting, such as for a disk, counts as work


@dataclass(slots=True, eq=False)
class WorkerConnection(asyncio.Protocol):
    """A worker as the service knows it, from the request for it to its end.

    Attributes:
        pending: what it was asked for as: its number, socket and standard error.
        generation: the state of the data that it answers from.
        on_message: gets each message of the worker, head and body.
        on_lost: is told when the connection has ended.
        job: what it works on.
        next: what it was sent ahead, and works on next.
        pid: its process; 0 until the fork is told.
        ready: whether it has told that it takes queries.
        heavy: whether it has left the short queries for the slow ones; it never comes back.
        reniced: whether its priority was lowered for a slow query; that cannot be taken back.
        suspended: whether it is stopped until another heavy query ends.
        closed: whether this side has closed the connection.
        lost: whether the connection has ended.
        exit_code: that of the process once it has ended (negative: the signal).
    """

    pending: PendingWorker
    generation: Generation
    on_message: Callable[[WorkerConnection, list[Any], bytes], None]
    on_lost: Callable[[WorkerConnection], None]
    job: Job | None = None
    next: Job | None = None
    pid: int = 0
    ready: bool = False
    heavy: bool = False
    reniced: bool = False
    suspended: bool = False
    closed: bool = False
    lost: bool = False
    exit_code: int | None = None
    _transport: asyncio.Transport | None = None
    _unpacker: Unpacker = field(default_factory=Unpacker)

    @property
    def number(self) -> int:
        """The number by which service and forkserver call the worker."""
        return self.pending.number

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection (asyncio.Protocol)."""
        self._transport = cast(asyncio.Transport, transport)
        if self.closed:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Pass every whole message on (asyncio.Protocol)."""
        for head, body in self._unpacker.feed(data):
            self.on_message(self, head, body)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell that the worker has gone (asyncio.Protocol)."""
        self.lost = True
        self.on_lost(self)

    # Decision 024: docs/decisions/024-front-process.md
    def send(self, job: Job) -> None:
        """Give the worker a query; it goes out at once, so that the worker begins meanwhile."""
        assert self._transport is not None
        left = job.deadline - job.future.get_loop().time()
        self._transport.write(pack(encode_request(job.request, max(0.0, left))))

    def open(self, path: str, generation: Generation) -> None:
        """Let the worker answer from another folder from now on."""
        assert self._transport is not None
        self.generation = generation
        self._transport.write(pack(["open", path]))

    def settle(self) -> None:
        """Let the worker make itself quicker while it waits: it will stay, and knows the store."""
        assert self._transport is not None
        self._transport.write(pack(["settle"]))

    def run_time(self, now: float) -> float:
        """Return the seconds for which the worker has worked on its query.

        They are those on a processor, as far as they are known: where many processes want one, a
        quick query must not pass for a long one.
        """
        job = self.job
        if job is None or not job.started:
            return 0.0
        waited = now - job.started
        if waited < _MEASURED_FROM or (used := processor_time(self.pid)) is None:
            return waited
        if job.used_before is None:
            job.used_before = used - min(waited, _MEASURED_FROM)
        return max(used - job.used_before, waited - _WAIT_ALLOWED)

    def close(self) -> None:
        """Close the connection: a worker that waits for a query then ends by itself."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()
