"""What a client may send and how long it may take, asked with raw sockets."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import uvicorn
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from smegraph.server.http import protocol
from smegraph.server.http.headers import STANDARD_HEADERS
from smegraph.server.http.limits import Connections
from smegraph.server.http.protocol import allow_files, uvicorn_config
from smegraph.server.settings import Settings

GET = b"GET /done HTTP/1.1\r\nHost: x\r\n"


@dataclass
class Service:
    """A running server, and what it tells of refused requests."""

    port: int
    connections: Connections | None = None
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    errors: list[BaseException | None] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the path says: at once, after the body, after a wait, or without an end."""
        if scope["type"] != "http":
            return
        self.scopes.append(scope)
        name = scope["path"].strip("/")
        if name == "read":
            self.bodies.append(await self._read(receive))
        elif name == "wait":
            await receive()
            while not self.go_on.is_set():
                await asyncio.sleep(0.01)
        elif name == "endless":
            await self._stream(send)
        elif name == "lost":
            await self._lose(receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": name.encode()})

    async def _read(self, receive: Receive) -> bytes:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return b"(left)"
            body += message["body"]
            if not message["more_body"]:
                return body

    async def _lose(self, receive: Receive, send: Send) -> None:
        """Answer when the client has gone."""
        while (await receive())["type"] != "http.disconnect":
            pass
        length = [(b"content-length", b"2")]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": length})
            await send({"type": "http.response.body", "body": b"ab"})
        finally:
            self.errors.append(sys.exc_info()[1])
            self.left.set()

    async def _stream(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not self.go_on.is_set():
            part = {"type": "http.response.body", "body": b"x" * 65536, "more_body": True}
            await send(part)
            await asyncio.sleep(0)  # It does not wait when the client has gone.

    @contextmanager
    def connect(self) -> Iterator[socket.socket]:
        """A connection whose reads fail rather than wait for ever."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as client:
            yield client

    def ask(self, *parts: bytes) -> bytes:
        """What comes back for some bytes until the server closes the connection."""
        with self.connect() as client:
            for part in parts:
                client.sendall(part)
            return read_all(client)


def read_all(client: socket.socket) -> bytes:
    """Everything until the other side closes; being cut off after it counts as closing."""
    found = b""
    with suppress(ConnectionResetError):
        while part := client.recv(65536):
            found += part
    return found


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The last part of the problem's type."""
        return str(json.loads(self.body)["type"]).rsplit("/", 1)[1]


def parse(raw: bytes) -> Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Response(int(first.split()[1]), {key.lower(): value for key, value in pairs}, body)


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds, for a minute at most."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it does not come to hold"
        time.sleep(0.01)


Start = Callable[..., Service]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Starts a service with some settings."""
    running: list[tuple[uvicorn.Server, threading.Thread, Service]] = []

    def started(**settings: Any) -> Service:
        listener = socket.create_server(("127.0.0.1", 0))
        service = Service(listener.getsockname()[1])

        def refused(*told: Any) -> None:
            service.refused.append(told)

        config = uvicorn_config(service.app, Settings(stop_timeout=1, **settings), refused)
        service.connections = config.http.shared  # type: ignore[union-attr]
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        running.append((server, thread, service))
        return service

    yield started
    for server, _, service in running:
        service.go_on.set()
        server.should_exit = True
    for _, thread, _ in running:
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def service(start: Start) -> Service:
    """One with the limits as they are by default."""
    return start()


HASTE = dict.fromkeys(("body_timeout", "send_timeout", "keep_alive"), 0.4)


@pytest.fixture(scope="module")
def hasty(start: Start) -> Service:
    """One that waits for nobody."""
    return start(**HASTE, header_timeout=1.0)


@pytest.fixture(scope="module")
def patient(start: Start) -> Service:
    """One that waits for headers only."""
    return start(**HASTE)


# ------------------------------------------------------------------ what is refused

LONG = b"a" * 20_000
REFUSED = {
    "a long address": (b"GET /" + LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri-too-long"),
    "a long address that never ends": (b"GET /" + LONG, 414, "uri-too-long"),
    "a large header": (GET + b"A: " + LONG * 2 + b"\r\n\r\n", 431, "headers-too-large"),
    "a header that never ends": (GET + b"A: " + LONG * 40, 431, "headers-too-large"),
    "too many fields": (GET + b"A: b\r\n" * 101 + b"\r\n", 431, "headers-too-large"),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "refused"),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400, "refused"),
    "two Hosts": (GET + b"Host: y\r\n\r\n", 400, "refused"),
    "NUL in a header": (GET + b"A: b\0c\r\n\r\n", 400, "refused"),
    "a bare CR in a header": (GET + b"A: b\rc\r\n\r\n", 400, "refused"),
    "a space before the colon": (GET + b"A : b\r\n\r\n", 400, "refused"),
    "bytes beyond ASCII in the address": (
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "refused",
    ),
    "a connection to elsewhere": (
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "refused",
    ),
    "a length and chunks": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked"
        b"\r\n\r\n0\r\n\r\n", 400, "refused",
    ),
    "two lengths": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        400, "refused",
    ),
    "a length that is no number": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 400, "refused",
    ),
    "a transfer coding besides chunks": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\nabc",
        400, "refused",
    ),
    "a bad chunk": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        400, "refused",
    ),
    "a chunk longer than any": (
        b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"fffffffffffffffff\r\n", 400, "refused",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_problem(service: Service, name: str) -> None:
    sent, status, kind = REFUSED[name]
    response = parse(service.ask(sent))
    assert (response.status, response.kind) == (status, kind)
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.headers["connection"] == "close"
    assert "date" in response.headers
    assert {key.lower() for key in STANDARD_HEADERS} <= set(response.headers)
    assert service.refused[-1] == (status, kind, "127.0.0.1")


PIECES = st.sampled_from(
    [b"GET / HTTP/1.1\r\n", b"POST /read HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n",
     b"Content-Length: 5\r\n",
     b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"Upgrade: h2c\r\n",
     b"3\r\nabc\r\n",
     b"Connection: Upgrade\r\n", b"Expect: 100-continue\r\n", b"0\r\n\r\n", b"abcde", b"\0", b":"]
)  # fmt: skip


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(st.lists(PIECES | st.binary(max_size=20), max_size=12).map(b"".join))
def test_whatever_comes_is_answered_in_http_or_not_at_all(service: Service, sent: bytes) -> None:
    with service.connect() as client, suppress(ConnectionResetError):
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        answer = read_all(client)
        assert not answer or answer.startswith(b"HTTP/1.")
        assert b"HTTP/1.1 500" not in answer
    assert parse(service.ask(GET + b"Connection: close\r\n\r\n")).status == 200


def test_no_text_of_the_request_comes_back_in_a_refusal(service: Service) -> None:
    assert b"secret" not in service.ask(GET + b"secret : <script>\r\n\r\n")


def test_a_refusal_arrives_although_the_client_goes_on_sending(service: Service) -> None:
    with service.connect() as client:
        client.sendall(b"GET /" + LONG)
        for _ in range(50):
            client.sendall(b"a" * 65536)
        assert parse(read_all(client)).status == 414


def test_a_request_in_pieces_is_put_together(service: Service) -> None:
    with service.connect() as client:
        for byte in GET + b"Connection: close\r\n\r\n":
            client.sendall(bytes([byte]))
        assert parse(read_all(client)).body.endswith(b"done\r\n0\r\n\r\n")


def test_large_headers_within_the_limit_are_taken(service: Service) -> None:
    sent = GET + b"A: " + b"a" * 32_000 + b"\r\nConnection: close\r\n\r\n"
    assert parse(service.ask(sent[:20_000], sent[20_000:])).status == 200


def test_headers_are_counted_anew_for_each_request(service: Service) -> None:
    one = GET + b"A: " + b"a" * 15_000 + b"\r\n"
    answer = service.ask(*[one + b"\r\n"] * 5, one + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 6


def test_a_refusal_waits_for_the_responses_before_it(service: Service) -> None:
    answer = service.ask(GET + b"\r\n" + GET + b"\r\n" + b"nonsense\r\n\r\n")
    statuses = [line[9:12] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert statuses == [b"200", b"200", b"400"]


def test_a_broken_body_ends_the_request_that_waits_for_it(service: Service) -> None:
    service.left.clear()
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    with service.connect() as client:
        client.sendall(head)
        time.sleep(0.05)
        client.sendall(b"nonsense\r\n")
        assert parse(read_all(client)).status == 400
    assert service.left.wait(30)


def test_too_many_requests_ahead_are_refused(service: Service) -> None:
    connections = service.connections
    assert connections is not None
    with service.connect() as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + (GET + b"\r\n") * 2000)
        until(lambda: [one for one in [*connections.open] if one._refusal])  # type: ignore[attr-defined]
        service.go_on.set()
        answer = read_all(client)
    service.go_on.clear()
    assert answer.count(b"HTTP/1.1 200 OK") == 65
    assert answer.count(b"HTTP/1.1 400") == 1


# ------------------------------------------------------------------ what is taken


def test_an_absolute_target_is_taken_by_its_path(service: Service) -> None:
    target = b"GET http://x/done?query=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert parse(service.ask(target)).status == 200
    scope = service.scopes[-1]
    assert (scope["path"], scope["query_string"]) == ("/done", b"query=a")


def test_an_absolute_target_without_a_path_means_the_root(service: Service) -> None:
    service.ask(b"GET http://x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert service.scopes[-1]["path"] == "/"


def test_options_may_ask_of_the_whole_server(service: Service) -> None:
    answer = service.ask(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert parse(answer).status == 200


def test_http_1_0_needs_no_host(service: Service) -> None:
    assert parse(service.ask(b"GET /done HTTP/1.0\r\n\r\n")).status == 200


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_an_upgrade_is_answered_in_http_1_1(service: Service, protocol: bytes) -> None:
    # Java's client offers h2c with its first request, as Jena and RDF4J do.
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol
    first = GET + upgrade + b"\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    answer = service.ask(first + GET + b"\r\n", GET + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_an_upgrade_with_a_body_keeps_its_body(service: Service) -> None:
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
    service.ask(head + b"Content-Length: 3\r\n\r\nabc" + GET + b"Connection: close\r\n\r\n")
    assert service.bodies[-1] == b"abc"


def test_a_body_is_asked_for_when_it_is_wanted(service: Service) -> None:
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with service.connect() as client:
        client.sendall(head)
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert parse(read_all(client)).status == 200
    assert service.bodies[-1] == b"abc"


def test_after_an_answer_without_the_expected_body_the_connection_ends(service: Service) -> None:
    head = b"POST /done HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\n"
    answer = parse(service.ask(head))
    assert (answer.status, answer.headers["connection"]) == (200, "close")


def test_trailers_do_not_become_headers(service: Service) -> None:
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    service.ask(head + b"Connection: close\r\n\r\n0\r\nAuthorization: Bearer a\r\n\r\n")
    assert b"authorization" not in dict(service.scopes[-1]["headers"])


# ------------------------------------------------------------------ how long it takes


def test_slow_headers_are_given_up(hasty: Service) -> None:
    assert parse(hasty.ask(GET)).kind == "request-timeout"


def test_headers_that_trickle_are_given_up(hasty: Service) -> None:
    with hasty.connect() as client:
        client.sendall(b"GET /")
        client.settimeout(0.05)
        answer = b""
        end = time.monotonic() + 60
        while not answer and time.monotonic() < end:
            client.sendall(b"a")
            with suppress(TimeoutError):
                answer = client.recv(65536)
    assert parse(answer).kind == "request-timeout"


def test_a_connection_that_asks_nothing_is_closed_without_a_word(hasty: Service) -> None:
    assert hasty.ask() == b""


def test_empty_lines_keep_no_connection_open(patient: Service) -> None:
    with patient.connect() as client:
        client.sendall(GET + b"\r\n")
        client.settimeout(0.1)
        until(lambda: is_closed_by_another_line(client))


def is_closed_by_another_line(client: socket.socket) -> bool:
    try:
        client.sendall(b"\r\n")
        return not client.recv(65536)
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_slow_body_is_given_up(hasty: Service) -> None:
    hasty.left.clear()
    answer = hasty.ask(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
    assert parse(answer).kind == "request-timeout"
    assert hasty.left.wait(30)


def test_a_body_that_was_not_waited_for_is_given_up(hasty: Service) -> None:
    with hasty.connect() as client:
        client.sendall(b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        assert parse(read_all(client)).status == 408


def test_each_request_of_a_pipeline_learns_that_its_client_has_gone(service: Service) -> None:
    service.left.clear()
    with service.connect() as client:
        done = GET + b"\r\n"
        client.sendall(done + b"GET /lost HTTP/1.1\r\nHost: x\r\n\r\n" + done)
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
    assert service.left.wait(30)
    assert service.errors == [None]


def test_a_slow_answer_is_waited_for(patient: Service) -> None:
    with patient.connect() as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(1)
        patient.go_on.set()
        assert parse(read_all(client)).status == 200
    patient.go_on.clear()


def test_a_client_that_takes_nothing_is_given_up(hasty: Service) -> None:
    connections = hasty.connections
    assert connections is not None
    with hasty.connect() as client:
        until(lambda: connections.open)
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: not connections.open)
        received = read_all(client)
    assert 0 < len(received) < 2**24
    assert not received.endswith(b"0\r\n\r\n")


def test_an_endless_body_that_nobody_reads_is_cut_off(service: Service) -> None:
    head = b"POST /done HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = 0
    end = time.monotonic() + 60
    with service.connect() as client, suppress(OSError):
        client.sendall(head)
        while time.monotonic() < end:
            client.sendall(chunk)
            sent += len(chunk)
            time.sleep(0.01 if sent > 2**27 else 0)
    assert time.monotonic() < end
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_a_body_waits_outside_while_nobody_reads_it(service: Service) -> None:
    with service.connect() as client:
        client.sendall(b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        client.settimeout(0.5)
        sent = 0
        with suppress(TimeoutError):
            while sent < 99999999:
                sent += client.send(b"x" * 65536)
    assert sent < 2**24  # no more than the buffers of the two sockets take


# ------------------------------------------------------------------ how many


def answers_again(service: Service) -> bool:
    """Whether a request is answered as soon as the server has noticed who left."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = service.ask(GET + b"Connection: close\r\n\r\n")
        if answer and parse(answer).status == 200:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was refused is not cut off."""
    monkeypatch.setattr(protocol, "_LINGER", 3600.0)


@pytest.mark.usefixtures("lingering")
def test_one_connection_too_many_is_answered_at_once(start: Start) -> None:
    small = start(connections=2)
    with small.connect() as one, small.connect() as two:
        for client in (one, two):
            client.sendall(GET + b"\r\n")
            assert parse(client.recv(65536)).status == 200
        refused = parse(small.ask(GET + b"\r\n"))
        assert (refused.status, refused.kind) == (503, "overloaded")
        assert refused.headers["retry-after"] == "1"
        one.sendall(GET + b"\r\n")
        assert parse(one.recv(65536)).status == 200
    assert answers_again(small)


@pytest.mark.usefixtures("lingering")
def test_refused_connections_that_stay_take_no_room(start: Start) -> None:
    small = start(connections=1)
    kept = [socket.create_connection(("127.0.0.1", small.port)) for _ in range(6)]
    until(lambda: len(small.refused) == 5)
    kept[0].close()
    found = answers_again(small)
    for client in kept[1:]:
        client.close()
    assert found


def test_there_are_files_for_the_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
        assert allow_files(200) == 656
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (656, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_files_are_not_taken_away(tmp_path: Path) -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allow_files(1) == soft


# ------------------------------------------------------------------ whom it is for


@pytest.mark.parametrize(
    "host", [b"a b", b"a/b", b"a?b", b"u@h", b"[::1", b"a:b:c", b"a:999999", b"a:-1", b"%zz"]
)
def test_what_is_no_host_is_refused(service: Service, host: bytes) -> None:
    """RFC 9112 §3.2."""
    answer = parse(service.ask(b"GET /done HTTP/1.1\r\nHost: %b\r\n\r\n" % host))
    assert (answer.status, answer.kind) == (400, "refused")


@pytest.mark.parametrize(
    ("target", "host", "expected"),
    [
        (b"/done", b"x", b"x"),
        (b"/done", b"", b""),
        (b"/done", b"EXAMPLE.org:80", b"example.org:80"),
        (b"/done", b"[::1]:8000", b"[::1]:8000"),
        (b"http://Other.example:99/done", b"x", b"other.example:99"),
        (b"http://other.example/done", b"x", b"other.example"),
        (b"http://[::1]:99/done", b"x", b"[::1]:99"),
        (b"*", b"x", b"x"),
    ],
)
def test_a_request_is_for_the_host_of_its_target(
    service: Service, target: bytes, host: bytes, expected: bytes
) -> None:
    """RFC 9112 §3.2.2: that of a whole address is the one that counts."""
    method = b"OPTIONS" if target == b"*" else b"GET"
    request = b"%b %b HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n"
    assert parse(service.ask(request % (method, target, host))).status == 200
    hosts = [value for name, value in service.scopes[-1]["headers"] if name == b"host"]
    assert hosts == [expected]


def test_an_unknown_method_is_not_allowed(service: Service) -> None:
    answer = parse(service.ask(b"BREW /done HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert (answer.status, answer.kind) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


def test_an_unknown_transfer_coding_is_told(service: Service) -> None:
    """RFC 9112 §6.1."""
    head = b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    answer = parse(service.ask(head + b"0\r\n\r\n"))
    assert (answer.status, answer.kind) == (501, "unknown-transfer-coding")


def test_a_client_of_http_1_0_is_not_told_to_continue(service: Service) -> None:
    """RFC 9110 §10.1.1, §15.2."""
    head = b"POST /read HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert service.ask(head + b"ab").startswith(b"HTTP/1.1 200")
    assert service.bodies[-1] == b"ab"
