"""Access to what changes a dataset: the bearer tokens of requests (RFC 6750)."""

from __future__ import annotations

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
_HELP: Final = "Send one as `Authorization: Bearer …`; `smegraph token` makes them."


class Access(Protocol):
    """What knows the tokens."""

    def require(self, scope: Scope, permission: Permission) -> None:
        """Return when the request's bearer token gives the permission (RFC 6750 §2.1).

        Raises HttpProblem: `unauthorized` (401) without a token or with one that is unknown,
        `forbidden` (403) with one that lacks the permission.
        """


class TokenAccess:
    """The tokens of one dataset, as the endpoints ask for them."""

    def __init__(self, folder: Path, is_there: Callable[[], bool] = lambda: True) -> None:
        """Take the folder of the dataset; what is revoked there is refused at once.

        `is_there` says whether the folder holds the dataset, and so its tokens.
        """
        self._file, self._is_there = TokenFile(folder), is_there

    def require(self, scope: Scope, permission: Permission) -> None:
        """Return when the request's bearer token gives the permission (RFC 6750 §2.1).

        Raises HttpProblem: `unauthorized` (401) without a token or with one that is unknown,
        `forbidden` (403) with one that lacks the permission, `tokens-unreadable` when the file of
        tokens is damaged, `dataset-gone` when it is not there.
        """
        token = bearer_token(scope)
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


def bearer_token(scope: Scope) -> str | None:
    """Return the token of the Authorization header; None when there is none of this scheme."""
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, token = values[0].decode("latin-1").partition(" ") if len(values) == 1 else ("",) * 3
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
