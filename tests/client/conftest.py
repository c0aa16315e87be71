"""A small release, the service that answers for it, and a service that says what it is told to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import smegraph
from smegraph.client import Connection
from tests.server.conftest import answering, write_release

JSON = "application/sparql-results+json"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def address(release: Path) -> Iterator[str]:
    """The address of a real service of the release."""
    with answering(dataset=release) as http:
        yield str(http.base_url)


@pytest.fixture(scope="session")
def local(release: Path) -> Iterator[Connection]:
    with smegraph.connect(release) as connection:
        yield connection


@pytest.fixture(scope="session")
def remote(address: str) -> Iterator[Connection]:
    with smegraph.connect(address) as connection:
        yield connection


class Asked:
    """One request as the service got it."""

    def __init__(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ")
        self.headers = dict(field.lower().split(": ", 1) for field in fields)
        self.body = body.decode()

    @property
    def parameters(self) -> list[tuple[str, str]]:
        encoded = self.body if self.method == "POST" else self.target.partition("?")[2]
        return parse_qsl(encoded)


class Service:
    """Answers `ASK {}` as an endpoint does, and each other request with the next of `replies`."""

    def __init__(self, replies: list[bytes], probe: bytes) -> None:
        self.asked: list[Asked] = []
        self._replies, self._probe = [*replies], probe
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/sparql"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        raw = b""
        while not _is_whole(raw):
            if not (part := connection.recv(65536)):
                return
            raw += part
        asked = Asked(raw)
        if asked.parameters == [("query", "ASK {}")]:
            connection.sendall(self._probe)
            return
        self.asked.append(asked)
        connection.sendall(self._replies.pop(0))

    def close(self) -> None:
        with suppress(OSError):  # closed before
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _is_whole(raw: bytes) -> bool:
    head, end, body = raw.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    return bool(end) and len(body) >= sum(lengths)


def reply(
    body: str, media_type: str = JSON, status: int = 200, missing: int = 0, **fields: str
) -> bytes:
    """A response; `missing` bytes of its body are announced and do not come."""
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(len(body.encode()) + missing),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n{body}".encode()


def problem(kind: str, status: int, detail: str = "Why.", **members: object) -> bytes:
    """A refusal as smegraph makes it; a header goes by its name with a capital."""
    headers = {name: str(value) for name, value in members.items() if name[0].isupper()}
    told = {name: value for name, value in members.items() if name not in headers}
    body = {"type": f"https://w3id.org/smegraph/problem/{kind}", "detail": detail, **told}
    return reply(json.dumps(body), PROBLEM, status, **headers)


TRUE = reply('{"head": {}, "boolean": true}')
ONE_ROW = (
    '{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "1"}}]}}'
)

Say = Callable[..., tuple[Service, Connection]]


@pytest.fixture
def say() -> Iterator[Say]:
    """Makes a service that gives these replies, and a connection to it."""
    with ExitStack() as stack:

        def make(
            *replies: bytes, probe: bytes = TRUE, **options: object
        ) -> tuple[Service, Connection]:
            service = Service([*replies], probe)
            stack.callback(service.close)
            connection = smegraph.connect(service.address, **options)  # type: ignore[arg-type]
            return service, stack.enter_context(connection)

        yield make
