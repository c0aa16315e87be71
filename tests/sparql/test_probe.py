"""The engine's parser, asked where a text is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from smegraph.sparql.probe import LONGEST_KEYWORD, Fault, Probe, may_reach

QUERIES, UPDATES = Probe({}, None, is_update=False), Probe({}, None, is_update=True)


def test_a_text_that_is_right_has_no_fault() -> None:
    assert QUERIES.fault("SELECT (CONCAT ('a') AS ?x) {}") is None
    assert UPDATES.fault("CLEAR ALL ; PREFIX a: <urn:a:>") is None


def test_the_place_of_a_fault_is_that_in_the_text_as_it_is_written() -> None:
    text = r"SELECT * { ?s ?\u0070 ?o } " + " " * 20 + ")" + " " * 20
    fault = QUERIES.fault(text)
    assert fault is not None
    assert 0 <= fault.place - text.index(")") <= LONGEST_KEYWORD


def test_a_message_without_a_place_is_no_fault() -> None:
    assert Fault.of("CLEAR ALL", "It failed") is None


def test_the_tokens_are_counted_that_are_right() -> None:
    assert QUERIES.reach(["ASK", "{", "}"]) == 4
    assert QUERIES.reach(["ASK", "{"]) == 2
    assert QUERIES.reach(["ASK", ")", "}"]) == 1


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", paths
        server.shutdown()
        thread.join()


def test_what_may_reach_another_machine_is_never_carried_out(asked: tuple[str, list[str]]) -> None:
    address, paths = asked
    load = f"load <{address}>"
    service = f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    for update in (load, service):
        assert may_reach(update)
        assert UPDATES.fault(update) is None
    assert QUERIES.fault(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}") is None
    assert paths == []
    assert UPDATES.refusal(load) is None  # It is carried out, as the place for it is right.
    assert paths == ["/"]


def test_what_may_reach_another_machine_and_ends_too_early_is_wrong_at_its_end() -> None:
    text = "INSERT {} WHERE { SERVICE <urn:a> {}"
    fault = UPDATES.fault(text)
    assert fault is not None
    assert fault.place == len(text)
