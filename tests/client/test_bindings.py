"""Values in the place of variables: what they replace, and that they stay values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

import smegraph
from smegraph.client import IRI, InvalidBinding
from smegraph.client.bindings import bind

FIRM = IRI("https://w3id.org/smegraph/id/firm-a")


def filled(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


SAME = "SELECT ?s { ?s ?p ?o FILTER(?o = ?value) }"


def test_a_value_replaces_its_variable_and_nothing_that_only_looks_like_it() -> None:
    query = "SELECT ?x { ?x ?p $firm, '?firm' # ?firm\n; ?firms <http://a/> }"
    expected = f"SELECT ?x {{ ?x ?p  <{FIRM}> , '?firm' # ?firm\n; ?firms <http://a/> }}"
    assert bind(query, {"firm": FIRM}) == expected
    assert bind(query, {"?firm": FIRM}) == expected


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_no_text_becomes_another_part_of_the_query(text: str) -> None:
    store = filled(Quad(NamedNode(FIRM), NamedNode("http://a/p"), Literal(text)))
    with smegraph.connect(store) as graph:
        assert graph.select(SAME, {"value": text}) == graph.select("SELECT ?s { ?s ?p ?o }")
        assert len(graph.select(SAME, {"value": text + "x"})) == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?firm { ?firm a ?type }",
        "SELECT (1 AS ?firm) { }",
        "SELECT ?x { ?x ?p ?y BIND(?y AS ?firm) }",
        "SELECT ?x { VALUES ?firm { 1 } ?x ?p ?firm }",
        "SELECT (COUNT(*) AS ?n) { ?firm ?p ?y } GROUP BY ?firm",
    ],
)
def test_what_must_stay_a_variable_is_refused(query: str) -> None:
    with pytest.raises(InvalidBinding, match="must stay variables"):
        bind(query, {"firm": FIRM})


def test_a_text_cannot_stand_for_a_property() -> None:
    with pytest.raises(InvalidBinding, match="only an IRI can be a property"):
        bind("SELECT ?x { ?firm ?p ?x }", {"p": "rdfs:label"})


def test_a_name_that_is_no_variable_of_the_query_is_refused() -> None:
    with pytest.raises(InvalidBinding, match=r"no variable \?frim"):
        bind("SELECT ?x { ?firm ?p ?x }", {"frim": FIRM})


def test_what_may_be_an_iri_or_a_comparison_is_refused() -> None:
    with pytest.raises(InvalidBinding, match='space behind "<"'):
        bind("SELECT ?a { ?a ?p ?b FILTER(?b<?c&&?c>?b) }", {"c": 1})


def test_a_bound_query_counts_what_the_value_leaves() -> None:
    """A VALUES clause at the end would be joined after grouping, and count everything."""
    quads = [Quad(NamedNode(FIRM), NamedNode("http://a/p"), Literal(n)) for n in range(3)]
    with smegraph.connect(filled(*quads)) as graph:
        query = "SELECT (COUNT(*) AS ?n) { ?firm ?p ?o FILTER(?o < ?limit) }"
        assert graph.select(query, {"firm": FIRM, "limit": 2})[0].n == 2


def test_a_malformed_query_stays_the_engines_to_refuse() -> None:
    assert bind("SELECT ?x { ?firm ?p }", {"firm": FIRM}) == f"SELECT ?x {{  <{FIRM}>  ?p }}"


def test_binding_asks_nothing_of_another_machine() -> None:
    query = "ASK { SERVICE <http://127.0.0.1:1/> { ?firm ?p ?o } }"
    assert f"<{FIRM}>" in bind(query, {"firm": FIRM})
