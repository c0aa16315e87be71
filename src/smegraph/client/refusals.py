"""Responses that are no answer (RFC 9457 problems, or plain text), as exceptions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

import httpx

from smegraph.client.errors import (
    ClientError,
    DeadlineExceeded,
    LimitExceeded,
    MalformedQuery,
    NotAuthorized,
    ReadOnly,
    Refused,
    ServiceFailed,
    Unavailable,
    UnexpectedAnswer,
)

_PROBLEM: Final = "application/problem+json"
_SHOWN: Final = 500
_SERVER_ERRORS: Final = 500

# The last part of a problem's type at a smegraph service (`smegraph.server.http.problems`).
_BY_KIND: Final[Mapping[str, type[ClientError]]] = {
    "malformed-query": MalformedQuery,
    "malformed-update": MalformedQuery,
    "read-only": ReadOnly,
    "unauthorized": NotAuthorized,
    "forbidden": NotAuthorized,
    "deadline-exceeded": DeadlineExceeded,
    "memory-exceeded": LimitExceeded,
    "result-too-large": LimitExceeded,
    "insufficient-storage": ServiceFailed,
    "overloaded": Unavailable,
    "rate-limited": Unavailable,
    "stopping": Unavailable,
}
_BY_STATUS: Final[Mapping[int, type[ClientError]]] = {
    401: NotAuthorized,
    403: NotAuthorized,
    408: DeadlineExceeded,
    429: Unavailable,
    502: Unavailable,
    503: Unavailable,
    504: DeadlineExceeded,
    507: LimitExceeded,
}


def refusal(response: httpx.Response) -> ClientError:
    """Return the exception for a response whose status is not 2xx; reads its body."""
    response.read()
    media_type = response.headers.get("content-type", "").partition(";")[0].strip()
    problem = _problem(response.content) if media_type == _PROBLEM else {}
    kind = str(problem.get("type", "")).rpartition("/")[2]
    members = {**problem, "retry_after": _seconds(response.headers.get("retry-after", ""))}
    return _class(kind, response.status_code)(
        str(problem.get("detail") or problem.get("title") or _said(response, media_type)),
        kind=kind,
        status=response.status_code,
        members=members,
    )


def _problem(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _class(kind: str, status: int) -> type[ClientError]:
    if found := _BY_KIND.get(kind) or _BY_STATUS.get(status):
        return found
    if status < 400:
        return UnexpectedAnswer  # a redirect that is not followed
    return Refused if status < _SERVER_ERRORS else ServiceFailed


def _said(response: httpx.Response, media_type: str) -> str:
    """Return the status, and the text that other services tell the reason in; no page's source."""
    status = f"The service answers {response.status_code} {response.reason_phrase}".strip()
    text = response.text.strip()[:_SHOWN] if media_type == "text/plain" else ""
    return f"{status}: {text}" if text else f"{status}."


def _seconds(header: str) -> float | None:
    """Return a delay (RFC 9110 §10.2.3); a date counts as none."""
    return float(header) if re.fullmatch(r"\d{1,9}", header.strip()) else None
