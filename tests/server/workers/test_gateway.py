"""Calls of other services for the engine: in time, and with an answer that is whole or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import httpx
import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, QuerySolutions, Triple

from smegraph.client.results import READERS
from smegraph.server.workers import gateway
from smegraph.server.workers.gateway import Gateway, _as_json
from smegraph.sparql.errors import CalledServiceFailed, CalledServiceSlow, EngineErrors, QueryFailed
from smegraph.store import EmbeddedStore
from smegraph.store.embedded import Store
from tests.server.other_services import (
    JSON,
    OtherService,
    Respond,
    dead_address,
    dripping,
    never,
    other_service,
    response,
    table,
)

XML = "application/sparql-results+xml"
ROWS = response(table("1", "2"))
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n".encode()


class Caller:
    """A store of this process that calls one service."""

    def __init__(self, address: str, largest: int = 10**6) -> None:
        self.gateway = Gateway({address}, largest=largest)
        self.store = EmbeddedStore(Store(), services={address}, address_of=self.gateway.address_of)
        self.address = address

    def rows(self, pattern: str, seconds: float | None = 60.0) -> list[tuple[str | None, ...]]:
        """The rows for a pattern in which %s is the service."""
        self.gateway.begin(seconds)
        failure = None
        try:
            return self._rows(f"SELECT * {{ {pattern.replace('%s', self.address)} }}")
        except QueryFailed as error:
            failure = self.gateway.cause_of(error) or error
        raise failure

    def _rows(self, query: str) -> list[tuple[str | None, ...]]:
        with EngineErrors():
            found = self.store.query(query)
            assert isinstance(found, QuerySolutions)
            return [tuple(term and term.value for term in row) for row in found]


@contextmanager
def calling(respond: bytes | Respond, **more: int) -> Iterator[tuple[Caller, OtherService]]:
    with other_service(respond) as service:
        yield Caller(service.address, **more), service


CALL = "SERVICE <%s> { ?a <http://p/> 'x' }"
SILENT = CALL.replace("SERVICE", "SERVICE SILENT")


def test_a_service_is_sent_its_pattern_and_gives_its_rows() -> None:
    with calling(ROWS) as (caller, service):
        assert caller.rows(CALL) == [("1",), ("2",)]
        ((query,),) = (parse_qs(form)["query"] for form in service.asked)
        assert "<http://p/>" in query
        assert query.startswith("SELECT")


FAULTS = [
    (response("Out of order", "text/plain", "500 Oops"), "answers 500 Oops: Out of order"),
    (response("<html>", "text/html"), "answers with text/html"),
    (response("?a", "text/csv"), "answers with text/csv"),
    (response(table("1"), status="206 Partial Content"), "answer is not whole"),
    (response("", status="307 Moved", Location="http://e/x"), "leads to http://e/x, which is not"),
    (response('{"head": {}, "boolean": true}'), "with a truth value"),
    (response(table("http://a b", kind="uri")), r"Row 1, \?a: 'http://a b' is no absolute IRI"),
    (response(table("1", name="a b")), "names a column 'a b'"),
    (response(table("1")[:-9]), "is no JSON, or not all of it"),
    (response(table("1") + " " * 10**6), "more than 1000000 bytes"),
    (ROWS[:-5], "broke off"),
    (HEAD + b"\r\n" + table("1").encode()[:-9], "is no JSON, or not all of it"),
    (b"nonsense\r\n\r\n", "broke off"),
    (b"", "broke off"),
    (
        response('<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results>', XML),
        "no whole XML document",
    ),
    (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/tab-separated-values\r\n\r\n?a\n1\n",
        "does not tell how long",
    ),
]


@pytest.mark.parametrize(("answer", "why"), FAULTS)
def test_a_service_that_gives_no_answer_is_named_with_the_reason(answer: bytes, why: str) -> None:
    with calling(answer) as (caller, service):
        with pytest.raises(CalledServiceFailed, match=why) as caught:
            caller.rows(CALL)
        assert caught.value.service == service.address
        assert f"SERVICE <{service.address}> failed. " in str(caught.value)


@pytest.mark.parametrize(("answer", "why"), FAULTS)
def test_with_silent_it_gives_the_empty_solution(answer: bytes, why: str) -> None:
    with calling(answer) as (caller, _):
        assert caller.rows(f"VALUES ?x {{ 'x' }} {SILENT}") in ([(None, "x")], [("x", None)]), why


@pytest.mark.parametrize(
    ("address", "why"),
    [(dead_address(), "cannot be reached"), ("http://nowhere.invalid/x", "cannot be reached")],
    ids=["nothing listens", "no such name"],
)
def test_a_service_that_is_not_there_is_named(address: str, why: str) -> None:
    caller = Caller(address)
    with pytest.raises(CalledServiceFailed, match=why):
        caller.rows(CALL)
    assert caller.rows(SILENT) == [(None,)]


SLOW = [
    never,
    dripping(b"HTTP/1.1 200 OK\r\nX: "),
    dripping(HEAD + b"Content-Length: 100000\r\n\r\n{"),
    dripping(HEAD + b"\r\n{"),
]


@pytest.mark.parametrize("respond", SLOW)
def test_a_silent_service_is_given_up_before_the_time_is_over(respond: Respond) -> None:
    with calling(respond) as (caller, service):
        with pytest.raises(CalledServiceSlow, match=r"in the 0\.\d+ s") as caught:
            caller.rows(CALL, seconds=0.5)
        assert caught.value.service == service.address
        assert caller.rows(SILENT, seconds=0.5) == [(None,)]


def test_a_service_that_was_too_slow_is_not_asked_again_for_the_same_query() -> None:
    with calling(never) as (caller, service):
        assert caller.rows(f"{SILENT} {SILENT.replace('?a', '?b')}", seconds=0.5) == [(None, None)]
        assert len(service.asked) == 1
        caller.rows(SILENT, seconds=0.5)
        assert len(service.asked) == 2


def test_the_same_call_for_each_row_is_one() -> None:
    with calling(ROWS) as (caller, service):
        found = caller.rows(f"VALUES ?x {{ 1 2 3 }} OPTIONAL {{ {CALL} }}")
        assert len(found) == 6
        assert len(service.asked) == 1
        caller.rows(CALL)
        assert len(service.asked) == 2


def test_two_results_that_are_read_by_turns_are_both_whole() -> None:
    many = response(table(*map(str, range(20_000))))
    with calling(many) as (caller, _):
        found = caller.rows(f"{CALL} {CALL.replace(chr(39) + 'x' + chr(39), '2')}")
        assert len(found) == 20_000


def test_a_failure_that_was_passed_over_is_not_the_cause_of_another() -> None:
    with calling(response("", status="500 No")) as (caller, _), other_service(ROWS):
        caller.rows(SILENT)
        assert caller.gateway.cause_of(QueryFailed("Something else.")) is None


def test_the_same_label_in_two_answers_is_two_nodes() -> None:
    with calling(response(table("b0", "nodeID://b1", kind="bnode"))) as (caller, _):
        (first, odd), again = caller.rows(CALL), caller.rows(CALL)
        assert len({first, odd, *again}) == 4


def test_every_kind_of_term_comes_through() -> None:
    terms = (
        NamedNode("http://a/é"),
        Literal(" x\n"),
        Literal("x", language="fi"),
        Literal("x", language="ar", direction=BaseDirection.RTL),
        Literal("01", datatype=NamedNode("http://d/")),
        Triple(NamedNode("http://s/"), NamedNode("http://p/"), Literal("o")),
        None,
    )
    names = tuple(f"v{n}" for n in range(len(terms)))
    read = READERS[JSON](_as_json((names, [terms]), 1))
    assert read == (names, [terms])


def test_a_blank_node_inside_of_a_triple_is_of_its_answer_too() -> None:
    quoted = Triple(BlankNode("b"), NamedNode("http://p/"), BlankNode("b"))
    told = json.loads(_as_json((("a",), [(quoted,)]), 7))["results"]["bindings"][0]["a"]["value"]
    assert told["subject"] == told["object"] == {"type": "bnode", "value": "s7-b"}


@pytest.mark.parametrize("media_type", [JSON, "application/json", XML])
def test_as_many_rows_as_a_service_sends_may_not_be_all(media_type: str) -> None:
    xml = (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head>'
        '<results><result><binding name="a"><literal>1</literal></binding></result></results>'
        "</sparql>"
    )
    body = xml if media_type == XML else table("1")
    answer = response(body, media_type, **{"X-SPARQL-MaxRows": "1"})
    with calling(answer) as (caller, _), pytest.raises(CalledServiceFailed, match="not be whole"):
        caller.rows(CALL)


def test_a_process_without_room_for_a_thread_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: object) -> None:
        raise RuntimeError("can't start new thread")

    with calling(ROWS) as (caller, _):
        monkeypatch.setattr(gateway.threading.Thread, "start", start)
        with pytest.raises(CalledServiceFailed, match="cannot be called: can't start new thread"):
            caller.rows(CALL)


def test_nobody_else_can_call_through_the_gateway() -> None:
    with calling(ROWS) as (caller, service):
        address = httpx.URL(caller.gateway.address_of(service.address))
        answer = httpx.post(address.copy_with(path="/other/0"), content="ASK {}")
        assert answer.status_code == 404
        assert service.asked == []
