"""Cells become literals in canonical form, or are refused with what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.namespaces import XSD
from smegraph.ontology.schema import ACCEPTS, Column, Schema
from smegraph.sheets.errors import CellError
from smegraph.sheets.literals import NUMBERS as PARSERS
from smegraph.sheets.literals import canonical, canonical_decimal, literal, split_cell


def column(datatype: str, *accepts: str, **changes: Any) -> Column:
    """A column of a datatype of XML Schema that takes the ways of writing named."""
    fields: dict[str, Any] = {
        "name": "cell", "path": "urn:cell", "description": "", "example": "", "order": Decimal(1),
        "datatype": XSD + datatype, "class_": None, "language": None, "options": {},
        "required": False, "single": True, "expected": False, "pattern": None, "minimum": None,
        "maximum": None, "less_than": None, "less_than_or_equals": None,
    }  # fmt: skip
    return Column(**{**fields, **changes}, accepts=frozenset(accepts))


NUMBERS = ("GroupedNumber", "DecimalComma", "Percent")


@pytest.mark.parametrize(
    ("datatype", "cell", "expected"),
    [
        ("integer", "2014", "2014"),
        ("integer", "+007", "7"),
        ("integer", "-0", "0"),
        ("nonNegativeInteger", "0", "0"),
        ("decimal", "85.710", "85.71"),
        ("decimal", "-0.0", "0"),
        ("decimal", "80000", "80000"),
        ("boolean", "TRUE", "true"),
        ("boolean", "false", "false"),
        ("boolean", "WAHR", "true"),
        ("boolean", "FAUX", "false"),
        ("boolean", "EPÄTOSI", "false"),
        ("dateTime", "2018-05-14T13:00:00", "2018-05-14T13:00:00"),
        ("dateTime", "2018-05-14 13:00", "2018-05-14T13:00:00"),
        ("date", "2018-05-14", "2018-05-14"),
        ("anyURI", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("string", "32 000 €", "32 000 €"),
    ],
)
def test_a_cell_gets_its_canonical_form(datatype: str, cell: str, expected: str) -> None:
    assert canonical(cell, column(datatype)) == expected


@pytest.mark.parametrize(
    ("datatype", "cell"),
    [
        ("integer", "3.5"),
        ("integer", "3,5"),
        ("integer", "80 000"),
        ("integer", "1e3"),
        ("integer", "9" * 19),
        ("nonNegativeInteger", "-1"),
        ("decimal", "85,71"),
        ("decimal", "92 %"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("decimal", "Infinity"),
        ("decimal", "."),
        ("boolean", "yes"),
        ("boolean", "1"),
        ("dateTime", "14.5.2018 13.00"),
        ("dateTime", "2018-05-14"),
        ("dateTime", "2018-13-14T13:00:00"),
        ("date", "14.5.2018"),
        ("date", "2018-02-30"),
        ("anyURI", "example.org"),
        ("anyURI", "https://example.org/a b"),
        ("anyURI", "https://example.org/<a>"),
        ("string", "a\x07bell"),
        ("string", "a\x7fdelete"),
    ],
)
def test_a_cell_of_another_type_is_refused_with_a_remedy(datatype: str, cell: str) -> None:
    with pytest.raises(CellError) as refused:
        canonical(cell, column(datatype))
    assert refused.value.message.endswith(".")
    assert refused.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("80 000", "80000"),
        ("80\u00a0000", "80000"),
        ("80\u202f000", "80000"),
        ("1'234'567", "1234567"),
        ("1 234,5", "1234.5"),
        ("85,71", "85.71"),
        ("0,125", "0.125"),
        ("92 %", "92"),
        ("-5,5\u00a0%", "-5.5"),
    ],
)
def test_numbers_are_read_as_tables_print_them(cell: str, expected: str) -> None:
    assert canonical(cell, column("decimal", *NUMBERS)) == expected


@pytest.mark.parametrize("cell", ["80 00", "8 0000", "80  000", "1,2,3", "%", "92 %%", "9,2.1"])
def test_numbers_that_no_table_prints_are_refused(cell: str) -> None:
    with pytest.raises(CellError):
        canonical(cell, column("decimal", *NUMBERS))


@pytest.mark.parametrize("cell", ["80,000", "-1,234", "999,999", "80.000", "1.234"])
def test_a_mark_before_three_digits_is_never_guessed_at(cell: str) -> None:
    with pytest.raises(CellError, match="may group digits or begin the decimals") as refused:
        canonical(cell, column("decimal", *NUMBERS))
    assert re.sub("[,.]", "", cell) in refused.value.remedy


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("14.5.2018 13.00", "2018-05-14T13:00:00"),
        ("14/5/2018, 13:05:09", "2018-05-14T13:05:09"),
        ("2018-05-14T13:00:00", "2018-05-14T13:00:00"),
    ],
)
def test_days_may_stand_before_months_where_the_column_takes_that(cell: str, expected: str) -> None:
    assert canonical(cell, column("dateTime", "DayMonthYear")) == expected


def test_a_day_without_its_time_is_refused() -> None:
    with pytest.raises(CellError, match="has no time of day"):
        canonical("14.5.2018", column("dateTime", "DayMonthYear"))


@pytest.mark.parametrize(
    ("low", "high", "cell", "remedy"),
    [
        (1, 12, "13", "It must be from 1 to 12."),
        (1, None, "0", "It must be at least 1."),
        (None, 3, "4", "It must be at most 3."),
    ],
)
def test_a_number_out_of_range_is_told_the_range(
    low: int | None, high: int | None, cell: str, remedy: str
) -> None:
    bounds = {"minimum": low, "maximum": high}
    bounded = {name: None if value is None else Decimal(value) for name, value in bounds.items()}
    with pytest.raises(CellError, match="is out of range") as refused:
        canonical(cell, column("integer", **bounded))
    assert refused.value.remedy == remedy


@pytest.mark.parametrize("cell", ["1", "12"])
def test_both_ends_of_a_range_belong_to_it(cell: str) -> None:
    assert canonical(cell, column("integer", minimum=Decimal(1), maximum=Decimal(12))) == cell


def test_a_pattern_is_met_by_the_canonical_form() -> None:
    assert canonical("+2014", column("integer", pattern="^[0-9]{4}$")) == "2014"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_canonical_decimal_stays_as_it_is_and_keeps_its_value(number: Decimal) -> None:
    once = canonical_decimal(str(number))
    assert canonical_decimal(once) == once
    assert Decimal(once) == number
    assert "E" not in once


@given(st.integers(-(10**17), 10**17))
def test_every_integer_that_is_grouped_reads_as_it_is(number: int) -> None:
    grouped = f"{number:,}".replace(",", " ")
    assert canonical(grouped, column("integer", "GroupedNumber")) == str(number)


WRITTEN = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.datetimes().map(str),
    st.dates().map(str),
    st.from_regex(r"[0-9]{1,3}([ ,.'][0-9]{1,3}){0,3} ?%?", fullmatch=True),
    st.from_regex(
        r"[0-9]{1,2}[./][0-9]{1,2}[./]20[0-9]{2}[ ,T][0-9]{2}[.:][0-9]{2}", fullmatch=True
    ),
    st.sampled_from(["True", "FALSE", "tRUE"]),
    st.from_regex(r"[a-z]+:[^ ]+", fullmatch=True),
)


@given(WRITTEN, st.sampled_from(["integer", "decimal", "boolean", "dateTime", "date", "anyURI"]))
def test_what_a_cell_became_is_read_as_itself_by_the_strictest_column(
    cell: str, datatype: str
) -> None:
    try:
        value = canonical(cell, column(datatype, *ACCEPTS))
    except CellError:
        return
    assert canonical(value, column(datatype)) == value


PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)  # what a cell may hold, control characters too


@given(PRINTABLE, st.sampled_from(["string", "integer", "anyURI"]))
def test_a_literal_reads_back_as_it_was(value: str, datatype: str) -> None:
    line = f"<urn:s> <urn:p> {literal(value, XSD + datatype)} <urn:g> .\n"
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    assert isinstance(quad.object, ox.Literal)
    assert (quad.object.value, quad.object.datatype.value) == (value, XSD + datatype)


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), min_size=1)


@given(st.lists(VALUES.map(str.strip).filter(bool)))
def test_values_joined_in_a_cell_are_split_again(values: list[str]) -> None:
    assert split_cell("; ".join(value.replace(";", "\\;") for value in values)) == values


@pytest.mark.parametrize("cell", ["", ";", " ; ;; "])
def test_an_empty_cell_has_no_values(cell: str) -> None:
    assert split_cell(cell) == []


def number_columns(schema: Schema, datatypes: Collection[str]) -> list[Column]:
    """The columns of all sheets with one of the datatypes."""
    columns = [column for sheet in schema.sheets.values() for column in sheet.columns]
    return [column for column in columns if column.datatype in datatypes]


DECIMAL = XSD + "decimal"


def refusal(cell: str, column: Column) -> CellError | None:
    """Why a column refuses a cell, or None; how much it may be is another question."""
    try:
        canonical(cell, replace(column, minimum=None, maximum=None))
    except CellError as error:
        return error
    return None


def test_every_column_of_decimals_takes_a_comma_before_them(schema: Schema) -> None:
    columns = number_columns(schema, [DECIMAL])
    assert len(columns) > 5
    for column in columns:
        for cell, value in (("12,5", "12.5"), ("1 234,5", "1234.5"), ("1.234,5", "1234.5"),
                            ("0,125", "0.125"), ("12.5", "12.5"), ("3,0", "3"),
                            (".62", "0.62"), ("-.03", "-0.03"), (",5", "0.5")):  # fmt: skip
            bare = replace(column, minimum=None, maximum=None)
            assert canonical(cell, bare) == value, (column.name, cell)


def test_no_column_of_numbers_guesses_what_a_mark_before_three_digits_is(schema: Schema) -> None:
    columns = number_columns(schema, PARSERS)
    assert len(columns) > 20
    for column in columns:
        for cell in ("2,014", "2.014", "80.000", "80,000"):
            error = refusal(cell, column)
            assert error is not None, (column.name, cell)
            assert "may group digits" in error.message


def test_every_column_of_whole_numbers_refuses_decimals_and_says_what_would_do(
    schema: Schema,
) -> None:
    whole = number_columns(schema, [datatype for datatype in PARSERS if datatype != DECIMAL])
    assert len(whole) > 15
    for column in whole:
        for cell in ("12,5", "12.5", "2014,0", "2014.0", "1,5"):
            error = refusal(cell, column)
            assert error is not None, (column.name, cell)
            assert error.remedy == "Write digits only, for example 2014."
        error = refusal("2.014", column)
        assert error is not None
        assert error.remedy == "Write 2014 if it does; a whole number has no decimals."


@pytest.mark.parametrize(
    ("sheet", "name", "cell", "meant"),
    [
        ("samples", "id", "Case Firms", "case-firms"),
        ("samples", "id", "case_firms", "case-firms"),
        ("firm-observations", "currency", "eur", "EUR"),
        ("study", "sourceSha256", "AB" * 32, "ab" * 32),
        ("study", "doi", "https://doi.org/10.1000/x", "10.1000/x"),
        ("study", "doi", "doi: 10.1000/x", "10.1000/x"),
    ],
)
def test_a_cell_of_another_form_is_told_what_was_perhaps_meant(
    schema: Schema, sheet: str, name: str, cell: str, meant: str
) -> None:
    error = refusal(cell, schema.sheets[sheet].by_name[name])
    assert error is not None
    assert error.remedy.startswith(f'Did you mean "{meant}"? It must match ')
