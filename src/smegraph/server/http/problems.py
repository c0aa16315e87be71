"""What went wrong, told to a program: problem details as RFC 9457 has them."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from smegraph.namespaces import BASE
from smegraph.server.http.headers import (
    PAGE_METHODS,
    RAW_STANDARD_HEADERS,
    STANDARD_HEADERS,
    RawHeader,
    raw_headers,
)

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = BASE + "problem/"

# Each kind's last part of the type IRI, which never changes; its status; its title.
KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed-query": (400, "The query is malformed"),
    "malformed-update": (400, "The update is malformed"),
    "malformed-graph": (400, "The graph is malformed"),
    "missing-query": (400, "There is no query"),
    "missing-update": (400, "There is no update"),
    "repeated-parameter": (400, "A parameter stands more than once"),
    "unknown-parameter": (400, "The parameter is unknown"),
    "invalid-parameter": (400, "A parameter has a value that there is not"),
    "conflicting-parameters": (400, "The parameters do not go together"),
    "dataset-conflict": (400, "Both the request and the update name a dataset"),
    "invalid-timeout": (400, "The timeout is no number of seconds"),
    "unknown-format": (400, "The format is unknown"),
    "invalid-graph-name": (400, "A graph is not named by an absolute IRI"),
    "unsupported-function": (400, "The query calls a function that does not exist here"),
    "query-too-complex": (400, "The query is too complex"),
    "not-utf-8": (400, "The request is not in UTF-8"),
    "unexpected-body": (400, "The request has a body, and may have none"),
    "refused": (400, "The request is refused"),
    "unauthorized": (401, "A token is needed"),
    "forbidden": (403, "The token does not allow this"),
    "read-only": (403, "This service is read-only"),
    "federation-refused": (403, "Federated queries are refused"),
    "not-found": (404, "There is nothing here"),
    "no-such-graph": (404, "There is no such graph"),
    "method-not-allowed": (405, "The method is not allowed"),
    "not-acceptable": (406, "No format that is offered is accepted"),
    "not-writable": (406, "The results cannot be written in this format"),
    "request-timeout": (408, "The request came too slowly"),
    "precondition-failed": (412, "A condition of the request does not hold"),
    "body-too-large": (413, "The body of the request is too large"),
    "uri-too-long": (414, "The address of the request is too long"),
    "unsupported-media-type": (415, "The media type of the request is not supported"),
    "unsupported-encoding": (415, "The content coding of the request is not supported"),
    "wrong-host": (421, "The request is for another host"),
    "literal-too-long": (422, "A literal or an IRI is too long"),
    "rate-limited": (429, "There are too many requests"),
    "headers-too-large": (431, "The headers of the request are too large"),
    "internal-error": (500, "Something failed on this side"),
    "tokens-unreadable": (500, "The tokens of the dataset cannot be read"),
    "unknown-transfer-coding": (501, "The transfer coding is not known"),
    "worker-lost": (500, "The process that answered has ended"),
    "called-service-failed": (502, "A service that the query calls has failed"),
    "overloaded": (503, "The service has too much to do"),
    "dataset-gone": (503, "The dataset is not there"),
    "stopping": (503, "The service is being stopped"),
    "called-service-slow": (504, "A service that the query calls is too slow"),
    "deadline-exceeded": (504, "The time for the query is over"),
    "memory-exceeded": (507, "The memory for the query is used up"),
    "insufficient-storage": (507, "There is too little room on the disk"),
    "result-too-large": (507, "The result is too large"),
}

_log = logging.getLogger("smegraph.server")
_NEVER_KEPT: Final = tuple(raw_headers({"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}))


class HttpProblem(Exception):
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

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.kind][0]

    def response(self) -> Response:
        """Return the problem as a response (RFC 9457 §3)."""
        return Response(
            self._body(),
            self.status,
            headers={**STANDARD_HEADERS, "Cache-Control": "no-store", **self.headers},
            media_type=MEDIA_TYPE,
        )

    async def send(
        self, send: Send, *, method: str = "GET", headers: Iterable[RawHeader] = ()
    ) -> None:
        """Send the problem as plain ASGI, with further headers; for HEAD without its body."""
        body = self._body()
        raw = [
            *RAW_STANDARD_HEADERS,
            *_NEVER_KEPT,
            (b"content-length", b"%d" % len(body)),
            *headers,
            *raw_headers(self.headers),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})

    def _body(self) -> bytes:
        status, title = KINDS[self.kind]
        body = {"type": TYPES + self.kind, "title": title, "status": status, "detail": self.detail}
        return json.dumps(body | self.members, ensure_ascii=False).encode("utf-8", "replace")


def internal_error(error: BaseException) -> HttpProblem:
    """Log an error with its trace under a new identifier, and return what the client may know."""
    identifier = str(uuid.uuid4())
    _log.error("internal error %s", identifier, exc_info=error)
    detail = f"The failure is logged here as {identifier}; ask the operator about it."
    return HttpProblem("internal-error", detail, id=identifier)


_KIND_OF_STATUS: Final = {404: "not-found", 405: "method-not-allowed"}


async def http_error(request: Request, error: Exception) -> Response:
    """Answer a framework's HTTP error (no such page, wrong method) as a problem."""
    return problem_of_http(request, error).response()


def problem_of_http(request: Request, error: Exception) -> HttpProblem:
    """Return a framework's HTTP error (no such page, wrong method) as a problem."""
    status = int(getattr(error, "status_code", 500))
    kind = _KIND_OF_STATUS.get(status)
    if kind is None:
        return HttpProblem("refused", str(error)) if status < 500 else internal_error(error)
    headers = {"Allow": PAGE_METHODS} if status == 405 else None
    detail = f"{request.method} {request.url.path} is not answered here."
    return HttpProblem(kind, detail, headers=headers)


async def unexpected_error(request: Request, error: Exception) -> Response:
    """Return an error that nobody foresaw without any of its text."""
    return internal_error(error).response()
