"""Where a process calls other services for the engine: in time, and with an answer whole or none.

The engine calls a service without any limit of time, takes a part of an answer for the whole, and
says little of what went wrong. So it is sent to an address of this process, which asks the service
as the client does (`smegraph.client`).
"""

from __future__ import annotations

import json
import secrets
import socketserver
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from smegraph.client.errors import ClientError, DeadlineExceeded, UnexpectedAnswer
from smegraph.client.remote import ACCEPT_TABLE, results_of
from smegraph.client.requests import Request, Table
from smegraph.client.results import READERS, count_rows
from smegraph.client.transport import HttpTransport
from smegraph.client.values import Term
from smegraph.client.wholeness import check_count
from smegraph.server.workers import sandbox
from smegraph.sparql.errors import CalledServiceFailed, CalledServiceSlow, QueryFailed

_SHARE: Final = 0.8  # of the time that is left, for one call: the rest is for what comes after it
_LARGEST: Final = 256 * 2**20  # bytes of an answer
_MOST_KEPT: Final = 100
_LARGEST_KEPT: Final = 2**18
_FOUND: Final = 200
_FAILED: Final = 502
_STACK: Final = 2**20
_JSON: Final = "application/sparql-results+json"
_BLANK: Final = b"bnode"


# Decision 054: docs/decisions/054-answers-of-other-services.md
class Gateway:
    """Calls services for the queries of one process, one query after the other.

    Nothing is started before the first call, so that it can be made before a process forks.
    """

    def __init__(self, services: Collection[str], *, largest: int = _LARGEST) -> None:
        """Take the addresses that may be called, and how many bytes an answer may have."""
        self._services, self._largest = tuple(sorted(services)), largest
        self._deadline: float | None = None
        self._failures: dict[str, CalledServiceFailed] = {}
        self._given: dict[tuple[int, str], tuple[int, bytes]] = {}
        self._slow: dict[int, bytes] = {}
        self._numbers = count(1)
        self._server: _Server | None = None

    def begin(self, seconds: float | None) -> None:
        """Take that a query begins which has so many seconds left; None: without end."""
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._failures, self._given, self._slow = {}, {}, {}

    def address_of(self, service: str) -> str:
        """Return the address that the engine is to call in the place of a service.

        Raises CalledServiceFailed where this process has no room for a further thread.
        """
        if self._server is None:
            try:
                self._server = _Server(self)
            except (RuntimeError, OSError) as error:
                raise CalledServiceFailed(service, f"It cannot be called: {error}.") from error
        return f"{self._server.address}/{self._services.index(service)}"

    def cause_of(self, error: QueryFailed) -> CalledServiceFailed | None:
        """Return the failure of a call that an error of the engine quotes, if it does."""
        said = str(error)
        return next((found for mark, found in self._failures.items() if mark in said), None)

    def answer(self, number: int, query: str) -> tuple[int, bytes]:
        """Return the status and the body of what a service answers to a query of the engine.

        A failure is kept, and its body is the mark that the engine will quote. The engine may call
        for each row anew: what was asked before gets the same, and who was too slow is not asked.
        """
        if number in self._slow:
            return _FAILED, self._slow[number]
        given = self._given.get((number, query)) or self._call(number, query)
        if len(self._given) < _MOST_KEPT and len(given[1]) <= _LARGEST_KEPT:
            self._given[number, query] = given
        return given

    def _call(self, number: int, query: str) -> tuple[int, bytes]:
        service, answer = self._services[number], next(self._numbers)
        call = _Call(service, query, self._seconds(), self._largest, answer)
        try:
            return _FOUND, call.table()
        except CalledServiceFailed as failure:
            mark = f"smegraph-failure-{secrets.token_hex(8)}"
            self._failures[mark] = failure
            if isinstance(failure, CalledServiceSlow):
                self._slow[number] = mark.encode()
            return _FAILED, mark.encode()

    def _seconds(self) -> float | None:
        if self._deadline is None:
            return None
        return max(0.0, self._deadline - time.monotonic()) * _SHARE


class _Call:
    """One query to one service."""

    def __init__(
        self, service: str, query: str, seconds: float | None, largest: int, number: int
    ) -> None:
        self._service, self._request = service, Request(query)
        self._seconds, self._number = seconds, number
        self._transport = HttpTransport(
            home=service, token=None, timeout=seconds, redirects=0, limit=largest, posted=True
        )
        self._found: bytes | str | DeadlineExceeded | None = None

    def table(self) -> bytes:
        """Return what the service answers, in JSON; raises CalledServiceFailed.

        It is asked in a thread of its own, as a name may be looked up, and a header may drip, for
        longer than any limit of a socket.
        """
        asking = threading.Thread(target=self._ask, daemon=True)
        try:
            asking.start()
        except RuntimeError as error:
            raise CalledServiceFailed(self._service, f"It cannot be called: {error}.") from error
        asking.join(self._seconds)
        found = self._found
        if isinstance(found, bytes):
            return found
        if isinstance(found, str):
            raise CalledServiceFailed(self._service, found)
        self._transport.close()
        why = f"It gave no whole answer in the {self._seconds:.3g} s that there were for it."
        raise CalledServiceSlow(self._service, why)

    def _ask(self) -> None:
        """Find the answer, or the reason why there is none."""
        try:
            self._found = self._answer()
        except DeadlineExceeded as error:
            self._found = error
        except ClientError as error:
            self._found = str(error)
        except MemoryError:
            self._found = "Its answer needs more memory than there is."
        finally:
            self._transport.close()

    def _answer(self) -> bytes:
        """Return the answer as it came where the engine reads it, or written anew."""
        query = self._request.text
        with self._transport.query(self._service, self._request, ACCEPT_TABLE) as reply:
            if reply.media_type == _JSON:
                body = reply.whole()
                number = None if _BLANK in body else count_rows(body)
                if number is not None:
                    check_count(number, reply.most_rows, query)
                    return body
                result = READERS[_JSON](body)
            else:
                result = results_of(reply)
            if isinstance(result, bool):
                raise UnexpectedAnswer("It answers with a truth value, not a table.")
            check_count(len(result[1]), reply.most_rows, query)
            _check_names(result[0])
            return _as_json(result, self._number)


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        try:
            Variable(name)
        except ValueError as error:
            raise UnexpectedAnswer(f"It names a column {name!r}, which is no variable.") from error


def _as_json(table: Table, number: int) -> bytes:
    """Return a table as Query Results JSON Format; its blank nodes are those of no other answer."""
    names, rows = table
    bindings = [
        {
            name: _told(term, number)
            for name, term in zip(names, row, strict=True)
            if term is not None
        }
        for row in rows
    ]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def _told(term: Term, number: int) -> Mapping[str, object]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": f"s{number}-{term.value}"}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {
            "type": "triple",
            "value": {name: _told(part, number) for name, part in parts.items()},
        }
    return _literal(term)


def _literal(term: Literal) -> Mapping[str, object]:
    told = {"type": "literal", "value": term.value}
    if not term.language:
        return told | {"datatype": term.datatype.value}
    direction = {"its:dir": term.direction.value} if term.direction else {}
    return told | {"xml:lang": term.language} | direction


class _Server(socketserver.ThreadingTCPServer):
    """Listens on this machine, under a path that nobody can guess."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gateway = gateway
        self.path = f"/{secrets.token_urlsafe(16)}"
        self.address = f"http://127.0.0.1:{self.server_address[1]}{self.path}"
        threading.stack_size(_STACK)
        sandbox.allocate_in_one_area()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a failure: the engine has gone, or tells of the end of its connection."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path, _, number = self.path.rpartition("/")
        if not secrets.compare_digest(path, self.server.path):
            self.send_error(404)
            return
        status, body = self.server.gateway.answer(int(number), query)
        self.send_response(status)
        self.send_header("Content-Type", _JSON if status == _FOUND else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: standard error is the service's."""
