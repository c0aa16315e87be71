"""Other services on this machine, which answer as their tests tell them to."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

JSON = "application/sparql-results+json"
Respond = Callable[[socket.socket], None]


@dataclass
class OtherService:
    """A service, with the bodies that it was sent."""

    address: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def other_service(respond: bytes | Respond) -> Iterator[OtherService]:
    """A service that gives one response to everything, or does with a connection what it likes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = OtherService(f"http://127.0.0.1:{listener.getsockname()[1]}/sparql")

        def answer(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                found.asked.append(_body(connection))
                if isinstance(respond, bytes):
                    connection.sendall(respond)
                else:
                    respond(connection)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield found
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _body(connection: socket.socket) -> str:
    """The body of one request, which tells its length."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65536)
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0].split(b":")[1]):
        body += connection.recv(65536)
    return body.decode()


def response(body: str, media_type: str = JSON, status: str = "200 OK", **fields: str) -> bytes:
    lines = {"Content-Type": media_type, "Content-Length": str(len(body.encode())), **fields}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n{body}".encode()


def table(*values: str, kind: str = "literal", name: str = "a") -> str:
    """Results in JSON: one column of terms."""
    rows = [{name: {"type": kind, "value": value}} for value in values]
    return json.dumps({"head": {"vars": [name]}, "results": {"bindings": rows}})


def dead_address() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"


def never(connection: socket.socket) -> None:
    """Take the request, and say nothing as long as the other side is there."""
    connection.recv(1)


def dripping(beginning: bytes) -> Respond:
    """What begins, and then sends a byte now and then as long as the other side is there."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(beginning)
        pause = threading.Event()
        while not pause.wait(0.05):
            connection.sendall(b" ")

    return drip
