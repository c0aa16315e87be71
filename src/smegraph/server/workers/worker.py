"""A worker: a process that answers one query after the other, and may be killed at any moment."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from smegraph.server.disk_space import is_full
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.engine.errors import InsufficientStorage, ResultTooLarge
from smegraph.server.workers import sandbox
from smegraph.server.workers.errors import Failure, told
from smegraph.server.workers.evaluate import evaluate
from smegraph.server.workers.messages import Unpacker, pack
from smegraph.sparql.errors import QueryFailed, QueryRefused
from smegraph.store.embedded import EmbeddedStore

INLINE: Final = 1 << 16
_LOOK_EVERY: Final = 64
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may take: bytes of one result, queries in its life, bytes to grow by."""

    result: int
    queries: int = 5000
    growth: int = 256 * 2**20


class Worker:
    """Answers what comes over a connection until the other side closes it."""

    def __init__(
        self, connection: socket.socket, store: EmbeddedStore, limits: WorkerLimits, spool: Path
    ) -> None:
        """Take the connection, the store, the limits, and the folder for large results."""
        self._connection, self._store = connection, store
        self._limits, self._spool = limits, spool
        self._served = 0
        self._begun_with = sandbox.resident()

    def run(self) -> None:
        """Answer until the connection ends, or until it is time for a fresh process."""
        self._send(["ready", os.getpid()])
        unpacker = Unpacker()
        while data := self._connection.recv(_CHUNK):
            for head, _ in unpacker.feed(data):
                self._answer(_request(head))

    def _answer(self, request: QueryRequest) -> None:
        self._served += 1
        part = _Part(self)
        try:
            done = evaluate(
                self._store, request, part.start, inline=INLINE, limit=self._limits.result
            )
        except (QueryRefused, ResultTooLarge) as failure:
            self._send(["fail", *told(failure), self._worn()])
        except MemoryError:
            self._send(["fail", "MemoryError", None, True])
        except OSError as error:  # of the spool
            self._send(["fail", *told(_unwritten(error)), True])
        else:
            worn = self._worn()
            if done.body is None:
                self._send(["end", done.rows, worn])
            else:
                self._send(["whole", done.format, done.encoding, done.rows, worn], done.body)
        finally:
            part.close()

    def _worn(self) -> bool:
        """Say whether a fresh process should take over."""
        if self._served >= self._limits.queries:
            return True
        if self._served % _LOOK_EVERY:
            return False
        return sandbox.resident() - self._begun_with > self._limits.growth

    def _send(self, head: list[Any], body: bytes = b"") -> None:
        self._connection.sendall(pack(head, body))

    def spool_for(self, format: str, encoding: str) -> tuple[BinaryIO, Callable[[int], None]]:
        """Open a file for a large result; return it with what tells how much is in it."""
        path = self._spool / f"{os.getpid()}-{self._served}"
        file = path.open("xb", buffering=0)
        self._send(["start", format, encoding, path.name])
        return file, lambda written: self._send(["more", written])


class _Part:
    """The file of one large result, once there is one."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._file: BinaryIO | None = None

    def start(self, format: str, encoding: str) -> Callable[[bytes], None]:
        """Begin the file; return what writes to it."""
        file, tell = self._worker.spool_for(format, encoding)
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


def _unwritten(error: OSError) -> Failure:
    """Say why a result could not be written."""
    if is_full(error):
        return InsufficientStorage("There is no room here for so large a result now.")
    return QueryFailed(f"The result cannot be written: {error}")


def _request(head: list[Any]) -> QueryRequest:
    """Return the request that a frame's head holds."""
    text, default, named, table, graph, encoding, strict = head
    return QueryRequest(
        text,
        None if default is None else tuple(default),
        None if named is None else tuple(named),
        table,
        graph,
        encoding,
        strict=strict,
    )


def request_head(request: QueryRequest) -> list[Any]:
    """Return a request as the head of a frame."""
    return list(request.content)
