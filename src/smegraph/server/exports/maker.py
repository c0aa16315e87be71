"""Exports made for who asks, each by a process of its own that asks the engine what it needs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from smegraph.export.formats import Compression
from smegraph.export.source import GRAPH, TABLE
from smegraph.server.endpoints.refusals import problem_of
from smegraph.server.engine.engine import Engine, QueryRequest
from smegraph.server.engine.errors import (
    EngineError,
    MemoryExceeded,
    Overloaded,
    ResultTooLarge,
    WorkerLost,
)
from smegraph.server.exports import process
from smegraph.server.exports.errors import ExportTooSlow
from smegraph.server.exports.wanted import Wanted, as_parameters
from smegraph.server.http.problems import HttpProblem
from smegraph.sparql.errors import QueryRefused

_LINE: Final = 2**21  # bytes that a message of the process may have: a query
_RETRY_AFTER: Final = 5  # seconds
_OUT_OF_MEMORY: Final = (process.MEMORY, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL)


@dataclass(frozen=True)
class ExportLimits:
    """What exports may take.

    Attributes:
        timeout: seconds for one, waiting and queries included; each query has its own besides.
        memory: bytes for the process that writes one.
        largest: bytes that one may have.
        at_once: how many are made at the same time.
        waiting: how many there may be, at work and waiting.
        folder: where they are written; None stands for the system's own place.
    """

    timeout: float = 120.0
    memory: int = 2**30
    largest: int = 2**30
    at_once: int = 1
    waiting: int = 8
    folder: Path | None = None


# Decision 087: docs/decisions/087-exports-on-demand.md
class ExportMaker:
    """Makes exports of a release through the engine that answers for it."""

    def __init__(self, engine: Engine, version: str, limits: ExportLimits) -> None:
        """Take an engine whose default graph is the union, and the release's name."""
        self.engine, self._version, self._limits = engine, version, limits
        self._slots = asyncio.Semaphore(limits.at_once)
        self._waiting = 0

    async def make(self, wanted: Wanted, coding: Compression, address: str) -> BinaryIO:
        """Return an export as an open file without a name, from its beginning.

        Cancelling the call ends the process and the query that it waits for.

        Args:
            wanted: the export.
            coding: how the file is packed.
            address: where the table is that metadata are asked of.

        Raises:
            HttpProblem: what is asked for is not there, or the format does not fit it.
            EngineError: it took too much, or there is no room for another one now.
        """
        if self._waiting >= self._limits.waiting:
            raise Overloaded(_RETRY_AFTER, "Too many exports are waiting.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.timeout):
                async with self._slots:
                    return await self._made(wanted, coding, address)
        except TimeoutError as error:
            raise ExportTooSlow(self._limits.timeout) from error
        finally:
            self._waiting -= 1

    async def _made(self, wanted: Wanted, coding: Compression, address: str) -> BinaryIO:
        with ExitStack() as undo:
            file = undo.enter_context(tempfile.TemporaryFile(dir=self._limits.folder))
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", process.__name__, stdin=PIPE, stdout=PIPE, limit=_LINE,
                pass_fds=[file.fileno()],
            )  # fmt: skip
            try:
                await _send(worker, self._task(wanted, coding, address, file.fileno()))
                await self._serve(worker)
            finally:
                await _end(worker)
            file.seek(0)
            undo.pop_all()  # Who reads it closes it.
            return file

    def _task(
        self, wanted: Wanted, coding: Compression, address: str, descriptor: int
    ) -> dict[str, Any]:
        return {
            "scope": wanted.scope,
            "value": wanted.value,
            "form": wanted.form.name,
            "header": wanted.header,
            "metadata": address if wanted.metadata else "",
            "coding": coding,
            "version": self._version,
            "descriptor": descriptor,
            "memory": self._limits.memory,
            "largest": self._limits.largest,
            "parent": os.getpid(),
        }

    async def _serve(self, worker: Process) -> None:
        """Answer what the process asks, until it is done."""
        assert worker.stdout is not None
        while line := await worker.stdout.readline():
            told = json.loads(line)
            if "done" in told:
                return
            if "error" in told:
                raise _refusal(told)
            form, body = await self._asked(told["ask"])
            await _send(worker, {"form": form, "bytes": len(body)}, body)
        raise self._loss(await worker.wait())

    async def _asked(self, query: str) -> tuple[str, bytes]:
        try:
            answer = await self.engine.answer(
                QueryRequest(query, table_format=TABLE, graph_format=GRAPH)
            )
        except QueryRefused as error:
            raise problem_of(error) from error
        try:
            return answer.format, await answer.read()
        finally:
            await answer.close()

    def _loss(self, status: int) -> EngineError:
        if status == process.TOO_LARGE:
            return ResultTooLarge(self._limits.largest)
        if status in _OUT_OF_MEMORY:
            return MemoryExceeded(self._limits.memory)
        return WorkerLost(f"The process that wrote the export ended with {status}.")


async def _send(worker: Process, message: Mapping[str, Any], body: bytes = b"") -> None:
    """Send a message; that the process has ended shows when its answer is read."""
    assert worker.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        worker.stdin.write(json.dumps(message).encode() + b"\n" + body)
        await worker.stdin.drain()


async def _end(worker: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()


def _refusal(told: Mapping[str, Any]) -> HttpProblem:
    """Return the problem for what the process says is wrong."""
    detail, option = as_parameters(told["error"]), told["option"]
    if told["missing"]:
        return HttpProblem("not-writable", f"{detail} `smegraph export` writes it where that is.")
    return HttpProblem("invalid-parameter", detail, parameter=option)
