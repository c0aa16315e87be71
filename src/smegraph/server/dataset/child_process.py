"""A process that works for the service, one command after another, and is started anew if it ends.

Commands and replies are messages (`workers.messages`): JSON with a body of bytes, so neither side
can make the other run anything, as it could with pickled objects.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any, Final

from smegraph.server.dataset.errors import ChildProcessDiskFull, ChildProcessUnusable
from smegraph.server.dataset.replies import FOR_GOOD, decode
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    EngineError,
    MemoryExceeded,
    WorkerLost,
)
from smegraph.server.workers.messages import Unpacker, pack

_CHUNK: Final = 1 << 18
_SIGNALS_OF_MEMORY: Final = frozenset({-signal.SIGABRT, -signal.SIGSEGV})
_GRACE: Final = 5.0  # seconds


class ChildProcess:
    """A process that runs a module of ours, `python -m module FD arguments… limit parent`.

    FD is its end of a socket pair. It sends `[0, "ready"]` or `[0, "ready", facts]` first, or
    `[0, "unusable", why]` or `[0, "full", why]`, and ends when the other end is closed.
    """

    def __init__(self, module: str, arguments: Sequence[str], memory_limit: int) -> None:
        """Take the module, its arguments, and how many bytes of memory the work may take.

        `arguments` may be changed for the next start; `on_ready` gets what a process tells of
        itself when it is ready.
        """
        self._module, self.arguments, self._limit = module, tuple(arguments), memory_limit
        self._run: _Run | None = None
        self._starting = asyncio.Lock()
        self.starts = 0
        self.on_ready: Callable[[Mapping[str, Any]], None] = _ignore

    @property
    def pid(self) -> int:
        """The identifier of the process; 0 when there is none now."""
        return self._run.process.pid if self._run and not self._run.ended else 0

    async def start(self) -> None:
        """Start the process unless it runs.

        Raises ChildProcessUnusable when it tells that it cannot work, WorkerLost when it ends.
        """
        await self._running()

    async def call(
        self, command: str, options: Any, body: bytes = b"", *, timeout: float | None = None
    ) -> Any:
        """Return what a command gives; the process ends when that takes more than `timeout` s.

        Raises what the command was refused with (QueryRefused), DeadlineExceeded, MemoryExceeded,
        InsufficientStorage, WorkerLost or ChildProcessUnusable.
        """
        run = await self._running()
        try:
            async with asyncio.timeout(timeout):
                reply = await run.ask(command, options, body)
        except TimeoutError as error:
            run.kill()
            raise DeadlineExceeded(timeout or 0.0) from error
        if reply[0] in FOR_GOOD:  # It can do nothing more; the next call starts it anew.
            run.kill()
        return decode(reply, self._limit)

    def _tell_ready(self, run: _Run, ready: asyncio.Future[None]) -> None:
        if not ready.cancelled() and ready.exception() is None:
            self.on_ready(run.facts)

    async def stop(self) -> None:
        """End the process: what it works on is given up."""
        if self._run is not None:
            self._run.kill()
            await self._run.exited.wait()

    async def _running(self) -> _Run:
        """Return the process, ready; it goes on starting if this call is cancelled."""
        async with self._starting:
            if self._run is None or self._run.ended:
                if self._run is not None:
                    await self._run.exited.wait()
                self._run = _Run(self._module, self.arguments, self._limit)
                self._run.ready.add_done_callback(partial(self._tell_ready, self._run))
                self.starts += 1
            run = self._run
        await asyncio.shield(run.ready)
        return run


def _ignore(facts: Mapping[str, Any]) -> None:
    """Take no notice of what a process tells of itself."""


class _Run:
    """One process from its start to its end."""

    def __init__(self, module: str, arguments: Sequence[str], limit: int) -> None:
        loop = asyncio.get_running_loop()
        mine, its = socket.socketpair()
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, str(its.fileno()), *arguments, str(limit),
                 str(os.getpid())],
                pass_fds=(its.fileno(),), stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.ended = False
        self.facts: Mapping[str, Any] = {}
        self.exited = asyncio.Event()
        self.ready: asyncio.Future[None] = loop.create_future()
        self._limit = limit
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Sequence[Any]]] = {}
        self._socket = mine
        self._writing = asyncio.Lock()
        mine.setblocking(False)
        self._listener = loop.create_task(self._listen())

    async def ask(self, command: str, options: Any, body: bytes) -> Sequence[Any]:
        """Return the reply to a command; raises WorkerLost and MemoryExceeded."""
        number = next(self._numbers)
        future: asyncio.Future[Sequence[Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            async with self._writing:
                message = pack([number, command, options], body)
                await asyncio.get_running_loop().sock_sendall(self._socket, message)
            return await future
        except OSError as error:
            raise WorkerLost(str(error)) from error
        finally:
            self._waiting.pop(number, None)

    def kill(self) -> None:
        """End the process at once; the listener notices."""
        self.ended = True
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def _listen(self) -> None:
        loop, unpacker = asyncio.get_running_loop(), Unpacker()
        try:
            while data := await loop.sock_recv(self._socket, _CHUNK):
                for (number, *reply), _ in unpacker.feed(data):
                    self._take(number, reply)
        except OSError:
            pass  # The connection is broken, as when the process has ended.
        finally:
            await self._end()

    def _take(self, number: int, reply: Sequence[Any]) -> None:
        if number == 0 and reply[0] == "ready":
            self.facts = reply[1] if len(reply) > 1 else {}
            self.ready.set_result(None)
        elif number == 0:
            kind = ChildProcessDiskFull if reply[0] == "full" else ChildProcessUnusable
            self.ended = True  # It is about to; the next call starts another.
            self.ready.set_exception(kind(reply[1]))
        elif (future := self._waiting.get(number)) and not future.done():
            future.set_result(reply)

    async def _end(self) -> None:
        """Tell everybody who waits that the process has ended, and why."""
        self.ended = True
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            loop = asyncio.get_running_loop()
            loop.call_later(_GRACE, self.process.kill)
        status = await asyncio.to_thread(self.process.wait)
        error: EngineError = WorkerLost(f"The process ended with {status}.")
        if status in _SIGNALS_OF_MEMORY:
            error = MemoryExceeded(self._limit)
        waiting: list[asyncio.Future[Any]] = [self.ready, *self._waiting.values()]
        for future in waiting:
            if not future.done():
                future.set_exception(error)
        if not self.ready.cancelled():
            self.ready.exception()  # It may be that nobody asks for it any more.
        self.exited.set()
