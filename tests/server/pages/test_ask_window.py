"""A page of a query's rows keeps to the query's own limits; short addresses are read back."""

from __future__ import annotations

import zlib

import pyoxigraph as ox
import pytest

from smegraph.server.pages.ask_window import LONGEST, form_of, packed, unpacked, window

STORE = ox.Store()
STORE.extend(
    ox.Quad(ox.NamedNode(f"urn:{n:03}"), ox.NamedNode("urn:p"), ox.Literal(n)) for n in range(250)
)
ROWS = "SELECT ?n { ?s <urn:p> ?n } ORDER BY ?n"


def numbers(query: str) -> list[int]:
    found = STORE.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [int(row[0].value) for row in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ROWS, range(100, 201)),
        (f"{ROWS} LIMIT 150", range(100, 150)),
        (f"{ROWS} offset 20 limit 110", range(120, 130)),
        (f"{ROWS} LIMIT 50", range(0)),
        (f"{ROWS} # LIMIT 3", range(100, 201)),
        ("SELECT ?n { { SELECT ?n { ?s <urn:p> ?n } ORDER BY ?n LIMIT 120 } } ORDER BY ?n",
         range(100, 120)),
        (f"{ROWS} VALUES ?n {{ 101 102 }}", range(0)),
    ],
)  # fmt: skip
def test_a_page_has_the_rows_that_the_query_has_there(query: str, expected: range) -> None:
    assert numbers(window(query, 100, 101)) == [*expected]


def test_what_is_no_select_stays_as_it_is() -> None:
    for query in ("ASK {}", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", "no query"):
        assert window(query, 100, 100) == query


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX select: <urn:a> ask {}", "ASK"),
        ("# select\nDESCRIBE <urn:a>", "DESCRIBE"),
        ("", ""),
    ],
)
def test_the_form_is_told_by_the_first_word_that_is_one(query: str, form: str) -> None:
    assert form_of(query) == form


def test_a_short_address_is_read_back_and_nothing_else_is() -> None:
    query = 'SELECT * { ?s ?p "größe" }\n' * 40
    assert unpacked(packed(query)) == query
    assert len(packed(query)) < len(query) / 5
    for wrong in ("%", "AAAA", packed(query)[:-20], "é"):
        with pytest.raises(ValueError, match=r"."):
            unpacked(wrong)


def test_an_address_that_unpacks_to_too_much_is_refused() -> None:
    bomb = packed("a" * (LONGEST + 10))
    assert len(bomb) < 5000
    with pytest.raises(ValueError, match="too long"):
        unpacked(bomb)
    assert zlib.MAX_WBITS == 15
