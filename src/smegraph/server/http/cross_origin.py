"""Which sites' pages may read what the service answers (Fetch standard §3.2, CORS)."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smegraph.server.http.headers import RawHeader

_FIELDS: Final = b"access-control-"
_ALLOW_ORIGIN: Final = b"access-control-allow-origin"
_RESOURCE_POLICY: Final = b"cross-origin-resource-policy"


def closed(headers: Iterable[RawHeader]) -> list[RawHeader]:
    """Return the headers of a response as they are where no other site may read it."""
    return [
        (name, b"same-origin") if name == _RESOURCE_POLICY else (name, value)
        for name, value in headers
        if not name.startswith(_FIELDS)
    ]


# Decision 058: docs/decisions/058-who-may-read.md
class OnlyOrigins:
    """ASGI wrapper: lets pages of these origins read what is answered, and no others.

    What lies behind answers as for everybody (`STANDARD_HEADERS`), and is not wrapped where
    everybody may read. Credentials that a browser keeps are never allowed.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        """Wrap `app`; without any origin no page of another site may read."""
        self._app = app
        self._origins = frozenset(origin.encode("ascii") for origin in origins)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        given = [value for name, value in scope["headers"] if name == b"origin"]
        known = given[0] if len(given) == 1 and given[0] in self._origins else None
        return self._app(scope, receive, _Response(send, known, bool(self._origins)).send)


class _Response:
    """One response, of which the headers are changed as it is sent."""

    __slots__ = ("_origin", "_send_on", "_varies")

    def __init__(self, send_on: Send, origin: bytes | None, varies: bool) -> None:
        self._send_on, self._origin, self._varies = send_on, origin, varies

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._headers(message["headers"])}
        await self._send_on(message)

    @property
    def disconnected(self) -> Any:
        """Whether the client has left, where the server knows; `monitoring.observe` asks."""
        return getattr(self._send_on, "__self__", None).disconnected  # type: ignore[union-attr]

    def _headers(self, headers: Iterable[RawHeader]) -> list[RawHeader]:
        found = [(bytes(name).lower(), bytes(value)) for name, value in headers]
        kept = closed(found)
        if self._origin is not None:
            cross = [field for field in found if field[0].startswith(_FIELDS)]
            kept += [field for field in cross if field[0] != _ALLOW_ORIGIN]
            kept.append((_ALLOW_ORIGIN, self._origin))
        return _varying(kept) if self._varies else kept


def _varying(headers: list[RawHeader]) -> list[RawHeader]:
    """Return headers that tell caches to keep an answer for each origin (RFC 9110 §12.5.5)."""
    vary = [value for name, value in headers if name == b"vary"]
    others = [field for field in headers if field[0] != b"vary"]
    return [*others, (b"vary", b", ".join([*vary, b"Origin"]))]
