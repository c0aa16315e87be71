"""The embedded store: its default graph, its datasets, its prefixes, its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from smegraph.store import (
    EmbeddedStore,
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    UnsupportedFunction,
    UpdateRefused,
    store_union,
)

GRAPH = "https://w3id.org/smegraph/graph/"
FACEBOOK = NamedNode("https://w3id.org/smegraph/id/facebook")
PLATFORM = NamedNode("https://w3id.org/smegraph/ontology#Platform")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


def dataset() -> Store:
    """Two graphs that agree on one statement and have one more each."""
    one, two = NamedNode(GRAPH + "one"), NamedNode(GRAPH + "two")
    store = Store()
    store.extend(
        [
            Quad(FACEBOOK, TYPE, PLATFORM, one),
            Quad(FACEBOOK, TYPE, PLATFORM, two),
            Quad(FACEBOOK, LABEL, Literal("Facebook"), one),
            Quad(FACEBOOK, LABEL, Literal("Facebook, Inc."), two),
        ]
    )
    return store


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore(dataset())


@pytest.fixture
def stored_union() -> EmbeddedStore:
    merged = dataset()
    store_union(merged)
    return EmbeddedStore(merged)


def rows(store: EmbeddedStore, query: str, **arguments: object) -> list[tuple[str, ...]]:
    result = store.query(query, **arguments)  # type: ignore[arg-type]
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    return sorted(tuple(row[name].value for name in names) for row in result)


LABELS = "SELECT ?label { ?s rdfs:label ?label }"


@pytest.mark.parametrize("kind", ["store", "stored_union"])
def test_the_default_graph_is_the_union_of_all(kind: str, request: pytest.FixtureRequest) -> None:
    store: EmbeddedStore = request.getfixturevalue(kind)
    assert rows(store, LABELS) == [("Facebook",), ("Facebook, Inc.",)]
    assert rows(store, LABELS, union=False) == []
    assert len(rows(store, "SELECT ?g { GRAPH ?g { ?s a sme:Platform } }")) == 2
    assert store.quad_count() == 4
    assert store.graph_names() == [GRAPH + "one", GRAPH + "two"]


def test_a_stored_union_holds_a_statement_of_two_graphs_once(
    stored_union: EmbeddedStore,
) -> None:
    assert len(rows(stored_union, ALL)) == 3


@pytest.mark.parametrize("kind", ["store", "stored_union"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?label FROM graph:one { ?s rdfs:label ?label }", [("Facebook",)]),
        ("SELECT ?label FROM NAMED graph:one { ?s rdfs:label ?label }", []),
        (
            "SELECT ?label FROM NAMED graph:one { GRAPH ?g { ?s rdfs:label ?label } }",
            [("Facebook",)],
        ),
        ("SELECT ?label FROM graph:one { GRAPH ?g { ?s rdfs:label ?label } }", []),
    ],
)
def test_the_query_s_own_dataset_replaces_the_union(
    kind: str, query: str, expected: list[tuple[str]], request: pytest.FixtureRequest
) -> None:
    assert rows(request.getfixturevalue(kind), query) == expected


@pytest.mark.parametrize("kind", ["store", "stored_union"])
def test_the_caller_s_dataset_replaces_the_query_s(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store: EmbeddedStore = request.getfixturevalue(kind)
    query = "SELECT ?label FROM graph:two { ?s rdfs:label ?label }"
    inside = "SELECT ?label { GRAPH ?g { ?s rdfs:label ?label } }"
    one = [GRAPH + "one"]
    assert rows(store, query, default_graphs=one) == [("Facebook",)]
    assert rows(store, query, named_graphs=one) == []
    assert rows(store, inside, default_graphs=one) == []
    assert rows(store, inside, named_graphs=one) == [("Facebook",)]


def test_a_prefix_that_the_query_declares_wins(store: EmbeddedStore) -> None:
    declared = "PREFIX sme: <http://elsewhere/> SELECT ?s { ?s a sme:Platform }"
    assert rows(store, "SELECT DISTINCT ?s { ?s a sme:Platform }") == [(FACEBOOK.value,)]
    assert rows(store, declared) == []


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("SELECT * { ?s ?p }", MalformedQuery),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", FederationRefused),
        ("INSERT DATA { id:a id:b id:c }", UpdateRefused),
        ("LOAD <file:///etc/passwd>", UpdateRefused),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_by_name(
    store: EmbeddedStore, query: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        store.query(query)


def test_a_graph_that_is_no_iri_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(InvalidGraphName, match="'not an iri'"):
        store.query(ALL, default_graphs=["not an iri"])


def test_an_unknown_function_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(UnsupportedFunction, match="http://e/f"):
        store.query("SELECT (<http://e/f>(1) AS ?x) {}")


def test_a_folder_is_opened_read_only(tmp_path: Path) -> None:
    written = Store(str(tmp_path))
    written.add(Quad(FACEBOOK, TYPE, PLATFORM, DefaultGraph()))
    written.flush()
    del written
    assert rows(EmbeddedStore(tmp_path), "SELECT ?s { ?s a sme:Platform }") == [(FACEBOOK.value,)]


def test_a_folder_without_a_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        EmbeddedStore(tmp_path / "nothing")
