"""A forkserver without processes: the test itself is every worker."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.forkserver_client import PendingWorker
from smegraph.server.workers.messages import Unpacker, pack

NO_PROCESS = 1 << 23  # more than any system gives


class FakeWorker:
    """The worker's side of a connection."""

    def __init__(self, pending: PendingWorker, peer: socket.socket) -> None:
        self.pid, self.stderr = NO_PROCESS + pending.number, pending.stderr
        self.path: str | None = None
        self._peer = peer
        self._unpacker = Unpacker()
        self._heads: list[list[Any]] = []
        peer.setblocking(False)

    async def request(self) -> str:
        """The text of the next query that comes; `path` is the folder that it is to be asked of."""
        while True:
            kind, content, *_ = await self.next()
            if kind == "query":
                return str(content)
            self.path = content

    async def next(self) -> list[Any]:
        """The next message that comes."""
        while not self._heads:
            data = await asyncio.get_running_loop().sock_recv(self._peer, 1 << 16)
            assert data, "the service has closed the connection"
            self._heads += [head for head, _ in self._unpacker.feed(data)]
        return self._heads.pop(0)

    async def is_dismissed(self) -> bool:
        """Whether the service closes the connection, without another query."""
        return not await asyncio.get_running_loop().sock_recv(self._peer, 1 << 16)

    def tell(self, *head: Any, body: bytes = b"") -> None:
        """Send a message to the service."""
        self._peer.send(pack([*head], body))

    def answer(self, text: str, *, due: bool | None = False, seconds: float = 0.0) -> None:
        """Answer a query with a whole result, as after so many seconds of processor time."""
        self.tell("whole", "csv", "identity", due, seconds, body=text.encode())

    def die(self) -> None:
        """End the connection, as the end of a process does."""
        self._peer.close()


class FakeForkserver:
    """Stands in for ForkserverClient.

    Attributes:
        workers: those that were asked for, the first of them first.
        signals: the process and the signal of each.
        niceness: the process and the niceness, each time one was reniced.
        failing: whether no worker can be had.
    """

    pid = NO_PROCESS

    def __init__(
        self,
        settings: ForkserverSettings,
        on_started: Callable[[int, int], None],
        on_ended: Callable[[int, int], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.on_started, self.on_ended, self.on_lost = on_started, on_ended, on_lost
        self.workers: list[FakeWorker] = []
        self.signals: list[tuple[int, int]] = []
        self.niceness: list[tuple[int, int]] = []
        self.failing = False

    async def start(self) -> tuple[int, bool]:
        return 7, True

    def start_worker(self) -> PendingWorker:
        if self.failing:
            raise PoolFailed("There are too many processes.")
        mine, its = socket.socketpair()
        pending = PendingWorker(len(self.workers) + 1, mine, os.memfd_create("worker"))
        worker = FakeWorker(pending, its)
        self.workers.append(worker)
        asyncio.get_running_loop().call_soon(self.on_started, pending.number, worker.pid)
        return pending

    def signal(self, pid: int, number: int) -> None:
        self.signals.append((pid, number))

    def renice(self, pid: int, niceness: int = 19) -> None:
        self.niceness.append((pid, niceness))

    def stop(self) -> None:
        for worker in self.workers:
            worker.die()
