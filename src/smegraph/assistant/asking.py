"""Queries with a deadline: of a service it is the service's, of files that of a process.

A query in this process cannot be stopped (`smegraph.client`), so files are opened by a child, which
is ended at the deadline or where it takes too much memory, and made anew for the next query.
"""

from __future__ import annotations

import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, cast

from smegraph.assistant.errors import TooLarge, TooSlow
from smegraph.client import Connection, DeadlineExceeded, Rows, connect
from smegraph.client.errors import CannotConnect, ClientError

Bindings: TypeAlias = Mapping[str, object]
Answer: TypeAlias = Rows | bool | str  # rows, a truth value, or a graph as Turtle

_METHODS: Final = ("select", "ask", "construct", "describe")
_SCHEMES: Final = ("http://", "https://")
_QUERIES: Final = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: its time.
        rows: the rows, or the triples of a graph, that an answer shows at most.
        memory: bytes that the process may take that answers from files.
    """

    seconds: float = 30.0
    rows: int = 200
    memory: int = 4 * 2**30


class Asker(Protocol):
    """What answers queries; it only reads."""

    source: str
    limits: Limits

    def ask(self, method: str, query: str, bindings: Bindings | None = None) -> Answer:
        """Return what `method` of a connection (`select`, `ask` …) returns, a graph as Turtle.

        Raises:
            TooSlow, TooLarge: the query took too much.
            ClientError: it cannot be answered.
        """

    def close(self) -> None:
        """Give back what is held open."""


# Decision 085: docs/decisions/085-mcp-server.md
def open_asker(source: str, limits: Limits, token: str | None = None) -> Asker:
    """Return what asks a service (http or https), a release, or a folder or file of RDF.

    Raises:
        ClientError: there is nothing to ask.
    """
    if source.lower().startswith(_SCHEMES):
        return _ServiceAsker(source, limits, token)
    return _FileAsker(source, limits)


def rows_of(asker: Asker, query: str, bindings: Bindings | None = None) -> Rows:
    """Return the rows of a SELECT."""
    return cast(Rows, asker.ask("select", query, bindings))


def load_query(name: str) -> str:
    """Return the query of the file with this name."""
    return (_QUERIES / f"{name}.rq").read_text("utf-8")


def among(query: str, variable: str, iris: Iterable[str]) -> str:
    """Return a query whose variable, of any value (`UNDEF`) as it is written, is one of the IRIs.

    >>> among("SELECT * { VALUES ?work { UNDEF } ?work a ?type }", "work", ["urn:a", "urn:b"])
    'SELECT * { VALUES ?work { <urn:a> <urn:b> } ?work a ?type }'
    """
    start = f"VALUES ?{variable} "
    assert f"{start}{{ UNDEF }}" in query
    values = " ".join(f"<{iri}>" for iri in iris)
    return query.replace(f"{start}{{ UNDEF }}", f"{start}{{ {values} }}")


class _ServiceAsker:
    """Asks a service, which has limits of its own besides."""

    def __init__(self, url: str, limits: Limits, token: str | None) -> None:
        self.source, self.limits = url, limits
        self._connection = connect(url, token=token, timeout=limits.seconds)

    def ask(self, method: str, query: str, bindings: Bindings | None = None) -> Answer:
        try:
            return _answer(self._connection, method, query, bindings, self.limits)
        except DeadlineExceeded as error:
            raise _too_slow(self.limits) from error

    def close(self) -> None:
        self._connection.close()


class _FileAsker:
    """Asks files by a child process; calls from several threads wait for each other."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.source, self.limits = path, limits
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self.ask("ask", "ASK {}")  # whether there is anything to ask

    def ask(self, method: str, query: str, bindings: Bindings | None = None) -> Answer:
        with self._lock:
            if self._child is None:
                self._child = _Child(self.source, self.limits)
            try:
                return self._child.ask(method, query, bindings)
            except (TooSlow, TooLarge, CannotConnect):
                self._end()
                raise

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """A process that answers one query after the other."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._limits = limits
        here, there = socket.socketpair()
        arguments = [str(there.fileno()), path, repr(limits.rows), repr(limits.memory)]
        # Standard input and output are those of the protocol, and so not the child's.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments], pass_fds=[there.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        there.close()
        self._pipe: Pipe[Any, Any] = Pipe(here.detach())
        self._receive(_START)  # that it is ready, or why it is not

    def ask(self, method: str, query: str, bindings: Bindings | None) -> Answer:
        try:
            self._pipe.send((method, query, bindings))
        except OSError as error:
            raise _ended() from error
        return self._receive(self._limits.seconds)

    def _receive(self, seconds: float) -> Answer:
        try:
            if not self._pipe.poll(seconds):
                raise _too_slow(self._limits)
            answer: Answer | ClientError = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise _ended() from error
        if isinstance(answer, ClientError):
            raise answer
        return answer

    def end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.wait()


_START: Final = 60.0  # seconds for opening the files
_PROGRAM: Final = "from smegraph.assistant.asking import answer_queries; answer_queries()"


def answer_queries() -> None:
    """Answer until the other end closes; the work of the child."""
    number, path, rows, memory = sys.argv[1:]
    pipe: Pipe[Any, Any] = Pipe(int(number))
    limits = Limits(rows=int(rows), memory=int(memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    try:
        connection = connect(path)
        pipe.send(True)
    except ClientError as error:
        pipe.send(error)
        return
    while True:
        try:
            method, query, bindings = pipe.recv()
        except EOFError:
            return
        answer: Any
        try:
            answer = _answer(connection, method, query, bindings, limits)
        except ClientError as error:
            error.__cause__ = error.__context__ = None  # what the engine raised stays here
            answer = error
        pipe.send(answer)


def _answer(
    connection: Connection, method: str, query: str, bindings: Bindings | None, limits: Limits
) -> Answer:
    assert method in _METHODS  # Updates are not among them.
    found = getattr(connection, method)(query, bindings)
    if isinstance(found, Rows | bool):
        return found
    count = len(found)
    if count > limits.rows:
        shown = type(found)(bind_namespaces="none")
        for prefix, start in found.namespaces():
            shown.bind(prefix, start)
        for triple in sorted(found)[: limits.rows]:
            shown.add(triple)
        found = shown
    text: str = found.serialize(format="turtle")
    rest = count - limits.rows
    return text if rest <= 0 else f"{text}\n# {rest} more triples are not shown.\n"


def _too_slow(limits: Limits) -> TooSlow:
    return TooSlow(
        f"The query took more than {limits.seconds:g} s and was stopped. Make it ask for less: "
        "begin with a bound term (such as voc:psychic-distance), join each pattern to another by a "
        "variable, and leave out what is not needed."
    )


def _ended() -> TooLarge:
    return TooLarge(
        "The query was stopped, as it took too much memory. Make it ask for less: join each "
        "pattern to another by a variable, add LIMIT, or count in place of listing."
    )
