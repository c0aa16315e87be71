"""What of a graph a query can see, and that it is enough for its answer."""

from __future__ import annotations

import gc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from smegraph.sparql.patterns import Pattern, Patterns, patterns_of
from smegraph.store.embedded import EmbeddedStore

A, P, Q, R = (NamedNode(f"urn:{name}") for name in "apqr")
PREFIXES = {"e": "urn:"}


def default(query: str) -> set[Pattern]:
    found = patterns_of(query, PREFIXES)
    assert found is not None
    assert not found.named
    return set(found.default)


@pytest.mark.parametrize(
    ("query", "patterns"),
    [
        ("SELECT * { e:a ?p ?o }", {(A, None, None)}),
        ("SELECT * { ?s e:p e:a }", {(None, P, A)}),
        ("SELECT * { ?s e:p 'x' }", {(None, P, Literal("x"))}),
        ("SELECT * { ?s e:p 'x'@en, 01, true }", {(None, P, None)}),
        ("SELECT * { ?s ?p ?o }", {(None, None, None)}),
        ("SELECT * { [] e:p [ e:q e:a ] }", {(None, P, None), (None, Q, A)}),
        ("SELECT * { e:a e:p/(e:q|^e:r)+ ?o }",
         {(None, P, None), (None, Q, None), (None, R, None)}),
        ("SELECT * { ?s e:p ?o OPTIONAL { ?o e:q ?x } }", {(None, P, None), (None, Q, None)}),
        ("SELECT * { { ?s e:p ?o } UNION { ?s e:q ?o } }", {(None, P, None), (None, Q, None)}),
        ("SELECT * { ?s e:p ?o MINUS { ?s e:q e:a } }", {(None, P, None), (None, Q, A)}),
        ("ASK { ?s e:p ?o FILTER NOT EXISTS { ?o e:q/e:r ?x } }",
         {(None, P, None), (None, Q, None), (None, R, None)}),
        ("ASK { ?s e:p ?o BIND(EXISTS { ?o e:q ?x } AS ?y) }", {(None, P, None), (None, Q, None)}),
        ("SELECT * { { SELECT ?s { ?s e:p ?o } LIMIT 1 } }", {(None, P, None)}),
        ("SELECT (COUNT(*) AS ?n) { ?s e:p ?o } HAVING (COUNT(*) > 1)", {(None, P, None)}),
        ("CONSTRUCT { ?s e:r ?o } { ?s e:p ?o }", {(None, P, None)}),
        ("CONSTRUCT WHERE { ?s e:p ?o }", {(None, P, None)}),
        ("ASK {}", set()),
    ],
)  # fmt: skip
def test_it_sees_what_its_patterns_match(query: str, patterns: set[Pattern]) -> None:
    assert default(query) == patterns


def test_named_graphs_are_told_from_the_default_graph() -> None:
    query = """SELECT * { ?s e:p ?o GRAPH ?g { ?s e:q ?o }
                          FILTER EXISTS { GRAPH e:g { ?s e:r ?o } } }"""
    assert patterns_of(query, PREFIXES) == Patterns(
        frozenset({(None, P, None)}), frozenset({(None, Q, None), (None, R, None)})
    )


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE <urn:a>",
        "SELECT * { ?s e:p* ?o }",
        "SELECT * { e:a e:p? ?o }",
        "SELECT * { ?s (e:p*/e:q?) ?o }",
        "SELECT * { ?s !e:p ?o }",
        "SELECT * { ?s e:p ?o SERVICE <urn:x> { ?s ?p ?o } }",
        "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",  # The engine would call it at once.
        "SELECT * { <a> ?p ?o }",
        "BASE <http://e/> SELECT * { <#a> ?p ?o }",
        r"SELECT * { <http://e/\u0061> ?p ?o }",
        r"SELECT * { e:\-a ?p ?o }",
        "SELECT * { <<( ?s ?p ?o )>> ?q ?r }",
        "SELECT * {",
        "SELECT * { undeclared:a ?p ?o }",
        "INSERT DATA { e:a e:p e:q }",
    ],
)
def test_it_may_see_anything(query: str) -> None:
    assert patterns_of(query, PREFIXES) is None


GRAPHS = [NamedNode(f"urn:g{number}") for number in range(3)]
QUADS = st.lists(
    st.builds(
        Quad,
        st.sampled_from([A, P, NamedNode("urn:b")]),
        st.sampled_from([P, Q, R]),
        st.sampled_from([A, NamedNode("urn:b"), Literal("x"), Literal(1)]),
        st.sampled_from([*GRAPHS, DefaultGraph()]),
    ),
    max_size=14,
)
QUERIES = [
    "SELECT (COUNT(*) AS ?n) { e:a ?p ?o }",
    "SELECT ?s ?o ?x { ?s e:p ?o OPTIONAL { ?o e:q ?x } }",
    "SELECT ?s (COUNT(?o) AS ?n) { ?s e:p|e:q ?o } GROUP BY ?s",
    "SELECT ?s ?o { ?s e:p/e:q ?o }",
    "SELECT ?s ?o { ?s e:p+ ?o FILTER NOT EXISTS { ?o e:r ?s } }",
    "SELECT ?s { ?s e:p 'x' MINUS { ?s e:q 1 } }",
    "SELECT ?s ?g { ?s e:p ?o GRAPH ?g { ?s e:q ?x } }",
    "SELECT ?g ?s { GRAPH ?g { ?s e:p ?o } ?o e:q ?s }",
    "SELECT ?s ?p ?o { VALUES ?s { e:a e:b } ?s ?p ?o }",
    "SELECT (SUM(?o) AS ?n) { e:a e:p ?o }",
    "ASK { e:a e:p e:b }",
    "SELECT ?s { ?s e:p* e:b }",
    "SELECT ?g { GRAPH ?g {} }",
]


@given(QUADS, st.sampled_from(QUERIES), st.lists(st.sampled_from(GRAPHS), unique=True))
@settings(max_examples=400, deadline=None)
def test_an_answer_over_what_it_sees_is_the_answer(
    quads: list[Quad], query: str, named: list[NamedNode]
) -> None:
    store, merged = Store(), Store()
    store.extend(quads)
    merged.extend(quads)
    chosen = [graph.value for graph in named] or None
    every = [*GRAPHS, DefaultGraph()]
    for quad in quads:
        if quad.graph_name in (named or every):
            merged.add(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:merge")))
    of_parts = EmbeddedStore(store, stored_union=False, prefixes=PREFIXES)
    found = of_parts.query(query, default_graphs=chosen, named_graphs=[g.value for g in GRAPHS])
    if chosen is None:
        found = of_parts.query(query)
    expected = merged.query(
        query,
        prefixes=PREFIXES,
        default_graph=NamedNode("urn:merge"),
        named_graphs=[graph for graph in GRAPHS if chosen or graph in set(store.named_graphs())],
    )
    if isinstance(expected, QueryBoolean):
        assert bool(found) == bool(expected)
    else:
        assert isinstance(found, QuerySolutions)
        assert isinstance(expected, QuerySolutions)
        assert sorted(map(str, found)) == sorted(map(str, expected))


@pytest.mark.parametrize("query", ["SELECT * { ?s e:p ?o }", "SELECT * { ?s e:p << 1 }"])
def test_nothing_of_the_caller_is_held_by_what_the_parser_leaves_behind(query: str) -> None:
    class Held:
        """Something that the caller has."""

    def ask() -> weakref.ref[Held]:
        held = Held()
        patterns_of(query, PREFIXES)
        return weakref.ref(held)

    gc.disable()
    try:
        assert ask()() is None
    finally:
        gc.enable()
