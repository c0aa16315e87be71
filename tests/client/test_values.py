"""RDF terms as Python values, and Python values as RDF terms."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import BNode, URIRef

from smegraph.client import IRI, InvalidBinding, Text, Value
from smegraph.client.values import to_python, to_term

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("a", "string", "a"),
        ("+07", "integer", 7),
        ("7", "nonNegativeInteger", 7),
        ("10.290", "decimal", Decimal("10.290")),
        ("1e3", "double", 1000.0),
        ("-INF", "float", float("-inf")),
        ("1", "boolean", True),
        ("false", "boolean", False),
        ("2019-02-28", "date", date(2019, 2, 28)),
        ("2019-02-28T12:00:00Z", "dateTime", datetime(2019, 2, 28, 12, tzinfo=UTC)),
        ("2019-02-28T12:00:00.5", "dateTime", datetime(2019, 2, 28, 12, 0, 0, 500000)),
        ("12:30:00", "time", time(12, 30)),
        ("2019", "gYear", 2019),
        ("-0044", "gYear", -44),
    ],
)
def test_a_literal_comes_as_the_value_of_its_datatype(
    text: str, datatype: str, value: object
) -> None:
    found = to_python(typed(text, datatype))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("1_000", "integer"),
        ("1\u0660", "integer"),
        ("NaN", "decimal"),
        ("yes", "boolean"),
        ("2019-02-30", "date"),
        ("2019-02-28Z", "date"),
        ("20190228", "date"),
        ("2019-02-28T24:00:00", "dateTime"),
        ("2019-02-28T12:00:00.1234567", "dateTime"),
        ("12019-01-01", "date"),
        ("2019-02", "gYearMonth"),
        ("P1Y", "duration"),
        ("9" * 5000, "integer"),
    ],
)
def test_what_python_cannot_hold_without_loss_keeps_its_text_and_datatype(
    text: str, datatype: str
) -> None:
    found = to_python(typed(text, datatype))
    assert isinstance(found, Text)
    assert (str(found), found.datatype, found.language) == (text, URIRef(XSD + datatype), None)


def test_a_text_in_a_language_equals_the_text_and_tells_its_language() -> None:
    found = to_python(Literal("Firma", language="de"))
    assert isinstance(found, Text)
    assert found == "Firma"
    assert found.language == "de"


def test_iris_and_blank_nodes_come_as_those_of_rdflib() -> None:
    assert to_python(NamedNode("https://example.org/a")) == URIRef("https://example.org/a")
    assert to_python(BlankNode("b")) == BNode("b")
    assert to_python(None) is None


@pytest.mark.parametrize("again", [copy.copy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_copied_text_keeps_what_stands_beside_it(again: object) -> None:
    found = again(Text("Firma", "de"))  # type: ignore[operator]
    assert (found, found.language) == ("Firma", "de")


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",))),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False),
    st.dates(min_value=date(1000, 1, 1)),
    st.datetimes(min_value=datetime(1000, 1, 1)),
    st.datetimes(min_value=datetime(1000, 1, 2), timezones=st.just(UTC)),
    st.times(),
)


@given(VALUES)
def test_a_value_that_goes_into_a_query_comes_back_the_same(value: Value) -> None:
    found = to_python(to_term(value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "term",
    [
        Literal("Firma", language="de"),
        typed("P1Y", "duration"),
        typed("2019-02-28Z", "date"),
        NamedNode("https://example.org/a"),
    ],
)
def test_a_term_that_comes_out_of_a_query_goes_back_in_the_same(
    term: NamedNode | Literal,
) -> None:
    assert to_term(to_python(term)) == term


def test_terms_of_rdflib_and_of_the_engine_go_into_a_query() -> None:
    assert to_term(rdflib.Literal("Firma", lang="de")) == Literal("Firma", language="de")
    assert to_term(rdflib.Literal("07", datatype=rdflib.XSD.integer, normalize=False)) == typed(
        "07", "integer"
    )
    assert to_term(Literal("a")) == Literal("a")


@pytest.mark.parametrize(
    "value", [None, BNode("b"), BlankNode("b"), [1], object(), Decimal("NaN"), IRI("no IRI")]
)
def test_what_no_query_can_hold_is_refused(value: object) -> None:
    with pytest.raises(InvalidBinding, match="cannot stand in a query"):
        to_term(value)
