"""The process that holds the store and forks a worker from itself whenever one is asked for.

It has one thread only when it forks, so that this is sound, and it forks with the store in memory
(5 ms for a million triples) instead of opening it anew. It reads a store through a loader process,
as opening one on disk would start threads.

Run as `python -m smegraph.server.workers FD SETTINGS`: FD is its end of a socket pair
(SOCK_SEQPACKET), SETTINGS are in JSON. It gets `["fork", number]` with two file descriptors
(the worker's connection and its standard error), `["signal", pid, signal]` and
`["nice", pid, niceness]`, and tells `["loaded", quads, isolated]`, `["forked", number, pid]`,
`["ended", pid, exit code]` and `["failed", message]`.
"""

from __future__ import annotations

import array
import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph

from smegraph.namespaces import PREFIXES
from smegraph.server.workers import sandbox
from smegraph.server.workers.errors import LoadFailed
from smegraph.server.workers.worker import Worker, WorkerLimits
from smegraph.sparql.patterns import patterns_of
from smegraph.store.embedded import EmbeddedStore
from smegraph.store.loading import Dumped, parse_failure, parse_report

if TYPE_CHECKING:
    from smegraph.server.workers.gateway import Gateway

MESSAGE_SIZE: Final = 1 << 16
_HINT_LIMIT: Final = 500_000  # statements, which take 1 s once, before the first query
_HINT_LIMIT_ON_DISK: Final = 100_000  # which a query with an unknown term waits for
_COMMON: Final = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> 'o' FILTER EXISTS { ?s ?p ?o } } GROUP BY ?s"


@dataclass(frozen=True, slots=True)
class ForkserverSettings:
    """What a forkserver is to do.

    Attributes:
        parent: the process that it must not outlive.
        loader: the command that writes the store's content as N-Quads; empty: each worker opens a
            folder read-only.
        stored_union: whether the default graph of a folder holds the union of all graphs; of what
            a loader writes, the loader tells.
        spool: the folder for large results.
        memory: bytes that a worker may take beyond what it starts with.
        result: bytes that one result may have.
        prefixes: whether queries need not declare the usual ones.
        union: whether queries that name no dataset see the union of all graphs.
        services: the addresses that SERVICE may call; with any, the network stays.
        base: where relative IRIs of queries start.
    """

    parent: int
    loader: tuple[str, ...]
    stored_union: bool
    spool: str
    memory: int
    result: int
    prefixes: bool = True
    union: bool = True
    services: tuple[str, ...] = ()
    base: str | None = None

    def as_json(self) -> str:
        """Return the settings for the command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ForkserverSettings:
        """Read what `as_json` wrote."""
        fields = json.loads(text)
        fields.update(loader=tuple(fields["loader"]), services=tuple(fields["services"]))
        return cls(**fields)


# Decision 020: docs/decisions/020-forked-workers.md
class Forkserver:
    """Forks workers, signals them and tells of their end."""

    def __init__(self, control: socket.socket, settings: ForkserverSettings) -> None:
        """Take the connection to the service."""
        self._control, self._settings = control, settings
        self._store: EmbeddedStore | None = None
        self._gateway = _gateway(settings)
        self._children: set[int] = set()
        self._wakeup, self._signalled = os.pipe()

    def run(self) -> None:
        """Load, then serve until the service has gone."""
        isolated = False if self._settings.services else sandbox.leave_network()
        try:
            with ThreadPoolExecutor(1) as loader:  # an allocator of its own, see `_load`
                quads = loader.submit(self._load).result()
        except LoadFailed as error:
            self._send(["failed", str(error)])
            return
        gc.collect()
        gc.freeze()  # what is there now is shared with every worker, so it is left alone
        self._wake_up_for_children()
        self._send(["loaded", quads, isolated])
        while self._serve_once():
            self._reap()

    # Decision 021: docs/decisions/021-loading-the-store.md
    def _load(self) -> int:
        """Load the store, and return how many statements it holds.

        In a thread that then ends: glibc gives each its own area to allocate from. What workers
        allocate would else go into the gaps between the nodes of the store, on pages that they
        share, and each of these is copied when it is first written to.
        """
        if not self._settings.loader:
            patterns_of(_COMMON, {})  # Its parser takes 100 ms to come; workers have it with this.
            return 0
        settings, store = self._settings, pyoxigraph.Store()
        with subprocess.Popen(
            settings.loader, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as loader:
            assert loader.stdout is not None
            assert loader.stderr is not None
            fault = ""
            try:
                store.bulk_load(loader.stdout, format=pyoxigraph.RdfFormat.N_QUADS)
            except (SyntaxError, ValueError, OSError, MemoryError) as error:
                fault = str(error)  # Its cause is what the loader says.
                loader.stdout.close()
            stderr = loader.stderr.read().decode("utf-8", "replace")
        if loader.returncode or fault:
            raise LoadFailed(str(parse_failure(stderr or fault)))
        loaded = _report(stderr) or Dumped(len(store), union=settings.stored_union, disjoint=False)
        self._store = self._embedded(store, loaded.union, disjoint=loaded.disjoint)
        self._store.prepare_hints()
        return loaded.quads

    def _embedded(
        self, store: pyoxigraph.Store, stored_union: bool, *, disjoint: bool = False
    ) -> EmbeddedStore:
        settings = self._settings
        return EmbeddedStore(
            store,
            stored_union=stored_union,
            disjoint=disjoint,
            prefixes=PREFIXES if settings.prefixes else {},
            base=settings.base,
            services=frozenset(settings.services),
            address_of=self._gateway.address_of if self._gateway else None,
            default_graph="union" if settings.union else "strict",
            hint_limit=_HINT_LIMIT if settings.loader else _HINT_LIMIT_ON_DISK,
        )

    def _wake_up_for_children(self) -> None:
        """Let the end of a worker end the wait for a message."""
        os.set_blocking(self._signalled, False)
        signal.signal(signal.SIGCHLD, _ignore)
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)

    def _serve_once(self) -> bool:
        """Wait for a message or for a child's end; say whether the service is still there."""
        poll = select.poll()  # `select` knows no descriptor above 1023, and is given some
        for waited in (self._control.fileno(), self._wakeup):
            poll.register(waited, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        if self._wakeup in ready:
            os.read(self._wakeup, 4096)
        return self._control.fileno() not in ready or self._receive()

    def _receive(self) -> bool:
        """Carry out one message; say whether the service is still there."""
        data, ancillary, _, _ = self._control.recvmsg(MESSAGE_SIZE, socket.CMSG_SPACE(8))
        if not data:
            return False
        message, files = json.loads(data), _descriptors(ancillary)
        if message[0] == "fork":
            self._fork(message[1], *files)
        elif message[1] in self._children:  # not reaped yet, so the number is still its own
            self._control_worker(message)
        return True

    def _control_worker(self, message: list[Any]) -> None:
        with contextlib.suppress(ProcessLookupError):
            if message[0] == "signal":
                os.kill(message[1], message[2])
            else:
                os.setpriority(os.PRIO_PROCESS, message[1], message[2])

    def _fork(self, number: int, connection: int, stderr: int) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
            if pid == 0:
                self._become_worker(parent, connection, stderr)
            self._children.add(pid)
            self._send(["forked", number, pid])
        except OSError as error:  # no memory, or too many processes: the service tries again
            os.write(stderr, str(error).encode())
        finally:
            os.close(connection)
            os.close(stderr)

    def _become_worker(self, parent: int, connection: int, stderr: int) -> None:
        """Answer in the child; it never returns."""
        exit_code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sandbox.die_with_parent(parent)
            self._control.close()
            os.close(self._wakeup)
            os.close(self._signalled)
            os.dup2(stderr, 2)
            os.close(stderr)
            self._worker(socket.socket(fileno=connection)).run()
            exit_code = 0
        except (BrokenPipeError, ConnectionResetError):
            exit_code = 0  # The service has gone.
        finally:
            if exit_code:
                sys.excepthook(*sys.exc_info())  # into the file that the service reads
            os._exit(exit_code)

    def _worker(self, connection: socket.socket) -> Worker:
        settings = self._settings
        sandbox.prefer_for_oom_kill()
        sandbox.raise_stack_limit()
        sandbox.limit_memory(settings.memory)
        limits, spool = WorkerLimits(settings.result), Path(settings.spool)
        return Worker(connection, self._open, limits, spool, self._gateway)

    def _open(self, folder: str | None) -> EmbeddedStore:
        """Return the store that was loaded, or open a folder; an empty one without either."""
        if self._store is not None:
            return self._store
        sandbox.lift_memory_limit()  # To open one takes threads, and each reserves 72 MiB.
        store = pyoxigraph.Store() if folder is None else pyoxigraph.Store.read_only(folder)
        sandbox.limit_memory(self._settings.memory)
        return self._embedded(store, self._settings.stored_union)

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            self._send(["ended", pid, os.waitstatus_to_exitcode(status)])

    def _send(self, message: list[Any]) -> None:
        self._control.send(json.dumps(message).encode()[:MESSAGE_SIZE])


def _gateway(settings: ForkserverSettings) -> Gateway | None:
    """Return what calls other services, if any may be called: its libraries take time to come."""
    if not settings.services:
        return None
    from smegraph.server.workers.gateway import Gateway

    return Gateway(settings.services, largest=settings.result)


def _report(stderr: str) -> Dumped | None:
    """Return what the loader says of what it wrote; nothing of one that does not tell."""
    with contextlib.suppress(ValueError, TypeError, IndexError):
        return parse_report(stderr)
    return None


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing: the signal has written to the wake-up pipe."""


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """Return the file descriptors that came with a message (SCM_RIGHTS)."""
    found = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return list(found)


def main() -> None:
    """Run as a process of its own."""
    settings = ForkserverSettings.from_json(sys.argv[2])
    sandbox.die_with_parent(settings.parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # The service decides when its workers end.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        Forkserver(socket.socket(fileno=int(sys.argv[1])), settings).run()
