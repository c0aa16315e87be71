"""Exports read the same from a store and from what answers queries in its place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.export.source import GRAPH, TABLE, AskedSource
from smegraph.store.embedded import EmbeddedStore

DATA = """
GRAPH <urn:b> { <urn:x> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> , _:n . }
GRAPH <urn:a> { <urn:y> <urn:p> "deux"@fr . <urn:x> <urn:q> <urn:y> . }
"""


class Asked:
    """A store that answers in bytes, as a service does, and keeps what it was asked."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.queries = store, list[str]()

    def __call__(self, query: str) -> tuple[str, bytes]:
        self.queries.append(query)
        result = self.store.query(query, prefixes={})
        if isinstance(result, ox.QueryTriples):
            return GRAPH, result.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return TABLE, result.serialize(format=ox.QueryResultsFormat.JSON) or b""


@pytest.fixture
def store() -> EmbeddedStore:
    found = ox.Store()
    found.load(DATA.encode(), ox.RdfFormat.TRIG)
    return EmbeddedStore(found)


def test_what_is_asked_reads_as_what_is_stored(store: EmbeddedStore) -> None:
    asked = AskedSource(Asked(store))
    assert asked.graph_names() == store.graph_names() == ["urn:a", "urn:b"]
    for graph in store.graph_names():
        assert set(asked.triples(graph)) == set(store.triples(graph))
    assert set(asked.triples("urn:a", "urn:x")) == set(store.triples("urn:a", "urn:x"))


def test_the_usual_prefixes_are_declared_but_in_the_query_of_who_asks(store: EmbeddedStore) -> None:
    ask = Asked(store)
    own = "SELECT * { ?x a <urn:Firm> } # rdfs:label"
    source = AskedSource(ask, own)
    source.query(own)
    source.query("SELECT * { ?x rdfs:label ?y }")
    assert ask.queries[0] == own
    assert ask.queries[1].startswith("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n")


def test_what_was_asked_last_is_not_asked_again(store: EmbeddedStore) -> None:
    ask = Asked(store)
    source = AskedSource(ask)
    assert [*source.triples("urn:a")] == [*source.triples("urn:a")]
    assert len(ask.queries) == 1
