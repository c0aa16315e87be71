"""A store on disk that changes in whole steps, each durable before it is told to anybody.

An update is one transaction of the engine. To replace a graph takes two, and for a large one a
single transaction would take minutes and gigabytes (measured: 1 million triples, 48 s and 5 GB). So
such a change is written down first, in `pending/`: from then on it stands, and whoever finds it
there after a crash carries it out again. Readers see snapshots only, and none is made halfway.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from traceback import clear_frames
from typing import Final

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from smegraph.files import sync_file, sync_folder
from smegraph.server.dataset.errors import ChangeUnfinished, DatasetDiskFull, DatasetUnusable
from smegraph.server.dataset.identity import known_identity, new_identity, require_identity
from smegraph.server.dataset.layout import (
    CHANGE,
    DATA,
    IDENTITY,
    LOCK,
    PENDING,
    RESTORED,
    SET_ASIDE,
    SNAPSHOTS,
    STORE,
    TOKENS,
    TOKENS_LOCK,
    TOKENS_NEW,
    TRIAL,
    UPLOADS,
)
from smegraph.server.dataset.proof import (
    LONGEST,
    WIDEST,
    may_grow,
    prove_document,
    prove_store,
)
from smegraph.server.dataset.restoring import finish_restoring, restore, set_aside
from smegraph.server.disk_space import DiskSpace, is_full
from smegraph.sparql.errors import QueryRefused

_OWN: Final = frozenset(
    {IDENTITY, STORE, SNAPSHOTS, UPLOADS, PENDING, RESTORED, SET_ASIDE, TOKENS, TOKENS_LOCK}
)
# What reading a change, or carrying it out, may end with.
_UNFIT: Final = (
    OSError, RuntimeError, ValueError, TypeError, KeyError, SyntaxError, MemoryError, QueryRefused,
)  # fmt: skip
_IN_ONE_TRANSACTION: Final = 20_000  # statements

# Measured at 20 000 and at 200 000 statements: what the disk takes at the height of a change.
_WRITTEN_FOR_A_BYTE: Final = 8  # of N-Triples that are added
_WRITTEN_FOR_A_REMOVAL: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one graph.

    Attributes:
        graph: its IRI; None for the default graph.
        clear: whether the statements that it has go.
        keep: whether it exists afterwards, be it empty.
        has_data: whether statements come, from the file beside.
    """

    graph: str | None
    clear: bool
    keep: bool
    has_data: bool


class WritableStore:
    """The store in a dataset's folder; one process at a time has it."""

    def __init__(
        self, folder: Path, wait: float = 10.0, keep_free: int = 0, identity: str | None = None
    ) -> None:
        """Open the dataset in a folder, or make one; finish what a crash has left unfinished.

        With an identity only the dataset that has it is opened, and none is made.

        A change that cannot be finished is set aside, and `notices` tells of it.

        `wait` is how many seconds a process that is ending may take to let go of it, `keep_free`
        how many bytes of the disk changes leave free. Raises DatasetUnusable.
        """
        if identity is not None:
            require_identity(folder, identity)
        finish_restoring(folder)
        _check(folder)
        self.folder = folder
        self.notices: list[str] = []
        self._disk = DiskSpace(folder, keep_free)
        self.identity = _make_folders(folder)
        self._path = folder / STORE
        self._store = _open(self._path, wait)
        self._synced: set[str] = set()
        self._publishing = threading.Lock()
        self._frozen: str | None = None  # the snapshot that is shown meanwhile
        self._recover()
        self._sync_store()

    # ------------------------------------------------------------------------------- reading

    def exists(self, graph: str | None) -> bool:
        """Say whether a graph exists, be it empty; the default graph counts when it is not."""
        if graph is None:
            default = self._store.quads_for_pattern(None, None, None, DefaultGraph())
            return next(default, None) is not None
        return self._store.contains_named_graph(NamedNode(graph))

    def snapshot(self, name: str) -> str:
        """Make a read-only copy (hard links) of all that is committed; return its name.

        While a graph is being replaced that is the copy from before, whatever the name.
        """
        require_identity(self.folder, self.identity)
        with self._publishing:
            if self._frozen is None:
                self._make_snapshot(name)
                return name
            return self._frozen

    # ------------------------------------------------------------------------------ changing

    def update(
        self, text: str, base: str | None, prefixes: Mapping[str, str], longest: int = LONGEST
    ) -> None:
        """Carry out an update, all of it or nothing, durably; raises what the engine raises.

        Raises InsufficientStorage before anything is done when the disk is nearly full, and
        TermTooLong when a literal would take more than `longest` bytes in N-Triples: what might
        make one is tried on a copy first, as no update can be taken back.
        """
        require_identity(self.folder, self.identity)
        self._disk.require(_WRITTEN_FOR_A_BYTE * len(text))
        if may_grow(text):
            self._try(text, base, prefixes, longest)
        self._store.update(text, base_iri=base, prefixes=dict(prefixes))
        self._sync_store()
        require_identity(self.folder, self.identity)

    def change(self, change: Change, data: Path | None, before: str) -> None:
        """Change one graph, all of it or nothing, durably.

        `data` is an N-Triples file in the dataset's folder, which is used up; its blank nodes are
        taken as they are. `before` names the snapshot that is shown meanwhile. Raises
        InsufficientStorage before anything is done when the disk is nearly full.
        """
        require_identity(self.folder, self.identity)
        self._require_space(change, data)
        with self._showing(before):
            self._record(change, data, before)
            self._apply(change)

    def edit(self, graph: str | None, change: Callable[[Store], None], result: Path) -> bool:
        """Let `change` edit a copy of a graph, and write the outcome as N-Triples into `result`.

        The copy is the default graph of an empty store. Returns False, and writes nothing, when
        `change` made other graphs, which it may not.
        """
        copy = Store()
        copy.extend(_in_default_graph(quad) for quad in self._quads(graph))
        change(copy)
        if next(copy.named_graphs(), None) is not None:
            return False
        with result.open("wb") as file:
            copy.dump(file, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        return True

    # ------------------------------------------------------------------------------- details

    def _try(self, text: str, base: str | None, prefixes: Mapping[str, str], longest: int) -> None:
        """Carry out an update on a copy of the store, which is made by hard links."""
        aside = self.folder / UPLOADS / TRIAL
        shutil.rmtree(aside, ignore_errors=True)
        self._store.backup(str(aside))
        try:
            _try_at(aside, text, base, prefixes, longest)
        except _UNFIT as error:
            clear_frames(error.__traceback__)  # They hold the copy open.
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _require_space(self, change: Change, data: Path | None) -> None:
        """Refuse a change for which there is no room: one that stands must be finished."""
        added = data.stat().st_size if data is not None else 0
        removed = sum(1 for _ in self._quads(change.graph)) if change.clear else 0
        self._disk.require(_WRITTEN_FOR_A_BYTE * added + _WRITTEN_FOR_A_REMOVAL * removed)

    def _quads(self, graph: str | None) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, _name(graph))

    @contextmanager
    def _showing(self, before: str) -> Iterator[None]:
        """Show the state from before for as long as a change takes."""
        with self._publishing:
            self._make_snapshot(before)
            self._frozen = before
        try:
            yield
        except (OSError, RuntimeError, ValueError, MemoryError) as error:
            raise ChangeUnfinished(str(error)) from error
        with self._publishing:
            self._frozen = None

    def _make_snapshot(self, name: str) -> None:
        """Make a snapshot aside, so that whoever copies one finds it whole."""
        aside = self.folder / UPLOADS / name
        self._store.backup(str(aside))
        aside.rename(self.folder / SNAPSHOTS / name)

    def _record(self, change: Change, data: Path | None, before: str) -> None:
        """Write a change down; from the rename on, it stands."""
        pending = self.folder / PENDING
        if data is not None:
            sync_file(data)
            data.replace(pending / DATA)
        beside = pending / (CHANGE + ".new")
        beside.write_text(json.dumps({**asdict(change), "before": before}), "utf-8")
        sync_file(beside)
        sync_folder(pending)
        beside.replace(pending / CHANGE)
        sync_folder(pending)

    def _recover(self) -> None:
        """Carry out the change that a crash has interrupted."""
        pending = self.folder / PENDING
        if not (pending / CHANGE).exists():
            return
        before = ""
        try:
            found = json.loads((pending / CHANGE).read_text("utf-8"))
            before = str(found.pop("before", ""))
            change = Change(**found)
            if change.has_data:
                prove_document(pending / DATA)
            self._apply(change)
        except _UNFIT as error:
            if is_full(error):
                raise DatasetDiskFull(_disk_full(self.folder)) from error
            self._set_aside(before, str(error))

    def _set_aside(self, before: str, reason: str) -> None:
        """Take a change that cannot be carried out out of the way, with the data as before it."""
        snapshot = self.folder / SNAPSHOTS / before
        restored = bool(before) and (snapshot / "CURRENT").is_file()
        if restored:
            del self._store
            restore(self.folder, snapshot)
            self._store, self._synced = _open(self._path, 0.0), set()
        place = set_aside(self.folder)
        state = (
            "The data are as before it"
            if restored
            else "There is no copy from before it, so that a part of it may have been carried out"
        )
        self.notices.append(
            f"A change that was not answered cannot be carried out: {reason.rstrip('.')}. It lies "
            f"in {place} now. {state}."
        )

    def _apply(self, change: Change) -> None:
        """Carry out the change that is written down; once more does no harm."""
        pending = self.folder / PENDING
        if change.clear:
            for quad in self._quads(change.graph):
                self._store.remove(quad)
        if change.has_data:
            self._insert(pending / DATA, change.graph)
        if change.graph is not None and change.keep:
            self._store.add_graph(NamedNode(change.graph))
        elif change.graph is not None:
            self._store.remove_graph(NamedNode(change.graph))
        self._sync_store()
        (pending / CHANGE).unlink()
        sync_folder(pending)
        with suppress(FileNotFoundError):
            (pending / DATA).unlink()

    def _insert(self, data: Path, graph: str | None) -> None:
        """Insert a file: few statements through the log, as an update does; many in bulk."""
        name = _name(graph)
        quads = (
            Quad(quad.subject, quad.predicate, quad.object, name)
            for quad in pyoxigraph.parse(path=data, format=RdfFormat.N_TRIPLES, lenient=True)
        )
        first = list(islice(quads, _IN_ONE_TRANSACTION))
        self._store.extend(first)
        if len(first) == _IN_ONE_TRANSACTION:
            self._store.bulk_extend(quads)

    def _sync_store(self) -> None:
        """Make durable what the engine has written: its log, and files that are new.

        The engine hands its log to the system before a call returns, which outlives this process,
        and leaves it to the system when that reaches the disk. The engine's lock file stays
        untouched: to close it anywhere in a process gives the lock up (fcntl(2)).
        """
        found = {entry.name for entry in os.scandir(self._path)} - {LOCK}
        for name in found:
            if name.endswith(".log") or name not in self._synced:
                with suppress(FileNotFoundError):  # What it held is in synced files by now.
                    sync_file(self._path / name)
        if found != self._synced:
            sync_folder(self._path)
            self._synced = found


def _try_at(
    path: Path, text: str, base: str | None, prefixes: Mapping[str, str], longest: int
) -> None:
    """Carry out an update on the store in a folder; raises what that raises, and TermTooLong."""
    store, before = Store(str(path)), _written_bytes()
    store.update(text, base_iri=base, prefixes=dict(prefixes))
    if _written_bytes() - before > longest // WIDEST:
        prove_store(store, longest)


def _written_bytes() -> int:
    """Return how many bytes this process has handed to the system (proc(5))."""
    found = re.search(r"^wchar: (\d+)", Path("/proc/self/io").read_text("ascii"), re.MULTILINE)
    return int(found[1]) if found else 0


def _name(graph: str | None) -> NamedNode | DefaultGraph:
    return DefaultGraph() if graph is None else NamedNode(graph)


def _disk_full(path: Path) -> str:
    return (
        f"There is no room on the disk of {path} to open it. Make some and start again: what was "
        "answered is there."
    )


def _in_default_graph(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _check(folder: Path) -> None:
    """Refuse a folder that holds something else than a dataset."""
    if folder.exists() and not folder.is_dir():
        raise DatasetUnusable(f"{folder} is a file; a dataset that takes updates is a folder.")
    store = folder / STORE
    if store.is_dir() and any(store.glob("MANIFEST-*")) and not (store / "CURRENT").exists():
        raise DatasetUnusable(
            f"{store} lacks the file CURRENT, so it is a part of a store: bring the whole copy."
        )
    if not folder.exists() or store.is_dir():
        return
    if any((folder / SNAPSHOTS).glob("*/CURRENT")):
        raise DatasetUnusable(
            f"{folder} has snapshots and no {STORE}/. Put there what is to be restored, such as "
            f"the newest folder of {SNAPSHOTS}/; or remove {SNAPSHOTS}/ to begin with nothing."
        )
    others = sorted(path.name for path in folder.iterdir() if path.name not in _OWN)
    others = [name for name in others if not name.startswith(TOKENS_NEW)]
    if others:
        raise DatasetUnusable(
            f"{folder} holds {others[0]!r} and no dataset of smegraph (no {STORE}/). Give an empty "
            "or a new folder and upload the files to /graphs; or serve it without --writable."
        )


def _make_folders(folder: Path) -> str:
    """Make what a dataset has besides its store, and return its identity."""
    try:
        for name in (SNAPSHOTS, UPLOADS, PENDING):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return known_identity(folder) or new_identity(folder)
    except OSError as error:
        if is_full(error):
            raise DatasetDiskFull(_disk_full(folder)) from error
        reason = f"{error.strerror} ({error.filename})"
        raise DatasetUnusable(f"{folder} cannot hold a dataset: {reason}.") from error


def _open(path: Path, wait: float) -> Store:
    """Open the store, waiting for a former process to let go of it."""
    for log in path.glob("LOG.old.*"):  # What the engine said of itself, once for each start.
        log.unlink(missing_ok=True)
    until = time.monotonic() + wait
    while True:
        try:
            return Store(str(path))
        except (OSError, RuntimeError) as error:
            if is_full(error):
                raise DatasetDiskFull(_disk_full(path)) from error
            held = LOCK in str(error)
            if not held:
                raise DatasetUnusable(f"{path} is no store, or damaged: {error}.") from error
            if time.monotonic() > until:
                raise DatasetUnusable(
                    f"Another process has {path} open; a dataset has one service that writes."
                ) from error
        time.sleep(0.05)
