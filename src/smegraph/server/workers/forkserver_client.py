"""The service's side of a zygote: start it, ask it for workers, hear of their end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from smegraph.server.workers.forkserver import MESSAGE, Plan
from smegraph.server.workers.sandbox import LOWEST_PRIORITY

_SAID: Final = 2000


class PoolFailed(Exception):
    """The store cannot be loaded, or no process can be started for it."""


@dataclass(slots=True)
class Egg:
    """A worker that was asked for: this side of its connection, and what it says on its way out."""

    name: int
    connection: socket.socket
    errors: int

    def last_words(self) -> str:
        """Return what the worker wrote to its standard error, and close that.

        Of much the beginning and the end: Rust says first why it ends, Python last.
        """
        if self.errors < 0:
            return ""
        size = os.fstat(self.errors).st_size
        words = os.pread(self.errors, _SAID, 0)
        if size > _SAID:
            words = words[: _SAID // 2] + os.pread(self.errors, _SAID // 2, size - _SAID // 2)
        os.close(self.errors)
        self.errors = -1
        return words.decode("utf-8", "replace")


class Hatchery:
    """A zygote process, and the workers that it forks."""

    def __init__(
        self,
        plan: Plan,
        hatched: Callable[[int, int], None],
        ended: Callable[[int, int], None],
        lost: Callable[[], None],
    ) -> None:
        """Take the plan and who is told of a worker's start and end, and of the zygote's end.

        `hatched` gets the egg's name and the process; `ended` the process and its exit code
        (negative: the signal that ended it).
        """
        self._plan, self._hatched, self._ended, self._lost = plan, hatched, ended, lost
        self._names = count(1)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded: asyncio.Future[tuple[int, bool]] | None = None

    async def start(self) -> tuple[int, bool]:
        """Start the process; return how many quads it loaded, and whether it left the network.

        Raises PoolFailed with what the loader said. Nothing is left behind then, nor when the
        call is cancelled.
        """
        loop = asyncio.get_running_loop()
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine.setblocking(False)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "smegraph.server.workers", str(its.fileno()),
                 self._plan.as_json()],
                pass_fds=(its.fileno(),), stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self._control, self._loaded = mine, loop.create_future()
        loop.add_reader(mine.fileno(), self._hear)
        try:
            return await self._loaded
        except BaseException:
            self.stop()
            raise

    def ask(self, path: str | None) -> Egg:
        """Ask for a worker on the store that the zygote holds, or on a folder."""
        mine, its = socket.socketpair()
        errors = os.memfd_create("worker")
        egg = Egg(next(self._names), mine, errors)
        with its:
            self._send(["fork", egg.name, path], [its.fileno(), errors])
        return egg

    def signal(self, pid: int, number: int) -> None:
        """Have a worker get a signal; one that has ended already is no fault."""
        with contextlib.suppress(PoolFailed):  # Its workers have ended with the zygote.
            self._send(["signal", pid, number])

    def lower(self, pid: int, niceness: int = LOWEST_PRIORITY) -> None:
        """Give a worker a lower priority for the processor; there is no way back."""
        with contextlib.suppress(PoolFailed):
            self._send(["nice", pid, niceness])

    def stop(self) -> None:
        """End the zygote, and with it every worker."""
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
            socket.send_fds(self._control, [data], files or [])
        except OSError as error:
            raise PoolFailed(f"The process that starts workers has ended: {error}") from error
        finally:
            self._control.setblocking(False)

    def _hear(self) -> None:
        assert self._control is not None
        try:
            data = self._control.recv(MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._obey(json.loads(data))
        else:
            self._end("The process that holds the store has ended.")

    def _obey(self, message: list[Any]) -> None:
        kind, *values = message
        if kind == "forked":
            self._hatched(*values)
        elif kind == "ended":
            self._ended(*values)
        elif kind == "loaded" and self._loaded is not None and not self._loaded.done():
            self._loaded.set_result((values[0], values[1]))
        elif kind == "failed":
            self._end(values[0])

    def _end(self, why: str) -> None:
        """Take that there is no zygote any more."""
        waiting = self._loaded is not None and not self._loaded.done()
        self.stop()
        if waiting:
            assert self._loaded is not None
            self._loaded.set_exception(PoolFailed(why))
        else:
            self._lost()
