"""Ask an HTTP server: over one connection with the time of each answer, or as fast as it goes.

The load comes from one process with one epoll loop, without a library: of what is on PyPI, pywrkr
1.6.0 made 15 500 requests a second and locust 2.47.0 made 10 000, where the oxigraph server answers
30 000 to 40 000 of this loop's, which is then busy for half of the time. Neither looks at answers;
wrk, oha and k6 are not on PyPI. Nothing is pipelined.
"""

from __future__ import annotations

import contextlib
import gc
import http.client
import json
import re
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from measure import BenchmarkError

_PART = 1 << 18
_LENGTH = b"ength: "  # Content-Length, whose first letters come in either case
_CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding: *chunked")
_OK = b"HTTP/1.1 200"
_NO_CONTENT = b"HTTP/1.1 204"
_PATIENCE = 300.0  # seconds until an answer


def _is_whole(data: bytes) -> bool:
    """Whether an answer has come to its end."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return False
    if data.startswith(_NO_CONTENT):
        return True
    place = data.find(_LENGTH, 0, head)
    if place > 0:
        start = place + len(_LENGTH)
        return len(data) == head + 4 + int(data[start : data.index(b"\r", start)])
    if not _CHUNKED.search(data, 0, head):
        raise BenchmarkError(f"An answer without a length: {data[:head]!r}")
    return data.endswith(b"\r\n0\r\n\r\n")


def _body(data: bytes) -> bytes:
    """The body of a whole answer."""
    head, _, body = data.partition(b"\r\n\r\n")
    if not _CHUNKED.search(head):
        return body
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)


def rows(body: bytes, graph: bool) -> int:
    """How many solutions (SPARQL results in JSON) or triples (N-Triples) a body holds."""
    if graph:
        return sum(1 for line in body.splitlines() if line.strip())
    return len(json.loads(body)["results"]["bindings"])


def upload(port: int, target: str, file: Path, media_type: str, token: str = "") -> float:
    """Put a file at a target, by the Graph Store Protocol, and return the seconds it took.

    Raises:
        BenchmarkError: the server does not take it.
    """
    begun = time.perf_counter()
    headers = {"Content-Type": media_type, "Content-Length": str(file.stat().st_size)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with file.open("rb") as body, contextlib.closing(connection):
        connection.request("PUT", target, body, headers)
        answer = connection.getresponse()
        if answer.status not in (200, 201, 204):
            raise BenchmarkError(f"{target} is not taken: {answer.status} {answer.read()[:1000]!r}")
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Reply:
    """An answer, and the seconds until all of it was here."""

    seconds: float
    status: int
    body: bytes = field(repr=False)


class Connection:
    """One connection that is kept, and made anew where the server has ended it."""

    def __init__(self, port: int, patience: float = _PATIENCE) -> None:
        """Take the port on this machine, and how many seconds to wait for an answer."""
        self._port, self._patience = port, patience
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[float, bytes]:
        """Return the seconds until the whole answer was here, and its body.

        Raises:
            BenchmarkError: the status is not 200, or there is no answer.
        """
        reply = self.exchange(request)
        if reply.status != 200:
            raise BenchmarkError(f"Port {self._port}: {reply.status} {reply.body[:1000]!r}")
        return reply.seconds, reply.body

    def exchange(self, request: bytes) -> Reply:
        """Return the answer, whatever its status; 0 where none came in time.

        Raises:
            BenchmarkError: the server ended the connection.
        """
        connection = self._ready()
        begun = time.perf_counter()
        connection.sendall(request)
        data = b""
        while not _is_whole(data):
            try:
                part = connection.recv(_PART)
            except TimeoutError:
                self.close()
                return Reply(time.perf_counter() - begun, 0, b"")
            if not part:
                raise BenchmarkError(f"Port {self._port} ended an answer early: {data[:500]!r}")
            data += part
        seconds = time.perf_counter() - begun
        return Reply(seconds, int(data.split(b" ", 2)[1]), _body(data))

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ready(self) -> socket.socket:
        """The connection; servers end one that was idle for some seconds."""
        if self._socket is not None:
            readable, _, _ = select.select([self._socket], [], [], 0)
            if not readable:
                return self._socket
        self.close()
        self._socket = _connect(self._port, self._patience)
        return self._socket


def _connect(port: int, patience: float = _PATIENCE) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=patience)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@dataclass
class Load:
    """What a server did under load.

    Attributes:
        latencies: seconds of every answer, sorted.
        wall: seconds from the first request to the last answer.
        busy: the part of this time that this process was busy; near 1, it was the bottleneck.
    """

    latencies: list[float] = field(default_factory=list, repr=False)
    wall: float = 0.0
    busy: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.wall


def load(
    port: int, requests: Iterator[tuple[bytes, bytes]], connections: int, seconds: float
) -> Load:
    """Ask over several connections at once, for so long or until there are no more requests.

    Every request comes with what its answer must contain.

    Raises:
        BenchmarkError: an answer is not 200 or not the right one, or a connection has ended.
    """
    gc.collect()
    gc.disable()
    try:
        with select.epoll() as poll:
            return _Connections(port, requests, connections, poll).run(seconds)
    finally:
        gc.enable()


class _Connections:
    """The connections of one load; `_waiting` has one entry for each that awaits an answer."""

    def __init__(
        self,
        port: int,
        requests: Iterator[tuple[bytes, bytes]],
        connections: int,
        poll: select.epoll,
    ) -> None:
        self._requests, self._poll = requests, poll
        self._sockets: dict[int, socket.socket] = {}
        self._waiting: dict[int, tuple[float, bytes]] = {}
        self._begun: dict[int, bytes] = {}
        for _ in range(connections):
            connection = _connect(port)
            self._sockets[connection.fileno()] = connection
            poll.register(connection.fileno(), select.EPOLLIN)

    def run(self, seconds: float) -> Load:
        """Keep every connection busy until the time is over, then await the last answers."""
        latencies: list[float] = []
        busy, begun = time.process_time(), time.perf_counter()
        deadline = begun + seconds
        try:
            for number in self._sockets:
                self._send(number, begun)
            while self._waiting:
                self._receive(latencies, deadline)
        finally:
            for connection in self._sockets.values():
                connection.close()
        wall = time.perf_counter() - begun
        return Load(sorted(latencies), wall, (time.process_time() - busy) / wall)

    def _send(self, number: int, now: float) -> None:
        found = next(self._requests, None)
        if found is not None:
            self._sockets[number].send(found[0])
            self._waiting[number] = (now, found[1])

    def _receive(self, latencies: list[float], deadline: float) -> None:
        for number, _ in self._poll.poll(60):
            data = self._sockets[number].recv(_PART)
            if not data:
                raise BenchmarkError("A server ended a connection under load.")
            if number in self._begun:
                data = self._begun.pop(number) + data
            if not _is_whole(data):
                self._begun[number] = data
                continue
            begun, expected = self._waiting.pop(number)
            if not data.startswith(_OK) or expected not in data:
                raise BenchmarkError(f"A wrong answer under load: {data[:1000]!r}")
            now = time.perf_counter()
            latencies.append(now - begun)
            if now < deadline:
                self._send(number, now)
