"""The client and a real service: updates, tokens, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import smegraph
from smegraph.client import (
    CannotConnect,
    Connection,
    DeadlineExceeded,
    MalformedQuery,
    NotAuthorized,
)
from smegraph.server.dataset.access_tokens import TokenFile
from tests.client.conftest import ONE_ROW, Say, reply
from tests.server.conftest import answering

INSERT = "INSERT DATA { GRAPH <http://example.org/g> { id:a rdfs:label 'Ä' } }"
LABELS = "SELECT ?label { id:a rdfs:label ?label }"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(9))} }}"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dataset")


@pytest.fixture(scope="module")
def writable(dataset: Path) -> Iterator[Connection]:
    with (
        answering(dataset=dataset, writable=True) as http,
        smegraph.connect(str(http.base_url)) as connection,
    ):
        yield connection


def test_an_update_shows_in_the_next_query(writable: Connection, dataset: Path) -> None:
    writable.update(INSERT, token=TokenFile(dataset).create({"update"}))
    assert [*writable.select(LABELS)] == [("Ä",)]


def test_an_update_without_a_token_is_refused(writable: Connection) -> None:
    with pytest.raises(NotAuthorized):
        writable.update(INSERT)


def test_a_malformed_update_says_where(writable: Connection, dataset: Path) -> None:
    token = TokenFile(dataset).create({"update"})
    with pytest.raises(MalformedQuery) as caught:
        writable.update("INSERT DATA {\n id:a id:b }", token=token)
    assert (caught.value.kind, caught.value.line) == ("malformed-update", 2)


def test_the_files_of_a_service_that_writes_are_not_opened(
    writable: Connection, dataset: Path
) -> None:
    with pytest.raises(CannotConnect, match="is writing to"):
        smegraph.connect(dataset)


def answers(http: httpx.Client) -> bool:
    """Whether a worker waits for queries; the deadline is short on a busy machine."""
    return any(http.get("/sparql?query=ASK%7B%7D").is_success for _ in range(60))


def test_the_services_deadline_and_the_callers_are_one_exception(release: Path) -> None:
    with answering(dataset=release, timeout=0.7) as http:
        assert answers(http)
        with smegraph.connect(str(http.base_url)) as connection:
            with pytest.raises(DeadlineExceeded) as caught:
                connection.select(RUNAWAY)
            assert caught.value.status == 504
            with pytest.raises(DeadlineExceeded) as caught:
                connection.select(RUNAWAY, timeout=0.1)
            assert caught.value.status is None
            assert answers(http)
            assert connection.ask("ASK {}")


@pytest.mark.parametrize("place", ["local", "remote"])
def test_a_result_has_the_hints_for_its_query(place: str, request: pytest.FixtureRequest) -> None:
    graph: Connection = request.getfixturevalue(place)
    hints = ("`sme:foundet` is in no graph; did you mean `sme:founded`?",)
    pattern = "{ ?firm a sme:Firm OPTIONAL { ?firm sme:foundet ?year } }"
    rows = graph.select(f"SELECT ?firm {pattern}")
    assert (len(rows), rows.hints, rows[:1].hints) == (3, hints, hints)
    assert graph.construct(f"CONSTRUCT {{ ?firm a ?firm }} WHERE {pattern}").hints == hints
    assert graph.describe("DESCRIBE sme:foundet").hints == hints
    assert graph.select("SELECT ?firm { ?firm a sme:Firm }").hints == ()


def test_what_is_no_list_of_hints_is_passed_over(say: Say) -> None:
    _, graph = say(reply(ONE_ROW, Smegraph_Hint="text"), reply(ONE_ROW))
    assert [graph.select("SELECT ?a {}").hints for _ in range(2)] == [(), ()]
