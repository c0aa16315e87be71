"""Responses that are no answer (RFC 9457 problems, or plain text), as exceptions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

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
from smegraph.client.server_words import words_of
from smegraph.namespaces import BASE

_PROBLEM: Final = "application/problem+json"
_TYPES: Final = BASE + "problem"
_BAD_REQUEST: Final = 400
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
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    problem = _problem(response.content) if media_type == _PROBLEM else {}
    type, _, kind = str(problem.get("type", "")).rpartition("/")
    if type != _TYPES:
        kind = ""  # another service's, which means what its status means
    members = {**problem, "retry_after": _seconds(response.headers.get("retry-after", ""))}
    told = (problem.get("detail") or problem.get("title")) if kind else None
    return _class(kind, response.status_code)(
        str(told) if told else _said(response, media_type),
        kind=kind,
        status=response.status_code,
        members=members,
    )


def _problem(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _class(kind: str, status: int) -> type[ClientError]:
    """Return the class for a problem of smegraph, or for what a status means elsewhere.

    400 is what the SPARQL 1.1 Protocol has for a text that is no SPARQL (§2.1.6, §2.2.4).
    """
    if found := _BY_KIND.get(kind) or _BY_STATUS.get(status):
        return found
    if status == _BAD_REQUEST and not kind:
        return MalformedQuery
    if status < _BAD_REQUEST:
        return UnexpectedAnswer  # a redirect that is not followed
    return Refused if status < _SERVER_ERRORS else ServiceFailed


def _said(response: httpx.Response, media_type: str) -> str:
    """Return the status, and the text in which other services tell the reason."""
    status = f"The service answers {response.status_code} {response.reason_phrase}".strip()
    text = words_of(response.text, media_type, _asked(response.request))
    return f"{status}: {text}" if text else f"{status}."


def _asked(request: httpx.Request) -> str:
    """Return the query or the update that was sent."""
    if request.method == "GET":
        return str(request.url.params.get("query", ""))
    text = request.content.decode()
    if request.headers.get("content-type", "") == "application/x-www-form-urlencoded":
        return parse_qs(text).get("query", [""])[0]
    return text


def _seconds(header: str) -> float | None:
    """Return a delay (RFC 9110 §10.2.3); a date counts as none."""
    return float(header) if re.fullmatch(r"\d{1,9}", header.strip()) else None
