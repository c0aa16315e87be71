"""Marks in numbers: what can be read in one way only is read, the rest is asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.sheets.errors import CellError
from smegraph.sheets.numbers import (
    decimal_mark,
    doubt_of,
    doubtful_mark,
    is_above,
    plain_number,
    witness,
)

ALL = frozenset({"GroupedNumber", "DecimalComma", "Percent"})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1.234,5", "1234.5"),
        ("1,234.567", "1234.567"),
        ("-1.234.567", "-1234567"),
        ("1 234,567", "1234.567"),
        ("1\u2009234", "1234"),
        ("1\u2007234.5", "1234.5"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("12.5000", "12.5000"),
        ("\uff18\uff10", "80"),
        ("\uff18\uff10\uff0e\uff15", "80.5"),
        ("\u221280.5", "-80.5"),
        ("12.5 %", "12.5"),
    ],
)
def test_a_number_with_one_reading_is_read(cell: str, expected: str) -> None:
    assert plain_number(cell, ALL) == expected


@pytest.mark.parametrize(
    ("cell", "grouped", "decimal"),
    [
        ("80.000", "80000", "80.0000"),
        ("80,000", "80000", "80.0000"),
        ("-80.000", "-80000", "-80.0000"),
        ("+80.000", "+80000", "+80.0000"),
        ("12.500", "12500", "12.5000"),
        ("12.345", "12345", "12.3450"),
        ("1.000", "1000", "1.0000"),
        ("100.000 %", "100000", "100.0000"),
        ("\uff18\uff10.\uff10\uff10\uff10", "80000", "80.0000"),
        ("\u221280.000", "-80000", "-80.0000"),
    ],
)
def test_a_number_with_two_readings_is_refused_with_both(
    cell: str, grouped: str, decimal: str
) -> None:
    with pytest.raises(CellError, match="may group digits or begin the decimals") as refused:
        plain_number(cell, ALL)
    assert refused.value.remedy == f"Write {grouped}, or {decimal} with one decimal more."
    assert plain_number(grouped, ALL) == grouped
    assert plain_number(decimal, ALL) == decimal
    assert doubt_of(cell, ALL).remedy == refused.value.remedy


@pytest.mark.parametrize("cell", ["8E+07", "1.5e3", "1,5E-3", "80000e0"])
def test_scientific_notation_is_called_by_its_name(cell: str) -> None:
    with pytest.raises(CellError, match="scientific notation"):
        plain_number(cell, ALL)


@pytest.mark.parametrize(
    ("cell", "mark", "expected"),
    [("80.000", ",", "80000"), ("80.000", ".", "80.000"), ("80,000", ".", "80000"),
     ("80,000", ",", "80.000"), ("1.234.567", ".", "1234567")],
)  # fmt: skip
def test_the_mark_of_a_column_decides(cell: str, mark: str, expected: str) -> None:
    assert plain_number(cell, ALL, mark) == expected


@pytest.mark.parametrize(
    ("cell", "mark"),
    [("9.09", "."), ("85,71", ","), ("1.234.567", ","), ("1,234,567", "."), ("1.234,5", ","),
     ("1,234.5", "."), ("0.125", "."), ("1 234,5 %", ","), ("80.000", None), ("80", None),
     ("1 234", None), ("n/a", None), ("14.5.2018", None)],
)  # fmt: skip
def test_a_number_shows_its_decimal_mark_or_does_not(cell: str, mark: str | None) -> None:
    assert decimal_mark(cell) == mark


def test_cells_that_contradict_each_other_decide_nothing() -> None:
    assert witness(["80.000", " 9.09 ", "7.5"]) == (".", "9.09")
    assert witness(["9.09", "85,71"]) is None
    assert witness(["80.000", "80"]) is None


def test_a_grouped_number_above_the_maximum_is_none() -> None:
    assert is_above("80.000", ALL, Decimal(100))
    assert not is_above("80.000", ALL, Decimal(100_000))
    assert not is_above("80.000", ALL, None)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_three_digits_behind_up_to_three_are_always_doubtful(
    whole: int, rest: int, mark: str
) -> None:
    assert doubtful_mark(f"{whole}{mark}{rest:03}", ALL) == mark


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3).map(abs))
def test_what_is_not_doubtful_keeps_its_value(number: Decimal) -> None:
    text = f"{number:f}"
    if doubtful_mark(text, ALL) is None and len(text) < 30:
        assert Decimal(plain_number(text, ALL)) == number
