"""Fields of a CSV file, read back by Python's reader of RFC 4180."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.csv_fields import quoted


@pytest.mark.parametrize("field", ["", "a", "a b", "'", ";", "\t", "é", "\x0b\u2028"])
def test_what_means_nothing_in_csv_stays_as_it_is(field: str) -> None:
    assert quoted(field) == field


@pytest.mark.parametrize(
    ("field", "expected"),
    [("a,b", '"a,b"'), ('"', '""""'), ("\n", '"\n"'), ("\r", '"\r"'), ('a"b', '"a""b"')],
)
def test_what_means_something_is_quoted(field: str, expected: str) -> None:
    assert quoted(field) == expected


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2))
def test_a_row_reads_back_as_it_was(fields: list[str]) -> None:
    row = ",".join(map(quoted, fields)) + "\r\n"
    assert next(csv.reader(io.StringIO(row, newline=""), strict=True)) == fields
