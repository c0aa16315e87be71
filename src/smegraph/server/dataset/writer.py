"""Hand updates to the process that owns a dataset, one after another, and publish snapshots."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from smegraph.namespaces import PREFIXES
from smegraph.server.dataset.child_process import ChildProcess
from smegraph.server.dataset.errors import (
    ChildProcessDiskFull,
    ChildProcessUnusable,
    DatasetGone,
    UpdateTooSlow,
)
from smegraph.server.dataset.identity import GONE, gone, known_identity
from smegraph.server.dataset.interface import Document, UpdateRequest
from smegraph.server.dataset.layout import SNAPSHOTS, UPLOADS
from smegraph.server.dataset.proof import LONGEST
from smegraph.server.disk_space import DiskSpace
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    EngineError,
    InsufficientStorage,
    MemoryExceeded,
    Overloaded,
    WorkerLost,
)
from smegraph.sparql.errors import QueryRefused

_T = TypeVar("_T")

_RETRY_AFTER: Final = 5
_ATTEMPTS: Final = 3
_RETRY_PAUSE: Final = 1.0
_UNUSABLE: Final = "The dataset cannot be opened; the operator's log tells why."
_DISK_FULL: Final = (
    "The disk of the dataset is full. What was answered is there, and waits for room."
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the dataset that never changes, in a folder that opens read-only.

    Attributes:
        path: the folder of the store.
        generation: its name, which no other state has, nor had before a restart.
        modified: when it was published, in Unix seconds.
    """

    path: Path
    generation: str
    modified: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the work on a dataset may take.

    Attributes:
        timeout: seconds for an update that does not say.
        upload_timeout: seconds to parse an uploaded graph.
        queue: how many changes may wait for their turn.
        memory: bytes that the writer, and the parser, may take beyond what they start with.
        keep_free: bytes that changes leave free on the disk of the dataset.
        literal: bytes that a literal or an IRI may take in N-Triples.
    """

    timeout: float = 30.0
    upload_timeout: float = 300.0
    queue: int = 64
    memory: int = 4 * 2**30
    keep_free: int = 0
    literal: int = LONGEST


def _no_event(name: str, **fields: object) -> None:
    """Tell nobody."""


# Raises unless the state that queries see may be changed; it stays the same meanwhile.
Check = Callable[[], Awaitable[None]]


class DatasetWriter:
    """The one way to change a dataset; it satisfies `smegraph.server.dataset.interface.Writer`."""

    def __init__(
        self,
        folder: Path,
        *,
        base: str | None = None,
        prefixes: Mapping[str, str] = PREFIXES,
        allow_service: Collection[str] = (),
        limits: Limits = Limits(),
        lock_wait: float = 10.0,
        event: Callable[..., None] = _no_event,
    ) -> None:
        """Take the dataset's folder, and what an update may presume.

        `base` is where relative IRIs of updates start: the endpoint's address. `allow_service` are
        the IRIs that SERVICE and LOAD may reach. `lock_wait` is how many seconds another process
        may take to let go of the dataset. `event` is the log.
        """
        self.folder = folder.absolute()
        self.base = base
        self._common = {
            "prefixes": dict(prefixes), "allowed": sorted(allow_service), "longest": limits.literal
        }  # fmt: skip
        self._limits = limits
        self._writer = ChildProcess(
            "smegraph.server.dataset.writer_process",
            [str(self.folder), str(lock_wait), str(limits.keep_free), ""],
            limits.memory,
        )
        self._writer.on_ready = self._take_facts
        self._event = event
        self._was_there = True
        self.disk = DiskSpace(self.folder, limits.keep_free)
        self._parser = ChildProcess("smegraph.server.dataset.upload_process", [], limits.memory)
        self._turn, self._parsing = asyncio.Lock(), asyncio.Lock()
        self._waiting = 0
        self._prefix = secrets.token_hex(4)
        self._names = 0
        self._written = 1  # Changes that may have been made, the opening among them.
        self._answered = 0  # How many of them were told of as done.
        self._published = 0
        self._retry_at = 0.0  # When publishing has a chance again, by the monotonic clock.
        self._snapshot: Snapshot | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def start(self) -> Snapshot:
        """Open the dataset, or make it, and return its first snapshot.

        Raises ChildProcessUnusable when the folder is none, when another service has it, or when
        the disk is full.
        """
        await self._writer.start()
        for name in (SNAPSHOTS, UPLOADS):
            for left in (self.folder / name).iterdir():
                _remove(left)
        return await self.snapshot()

    def _take_facts(self, facts: Mapping[str, Any]) -> None:
        """Take what the process tells when it has opened the dataset: the next opens that one."""
        self._writer.arguments = (*self._writer.arguments[:-1], facts["identity"])
        for notice in facts["notices"]:
            self._event("change-set-aside", why=notice)

    async def stop(self) -> None:
        """Finish the change that is being made, and end both processes."""
        async with self._turn:
            await self._writer.stop()
            await self._parser.stop()

    # ------------------------------------------------------------------------------ changing

    async def update(self, request: UpdateRequest) -> None:
        """Return when the update is durable and the next query sees it; all of it, or nothing.

        Raises QueryRefused (MalformedQuery, FederationRefused, DatasetConflict, ChangeRefused, …)
        or EngineError (UpdateTooSlow, MemoryExceeded, InsufficientStorage, WorkerLost,
        Overloaded). Cancelling the call does not undo an update that has begun.
        """
        options = {
            "using": request.using_graphs,
            "using_named": request.using_named_graphs,
        }
        timeout = min(request.timeout or self._limits.timeout, self._limits.timeout)
        await self._change("update", options, request.text.encode(), timeout)

    async def put(
        self,
        graph: str | None,
        documents: Sequence[Document],
        *,
        base: str,
        replace: bool,
        check: Check | None = None,
    ) -> bool:
        """Add documents to a graph (None: the default graph), or put them in its place.

        Returns whether the graph is new. Raises MalformedDocument and EngineError; nothing is
        changed then.
        """
        data = self.folder / UPLOADS / f"{secrets.token_hex(8)}.nt"
        try:
            count = await self._parse(documents, base, data)
            options = {"graph": graph, "clear": replace, "data": str(data) if count else None}
            return bool(await self._change("put", options, check=check))
        finally:
            data.unlink(missing_ok=True)

    async def drop(self, graph: str | None, check: Check | None = None) -> bool:
        """Remove a graph (None: empty the default graph); return whether there was one."""
        return bool(await self._change("drop", {"graph": graph}, check=check))

    async def patch(
        self,
        graph: str | None,
        text: str,
        timeout: float | None = None,
        *,
        base: str | None = None,
        check: Check | None = None,
    ) -> bool:
        """Apply an update to one graph alone, as its default graph; return whether there is one.

        Relative IRIs start at `base`, or where those of updates do. Raises what `update` raises,
        and ChangeRefused when the update makes other graphs.
        """
        seconds = timeout or self._limits.timeout
        options = {"graph": graph, "base": base or self.base}
        return bool(await self._change("patch", options, text.encode(), seconds, check))

    async def _parse(self, documents: Sequence[Document], base: str, output: Path) -> int:
        if not documents:
            return 0
        if not self.is_there:
            raise DatasetGone(GONE)
        options = {
            "documents": list(documents),
            "base": base,
            "output": str(output),
            "keep_free": self._limits.keep_free,
            "longest": self._limits.literal,
        }
        try:
            async with self._parsing:  # One at a time, so that none ends with another.
                timeout = self._limits.upload_timeout
                return int(await self._parser.call("convert", options, timeout=timeout))
        except DeadlineExceeded as error:
            raise UpdateTooSlow(error.seconds) from error

    async def _change(
        self,
        command: str,
        options: Mapping[str, Any],
        body: bytes = b"",
        timeout: float | None = None,
        check: Check | None = None,
    ) -> Any:
        """Wait for the turn, then carry a change through even if nobody waits for it any more."""
        if not self.is_there:
            raise DatasetGone(GONE)
        self.disk.require()
        if self._waiting > self._limits.queue:
            raise Overloaded(_RETRY_AFTER, "Too many changes are waiting.")
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        work = self._make_change(command, options, body, timeout, check)
        return await asyncio.shield(self._spawn(work))

    async def _make_change(
        self,
        command: str,
        options: Mapping[str, Any],
        body: bytes,
        timeout: float | None,
        check: Check | None,
    ) -> Any:
        """Have the process make the change; a failure may mean that it was made."""
        options = {
            **self._common, "base": self.base, "seconds": timeout, **options,
            "before": self._new_name(),
        }  # fmt: skip
        written = 0
        try:
            if check is not None:
                await check()
                self._require_known_state()
            written = 1
            result = await self._writer.call(command, options, body, timeout=timeout)
            self._answered = self._written + written
            return result
        except QueryRefused:
            written = 0
            raise
        except DeadlineExceeded as error:
            raise UpdateTooSlow(error.seconds) from error
        except ChildProcessDiskFull as error:
            raise InsufficientStorage(_DISK_FULL) from error
        except ChildProcessUnusable as error:
            raise self._unusable(error) from error
        except WorkerLost as error:
            self._event("change-failed", why=str(error))
            raise
        finally:
            self._written += written
            self._turn.release()

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Return a task that is kept until it is done, and whose error may stay unheard."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task

    def _unusable(self, error: ChildProcessUnusable) -> DatasetGone:
        """Log why the dataset that was served cannot be opened again; return what clients get."""
        self._event("dataset-unusable", why=str(error))
        return DatasetGone(_UNUSABLE if self.is_there else GONE)

    @property
    def is_there(self) -> bool:
        """Whether the folder still holds the dataset that was opened; a change of it is logged."""
        identity = self._writer.arguments[-1]
        there = not identity or known_identity(self.folder) == identity
        if there != self._was_there:
            self._was_there = there
            if there:
                self._event("dataset-back")
            else:
                self._event("dataset-gone", why=gone(self.folder))
        return there

    # ---------------------------------------------------------------------------- publishing

    @property
    def current(self) -> Snapshot | None:
        """The snapshot for the next query; None when a new one is to be made for it.

        It holds all that was answered. What failed, and may have been made nevertheless, is looked
        for again after a while when no new snapshot could be made.
        """
        if self._published == self._written:
            return self._snapshot
        waits = time.monotonic() < self._retry_at and self._published >= self._answered
        return self._snapshot if waits else None

    # Decision 030: docs/decisions/030-durable-updates.md
    async def snapshot(self) -> Snapshot:
        """Return a snapshot that holds every change that was answered before this call.

        Raises InsufficientStorage, WorkerLost, DatasetGone, or ChildProcessUnusable before the
        first, when there is none and none can be made.
        """
        needed = self._written
        while self._published < needed or self._snapshot is None:
            if self._publishing is None:
                self._publishing = self._spawn(self._publish())
            try:
                await asyncio.shield(self._publishing)
            except (EngineError, ChildProcessUnusable):
                if self._snapshot is None or self._published < self._answered:
                    raise
                self._retry_at = time.monotonic() + _RETRY_PAUSE
                break
        return self._snapshot

    def _require_known_state(self) -> None:
        """Refuse to go on when queries may see another state than the one that is changed."""
        if self._published < self._written:
            raise Overloaded(_RETRY_AFTER, "It is not known whether a former change was made.")

    async def _publish(self) -> None:
        """Publish once; it holds what was answered before this began."""
        try:
            written = self._written
            name = await self._make_snapshot()
            self._snapshot = Snapshot(self.folder / SNAPSHOTS / name, name, time.time())
            self._published = written
        finally:
            self._publishing = None

    async def _make_snapshot(self) -> str:
        """Make a snapshot and return its name.

        A process that ends meanwhile, as at another's deadline, is no reason to fail.
        """
        if not self.is_there:
            raise DatasetGone(GONE)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return str(await self._writer.call("snapshot", {"name": self._new_name()}))
            except ChildProcessDiskFull as error:
                raise InsufficientStorage(_DISK_FULL) from error
            except ChildProcessUnusable as error:
                if self._snapshot is None:  # The service has not begun.
                    raise
                raise self._unusable(error) from error
            except (WorkerLost, MemoryExceeded):
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError

    def retire(self, in_use: Collection[str]) -> None:
        """Remove the snapshots before the current one, but for the generations `in_use`."""
        if self._snapshot is None:
            return
        kept = {self._snapshot.generation, *in_use}
        current = _number(self._snapshot.generation)
        for path in (self.folder / SNAPSHOTS).iterdir():
            if path.name not in kept and _number(path.name, current) < current:
                _remove(path)

    def _new_name(self) -> str:
        self._names += 1
        return f"{self._prefix}-{self._names}"


def _number(name: str, otherwise: int = 0) -> int:
    """Return the number in a snapshot's name, or another for what is none."""
    number = name.rpartition("-")[2]
    return int(number) if number.isdecimal() else otherwise


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
