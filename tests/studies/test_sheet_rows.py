"""The rows of one file become statements: each about its own subject, in one graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pyoxigraph as ox
import pytest

from smegraph.namespaces import SME
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER, LABEL, TYPE
from smegraph.sheets.header import read_header
from smegraph.sheets.table import Table
from smegraph.studies.columns import EMPTY, ColumnReader
from smegraph.studies.index import NameIndex, Node
from smegraph.studies.sheet_rows import SheetRows

GRAPH = "urn:graph"
SUFFIX = f" <{GRAPH}> .\n"
NAMES = {"Movy": "Firm", "Skills": "Firm", "Bell": "Work", "Survey": "StudyType"}


def rows_of(
    sheet: Sheet,
    ontology: Ontology,
    head: list[str],
    *rows: list[str],
    subjects: list[str | None] | None = None,
    constants: tuple[str, ...] = (),
) -> SheetRows:
    """The rows of a file that may refer to some things by their names."""
    index = NameIndex()
    for name, class_ in NAMES.items():
        iri = f"urn:{name.lower()}"
        index.add(Node(iri, iri, name, (), frozenset([SME + class_])))
    table = Table("a.csv", head, rows=list(rows), places=list(range(2, len(rows) + 2)))
    header = read_header(sheet, table)
    readers = [
        ColumnReader(column, index, ontology, SUFFIX) if column else defaultdict(lambda: EMPTY)
        for column in header.columns
    ]
    made = SheetRows(sheet, table, header, readers, SUFFIX, [*constants])
    made.subjects = [f"urn:row-{at}" for at in range(len(rows))] if subjects is None else subjects
    return made


def said(rows: SheetRows) -> list[tuple[str, str, str]]:
    """Subject, predicate and object of each statement, which all stand in the one graph."""
    quads = list(ox.parse("".join(rows.statements()), format=ox.RdfFormat.N_QUADS))
    assert {quad.graph_name for quad in quads} <= {ox.NamedNode(GRAPH)}
    return [
        (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr]
        for quad in quads
    ]


@pytest.fixture
def samples(schema: Schema) -> Sheet:
    return schema.sheets["samples"]


@pytest.fixture
def years(schema: Schema) -> Sheet:
    return schema.sheets["firm-observations"]


# ---------------------------------------------------------------- cells


def test_a_cell_is_found_by_its_property(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(samples, ontology, ["unit", "id"], ["firm", "a"])
    assert rows.cell(["firm", "a"], IDENTIFIER).values == ("a",)


def test_a_cell_of_a_column_that_the_file_lacks_is_empty(
    samples: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(samples, ontology, ["id"], ["a"])
    assert rows.cell(["a"], LABEL) is EMPTY


def test_cells_stand_in_the_order_of_the_columns(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(samples, ontology, ["size", "zzz", "id"])
    assert [cell.values for cell in rows.cells(["2", "x", "a"])] == [("2",), (), ("a",)]


def test_what_no_row_may_leave_empty_is_required(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(samples, ontology, ["id"])
    assert rows.requires(IDENTIFIER)  # though a file lacks it, too
    assert not rows.requires(SME + "note")
    assert not rows.requires("urn:no-column")


# ---------------------------------------------------------------- statements


def test_each_cell_is_a_statement_on_the_subject_of_its_row(
    samples: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(samples, ontology, ["id", "label"], ["a", "One"], ["b", "Two"])
    assert said(rows) == [
        ("urn:row-0", IDENTIFIER, "a"), ("urn:row-0", LABEL, "One"),
        ("urn:row-1", IDENTIFIER, "b"), ("urn:row-1", LABEL, "Two"),
    ]  # fmt: skip


def test_the_statements_of_a_row_are_one_text(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(samples, ontology, ["id", "label"], ["a", "One"], ["b", "Two"])
    assert [text.count(" .\n") for text in rows.statements()] == [2, 2]


def test_a_row_without_a_subject_says_nothing(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(samples, ontology, ["id"], ["a"], ["b"], subjects=[None, "urn:b"])
    assert said(rows) == [("urn:b", IDENTIFIER, "b")]


def test_an_empty_cell_and_an_unknown_column_say_nothing(
    samples: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(samples, ontology, ["id", "zzz", "label"], ["a", "x", " "])
    assert said(rows) == [("urn:row-0", IDENTIFIER, "a")]


def test_what_is_said_of_every_row_is_said_of_each(samples: Sheet, ontology: Ontology) -> None:
    constants = (f" <{TYPE}> <urn:C>{SUFFIX}", f" <urn:in> <urn:s>{SUFFIX}")
    rows = rows_of(samples, ontology, ["id"], [""], [""], constants=constants)
    pairs = ((TYPE, "urn:C"), ("urn:in", "urn:s"))
    assert said(rows) == [(f"urn:row-{row}", *pair) for row in (0, 1) for pair in pairs]


def test_several_values_are_several_statements(schema: Schema, ontology: Ontology) -> None:
    rows = rows_of(schema.sheets["findings"], ontology, ["firms"], ["Movy; Skills"])
    assert [statement for statement in said(rows) if statement[1] != LABEL] == [
        ("urn:row-0", SME + "concernsFirm", "urn:movy"),
        ("urn:row-0", SME + "concernsFirm", "urn:skills"),
    ]


def test_statements_follow_the_rows_when_they_are_asked_for(
    samples: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(samples, ontology, ["id"], ["a"], subjects=["urn:before"])
    found = rows.statements()
    rows.subjects[0] = "urn:after"
    assert [text.split(" ")[0] for text in found] == ["<urn:after>"]


# ---------------------------------------------------------------- what is said of another node


@pytest.fixture
def designs(schema: Schema) -> Sheet:
    """A sheet with columns that speak of the work that a row describes."""
    sheet = schema.sheets["paper-designs"]
    assert sheet.by_name["studyTypes"].via == sheet.by_name["work"].path
    return sheet


def test_a_cell_may_speak_of_the_node_that_another_column_names(
    designs: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(designs, ontology, ["studyTypes", "work"], ["Survey", "Bell"])
    assert said(rows) == [
        ("urn:row-0", designs.by_name["work"].path, "urn:bell"),
        ("urn:row-0", LABEL, "Design of Bell"),
        ("urn:bell", designs.by_name["studyTypes"].predicate, "urn:survey"),
    ]


def test_a_cell_that_speaks_of_a_node_which_none_names_says_nothing(
    designs: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(designs, ontology, ["work", "studyTypes"], ["", "Survey"])
    assert said(rows) == [("urn:row-0", LABEL, "Design of")]


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("row", "label"),
    [(["movy", "2018"], "Movy, 2018"), (["movy", ""], "Movy"), (["", "2018"], "2018"),
     (["", ""], "")],
)  # fmt: skip
def test_what_is_empty_leaves_no_trace_in_a_label(
    years: Sheet, ontology: Ontology, row: list[str], label: str
) -> None:
    rows = rows_of(years, ontology, ["firm", "year"], row)
    assert rows.label(rows.cells(row)) == label


def test_a_label_is_a_statement_by_the_template_of_the_sheet(
    years: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(years, ontology, ["year", "firm"], ["2018", "Movy"])
    assert ("urn:row-0", LABEL, "Movy, 2018") in said(rows)


def test_a_column_that_the_file_lacks_leaves_no_trace_in_a_label(
    years: Sheet, ontology: Ontology
) -> None:
    rows = rows_of(years, ontology, ["firm"], ["Skills"])
    assert ("urn:row-0", LABEL, "Skills") in said(rows)


def test_a_percent_sign_and_quotation_marks_in_a_label_are_text(
    samples: Sheet, ontology: Ontology
) -> None:
    template = '100 % of "{label}"'
    rows = rows_of(replace(samples, label_template=template), ontology, ["label"], ['%s "x"'])
    assert ("urn:row-0", LABEL, '100 % of "%s "x""') in said(rows)


def test_a_label_is_one_line(samples: Sheet, ontology: Ontology) -> None:
    rows = rows_of(replace(samples, label_template="{label}"), ontology, ["label"], ["a\n  b"])
    assert rows.label(rows.cells(["a\n  b"])) == "a b"
