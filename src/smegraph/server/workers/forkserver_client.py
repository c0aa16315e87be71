"""The service's side of a forkserver: start it, ask it for workers, hear of their end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from socket import AF_UNIX, SOCK_SEQPACKET, send_fds, socket, socketpair
from typing import Any, Final

from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import MESSAGE_SIZE, ForkserverSettings
from smegraph.server.workers.sandbox import LOWEST_PRIORITY

_TAIL: Final = 2000


@dataclass(slots=True)
class PendingWorker:
    """A worker that was asked for.

    Attributes:
        number: what service and forkserver call it by.
        socket: this side of the connection to it.
        stderr: a file that gets its standard error; -1 once that is closed.
    """

    number: int
    socket: socket
    stderr: int

    # Decision 023: docs/decisions/023-how-workers-end.md
    def stderr_tail(self) -> str:
        """Return what the worker wrote to its standard error, and close that.

        Of much the beginning and the end: Rust says first why it ends, Python last.
        """
        if self.stderr < 0:
            return ""
        size = os.fstat(self.stderr).st_size
        text = os.pread(self.stderr, _TAIL, 0)
        if size > _TAIL:
            text = text[: _TAIL // 2] + os.pread(self.stderr, _TAIL // 2, size - _TAIL // 2)
        os.close(self.stderr)
        self.stderr = -1
        return text.decode("utf-8", "replace")

    def close(self) -> None:
        """Give up a worker that will not come."""
        self.socket.close()
        self.stderr_tail()


class ForkserverClient:
    """A forkserver process, and the workers that it forks."""

    def __init__(
        self,
        settings: ForkserverSettings,
        on_started: Callable[[int, int], None],
        on_ended: Callable[[int, int], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Take the settings, and who is told of a worker's start and end, and of the forkserver's.

        `on_started` gets the worker's number and its process; `on_ended` the process and its exit
        code (negative: the signal that ended it).
        """
        self._settings = settings
        self._on_started, self._on_ended, self._on_lost = on_started, on_ended, on_lost
        self._numbers = count(1)
        self._control: socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded: asyncio.Future[tuple[int, bool]] | None = None

    @property
    def pid(self) -> int:
        """The identifier of the process; 0 when there is none now."""
        return self._process.pid if self._process is not None else 0

    async def start(self) -> tuple[int, bool]:
        """Start the process; return how many quads it loaded, and whether it left the network.

        Raises PoolFailed with what the loader said. Nothing is left behind then, nor when the
        call is cancelled.
        """
        loop = asyncio.get_running_loop()
        mine, its = socketpair(AF_UNIX, SOCK_SEQPACKET)
        mine.setblocking(False)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "smegraph.server.workers", str(its.fileno()),
                 self._settings.as_json()],
                pass_fds=(its.fileno(),), stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self._control, self._loaded = mine, loop.create_future()
        loop.add_reader(mine.fileno(), self._receive)
        with contextlib.ExitStack() as undo:
            undo.callback(self.stop)
            loaded = await self._loaded
            undo.pop_all()
            return loaded

    def start_worker(self) -> PendingWorker:
        """Ask for a worker.

        Raises PoolFailed when there is no forkserver any more, and OSError.
        """
        mine, its = socketpair()
        pending = PendingWorker(next(self._numbers), mine, os.memfd_create("worker"))
        try:
            with its:
                self._send(["fork", pending.number], [its.fileno(), pending.stderr])
        except PoolFailed:
            pending.close()
            raise
        return pending

    def signal(self, pid: int, number: int) -> None:
        """Have a worker get a signal; one that has ended already is no fault."""
        with contextlib.suppress(PoolFailed):  # Its workers have ended with the forkserver.
            self._send(["signal", pid, number])

    def renice(self, pid: int, niceness: int = LOWEST_PRIORITY) -> None:
        """Give a worker a lower priority for the processor; there is no way back."""
        with contextlib.suppress(PoolFailed):
            self._send(["nice", pid, niceness])

    def stop(self) -> None:
        """End the forkserver, and with it every worker."""
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _send(self, message: list[Any], files: list[int] | None = None) -> None:
        if self._control is None:
            raise PoolFailed("The process that starts workers has ended.")
        data = json.dumps(message).encode()
        self._control.setblocking(True)
        try:
            send_fds(self._control, [data], files or [])
        except OSError as error:
            raise PoolFailed(f"The process that starts workers has ended: {error}") from error
        finally:
            self._control.setblocking(False)

    def _receive(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(MESSAGE_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(json.loads(data))
        else:
            self._lose("The process that holds the store has ended.")

    def _take(self, message: list[Any]) -> None:
        kind, *values = message
        if kind == "forked":
            self._on_started(*values)
        elif kind == "ended":
            self._on_ended(*values)
        elif kind == "loaded" and self._loaded is not None and not self._loaded.done():
            self._loaded.set_result((values[0], values[1]))
        elif kind == "failed":
            self._lose(values[0])

    def _lose(self, why: str) -> None:
        """Take that there is no forkserver any more."""
        waiting = self._loaded is not None and not self._loaded.done()
        self.stop()
        if waiting:
            assert self._loaded is not None
            self._loaded.set_exception(PoolFailed(why))
        else:
            self._on_lost()
