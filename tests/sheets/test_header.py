"""The first row of a sheet says which column is which."""

from __future__ import annotations

import pytest

from smegraph.ontology.schema import Schema
from smegraph.sheets.header import Header, read_header
from smegraph.sheets.table import Table


def header(schema: Schema, sheet: str, *names: str, rows: int = 1, place: int = 1) -> Header:
    cells = [[""] * len(names)] * rows
    table = Table("sheet.csv", list(names), place, cells, list(range(2, rows + 2)))
    return read_header(schema.sheets[sheet], table)


def test_columns_may_stand_in_any_order(schema: Schema) -> None:
    sheet = schema.sheets["samples"]
    read = header(schema, "samples", "unit", "size", "id", "label")
    assert read.problems == []
    assert [read.positions[sheet.by_name[n].path] for n in ("unit", "id")] == [0, 2]


def test_an_unknown_column_is_passed_over_and_named(schema: Schema) -> None:
    read = header(schema, "samples", "id", "label", "sise", "size", "unit")
    assert read.columns[2] is None
    assert [(p.kind, p.value) for p in read.problems] == [("unknown-column", "sise")]


def test_the_first_of_two_equal_columns_is_read(schema: Schema) -> None:
    read = header(schema, "samples", "id", "label", "size", "unit", "unit")
    assert read.positions[schema.sheets["samples"].by_name["unit"].path] == 3
    assert read.columns[4] is None


def test_every_missing_required_column_is_named(schema: Schema) -> None:
    read = header(schema, "samples", "id")
    missing = {p.column for p in read.problems if p.kind == "missing-column"}
    assert missing == {c.name for c in schema.sheets["samples"].columns if c.required} - {"id"}


def test_a_missing_column_that_most_documents_fill_is_a_warning(schema: Schema) -> None:
    (problem,) = header(schema, "firm-observations", "firm").problems
    assert (problem.column, problem.severity) == ("year", "warning")


def test_a_sheet_without_rows_expects_nothing(schema: Schema) -> None:
    assert header(schema, "firm-observations", "firm", rows=0).problems == []


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_the_only_problem(schema: Schema, mark: str, name: str) -> None:
    (problem,) = header(schema, "samples", mark.join(["id", '"label"', "size", "unit"])).problems
    assert problem.kind == "separator"
    assert name in problem.message


def test_one_unknown_column_is_no_separator(schema: Schema) -> None:
    kinds = {problem.kind for problem in header(schema, "samples", "a;b").problems}
    assert kinds == {"unknown-column", "missing-column"}


def test_columns_that_bound_each_other_are_compared_when_both_are_there(schema: Schema) -> None:
    both = header(schema, "firm-observations", "firm", "year", "exports", "turnover")
    assert [(a.name, b.name, strict) for a, b, strict in both.ordered] == [
        ("exports", "turnover", False)
    ]
    assert header(schema, "firm-observations", "firm", "year", "exports").ordered == []


def test_problems_stand_in_the_row_of_the_head(schema: Schema) -> None:
    assert {p.row for p in header(schema, "samples", "id", "x", place=3).problems} == {3}


def test_a_list_in_an_entry_of_one_value_is_told(schema: Schema) -> None:
    record = schema.record
    table = Table("study.yaml", ["title", "keywords"], 1, [["Untitled", "a; b"]], [1])
    table.lists, table.lines = {"title", "keywords"}, {"title": 4, "keywords": 5}
    (problem,) = [p for p in read_header(record, table).problems if p.kind == "list"]
    assert (problem.row, problem.column) == (4, "title")
    assert "stand in quotes" in str(problem.remedy)


@pytest.mark.parametrize("name", ["", "Unnamed: 4", "...5"])
def test_a_column_without_a_name_and_without_values_is_none(schema: Schema, name: str) -> None:
    assert header(schema, "samples", "id", "label", "size", "unit", name, name).problems == []


@pytest.mark.parametrize("name", ["", "Unnamed: 4", "...5"])
def test_a_column_without_a_name_but_with_values_is_told_once_by_its_letter(
    schema: Schema, name: str
) -> None:
    rows = [["a", "b", "1", "firm", cell] for cell in ("", "\u200b", "x", "y")]
    table = Table("sheet.csv", ["id", "label", "size", "unit", name], 1, rows, [2, 3, 4, 7])
    (problem,) = read_header(schema.sheets["samples"], table).problems
    assert (problem.row, problem.kind) == (1, "unknown-column")
    assert problem.message == "Column E has no name, and a value in row 4."
    assert "Columns of this sheet: id, label" in str(problem.remedy)
