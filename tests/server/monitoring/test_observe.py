"""Every request leaves one line and is counted, however it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from smegraph.server.http.protocol import uvicorn_config
from smegraph.server.http.request_record import record_of
from smegraph.server.monitoring.logs import EventLog, LineWriter
from smegraph.server.monitoring.metrics import Metrics
from smegraph.server.monitoring.observe import Observed
from smegraph.server.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Hold

START = {"type": "http.response.start", "status": 200, "headers": []}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer, fail or go on for ever, as the path says."""
    if scope["type"] != "http":
        return
    record = record_of(scope)
    match scope["path"].strip("/"):
        case "query":
            record.operation, record.query = "query", "0123456789abcdef"
            record.cache, record.worker = "miss", 77
        case "late":
            record.operation, record.outcome = "query", "deadline-exceeded"
            await send({**START, "status": 504})
            await send({"type": "http.response.body", "body": b""})
            return
        case "missing":
            await send({**START, "status": 404})
            await send({"type": "http.response.body", "body": b""})
            return
        case "fail":
            raise ValueError("a secret")
        case "break":
            await send(START)
            await send({"type": "http.response.body", "body": b"ab", "more_body": True})
            raise ValueError("a secret")
        case "endless":
            await send(START)
            while (await _next(receive)) != "http.disconnect":
                part = {"type": "http.response.body", "body": b"x" * 100, "more_body": True}
                await send(part)
            return
    await send(START)
    await send({"type": "http.response.body", "body": b"abc"})


async def _next(receive: Receive) -> str:
    try:
        return str((await asyncio.wait_for(receive(), 0.01))["type"])
    except TimeoutError:
        return ""


class Service:
    """A running server with its log and its metrics."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._reading = reading
        self.metrics = Metrics()
        self.log = EventLog(LineWriter(writing, prompt=True))
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        app = Observed(application, self.log, self.metrics)
        self.server = uvicorn.Server(uvicorn_config(app, Settings(stop_timeout=1), app.refused))
        named = {"sockets": [listener]}
        self.thread = threading.Thread(target=self.server.run, kwargs=named, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def line(self) -> dict[str, Any]:
        """The next line of the log."""
        text = b""
        deadline = time.monotonic() + 30
        while not text.endswith(b"\n"):
            assert time.monotonic() < deadline, text
            try:
                text += os.read(self._reading, 1)
            except BlockingIOError:
                time.sleep(0.01)
        found: dict[str, Any] = json.loads(text)
        return found

    def get(self, path: str, **named: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=60, **named)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.should_exit = True
    made.thread.join(60)


def test_a_query_leaves_one_line_without_its_text(service: Service) -> None:
    begun = time.perf_counter()
    service.get("/query?query=SELECT", headers={"User-Agent": "a\tb"})
    line = service.line()
    assert line.pop("time")
    assert 0 <= line.pop("duration_ms") <= (time.perf_counter() - begun) * 1000
    assert line == {
        "level": "info", "event": "request", "method": "GET", "path": "/query", "status": 200,
        "bytes": 3, "client": "127.0.0.1", "operation": "query", "outcome": "ok",
        "query": "0123456789abcdef", "cache": "miss", "worker": 77,
        "user_agent": "a\tb",
    }  # fmt: skip


def test_a_page_leaves_a_line_too(service: Service) -> None:
    service.get("/")
    assert service.line()["operation"] == "page"


def test_an_error_of_which_nobody_says_more_is_no_success(service: Service) -> None:
    service.get("/missing")
    assert service.line()["outcome"] == "refused"


def test_what_the_endpoint_says_of_the_outcome_stands(service: Service) -> None:
    service.get("/late")
    line = service.line()
    assert (line["status"], line["outcome"]) == (504, "deadline-exceeded")


def test_a_failure_is_a_problem_without_its_text(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = service.get("/fail")
    assert response.status_code == 500
    assert response.json()["type"].endswith("/internal-error")
    assert "secret" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"
    line = service.line()
    assert (line["status"], line["outcome"]) == (500, "internal-error")


def test_a_failure_after_the_first_byte_breaks_the_transfer(service: Service) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        service.get("/break")
    line = service.line()
    assert (line["status"], line["bytes"], line["outcome"]) == (200, 2, "broken")


def test_a_client_that_leaves_is_told_apart(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as client:
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(10)
    assert service.line()["outcome"] == "client-gone"


def test_what_is_no_request_leaves_a_line_too(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert client.recv(1000)
    line = service.line()
    assert (line["status"], line["operation"], line["outcome"]) == (400, "protocol", "refused")
    text = service.metrics.exposition()[0].decode()
    assert 'smegraph_http_requests_total{operation="protocol",status="400"} 1.0' in text


def test_the_same_is_counted(service: Service) -> None:
    service.get("/query")
    service.line()
    text = service.metrics.exposition()[0].decode()
    assert 'smegraph_http_requests_total{operation="query",status="200"}' in text
    assert 'smegraph_http_failures_total{operation="page",outcome="client-gone"}' in text


def test_long_names_are_cut(service: Service) -> None:
    service.get("/" + "a" * 5000, headers={"User-Agent": "b" * 5000})
    line = service.line()
    assert (len(line["path"]), len(line["user_agent"])) == (256, 256)


@pytest.mark.timed
def test_it_takes_little_time(hold: Hold) -> None:
    log = EventLog(LineWriter(os.open(os.devnull, os.O_WRONLY)))

    async def receive() -> Any: ...

    async def send(message: Any) -> None: ...

    async def many(app: Any) -> float:
        began = time.process_time()
        for _ in range(5000):
            scope = {"type": "http", "method": "GET", "path": "/query", "headers": []}
            await app(scope, receive, send)
        return (time.process_time() - began) / 5000

    async def both() -> float:
        return await many(Observed(application, log, Metrics())) - await many(application)

    hold("the observation of a request", asyncio.run(both()), 150e-6)
