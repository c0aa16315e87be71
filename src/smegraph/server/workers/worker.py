"""A worker: a process that answers one query after the other, and may be killed at any moment."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias

from smegraph.server.disk_space import is_full
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.engine.errors import InsufficientStorage, ResultTooLarge
from smegraph.server.workers import sandbox
from smegraph.server.workers.errors import Failure, encode
from smegraph.server.workers.evaluate import evaluate
from smegraph.server.workers.job import decode_request
from smegraph.server.workers.messages import Unpacker, pack
from smegraph.sparql.errors import QueryFailed, QueryRefused
from smegraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from smegraph.server.workers.gateway import Gateway

Opener: TypeAlias = Callable[[str | None], EmbeddedStore]
INLINE: Final = 1 << 16
_MEASURED_AFTER: Final = 4096  # page faults
_LOOKS: Final = 16
_KEPT: Final = 32 * 2**20  # bytes
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may take: bytes of one result, queries in its life, bytes to grow by.

    What it copies of the store, as it reads it, is no growth: that can be no more than the store.
    """

    result: int
    queries: int = 20_000
    growth: int = 64 * 2**20


class Worker:
    """Answers what comes over a connection until the other side closes it."""

    def __init__(
        self,
        connection: socket.socket,
        open: Opener,
        limits: WorkerLimits,
        spool: Path,
        gateway: Gateway | None = None,
    ) -> None:
        """Take the connection, what opens a store, the limits, and the folder for large results.

        `open` gets the folder that the service has told, or None as long as it has told none.
        `gateway` is where the store calls other services, if it may.
        """
        self._connection, self._open, self._gateway = connection, open, gateway
        self._store: EmbeddedStore | None = None
        self._folder: str | None = None
        self._limits, self._spool = limits, spool
        self._unsettled: list[int] = []
        self._answered = 0
        self._begun = 0.0
        self._memory_at_start = sandbox.resident_memory()
        self._faults = sandbox.page_faults()

    def run(self) -> None:
        """Answer until the connection ends, or until it is time for a fresh process."""
        self._send(["ready", os.getpid()])
        unpacker = Unpacker()
        while data := self._receive():
            for head, _ in unpacker.feed(data):
                if head[0] == "open":  # when it is asked, so that none is open for nothing
                    self._store, self._folder = None, head[1]
                elif head[0] == "settle":
                    self._unsettled = sandbox.huge_page_ranges()
                else:
                    self._answer(decode_request(head))

    def _receive(self) -> bytes:
        """Wait for a message, and meanwhile put memory into huge pages, if that was asked for."""
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        while self._unsettled and not poll.poll(0):
            before = sandbox.resident_memory()
            sandbox.collapse(self._unsettled.pop())
            self._memory_at_start += sandbox.resident_memory() - before  # It is no growth.
        return self._look() or self._connection.recv(_CHUNK)

    # Decision 024: docs/decisions/024-front-process.md
    def _look(self) -> bytes:
        """Look a few times for a message before sleeping: to be woken costs the service more."""
        for _ in range(_LOOKS):
            try:
                return self._connection.recv(_CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                os.sched_yield()
        return b""

    def _answer(self, request: QueryRequest) -> None:
        self._answered += 1
        self._begun = time.process_time()
        file = _SpoolFile(self, request)
        if self._gateway is not None:
            self._gateway.begin(request.timeout)
        try:
            store = self._opened()
            done = evaluate(store, request, file.start, inline=INLINE, limit=self._limits.result)
        except (QueryRefused, ResultTooLarge) as failure:
            self._conclude(["fail", *encode(self._named(failure))])
        except MemoryError:
            self._conclude(["fail", "MemoryError", None], due=True)
        except OSError as error:  # of the spool
            self._conclude(["fail", *encode(_not_written(error))], due=True)
        else:
            if done.body is None:
                self._conclude(["end"])
            else:
                self._tell_hints(request, store)
                self._conclude(["whole", done.format, done.encoding], done.body)
        finally:
            file.close()

    def _named(self, failure: Failure) -> Failure:
        """Return the failure of a service that was called, where that is the cause."""
        if self._gateway is None or not isinstance(failure, QueryFailed):
            return failure
        return self._gateway.cause_of(failure) or failure

    def _opened(self) -> EmbeddedStore:
        if self._store is None:
            try:
                self._store = self._open(self._folder)
            except OSError as error:
                raise QueryFailed(f"The data cannot be opened: {error}") from error
            self._begun = time.process_time()  # To open is no part of the query's own time.
        return self._store

    def _conclude(self, head: list[Any], body: bytes = b"", due: bool | None = False) -> None:
        """Send the last message of an answer.

        It also tells whether a fresh process should take over, and how long this one was at work.
        """
        due = due or self._due_for_recycling()
        self._send([*head, due, time.process_time() - self._begun], body)
        if due is None:
            self._measure(keep=_KEPT if head[0] != "fail" else 0)

    # Decision 046: docs/decisions/046-warm-workers.md
    def _due_for_recycling(self) -> bool | None:
        """Say whether a fresh process should take over; None: a further message will tell."""
        if self._answered >= self._limits.queries:
            return True
        return None if sandbox.page_faults() - self._faults > _MEASURED_AFTER else False

    def _measure(self, keep: int) -> None:
        """Tell, behind the answer, what memory is the worker's own, and whether that is too much.

        Of what the query took and has freed, no more than `keep` bytes stay for the next one.
        """
        if self._growth() > keep:
            sandbox.give_back_memory()
        self._send(["measured", self._growth() > self._limits.growth, sandbox.own_memory()])
        self._faults = sandbox.page_faults()

    def _growth(self) -> int:
        return sandbox.resident_memory() - self._memory_at_start

    def _send(self, head: list[Any], body: bytes = b"") -> None:
        self._connection.sendall(pack(head, body))

    # Decision 063: docs/decisions/063-hints.md
    def _tell_hints(self, request: QueryRequest, store: EmbeddedStore) -> None:
        """Send the hints before an answer, if there are any, in no part of the query's time."""
        if store.has_no_hints(request.text):
            return
        begun = time.process_time()
        if hints := store.hints(request.text):
            self._send(["hints", *hints])
        self._begun += time.process_time() - begun

    def open_spool(
        self, request: QueryRequest, format: str, encoding: str
    ) -> tuple[BinaryIO, Callable[[int], None]]:
        """Open a file for a large result; return it with what tells how much is in it."""
        self._tell_hints(request, self._opened())
        path = self._spool / f"{os.getpid()}-{self._answered}"
        file = path.open("xb", buffering=0)
        self._send(["start", format, encoding, path.name])
        return file, lambda written: self._send(["more", written])


class _SpoolFile:
    """The file of one large result, once there is one."""

    def __init__(self, worker: Worker, request: QueryRequest) -> None:
        self._worker, self._request = worker, request
        self._file: BinaryIO | None = None

    def start(self, format: str, encoding: str) -> Callable[[bytes], None]:
        """Begin the file; return what writes to it."""
        file, tell = self._worker.open_spool(self._request, format, encoding)
        self._file = file
        written = 0

        def write(data: bytes) -> None:
            nonlocal written
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            written += len(data)
            tell(written)

        return write

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()


def _not_written(error: OSError) -> Failure:
    """Return why a result could not be written."""
    if is_full(error):
        return InsufficientStorage("There is no room here for so large a result now.")
    return QueryFailed(f"The result cannot be written: {error}")
