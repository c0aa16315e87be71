"""A store of this process answers as a service does, with the same errors."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.client.errors import ClientError, MalformedQuery, ReadOnly, Refused, WrongForm
from smegraph.client.local import LocalBackend
from smegraph.client.requests import Request
from smegraph.namespaces import RDFS
from smegraph.store.embedded import EmbeddedStore

MOVY, NAME = ox.NamedNode("http://example.org/movy"), ox.NamedNode(RDFS + "label")
GRAPH = ox.NamedNode("http://example.org/graph")
ALL = "SELECT ?x ?name { ?x rdfs:label ?name }"


@pytest.fixture
def backend() -> LocalBackend:
    """One thing with a name, in a named graph."""
    held = ox.Store()
    held.add(ox.Quad(MOVY, NAME, ox.Literal("Movy"), GRAPH))
    return LocalBackend(EmbeddedStore(held, stored_union=False), "films.ttl")


def test_a_select_gives_its_variables_and_its_rows(backend: LocalBackend) -> None:
    assert backend.table(Request(ALL))[0] == (("x", "name"), [(MOVY, ox.Literal("Movy"))])


def test_an_ask_gives_a_truth_value(backend: LocalBackend) -> None:
    assert backend.truth(Request("ASK { ?x rdfs:label 'Movy' }")) is True
    assert backend.truth(Request("ASK { ?x rdfs:label 'Skills' }")) is False


def test_a_construct_gives_triples(backend: LocalBackend) -> None:
    found, _ = backend.triples(Request("CONSTRUCT WHERE { ?x rdfs:label ?name }"))
    assert found == [ox.Triple(MOVY, NAME, ox.Literal("Movy"))]


def test_the_graphs_of_a_request_are_its_dataset(backend: LocalBackend) -> None:
    other = ("http://example.org/other",)
    assert backend.table(Request(ALL, graphs=(GRAPH.value,)))[0][1]
    assert backend.table(Request(ALL, graphs=other))[0][1] == []
    named = "SELECT ?x { GRAPH ?g { ?x rdfs:label ?name } }"
    assert backend.table(Request(named, named_graphs=other))[0][1] == []


@pytest.mark.parametrize(
    ("call", "text"),
    [("table", "ASK {}"), ("truth", ALL), ("triples", "ASK {}")],
)
def test_a_query_of_another_form_is_refused(backend: LocalBackend, call: str, text: str) -> None:
    with pytest.raises(WrongForm):
        getattr(backend, call)(Request(text))


def test_a_fault_has_its_line_and_column(backend: LocalBackend) -> None:
    with pytest.raises(MalformedQuery) as caught:
        backend.table(Request("SELECT ?x {\n ?x rdfs:label ; }"))
    assert (caught.value.kind, caught.value.members["line"]) == ("malformed-query", 2)


def test_what_would_reach_another_machine_is_refused(backend: LocalBackend) -> None:
    with pytest.raises(Refused) as caught:
        backend.table(Request("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"))
    assert caught.value.kind == "federation-refused"


def test_a_timeout_that_nothing_could_keep_is_refused(backend: LocalBackend) -> None:
    with pytest.raises(ClientError, match="takes no timeout"):
        backend.table(Request(ALL, timeout=1.0))


def test_an_update_is_refused_with_what_takes_one(backend: LocalBackend) -> None:
    with pytest.raises(ReadOnly, match=r"films\.ttl is only read.*--writable"):
        backend.update("DELETE WHERE { ?s ?p ?o }", None, None)


def test_a_closed_store_answers_no_more(backend: LocalBackend) -> None:
    backend.close()
    with pytest.raises(ClientError, match="closed"):
        backend.table(Request(ALL))
