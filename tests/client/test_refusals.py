"""Responses that are no answer become exceptions, one class for each remedy."""

from __future__ import annotations

import pytest

from smegraph.client import (
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
from tests.client.conftest import Say, problem, reply

QUERY = "SELECT * {}"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem("malformed-query", 400, line=2, column=3, expected=["}"]), MalformedQuery),
        (problem("deadline-exceeded", 504), DeadlineExceeded),
        (problem("memory-exceeded", 507), LimitExceeded),
        (problem("result-too-large", 507), LimitExceeded),
        (problem("worker-lost", 500), ServiceFailed),
        (problem("stopping", 503), Unavailable),
        (problem("rate-limited", 429), Unavailable),
        (problem("read-only", 403), ReadOnly),
        (problem("forbidden", 403), NotAuthorized),
        (problem("something-new", 400), Refused),
        (reply("no JSON", "application/problem+json", 400), Refused),
        (reply("[]", "application/problem+json", 500), ServiceFailed),
        (reply("Parse error", "text/plain", 400), Refused),
        (reply("<html>", "text/html", 502), Unavailable),
        (reply("", status=401), NotAuthorized),
        (reply("", status=307), UnexpectedAnswer),
    ],
)
def test_each_refusal_is_an_exception_of_its_own(
    say: Say, answer: bytes, expected: type[ClientError]
) -> None:
    _, connection = say(answer)
    with pytest.raises(ClientError) as caught:
        connection.select(QUERY)
    assert type(caught.value) is expected
    assert caught.value.status is not None


def test_a_problem_tells_its_detail_its_place_and_the_rest(say: Say) -> None:
    told = problem("malformed-query", 400, "There.", line=2, column=3, expected=["}"], more=1)
    _, connection = say(told)
    with pytest.raises(MalformedQuery, match=r"^There\.$") as caught:
        connection.select(QUERY)
    error = caught.value
    assert (error.line, error.column, error.expected, error.kind) == (
        2, 3, ("}",), "malformed-query",
    )  # fmt: skip
    assert error.members["more"] == 1


def test_the_text_of_another_services_refusal_is_shown_and_a_page_is_not(say: Say) -> None:
    _, connection = say(reply("Parse error", "text/plain", 400), reply("<p>", "text/html", 500))
    with pytest.raises(Refused, match="answers 400 Said: Parse error"):
        connection.select(QUERY)
    with pytest.raises(ServiceFailed, match=r"answers 500 Said\.$"):
        connection.select(QUERY)
