"""Problems as responses (RFC 9457)."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from smegraph.server.http.headers import STANDARD_HEADERS
from smegraph.server.http.problems import (
    KINDS,
    MEDIA_TYPE,
    TYPES,
    HttpProblem,
    http_error,
    internal_error,
    unexpected_error,
)


def sent(problem: HttpProblem, **named: Any) -> tuple[Message, bytes]:
    """The head of a problem that is sent as plain ASGI, and its body."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(problem.send(send, **named))
    start, body = messages
    return start, body["body"]


def request(method: str = "GET") -> Request:
    return Request({"type": "http", "method": method, "path": "/none", "headers": [],
                    "query_string": b"", "server": ("e", 80), "scheme": "http"})  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_status_and_a_title_without_a_full_stop(kind: str) -> None:
    status, title = KINDS[kind]
    assert HttpProblem(kind, "").status == status
    assert 400 <= status < 600
    assert title
    assert not title.endswith(".")


def test_a_problem_has_the_members_of_the_standard_and_its_own() -> None:
    problem = HttpProblem("body-too-large", "Too much.", headers={"Connection": "close"}, limit=5)
    response = problem.response()
    assert response.status_code == 413
    assert json.loads(bytes(response.body)) == {
        "type": TYPES + "body-too-large", "title": "The body of the request is too large",
        "status": 413, "detail": "Too much.", "limit": 5,
    }  # fmt: skip
    told = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "Connection": "close"}
    assert {name: response.headers[name] for name in told} == told
    assert {name: response.headers[name] for name in STANDARD_HEADERS} == STANDARD_HEADERS


def test_plain_asgi_gets_the_same() -> None:
    problem = HttpProblem("not-found", "Nothing.", headers={"X-Own": "1"})
    start, body = sent(problem, headers=[(b"vary", b"Accept")])
    response = problem.response()
    assert (start["status"], body) == (404, response.body)
    assert sorted(start["headers"]) == sorted([*response.raw_headers, (b"vary", b"Accept")])


def test_head_has_the_length_and_no_body() -> None:
    start, body = sent(HttpProblem("not-found", "Nothing."), method="HEAD")
    assert body == b""
    assert int(dict(start["headers"])[b"content-length"]) > 0


def test_what_is_no_unicode_does_not_keep_a_problem_from_its_client() -> None:
    body = bytes(HttpProblem("refused", "a\udc80").response().body)
    assert json.loads(body)["detail"] == "a?"


def test_an_internal_error_is_logged_and_told_by_an_identifier_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        problem = internal_error(ValueError("a secret"))
    identifier = str(problem.members["id"])
    assert uuid.UUID(identifier).version == 4
    assert "secret" not in problem.detail
    assert identifier in caplog.text
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, "not-found"), (405, "method-not-allowed"), (400, "refused"), (503, "internal-error")],
)
def test_an_error_of_the_framework_is_a_problem(status: int, kind: str) -> None:
    response = asyncio.run(http_error(request("PUT"), HTTPException(status, "words")))
    assert json.loads(bytes(response.body))["type"] == TYPES + kind
    assert ("allow" in response.headers) == (status == 405)


def test_an_error_that_nobody_foresaw_leaks_nothing() -> None:
    response = asyncio.run(unexpected_error(request(), ValueError("a secret")))
    assert response.status_code == 500
    assert b"secret" not in bytes(response.body)
