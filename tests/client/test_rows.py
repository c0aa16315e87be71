"""Rows: tuples whose values also go by name."""

from __future__ import annotations

import copy
import pickle

import pytest
from pyoxigraph import Literal, NamedNode

from smegraph.client import Row, Rows
from smegraph.client.values import Term

FIRM = NamedNode("https://w3id.org/smegraph/id/firm-a")


def rows(*variables: str, terms: list[tuple[Term | None, ...]]) -> Rows:
    return Rows(variables, terms)


@pytest.fixture
def firms() -> Rows:
    return rows("firm", "founded", terms=[(FIRM, Literal(2014)), (None, Literal(2015))])


def test_a_value_goes_by_attribute_by_name_by_place_and_by_unpacking(firms: Rows) -> None:
    row = firms[0]
    _, founded = row
    assert row.founded == row["founded"] == row[1] == founded == 2014


def test_an_unbound_variable_is_none(firms: Rows) -> None:
    assert firms[1].firm is None


def test_rows_are_a_sequence(firms: Rows) -> None:
    assert len(firms) == 2
    assert [row.founded for row in firms] == [2014, 2015]
    assert firms[-1] == (None, 2015)
    assert firms[1:] == rows("firm", "founded", terms=[(None, Literal(2015))])
    assert not rows("firm", terms=[])


def test_rows_are_equal_when_their_variables_and_terms_are(firms: Rows) -> None:
    assert firms == Rows(firms.variables, firms.terms)
    assert firms != Rows(("firm", "year"), firms.terms)
    assert firms != firms[:1]


def test_variables_named_like_methods_of_tuples_are_values() -> None:
    row = rows("count", "index", terms=[(Literal(3), Literal(4))])[0]
    assert (row.count, row.index) == (3, 4)


def test_variables_that_are_no_attributes_of_python_go_by_name() -> None:
    row = rows("from", "__class__", "2", terms=[(Literal(1), Literal(2), Literal(3))])[0]
    assert (row["from"], row["__class__"], row["2"]) == (1, 2, 3)
    assert isinstance(row, Row)


def test_an_unknown_variable_is_refused_by_name(firms: Rows) -> None:
    with pytest.raises(AttributeError, match=r"no variable \?fonded; there are \?firm, \?founded"):
        _ = firms[0].fonded
    with pytest.raises(KeyError, match=r"no variable \?fonded"):
        firms[0]["fonded"]
    with pytest.raises(KeyError, match=r"no variable \?fonded"):
        firms.column("fonded")


def test_the_terms_keep_what_the_values_leave_out() -> None:
    literal = Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    found = rows("n", terms=[(literal,)])
    assert (found[0].n, found.terms[0][0]) == (7, literal)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda row: pickle.loads(pickle.dumps(row))])
def test_a_copied_row_keeps_its_names(firms: Rows, again: object) -> None:
    assert again(firms[0]).founded == 2014  # type: ignore[operator]


def test_a_row_gives_its_values_by_name_as_named_tuples_do(firms: Rows) -> None:
    assert firms[1]._asdict() == {"firm": None, "founded": 2015}
    assert repr(firms[1]) == "Row(firm=None, founded=2015)"
