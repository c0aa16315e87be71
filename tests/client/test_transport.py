"""How requests are sent, and every way in which a service can fail to answer."""

from __future__ import annotations

import gc
import gzip
import socket
from contextlib import suppress
from types import FrameType

import pytest
from pyoxigraph import QuerySolutions

import smegraph
from smegraph.client import (
    BrokenTransfer,
    ClientError,
    DeadlineExceeded,
    NotAuthorized,
    Unavailable,
    UnexpectedAnswer,
    transport,
)
from tests.client.conftest import JSON, ONE_ROW, Say, problem, reply

QUERY = "SELECT * {}"
BUSY = problem("overloaded", 503, Retry_After=0)


def test_a_short_query_is_a_get_that_a_cache_can_answer(say: Say) -> None:
    service, connection = say(reply(ONE_ROW))
    connection.select(QUERY, graphs=["http://a/", "http://b/"], named_graphs="http://c/")
    asked = service.asked[0]
    assert asked.method == "GET"
    assert asked.parameters == [
        ("query", QUERY),
        ("default-graph-uri", "http://a/"),
        ("default-graph-uri", "http://b/"),
        ("named-graph-uri", "http://c/"),
    ]
    assert asked.headers["accept"].startswith(JSON)


def test_a_long_query_is_a_posted_form(say: Say) -> None:
    service, connection = say(reply(ONE_ROW))
    long = f"{QUERY} # {'é' * 1000}"
    connection.select(long, graphs="http://a/")
    asked = service.asked[0]
    assert (asked.method, asked.target) == ("POST", "/sparql")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.parameters == [("query", long), ("default-graph-uri", "http://a/")]


def test_an_update_is_posted_once_with_its_token(say: Say) -> None:
    service, connection = say(reply("", status=204), token="other")
    connection.update("INSERT DATA {}", token="SECRET".lower())
    asked = service.asked[0]
    assert (asked.method, asked.body) == ("POST", "INSERT DATA {}")
    assert asked.headers["content-type"] == "application/sparql-update"
    assert asked.headers["authorization"] == "bearer secret"


def test_a_busy_service_is_asked_again(say: Say) -> None:
    service, connection = say(BUSY, BUSY, BUSY, reply(ONE_ROW))
    assert [*connection.select(QUERY)] == [("1",)]
    assert len(service.asked) == 4


def test_a_service_that_stays_busy_is_asked_four_times(say: Say) -> None:
    service, connection = say(*[BUSY] * 5)
    with pytest.raises(Unavailable) as caught:
        connection.select(QUERY)
    assert (len(service.asked), caught.value.retry_after) == (4, 0.0)


@pytest.mark.parametrize(
    ("told", "timeout"),
    [
        ({"Retry_After": 3600}, None),
        ({"Retry_After": 9}, 8.0),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_service_is_not_waited_for_without_use(
    say: Say, told: dict[str, object], timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, connection = say(problem("overloaded", 503, **told))
    monkeypatch.setattr(transport.time, "sleep", lambda seconds: pytest.fail(f"waits {seconds} s"))
    with pytest.raises(Unavailable):
        connection.select(QUERY, timeout=timeout)
    assert len(service.asked) == 1


def test_an_update_is_not_sent_again(say: Say) -> None:
    service, connection = say(BUSY, reply("", status=204))
    with pytest.raises(Unavailable):
        connection.update("INSERT DATA {}")
    assert len(service.asked) == 1


@pytest.mark.parametrize("method", ["select", "ask", "construct"])
def test_an_answer_that_breaks_off_gives_nothing(say: Say, method: str) -> None:
    bodies = {
        "select": (ONE_ROW, JSON),
        "ask": ('{"head": {}, "boolean": true}', JSON),
        "construct": ("<http://a/> <http://b/> <http://c/> .\n", "application/n-triples"),
    }
    queries = {"select": QUERY, "ask": "ASK { }", "construct": "CONSTRUCT WHERE {}"}
    _, connection = say(reply(*bodies[method], missing=1))
    with pytest.raises(BrokenTransfer):
        getattr(connection, method)(queries[method])


def test_an_answer_that_breaks_off_leaves_no_parser_behind(say: Say) -> None:
    def held() -> list[QuerySolutions]:
        frames = [found for found in gc.get_objects() if isinstance(found, FrameType)]
        return [o for o in gc.get_referents(*frames) if isinstance(o, QuerySolutions)]

    _, connection = say(reply(ONE_ROW, missing=1))
    gc.collect()
    gc.disable()
    try:
        before = held()  # by what else this process has at work, such as fixtures
        with suppress(BrokenTransfer):
            connection.select(QUERY)
        assert [found for found in held() if not any(found is one for one in before)] == []
    finally:
        gc.enable()


def test_a_chunked_answer_without_its_end_gives_nothing(say: Say) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    _, connection = say(f"{head}{len(ONE_ROW):x}\r\n{ONE_ROW}\r\n".encode())
    with pytest.raises(BrokenTransfer):
        connection.select(QUERY)


@pytest.mark.parametrize(
    "packed", [b"no gzip", gzip.compress(ONE_ROW.encode())[:-20]], ids=["no gzip", "cut"]
)
def test_a_packed_answer_that_is_damaged_gives_nothing(say: Say, packed: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Encoding: gzip\r\n"
    length = f"Content-Length: {len(packed)}\r\n\r\n"
    _, connection = say((head + length).encode() + packed)
    with pytest.raises((BrokenTransfer, UnexpectedAnswer)):
        connection.select(QUERY)


def test_a_silent_service_is_given_up_in_time() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(ClientError, match=r"no whole answer in 0\.2 s"),
    ):
        smegraph.connect(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.2)


def test_a_service_that_drips_is_given_up_in_time(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, connection = say(reply(ONE_ROW))
    clock = iter([0.0, *[100.0] * 100])
    monkeypatch.setattr(transport.time, "monotonic", lambda: next(clock))
    with pytest.raises(DeadlineExceeded, match="before the answer was whole"):
        connection.select(QUERY, timeout=50)
    assert len(service.asked) == 1


def test_a_service_that_has_gone_is_unavailable(say: Say) -> None:
    service, connection = say()
    service.close()
    with pytest.raises(Unavailable, match="cannot be reached"):
        connection.select(QUERY)


@pytest.mark.parametrize("token", ["a b", "tok\x00en", "tökén", "a\nb"])
def test_a_token_that_is_none_is_refused_and_never_shown(say: Say, token: str) -> None:
    service, connection = say(reply("", status=204))
    with pytest.raises(NotAuthorized) as caught:
        connection.update("INSERT DATA {}", token=token)
    assert token not in str(caught.value)
    with pytest.raises(NotAuthorized):
        smegraph.connect("http://127.0.0.1:9/", token=token)
    assert service.asked == []


def test_a_token_may_have_the_line_end_of_its_file(say: Say) -> None:
    service, connection = say(reply("", status=204))
    connection.update("INSERT DATA {}", token="secret\n")
    assert service.asked[0].headers["authorization"] == "bearer secret"
