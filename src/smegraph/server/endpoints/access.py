"""Access to what changes a dataset: the bearer tokens of requests (RFC 6750)."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from starlette.types import Scope

from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.dataset.errors import TokensUnreadable
from smegraph.server.dataset.identity import GONE
from smegraph.server.dataset.interface import Permission
from smegraph.server.http.problems import HttpProblem

_log = logging.getLogger("smegraph.server")
_CHALLENGE: Final = 'Bearer realm="smegraph"'
_HELP: Final = (
    "Send one as `Authorization: Bearer …`, or as the password of HTTP Basic; `smegraph token` "
    "makes them."
)
_ORIGINS: Final = frozenset({b"origin", b"host", b"sec-fetch-site"})


class Access(Protocol):
    """What knows the tokens."""

    def require(self, scope: Scope, permission: Permission) -> None:
        """Return when the request's bearer token gives the permission (RFC 6750 §2.1).

        Raises HttpProblem: `unauthorized` (401) without a token or with one that is unknown,
        `forbidden` (403) with one that lacks the permission.
        """


class TokenAccess:
    """The tokens of one dataset, as the endpoints ask for them."""

    def __init__(
        self, folder: Path, is_there: Callable[[], bool] = lambda: True, own_host: str = ""
    ) -> None:
        """Take the folder of the dataset; what is revoked there is refused at once.

        `is_there` says whether the folder holds the dataset, and so its tokens; `own_host` is the
        host and port that clients see, where a proxy may send another.
        """
        self._file, self._is_there = TokenFile(folder), is_there
        self._own_host = own_host.encode("ascii")

    def require(self, scope: Scope, permission: Permission) -> None:
        """Return when the request's bearer token gives the permission (RFC 6750 §2.1).

        Raises HttpProblem: `unauthorized` (401) without a token or with one that is unknown,
        `forbidden` (403) with one that lacks the permission, `tokens-unreadable` when the file of
        tokens is damaged, `dataset-gone` when it is not there.
        """
        token = token_of(scope, self._own_host)
        if token is None:
            detail = f"This needs a token that permits {permission}. {_HELP}"
            raise HttpProblem("unauthorized", detail, headers={"WWW-Authenticate": _CHALLENGE})
        try:
            stored = self._file.find(token)
        except TokensUnreadable as error:
            _log.error("%s", error)
            raise HttpProblem(
                "tokens-unreadable", "Ask the operator: the log tells more."
            ) from error
        if stored is None and not self._is_there():
            raise HttpProblem("dataset-gone", GONE)
        if stored is None:
            challenge = f'{_CHALLENGE}, error="invalid_token"'
            detail = "The token is unknown here, or has been revoked."
            raise HttpProblem("unauthorized", detail, headers={"WWW-Authenticate": challenge})
        if permission not in stored.scopes:
            challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{permission}"'
            detail = f"This token permits {', '.join(stored.scopes)}, and not {permission}."
            raise HttpProblem("forbidden", detail, headers={"WWW-Authenticate": challenge})


def token_of(scope: Scope, own_host: bytes = b"") -> str | None:
    """Return the token of the Authorization header; None when it has none.

    It stands there as a bearer token, or as the password of HTTP Basic with any name (RFC 7617),
    which is what most SPARQL clients can send. A browser keeps the latter and sends it along with
    requests that other sites make, so those are refused: HttpProblem, `forbidden`. This site is the
    one of the Host header, or `own_host`.
    """
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, given = values[0].decode("latin-1").partition(" ") if len(values) == 1 else ("",) * 3
    given = given.strip()
    if scheme.lower() == "basic":
        given = _password(given)
        if given and _is_cross_site(scope, own_host):
            raise HttpProblem(
                "forbidden", "For another site's request a token stands behind `Bearer`."
            )
        return given or None
    return given if scheme.lower() == "bearer" and given else None


def _password(credentials: str) -> str:
    """Return the password of HTTP Basic; nothing where there is none (RFC 7617 §2)."""
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except ValueError:  # of either: UnicodeDecodeError and binascii.Error are such
        return ""
    return decoded.partition(":")[2]


def _is_cross_site(scope: Scope, own_host: bytes) -> bool:
    """Say whether a browser sends a request for a page of another origin (Fetch, §3.1 and §3.8)."""
    fields = {name: value for name, value in scope["headers"] if name in _ORIGINS}
    if fields.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
        return True
    origin = fields.get(b"origin")
    if origin is None:
        return False
    host = origin.partition(b"://")[2].lower()
    return not host or host not in (fields.get(b"host", b""), own_host)
