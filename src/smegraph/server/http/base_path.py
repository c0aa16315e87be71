"""The path below which clients see the service, where a proxy puts it below one."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT: Final = "/:@!$&'()*+,;=~"  # beside letters and digits, what stands in a path as it is


def path_of(base_url: str | None) -> str:
    """Return the path of an address, without a slash at its end.

    >>> path_of("https://example.org/firms-abroad"), path_of("https://example.org"), path_of(None)
    ('/firms-abroad', '', '')
    """
    return urlsplit(base_url).path.rstrip("/") if base_url else ""


# Decision 057: docs/decisions/057-base-path.md
class BelowBasePath:
    """ASGI wrapper: takes the base path off a request that has it.

    So both kinds of proxy are served: one that takes the path off itself, and one that keeps it.
    What lies behind sees the paths that it has without a proxy.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        """Wrap `app`; `path` as `path_of` returns it, and not empty."""
        self._app = app
        self._segments = [unquote(segment) for segment in path.split("/")]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        if scope["type"] == "http":
            scope = self._below(scope)
        return self._app(scope, receive, send)

    def _below(self, scope: Scope) -> Scope:
        raw = scope.get("raw_path") or quote(scope["path"], safe=_KEPT).encode("ascii")
        segments = raw.decode("latin-1").split("/")
        count = len(self._segments)
        if [unquote(segment) for segment in segments[:count]] != self._segments:
            return scope
        rest = "/" + "/".join(segments[count:])
        return {**scope, "path": unquote(rest), "raw_path": rest.encode("latin-1")}


def as_clients_see(scope: Scope, base_url: str) -> Scope:
    """Return a request as if it had come to the address of the service that clients see.

    So what is made from it, such as the address that a redirect leads to, is right for them.
    """
    parts = urlsplit(base_url)
    root = unquote(path_of(base_url))
    others = [field for field in scope["headers"] if field[0] != b"host"]
    return {
        **scope,
        "scheme": parts.scheme,
        "root_path": root,
        "path": root + scope["path"],
        "headers": [(b"host", parts.netloc.encode("ascii")), *others],
    }
