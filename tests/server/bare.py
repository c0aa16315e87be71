"""A server for one ASGI application, where a test brings an engine or a writer of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from smegraph.server import Settings
from smegraph.server.http.protocol import uvicorn_config


@contextmanager
def serving(app: ASGIApp) -> Iterator[httpx.Client]:
    """A client of an application on a free port of this machine."""

    async def only_http(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn_config(only_http, Settings(port=0))
    config.lifespan = "off"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.005)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=60) as http:
        yield http
    server.should_exit = True
    thread.join(60)
