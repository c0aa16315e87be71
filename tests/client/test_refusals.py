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
from tests.client.conftest import PROBLEM, Say, problem, reply

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
        (reply("no JSON", "application/problem+json", 400), MalformedQuery),
        (reply('{"detail": "Why."}', PROBLEM, 400), MalformedQuery),
        (reply('{"type": "http://e/problem/forbidden"}', PROBLEM, 400), MalformedQuery),
        (reply('{"exception": "Why."}', "application/json", 400), MalformedQuery),
        (reply("<html><p>Why.", "text/html", 400), MalformedQuery),
        (reply("", status=400), MalformedQuery),
        (reply("Why.", "text/plain", 404), Refused),
        (reply("Why.", "text/plain", 422), Refused),
        (reply("[]", "application/problem+json", 500), ServiceFailed),
        (reply("Parse error", "text/plain", 400), MalformedQuery),
        (reply("<html>", "text/html", 502), Unavailable),
        (reply("", status=401), NotAuthorized),
        (reply("", status=307), UnexpectedAnswer),
        (reply("", status=304), UnexpectedAnswer),
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


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("Parse error:\n  line 1", "text/plain; charset=utf-8"),
        ("<html><h1>Parse error:</h1> <pre>line 1</pre>", "text/html"),
        ('{"status": "ERROR", "exception": "Parse error: line 1"}', "application/json"),
        ('{"type": "about:blank", "detail": "Parse error: line 1"}', PROBLEM),
        ("Parse error: line 1", "application/octet-stream"),
    ],
)
def test_a_bad_query_is_malformed_with_the_words_of_any_service(
    say: Say, body: str, media_type: str
) -> None:
    _, connection = say(reply(body, media_type, 400))
    with pytest.raises(MalformedQuery, match=r"answers 400 Said: Parse error: line 1$") as caught:
        connection.select(QUERY)
    assert (caught.value.line, caught.value.column, caught.value.expected) == (None, None, ())


def test_other_statuses_have_the_words_of_the_service_too(say: Say) -> None:
    _, connection = say(reply("<h1>Down", "text/html", 500), reply("<p>", "text/html", 500))
    with pytest.raises(ServiceFailed, match=r"answers 500 Said: Down$"):
        connection.select(QUERY)
    with pytest.raises(ServiceFailed, match=r"answers 500 Said\.$"):
        connection.select(QUERY)


@pytest.mark.parametrize("more", [10, 1000], ids=["GET", "POST"])
def test_a_query_that_the_service_repeats_is_left_out(say: Say, more: int) -> None:
    query = f"SELECT * {{ {'?a ?b ?c . ' * more} }}"
    _, connection = say(reply(f"Parse error: {query}\nat the end", "text/plain", 400))
    with pytest.raises(MalformedQuery, match=r"Parse error: … at the end$"):
        connection.select(query)


def test_an_update_that_the_service_repeats_is_left_out(say: Say) -> None:
    update = f"INSERT DATA {{ {'<a:> <b:> <c:> . ' * 10} }}"
    _, connection = say(reply(f"Parse error: {update}\nat the end", "text/plain", 400))
    with pytest.raises(MalformedQuery, match=r"Parse error: … at the end$"):
        connection.update(update)
