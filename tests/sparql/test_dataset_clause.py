"""The graphs that a query names with FROM, in every spelling that the engine reads."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from smegraph.sparql.dataset_clause import dataset_clause

PREFIXES = {"e": "http://e/"}
A, B = "http://e/a", "http://e/b"

# Query, graphs of the default graph, named graphs.
CLAUSES: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    (f"SELECT * FROM <{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"SELECT * FROM <{A}> FROM <{B}> WHERE {{ ?s ?p ?o }}", (A, B), ()),
    (f"SELECT * FROM <{A}> FROM <{A}> {{ ?s ?p ?o }}", (A,), ()),
    ("SELECT ?s ?p ?o FROM e:a FROM NAMED e:b { ?s ?p ?o }", (A,), (B,)),
    ("ASK from named e:b { ?s ?p ?o }", (), (B,)),
    (f"DESCRIBE ?s FROM <{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"DESCRIBE <{A}> e:b FROM <{A}>", (A,), ()),
    (f"DESCRIBE * FROM <{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"CONSTRUCT FROM <{A}> WHERE {{ ?s ?p ?o }}", (A,), ()),
    (f"CONSTRUCT {{ ?s e:from ?o }} FROM <{A}> WHERE {{ ?s ?p ?o }}", (A,), ()),
    ("BASE <http://e/x/> SELECT * FROM <../a> FROM <http://e/b> { ?s ?p ?o }", (A, B), ()),
    ("BASE <http://e/> PREFIX x: <./> SELECT * FROM x:a { ?s ?p ?o }", (A,), ()),
    ("PREFIX e: <http://e/x> PREFIX : <http://e/> ASK FROM :a FROM e: { }", (A, "http://e/x"), ()),
    (f"SELECT(1<2 AS ?x)FROM<{A}>FROM<{B}>{{ ?s ?p ?o }}", (A, B), ()),
    (f"SELECT ((?s<?p)&&?p>?o AS ?x) FROM<{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"SELECT ((?s<?p)&&(?p>?o)AS?x)FROM<{A}>{{ ?s ?p ?o }}", (A,), ()),
    (f"SELECT DISTINCT ?s FROM # FROM <{B}>\n <{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"SELECT (') FROM' AS ?x) FROM <{A}> {{ ?s ?p ?o }}", (A,), ()),
    (f"SELECT REDUCED*FROM<{A}>{{ ?s ?p ?o }}", (A,), ()),
    (f"ASKFROM<{A}>{{ ?s ?p ?o }}", (A,), ()),
    (f"ASK FROMNAMED<{A}>{{ ?s ?p ?o }}", (), (A,)),
    ("PREFIX : <http://e/> ASK FROM:a FROM:b { ?s ?p ?o }", (A, B), ()),
    ("PREFIX : <http://e/> ASK FROM NAMED:a { ?s ?p ?o }", (), (A,)),
    ("PREFIX NAMED: <http://e/> ASK FROM NAMED:a { ?s ?p ?o }", (A,), ()),
    ("PREFIX : <http://e/> DESCRIBE ?s FROM:a { ?s ?p ?o }", (A,), ()),
    ("PREFIX from: <http://e/> DESCRIBE from:b FROM from:a", (A,), ()),
    ("VERSION '1.2' SELECT * FROM e:a { ?s ?p ?o }", (A,), ()),
    ("PREFIX from: <http://from.e/> SELECT ?from { ?from from:from 'FROM' } # FROM <a>", (), ()),
    ("SELECT * { { SELECT ?from { ?from ?p ?o } } }", (), ()),
    ("SELECT * FROM nowhere:a { ?s ?p ?o }", (), ()),
    ("SELECT * FROM { ?s ?p ?o }", (), ()),
    ("FROM", (), ()),
]


@pytest.mark.parametrize(("query", "default", "named"), CLAUSES)
def test_the_graphs_are_those_that_the_query_names(
    query: str, default: tuple[str, ...], named: tuple[str, ...]
) -> None:
    clause = dataset_clause(query, PREFIXES)
    assert ((clause.default, clause.named) if clause else ((), ())) == (default, named)


def rows(query: str, **arguments: object) -> list[str] | None:
    """What the engine answers over one statement in each graph; nothing when it cannot read it."""
    store = Store()
    for name in (A, B, "http://e/x"):
        store.add(Quad(NamedNode(name), NamedNode(A), NamedNode(B), NamedNode(name)))
    try:
        found = store.query(query, prefixes=PREFIXES, **arguments)  # type: ignore[arg-type]
    except SyntaxError:
        return None
    if isinstance(found, QueryBoolean):
        return [str(bool(found))]
    assert isinstance(found, QuerySolutions | QueryTriples)
    return sorted(str(row) for row in found)


@pytest.mark.parametrize("query", [query for query, default, named in CLAUSES if default or named])
def test_naming_them_again_changes_nothing_for_the_engine(query: str) -> None:
    clause = dataset_clause(query, PREFIXES)
    assert clause is not None
    once = rows(query)
    assert once is not None
    again = rows(
        query,
        default_graph=[NamedNode(name) for name in clause.default],
        named_graphs=[NamedNode(name) for name in clause.named],
    )
    # The engine finds what is in a graph twice when the graph is named twice.
    assert sorted(set(again or [])) == sorted(set(once))
