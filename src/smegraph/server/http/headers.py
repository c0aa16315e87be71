"""The headers of every response, which scripts on other sites and careful browsers need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The graph is public and there are no cookies, so any site may read it (Fetch standard §3.2). Where
# the settings say otherwise, `cross_origin` takes these away. Not all browsers know the second "*".
_CORS: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "*, Age, Allow, ETag, Location, Retry-After, Smegraph-Hint, WWW-Authenticate, X-Cache"
    ),
}

_SECURITY: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

STANDARD_HEADERS: Final[Mapping[str, str]] = {**_CORS, **_SECURITY}

RawHeader: TypeAlias = tuple[bytes, bytes]

PAGE_METHODS: Final = "GET, HEAD, OPTIONS"


def raw_headers(headers: Mapping[str, str]) -> list[RawHeader]:
    """Return headers as an ASGI message takes them: names in lower case, all in bytes."""
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


# Decision 024: docs/decisions/024-front-process.md
RAW_STANDARD_HEADERS: Final = tuple(raw_headers(STANDARD_HEADERS))


def options_headers(allow: str) -> dict[str, str]:
    """Return what OPTIONS answers, `allow` being the methods (RFC 9110 §9.3.7, Fetch §3.2.2).

    "*" does not stand for Authorization, so that has to be said.
    """
    return {
        **STANDARD_HEADERS,
        "Allow": allow,
        "Access-Control-Allow-Methods": allow,
        "Access-Control-Allow-Headers": "*, Authorization, Content-Type, If-Match, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


async def send_empty(send: Send, status: int, headers: Iterable[RawHeader]) -> None:
    """Send a response without a body; `headers` are all that it has."""
    await send({"type": "http.response.start", "status": status, "headers": [*headers]})
    await send({"type": "http.response.body", "body": b""})


_PREFLIGHT: Final = options_headers(PAGE_METHODS)


class StandardHeaders:
    """ASGI middleware: answers OPTIONS, and adds `STANDARD_HEADERS` where they are missing."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in STANDARD_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
