"""Queries end at their deadline, and the next one is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smegraph.assistant import asking
from smegraph.assistant.asking import Asker, Limits, load_query, open_asker, rows_of
from smegraph.assistant.errors import TooLarge, TooSlow
from smegraph.client import Rows
from smegraph.client.errors import CannotConnect, MalformedQuery, ReadOnly, Refused, WrongForm

# Joins without a common variable: no machine is quick enough for all of it.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?d"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file with 300 statements."""
    file = tmp_path / "data.nt"
    file.write_text("".join(f"<urn:s{n}> <urn:p> <urn:o{n}> .\n" for n in range(300)))
    return file


@pytest.fixture
def asker(data: Path) -> Iterator[Asker]:
    """What asks that file, with a short deadline."""
    found = open_asker(str(data), Limits(seconds=5, rows=10))
    yield found
    found.close()


def test_a_file_is_asked(asker: Asker) -> None:
    assert asker.ask("ask", "ASK { <urn:s1> <urn:p> <urn:o1> }") is True
    assert len(rows_of(asker, "SELECT ?s { ?s <urn:p> ?o }")) == 300


def test_a_query_that_takes_too_long_is_stopped_and_the_next_is_answered(asker: Asker) -> None:
    with pytest.raises(TooSlow, match="more than 5 s"):
        asker.ask("select", ENDLESS)
    assert asker.ask("ask", "ASK { ?s ?p ?o }") is True


def test_a_query_that_takes_too_much_memory_is_stopped(data: Path) -> None:
    asker = open_asker(str(data), Limits(seconds=300, memory=400 * 2**20))
    try:
        with pytest.raises(TooLarge, match="memory"):
            asker.ask("select", HUNGRY)
        assert asker.ask("ask", "ASK { ?s ?p ?o }") is True
    finally:
        asker.close()


def test_a_graph_is_turtle_with_no_more_triples_than_the_limit(asker: Asker) -> None:
    text = asker.ask("construct", "CONSTRUCT WHERE { ?s <urn:p> ?o }")
    assert isinstance(text, str)
    assert text.count("ns1:p ") == 10
    assert "# 290 more triples are not shown." in text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p }", MalformedQuery),
        ("DELETE WHERE { ?s ?p ?o }", WrongForm),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", Refused),
    ],
)
def test_errors_of_the_child_are_those_of_the_client(
    asker: Asker, query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        asker.ask("select", query)
    assert isinstance(asker.ask("select", "SELECT * { ?s ?p ?o } LIMIT 1"), Rows)


def test_only_methods_that_read_are_called(asker: Asker) -> None:
    with pytest.raises((AssertionError, ReadOnly, TooLarge)):
        asker.ask("update", "DELETE WHERE { ?s ?p ?o }")
    assert len(rows_of(asker, "SELECT ?s { ?s <urn:p> ?o }")) == 300


def test_nothing_to_ask_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CannotConnect):
        open_asker(str(tmp_path / "nothing"), Limits())


QUERIES = sorted(path.stem for path in (Path(asking.__file__).parent / "queries").iterdir())


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_of_the_tools_is_one_as_it_is_written(asker: Asker, name: str) -> None:
    assert isinstance(asker.ask("select", load_query(name)), Rows)
