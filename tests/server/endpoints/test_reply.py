"""Answers in parts, clients that go away or take nothing, bodies that are too large or too slow."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import (
    AnswerBroken,
    DeadlineExceeded,
    EngineError,
    MemoryExceeded,
    Overloaded,
    ResultTooLarge,
    WorkerLost,
)
from smegraph.server.http.request_record import KEY, RequestRecord
from tests.server.bare import serving as bare_server
from tests.server.endpoints.test_query import problem

QUERY = "application/sparql-query"
PART = b"x" * 65536

Parts = Callable[[], AsyncIterator[bytes]]


class ScriptedEngine:
    """An engine whose answers come in parts as a test wants them; it notes how they end."""

    def __init__(self, parts: Parts | None = None, error: EngineError | None = None) -> None:
        self.generation = Generation("1", 0.0)
        self._parts, self._error = parts, error
        self.cancelled, self.closed = threading.Event(), threading.Event()

    async def answer(self, request: QueryRequest) -> Answer:
        if self._error:
            raise self._error
        if self._parts is None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
        return Answer("json", self.generation, parts=self._read(), worker=7, cache="miss")

    async def _read(self) -> AsyncIterator[bytes]:
        assert self._parts is not None
        try:
            async for part in self._parts():
                yield part
        finally:
            self.closed.set()


class Recorded:
    """The endpoint, with the record of its last request."""

    def __init__(self, endpoint: SparqlEndpoint) -> None:
        self._endpoint = endpoint
        self.done = threading.Event()
        self.record = RequestRecord()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.record = scope[KEY] = RequestRecord()
            await self._endpoint(scope, receive, send)
            self.done.set()


Serving = Callable[..., tuple[httpx.Client, Recorded]]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serves an engine with the endpoint's settings; gives a client and the record."""
    with ExitStack() as stack:

        def start(engine: ScriptedEngine, **settings: float) -> tuple[httpx.Client, Recorded]:
            app = Recorded(SparqlEndpoint(engine, **settings))  # type: ignore[arg-type]
            return stack.enter_context(bare_server(app)), app

        yield start


def connect(http: httpx.Client, head: str, body: bytes = b"") -> socket.socket:
    """Send a request's head (without its last line) and a body over a socket of its own."""
    url = http.base_url
    assert url.port is not None
    connection = socket.create_connection((url.host, url.port), timeout=30)
    connection.sendall(f"{head}\r\nHost: test\r\n\r\n".encode() + body)
    return connection


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


async def three() -> AsyncIterator[bytes]:
    for part in (b"one,", b"two,", b"three"):
        yield part


async def broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise AnswerBroken


async def broken_at_once() -> AsyncIterator[bytes]:
    raise AnswerBroken
    yield b""


async def endless() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(0)
        yield PART


async def slow() -> AsyncIterator[bytes]:
    yield b"first"
    await asyncio.sleep(60)


GET = "GET /sparql?query=ASK%7B%7D HTTP/1."


def test_parts_are_sent_as_they_come(serving: Serving) -> None:
    engine = ScriptedEngine(three)
    http, app = serving(engine)
    response = http.get("/sparql?query=ASK{}")
    assert response.content == b"one,two,three"
    assert response.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in response.headers
    assert app.done.wait(30)
    record = app.record
    assert (record.operation, record.worker) == ("query", 7)
    assert (record.cache, record.outcome, len(record.query)) == ("miss", "ok", 16)
    assert engine.closed.wait(30)


def test_an_error_after_the_first_part_breaks_the_transfer(serving: Serving) -> None:
    http, app = serving(ScriptedEngine(broken))
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        http.get("/sparql?query=ASK{}")
    received = read_all(connect(http, GET + "1"))
    assert b"200 OK" in received
    assert received.endswith(b"half\r\n")
    assert app.record.outcome == "broken"


def test_a_broken_transfer_leaves_no_trace_in_the_log(serving: Serving) -> None:
    http, app = serving(ScriptedEngine(broken))
    said: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = said.append  # type: ignore[method-assign]
    logging.getLogger("uvicorn.error").addHandler(handler)
    try:
        read_all(connect(http, GET + "1"))
        assert app.done.wait(30)
    finally:
        logging.getLogger("uvicorn.error").removeHandler(handler)
    assert [found.exc_info for found in said if found.exc_info] == []


def test_an_error_before_the_first_part_still_has_a_status(serving: Serving) -> None:
    http, app = serving(ScriptedEngine(broken_at_once))
    problem(http.get("/sparql?query=ASK{}"), 500, "worker-lost")
    assert app.record.outcome == "worker-lost"


def test_who_speaks_http_1_0_gets_a_length_and_no_chunks(serving: Serving) -> None:
    http, _ = serving(ScriptedEngine(three))
    head, _, body = read_all(connect(http, GET + "0")).partition(b"\r\n\r\n")
    assert body == b"one,two,three"
    assert b"content-length: 13" in head
    assert b"transfer-encoding" not in head


def test_who_speaks_http_1_0_never_sees_half_an_answer(serving: Serving) -> None:
    http, _ = serving(ScriptedEngine(broken))
    assert b" 500 " in read_all(connect(http, GET + "0")).partition(b"\r\n")[0]


def test_head_reads_no_part(serving: Serving) -> None:
    http, _ = serving(ScriptedEngine(endless))
    response = http.head("/sparql?query=ASK{}")
    assert (response.status_code, response.content) == (200, b"")
    assert "content-length" not in response.headers


def test_a_query_whose_client_has_gone_is_ended(serving: Serving) -> None:
    engine = ScriptedEngine()
    http, app = serving(engine)
    connection = connect(http, GET + "1")
    assert not engine.cancelled.wait(0.1)
    connection.close()
    assert engine.cancelled.wait(30)
    assert app.done.wait(30)
    assert app.record.outcome == "client-gone"


@pytest.mark.parametrize("parts", [slow, endless])
def test_parts_for_a_client_that_has_gone_are_given_up(serving: Serving, parts: Parts) -> None:
    engine = ScriptedEngine(parts)
    http, app = serving(engine)
    connection = connect(http, GET + "1")
    assert connection.recv(100).startswith(b"HTTP/1.1 200")
    connection.close()
    assert engine.closed.wait(30)
    assert app.done.wait(30)
    assert app.record.outcome == "client-gone"


def test_a_client_that_takes_nothing_is_given_up(serving: Serving) -> None:
    engine = ScriptedEngine(endless)
    http, app = serving(engine, send_timeout=0.2)
    with connect(http, GET + "1"):
        assert engine.closed.wait(30)
        assert app.done.wait(30)
    assert app.record.outcome == "client-gone"


def test_a_slow_client_gets_all_of_a_large_answer(serving: Serving) -> None:
    async def forty() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield PART

    http, _ = serving(ScriptedEngine(forty), send_timeout=30.0)
    with http.stream("GET", "/sparql?query=ASK{}") as response:
        size = 0
        for piece in response.iter_raw(2**19):
            size += len(piece)
            time.sleep(0.02)
    assert size == 40 * len(PART)


@pytest.mark.parametrize(
    ("error", "status", "kind", "members"),
    [
        (DeadlineExceeded(2.5), 504, "deadline-exceeded", {"seconds": 2.5}),
        (MemoryExceeded(2**30), 507, "memory-exceeded", {"limit": 2**30}),
        (ResultTooLarge(2**20), 507, "result-too-large", {"limit": 2**20}),
        (WorkerLost(), 500, "worker-lost", {}),
        (Overloaded(3), 503, "overloaded", {}),
    ],
)
def test_each_failure_has_its_own_problem(
    serving: Serving, error: EngineError, status: int, kind: str, members: dict[str, object]
) -> None:
    http, app = serving(ScriptedEngine(error=error))
    response = http.get("/sparql?query=ASK{}")
    found = problem(response, status, kind)
    assert members.items() <= found.items()
    assert (app.record.operation, app.record.outcome) == ("query", kind)
    assert response.headers.get("retry-after") == ("3" if status == 503 else None)


def test_a_body_that_says_it_is_too_large_is_not_read(serving: Serving) -> None:
    http, _ = serving(ScriptedEngine(three), query_limit=100)
    head = f"POST /sparql HTTP/1.1\r\nContent-Type: {QUERY}\r\nContent-Length: 101"
    received = read_all(connect(http, head))
    assert b" 413 " in received.partition(b"\r\n")[0]
    assert b"connection: close" in received
    assert b'"limit": 100' in received


def test_a_body_in_chunks_is_read_up_to_the_limit(serving: Serving) -> None:
    http, _ = serving(ScriptedEngine(three), query_limit=100)
    headers = {"Content-Type": QUERY}
    assert http.post("/sparql", content=iter([b"ASK", b"{}"]), headers=headers).status_code == 200
    endless_body = (b"#" * 60 for _ in range(1000))
    response = http.post("/sparql", content=endless_body, headers=headers)
    problem(response, 413, "body-too-large")


@pytest.mark.parametrize("length", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_given_up(serving: Serving, length: str) -> None:
    http, app = serving(ScriptedEngine(three), body_timeout=0.2)
    head = f"POST /sparql HTTP/1.1\r\nContent-Type: {QUERY}\r\n{length}"
    received = read_all(connect(http, head))
    assert b" 408 " in received.partition(b"\r\n")[0]
    assert b"connection: close" in received
    assert app.record.outcome == "request-timeout"


def test_a_client_that_goes_while_it_sends_is_no_fault(serving: Serving) -> None:
    http, app = serving(ScriptedEngine(three))
    head = f"POST /sparql HTTP/1.1\r\nContent-Type: {QUERY}\r\nContent-Length: 10"
    connect(http, head, b"ASK").close()
    assert app.done.wait(30)
    assert app.record.outcome == "client-gone"
