"""The process that owns a writable dataset: it takes commands over a socket, one after another.

Snapshots are made beside a running update, in another thread, so that no query waits for one.
"""

from __future__ import annotations

import os
import queue
import re
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyoxigraph import Store

from smegraph.namespaces import PREFIXES
from smegraph.server.dataset.errors import (
    ChangeRefused,
    ChangeUnfinished,
    DatasetDiskFull,
    DatasetUnusable,
)
from smegraph.server.dataset.layout import UPLOADS
from smegraph.server.dataset.proof import prove_document, prove_text
from smegraph.server.dataset.replies import BROKEN, FULL_FOR_GOOD, UNUSABLE, encode_refusal
from smegraph.server.dataset.writable_store import Change, WritableStore
from smegraph.server.disk_space import is_full
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.workers.messages import pack, receive
from smegraph.server.workers.sandbox import die_with_parent, limit_memory
from smegraph.sparql.engine_text import update_texts, without_mark
from smegraph.sparql.errors import (
    EngineErrors,
    FederationRefused,
    LoadRefused,
    QueryFailed,
    QueryRefused,
    ServiceRefused,
)
from smegraph.sparql.federation import routed
from smegraph.sparql.updates import calls_load, malformed, with_dataset

if TYPE_CHECKING:
    from smegraph.server.workers.gateway import Gateway

_NOT_POSSIBLE: Final = re.compile(r"The graph .* (?:already exists|does not exist)")

_FULL: Final = (
    "The disk of the dataset is full. A query tells whether this change was made; a graph that was "
    "being replaced is replaced as soon as there is room."
)

_BROKEN: Final = (
    "The process that changes the dataset failed, and is started anew; a query tells whether the "
    "change was made. The reason:"
)

Options = Mapping[str, Any]
_T = TypeVar("_T")


class WriterProcess:
    """Carries out the commands that come over a connection until that is closed."""

    def __init__(self, connection: socket.socket, store: WritableStore) -> None:
        """Take the connection to the service, and the store."""
        self._connection, self._store = connection, store
        self._gateway: Gateway | None = None
        self._sending = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[int, str, Options, bytes]] = queue.SimpleQueue()
        self._immediate: Mapping[str, Callable[[Options], object]] = {
            "snapshot": lambda options: store.snapshot(options["name"]),
        }
        self._queued: Mapping[str, Callable[[Options, bytes], object]] = {
            "update": self._update,
            "put": self._put,
            "drop": self._drop,
            "patch": self._patch,
        }

    def run(self) -> None:
        """Serve until the other side has gone."""
        threading.Thread(target=self._work, daemon=True).start()
        while message := receive(self._connection):
            (number, command, options), body = message
            if command in self._immediate:
                self._answer(number, partial(self._immediate[command], options))
            else:
                self._queue.put((number, command, options, body))

    def _work(self) -> None:
        try:
            while True:
                number, command, options, body = self._queue.get()
                self._answer(number, partial(self._queued[command], options, body))
        finally:
            os._exit(1)  # A change that stands is unfinished: the next process goes on with it.

    def _answer(self, number: int, work: Callable[[], object]) -> None:
        """Send what the work returns, or why it failed.

        An engine that met a full disk takes nothing more; the next process opens the dataset anew.
        """
        try:
            reply = [number, "done", work()]
        except MemoryError:
            reply = [number, "memory"]
        except InsufficientStorage as error:
            reply = [number, "full", str(error)]
        except DatasetUnusable as error:
            reply = [number, UNUSABLE, str(error)]
        except (OSError, RuntimeError, ChangeUnfinished) as error:
            reply = [number, BROKEN, f"{_BROKEN} {error}"]
            if is_full(error):
                reply = [number, FULL_FOR_GOOD, _FULL]
        except QueryRefused as error:
            reply = [number, *encode_refusal(error)]
        with self._sending:
            self._connection.sendall(pack(reply))

    def _gateway_for(self, options: Options) -> Gateway | None:
        """Return what calls other services, if an update may, with the time that it has."""
        if not options["allowed"]:
            return None
        if self._gateway is None:
            from smegraph.server.workers.gateway import Gateway  # Few need its libraries.

            self._gateway = Gateway(options["allowed"])
        self._gateway.begin(options.get("seconds"))
        return self._gateway

    def _update(self, options: Options, body: bytes) -> None:
        def update(text: str) -> None:
            prepared = with_dataset(text, options["using"], options["using_named"])
            self._store.update(prepared, options["base"], options["prefixes"], options["longest"])

        text = body.decode("utf-8")
        prove_text(text, options["longest"])
        _run(update, text, options, self._gateway_for(options))

    def _put(self, options: Options, body: bytes) -> bool:
        """Add a file's statements to a graph, or put them in its place; say whether it is new."""
        graph, data = options["graph"], options["data"]
        existed = self._store.exists(graph)
        clear = bool(options["clear"]) and existed
        change = Change(graph, clear, keep=True, has_data=data is not None)
        self._store.change(change, Path(data) if data else None, options["before"])
        return not existed

    def _drop(self, options: Options, body: bytes) -> bool:
        """Remove a graph; say whether there was one."""
        graph = options["graph"]
        existed = self._store.exists(graph)
        if existed:
            change = Change(graph, clear=True, keep=False, has_data=False)
            self._store.change(change, None, options["before"])
        return existed

    def _patch(self, options: Options, body: bytes) -> bool:
        """Apply an update to one graph alone; say whether there is such a graph."""
        graph = options["graph"]
        if graph is not None and not self._store.exists(graph):
            return False
        text = body.decode("utf-8")
        prove_text(text, options["longest"])
        result = self._store.folder / UPLOADS / f"patch-{options['before']}.nt"

        def patch(text: str) -> bool:
            def edit(copy: Store) -> None:
                copy.update(text, base_iri=options["base"], prefixes=options["prefixes"])

            return self._store.edit(graph, edit, result)

        alone = _run(patch, text, options, self._gateway_for(options))
        if not alone:
            raise ChangeRefused("A patch changes the graph that is addressed, and names no other.")
        prove_document(result, options["longest"])
        change = Change(graph, clear=True, keep=True, has_data=True)
        self._store.change(change, result, options["before"])
        return True


def _in_reach(text: str, allowed: list[str], gateway: Gateway | None) -> str:
    """Return a text that reaches no other machine but those that are allowed."""
    if calls_load(text, frozenset(PREFIXES), frozenset(allowed)):
        raise LoadRefused
    try:
        return routed(text, frozenset(allowed), gateway.address_of if gateway else None)
    except FederationRefused as error:
        raise ServiceRefused from error


def _run(
    work: Callable[[str], _T], text: str, options: Options, gateway: Gateway | None = None
) -> _T:
    """Return what the work gives for an update; raises what the engine raises, named."""
    text, prefixes, base = without_mark(text), options["prefixes"], options["base"]
    for written in update_texts(text, prefixes, base):
        asked = _in_reach(written, options["allowed"], gateway)
        try:
            return _named(work, asked)
        except SyntaxError as error:
            message = str(error)
        except QueryFailed as error:
            if gateway is not None and (cause := gateway.cause_of(error)):
                raise cause from error
            raise
    raise malformed(text, message, prefixes, base)


def _named(work: Callable[[str], _T], text: str) -> _T:
    try:
        with EngineErrors():
            return work(text)
    except QueryFailed as error:
        if error.__cause__ is not None and is_full(error.__cause__):
            raise error.__cause__ from None
        if _NOT_POSSIBLE.search(str(error)):
            raise ChangeRefused(f"{error}. Nothing was changed.") from error
        raise


def main(arguments: list[str]) -> int:
    """Serve the socket with a descriptor, for a folder; see `ChildProcess` for the arguments."""
    descriptor, folder, wait, keep_free, identity, limit, parent = arguments
    die_with_parent(int(parent))
    connection = socket.socket(fileno=int(descriptor))
    try:
        store = WritableStore(Path(folder), float(wait), int(keep_free), identity or None)
    except DatasetDiskFull as error:
        connection.sendall(pack([0, "full", str(error)]))
        return 1
    except DatasetUnusable as error:
        connection.sendall(pack([0, "unusable", str(error)]))
        return 1
    limit_memory(int(limit))
    connection.sendall(pack([0, "ready", {"identity": store.identity, "notices": store.notices}]))
    WriterProcess(connection, store).run()
    os._exit(0)  # An update that still runs is given up; it was not answered.


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
