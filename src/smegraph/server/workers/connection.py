"""What the service knows of one worker, and the connection to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import EngineError
from smegraph.server.workers.forkserver_client import Egg
from smegraph.server.workers.messages import Unpacker, pack
from smegraph.server.workers.sandbox import processor_time
from smegraph.server.workers.spool import Spool
from smegraph.server.workers.worker import request_head
from smegraph.sparql.errors import QueryRefused

_NOTICED: Final = 0.005
_PATIENCE: Final = 1.0  # seconds after which waiting, such as for a disk, counts as work


@dataclass(slots=True, eq=False)
class Job:
    """A query on its way to an answer; times are those of the event loop, in seconds."""

    request: QueryRequest
    future: asyncio.Future[Answer]
    arrived: float
    deadline: float
    seconds: float
    started: float = 0.0
    answer: Answer | None = None
    spool: Spool | None = None
    abandoned: bool = False
    shape: int = 0
    used_before: float | None = None

    def fail(self, error: QueryRefused | EngineError) -> None:
        """Tell who waits for the answer, or who reads it already, that it will not come."""
        if self.spool is not None and not self.spool.ended:
            self.spool.fail(error)
        elif not self.future.done():
            self.future.set_exception(error)


@dataclass(slots=True, eq=False)
class Handle(asyncio.Protocol):
    """A worker as the service sees it.

    Attributes:
        job: what it works on.
        heavy: whether it has left the lane of short queries; it never comes back.
        suspended: whether it is stopped until another heavy query ends.
        ended: whether it was told to end, so that its end is no surprise.
        status: its exit code once it has ended (negative: the signal).
    """

    egg: Egg
    generation: Generation
    heard: Callable[[Handle, list[Any], bytes], None]
    lost: Callable[[Handle], None]
    job: Job | None = None
    pid: int = 0
    ready: bool = False
    heavy: bool = False
    lowered: bool = False
    suspended: bool = False
    ended: bool = False
    gone: bool = False
    status: int | None = None
    _transport: asyncio.Transport | None = None
    _unpacker: Unpacker = field(default_factory=Unpacker)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection (asyncio.Protocol)."""
        self._transport = cast(asyncio.Transport, transport)
        if self.ended:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Pass every whole frame on (asyncio.Protocol)."""
        for head, body in self._unpacker.feed(data):
            self.heard(self, head, body)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell that the worker has gone (asyncio.Protocol)."""
        self.gone = True
        self.lost(self)

    def send(self, job: Job) -> None:
        """Give the worker a query.

        It goes out now: the transport would wait for the end of the present task, and the worker
        would not begin meanwhile.
        """
        assert self._transport is not None
        frame = pack(request_head(job.request))
        sent = 0
        try:
            if not self._transport.get_write_buffer_size():
                sent = self.egg.connection.send(frame)
        except OSError:
            pass  # There is no room, or no worker any more: the transport finds out.
        if sent < len(frame):
            self._transport.write(frame[sent:])

    def ran(self, now: float) -> float:
        """Return the seconds for which the worker has worked on its query.

        They are those on a processor, as far as they are known: where many processes want one, a
        quick query must not pass for a long one.
        """
        job = self.job
        if job is None or not job.started:
            return 0.0
        waited = now - job.started
        if waited < _NOTICED or (used := processor_time(self.pid)) is None:
            return waited
        if job.used_before is None:
            job.used_before = used - min(waited, _NOTICED)
        return max(used - job.used_before, waited - _PATIENCE)

    def close(self) -> None:
        """Close the connection: a worker that waits for a query then ends by itself."""
        self.ended = True
        if self._transport is not None:
            self._transport.close()
