"""Say what went wrong to a program: problem details as RFC 9457 has them."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from smegraph.prefixes import BASE
from smegraph.server.headers import STANDARD_HEADERS

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = BASE + "problem/"

# Each kind's last part of the type IRI, which never changes; its status; its title.
KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed-query": (400, "The query is malformed"),
    "missing-query": (400, "There is no query"),
    "repeated-parameter": (400, "A parameter stands more than once"),
    "unknown-parameter": (400, "The parameter is unknown"),
    "unknown-format": (400, "The format is unknown"),
    "invalid-graph-name": (400, "A graph is not named by an absolute IRI"),
    "unsupported-function": (400, "The query calls a function that does not exist here"),
    "not-utf-8": (400, "The request is not in UTF-8"),
    "read-only": (403, "This service is read-only"),
    "federation-refused": (403, "Federated queries are refused"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "The method is not allowed"),
    "not-acceptable": (406, "No format that is offered is accepted"),
    "not-writable": (406, "The results cannot be written in this format"),
    "unsupported-media-type": (415, "The media type of the request is not supported"),
    "refused": (400, "The request is refused"),
    "internal-error": (500, "Something failed on this side"),
}

_log = logging.getLogger("smegraph.server")


class Problem(Exception):
    """A request that cannot be met; members beyond RFC 9457's go into `members`."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        """Take a key of `KINDS`, a sentence for a person, and further members and headers."""
        super().__init__(detail)
        self.kind, self.detail, self.members = kind, detail, members
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """Return the problem as a response (RFC 9457 §3)."""
        status, title = KINDS[self.kind]
        body = {"type": TYPES + self.kind, "title": title, "status": status, "detail": self.detail}
        return Response(
            json.dumps(body | self.members, ensure_ascii=False),
            status,
            headers={**STANDARD_HEADERS, "Cache-Control": "no-store", **self.headers},
            media_type=MEDIA_TYPE,
        )


def internal_error(error: BaseException) -> Problem:
    """Log an error with its trace under a new identifier, and return what the client may know."""
    identifier = str(uuid.uuid4())
    _log.error("internal error %s", identifier, exc_info=error)
    detail = f"The failure is logged here as {identifier}; ask the operator about it."
    return Problem("internal-error", detail, id=identifier)


_KIND_OF_STATUS: Final = {404: "not-found", 405: "method-not-allowed"}


async def http_error(request: Request, error: Exception) -> Response:
    """Return a framework's HTTP error (no such page, wrong method) as a problem."""
    status = int(getattr(error, "status_code", 500))
    kind = _KIND_OF_STATUS.get(status)
    if kind is None:
        return (
            Problem("refused", str(error)) if status < 500 else internal_error(error)
        ).response()
    headers = getattr(error, "headers", None)
    detail = f"{request.method} {request.url.path} is not answered here."
    return Problem(kind, detail, headers=headers).response()


async def unexpected_error(request: Request, error: Exception) -> Response:
    """Return an error that nobody foresaw without any of its text."""
    return internal_error(error).response()
