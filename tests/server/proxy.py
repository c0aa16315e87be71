"""A real reverse proxy before a service, which puts it below a path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.types import Receive, Scope, Send

from tests.server.asgi_client import client_of
from tests.server.conftest import answering

_OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding"}


class Proxy:
    """Passes on what is asked below its prefix; `strips` says whether it takes the prefix off.

    What is asked elsewhere is kept in `outside`, and what was answered 400 or more in `failed`.
    """

    def __init__(self, prefix: str, *, strips: bool, passes_host: bool = True) -> None:
        self.prefix, self.strips, self.passes_host = prefix, strips, passes_host
        self.upstream = ""
        self.outside: list[str] = []
        self.failed: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # It has no lifespan.
        raw = scope["raw_path"].decode("ascii")
        if not f"{raw}/".startswith(f"{self.prefix}/"):
            self.outside.append(raw)
            await _send(send, 404, [], b"nothing of the service lies here")
            return
        below = raw.removeprefix(self.prefix) or "/" if self.strips else raw
        query = scope["query_string"].decode("ascii")
        response = await self._ask(scope, below + (f"?{query}" if query else ""), receive)
        if response.status_code >= 400:
            self.failed.append(f"{response.status_code} {raw}")
        headers = [(k.lower(), v) for k, v in response.headers.raw]
        await _send(send, response.status_code, headers, response.extensions["raw"])

    async def _ask(self, scope: Scope, target: str, receive: Receive) -> httpx.Response:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        dropped = {*_OF_ONE_CONNECTION, *([] if self.passes_host else ["host"])}
        headers = [(k, v) for k, v in scope["headers"] if k.decode() not in dropped]
        async with httpx.AsyncClient(timeout=60) as client:
            request = client.build_request(
                scope["method"], self.upstream + target, headers=headers, content=body
            )
            response = await client.send(request, stream=True)
            response.extensions["raw"] = b"".join([part async for part in response.aiter_raw()])
            await response.aclose()
        return response


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    kept = [(k, v) for k, v in headers if k.decode() not in _OF_ONE_CONNECTION]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def behind(proxy: Proxy, **settings: Any) -> Iterator[httpx.Client]:
    """A client of a real service that the proxy puts below its prefix, at that address."""
    with client_of(proxy) as outside:
        address = str(outside.base_url).rstrip("/") + proxy.prefix
        with answering(**{"base_url": address, **settings}) as upstream:
            proxy.upstream = str(upstream.base_url).rstrip("/")
            with httpx.Client(base_url=address, timeout=60) as http:
                yield http


def origin_of(http: httpx.Client) -> str:
    """The scheme, host and port of a client's service."""
    parts = urlsplit(str(http.base_url))
    return f"{parts.scheme}://{parts.netloc}"
