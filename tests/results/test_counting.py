"""Rows counted in serialised results, whatever terms they hold and wherever the parts are cut."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from smegraph.results.counting import COUNTERS
from smegraph.results.csv_table import write_csv
from smegraph.results.formats import FORMATS, TABLE_FORMATS

# What each format escapes, quotes or uses as its own structure.
ALPHABET = "a\\\"',{}[]:\n\r\t<>&\x01é €\ufffe"
FRAGMENTS = ["<result>", "},{", ',{"x":{"type":"uri"', "[{}]", '"', "\\", "\r\n", "{}"]
TEXTS = st.lists(st.text(ALPHABET, max_size=4) | st.sampled_from(FRAGMENTS), max_size=4).map(
    "".join
)
XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = (
    TEXTS.map(Literal)
    | TEXTS.map(lambda text: Literal(text, language="en"))
    | st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
        TEXTS,
        st.sampled_from(["integer", "boolean", "double", "date"]),
    )
)
IRIS = st.sampled_from([NamedNode("http://e/(a)"), NamedNode("http://e/a,b'")])
TRIPLES = st.builds(Triple, IRIS, IRIS, LITERALS | IRIS)
TERMS = LITERALS | IRIS | st.just(BlankNode("b")) | TRIPLES
ROWS = st.lists(st.tuples(*[st.none() | TERMS] * 2), max_size=6)
VARIABLES = st.sampled_from([("x", "y"), ("type", "value"), ("subject", "head")])


def solutions(names: tuple[str, str], rows: list[tuple[object, ...]]) -> QuerySolutions:
    values = " ".join(
        "(" + " ".join("UNDEF" if term is None else _written(term) for term in row) + ")"
        for row in rows
    )
    first, second = names
    text = f"SELECT ?{first} ?{second} {{ VALUES (?{first} ?{second}) {{ {values} }} }}"
    found = Store().query(text)
    assert isinstance(found, QuerySolutions)
    return found


def _written(term: object) -> str:
    """A blank node cannot stand in VALUES; a triple term can, in its own brackets."""
    if isinstance(term, BlankNode):
        return "<http://e/blank>"
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def counted(name: str, body: bytes, cuts: list[int]) -> int:
    counter = COUNTERS[name]()
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    for start, end in pairwise(places):
        counter.feed(body[start:end])
    return counter.rows


COUNTED = [found.name for found in TABLE_FORMATS if found.name in COUNTERS]


@pytest.mark.parametrize("name", COUNTED)
@given(names=VARIABLES, rows=ROWS, cuts=st.lists(st.integers(0, 2000), max_size=8))
@example(names=("x", "y"), rows=[(None, None), (None, None)], cuts=[])
@example(names=("x", "y"), rows=[(Literal("\\"), Literal('\\",{"'))], cuts=list(range(200)))
@settings(max_examples=120, deadline=None)
def test_the_count_is_that_of_the_solutions(
    name: str, names: tuple[str, str], rows: list[tuple[object, ...]], cuts: list[int]
) -> None:
    body = solutions(names, rows).serialize(format=FORMATS[name].engine)  # type: ignore[arg-type]
    assert body is not None
    assert counted(name, body, cuts) == len(list(solutions(names, rows))) == len(rows)


@pytest.mark.parametrize("name", ["ntriples", "nquads"])
@given(
    objects=st.lists(LITERALS | IRIS, max_size=6, unique=True),
    cuts=st.lists(st.integers(0, 2000), max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_the_count_is_that_of_the_triples(
    name: str, objects: list[object], cuts: list[int]
) -> None:
    node = NamedNode("http://e/a")
    store = Store()
    store.extend(Quad(node, node, found) for found in objects)  # type: ignore[arg-type]
    triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(triples, QueryTriples)
    body = triples.serialize(format=FORMATS[name].engine)  # type: ignore[arg-type]
    assert body is not None
    assert counted(name, body, cuts) == len(store)


@given(rows=ROWS)
@example(rows=[(Literal("\x1f"), Literal("a\x1fb")), (None, None)])
@settings(max_examples=200, deadline=None)
def test_csv_has_each_term_in_a_field_of_its_own(rows: list[tuple[object, ...]]) -> None:
    """Results CSV §3.2, read back by Python's reader of RFC 4180."""
    parts: list[bytes] = []
    assert write_csv(solutions(("x", "y"), rows), parts.append) == len(rows)
    text = b"".join(parts).decode()
    head, *found = csv.reader(io.StringIO(text, newline=""))
    assert head == ["x", "y"]
    expected = [[_field(term) for term in solution] for solution in solutions(("x", "y"), rows)]
    assert found == expected


def _field(term: object) -> str:
    """An IRI and a literal by their text alone (§3.1)."""
    if isinstance(term, Triple):
        return " ".join(_field(part) for part in (term.subject, term.predicate, term.object))
    return term.value if isinstance(term, NamedNode | Literal) else ""


@pytest.mark.parametrize("name", COUNTED)
def test_solutions_without_variables_count(name: str) -> None:
    found = Store().query("SELECT * { { } UNION { } UNION { } }")
    body = found.serialize(format=FORMATS[name].engine)  # type: ignore[arg-type, union-attr]
    assert counted(name, body, []) == 3  # type: ignore[arg-type]
