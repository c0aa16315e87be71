"""SPARQL results as CSV, whatever terms they hold."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from smegraph.results.csv_table import write_csv

# What CSV quotes, what looks like it, and what stands for a comma meanwhile.
TEXTS = st.text("a\"',;\n\r\t \\<\x1f\x01é€\ufffe", max_size=12)
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


def solutions(rows: list[tuple[object, ...]]) -> QuerySolutions:
    values = " ".join(
        "(" + " ".join("UNDEF" if term is None else _written(term) for term in row) + ")"
        for row in rows
    )
    found = Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}")
    assert isinstance(found, QuerySolutions)
    return found


def written(found: QuerySolutions) -> str:
    parts: list[bytes] = []
    write_csv(found, parts.append)
    return b"".join(parts).decode()


def _written(term: object) -> str:
    """A blank node cannot stand in VALUES; a triple term can, in its own brackets."""
    if isinstance(term, BlankNode):
        return "<http://e/blank>"
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


@given(rows=ROWS)
@example(rows=[(Literal("\x1f"), Literal("a\x1fb")), (None, None)])
@settings(max_examples=200, deadline=None)
def test_csv_has_each_term_in_a_field_of_its_own(rows: list[tuple[object, ...]]) -> None:
    """Results CSV §3.2, read back by Python's reader of RFC 4180."""
    head, *found = csv.reader(io.StringIO(written(solutions(rows)), newline=""))
    assert head == ["x", "y"]
    expected = [[_field(term) for term in solution] for solution in solutions(rows)]
    assert len(found) == len(rows)
    assert found == expected


def _field(term: object) -> str:
    """An IRI and a literal by their text alone (§3.1)."""
    if isinstance(term, Triple):
        return " ".join(_field(part) for part in (term.subject, term.predicate, term.object))
    return term.value if isinstance(term, NamedNode | Literal) else ""


def test_a_blank_node_is_told_from_a_literal() -> None:
    store = Store()
    store.update("INSERT DATA { _:b <http://e/p> 1 }")
    found = store.query("SELECT ?x { ?x ?p ?o }")
    assert isinstance(found, QuerySolutions)
    assert written(found).startswith("x\r\n_:")


def test_only_the_field_that_needs_it_is_quoted() -> None:
    assert written(solutions([(Literal("a,b"), Literal("c"))])) == 'x,y\r\n"a,b",c\r\n'


def test_a_table_without_variables_has_an_empty_line_for_each_solution() -> None:
    found = Store().query("SELECT * { { } UNION { } UNION { } }")
    assert isinstance(found, QuerySolutions)
    assert written(found) == "\r\n" * 4


@pytest.mark.parametrize("count", [998, 999, 1000, 1001])
def test_no_row_is_lost_or_written_twice_where_a_piece_ends(count: int) -> None:
    rows: list[tuple[object, ...]] = [(Literal(str(n)), None) for n in range(count)]
    assert written(solutions(rows)).split() == ["x,y", *(f"{n}," for n in range(count))]


def test_a_long_table_comes_in_pieces() -> None:
    rows: list[tuple[object, ...]] = [(Literal(str(n)), None) for n in range(2500)]
    pieces: list[bytes] = []
    write_csv(solutions(rows), pieces.append)
    assert len(pieces) == 3
    assert b"".join(pieces).split(b"\r\n")[1:-1] == [b"%d," % n for n in range(2500)]
