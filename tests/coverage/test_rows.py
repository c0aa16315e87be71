"""What rows point at: passages of content, of literature, and the headings of the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smegraph.coverage.intervals import Span
from smegraph.coverage.rows import Heading, Pointers, read_pointers
from smegraph.ontology.ontology import Ontology
from smegraph.studies.passages import Source

from .conftest import TEXT, Coded, digest

SELLS = "The firm sells abroad on two platforms."
CITED = "Nummela, 2010"
Make = Callable[..., Coded]
Read = Callable[[Coded], Pointers]


@pytest.fixture
def read(ontology: Ontology) -> Read:
    """Reads what the rows of a study point at in its text."""
    return lambda coded: read_pointers(coded.open(), ontology, Source(coded.text))


def span(passage: str, text: str = TEXT) -> Span:
    start = text.index(passage)
    return Span(start, start + len(passage))


def state(coded: Coded, row: str, **passage: str) -> None:
    """Add a statement with a passage."""
    coded.add("statements", id=row, kind="method statement", statement="So.", **passage)


def part(coded: Coded, key: str, label: str, kind: str = "section", **cells: str) -> None:
    coded.add("text-parts", id=key, label=label, kind=kind, order="1", **cells)


# ---------------------------------------------------------------- passages


def test_a_row_that_says_what_the_text_tells_points_at_content(make: Make, read: Read) -> None:
    coded = make()
    state(coded, "s1", **coded.passage(SELLS))
    found = read(coded)
    assert (found.content, found.literature, found.problems) == ([span(SELLS)], [], [])


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("citations", {"id": "c1", "work": "nummela-2010"}),
        ("references", {"work": "nummela-2010"}),
        ("works", {"label": "Nummela (2010)"}),
        ("persons", {"label": "Nummela, N."}),
        ("authorships", {"work": "nummela-2010", "order": "1", "person": "nummela-n"}),
    ],
)
def test_a_row_of_literature_is_told_apart(
    make: Make, read: Read, sheet: str, cells: dict[str, str]
) -> None:
    coded = make()
    coded.add(sheet, **cells, **coded.passage(CITED))
    found = read(coded)
    assert (found.content, found.literature, found.problems) == ([], [span(CITED)], [])


def test_both_passages_of_a_note_are_content(make: Make, read: Read) -> None:
    coded = make()
    first, other = coded.passage(SELLS), coded.passage("It found most customers")
    coded.add(
        "data-quality-notes", id="n1", kind="ambiguous statement", statement="Two ways.",
        firstReading="one", secondReading="other", **first,
        otherCharStart=other["charStart"], otherCharEnd=other["charEnd"],
        otherPassageHash=other["passageHash"],
    )  # fmt: skip
    assert read(coded).content == [span(SELLS), span("It found most customers")]


def test_a_row_without_a_passage_points_at_nothing(make: Make, read: Read) -> None:
    coded = make()
    state(coded, "s1", **coded.passage(SELLS))
    state(coded, "s2")
    found = read(coded)
    assert (found.content, found.problems) == ([span(SELLS)], [])


def test_a_sheet_without_columns_for_passages_points_at_nothing(make: Make, read: Read) -> None:
    coded = make()
    state(coded, "s1")
    assert read(coded) == Pointers()


@pytest.mark.parametrize(
    "cells",
    [
        {"charStart": "13", "charEnd": "52", "passageHash": digest("other words")},
        {"charStart": "0", "charEnd": "9999", "passageHash": digest(TEXT)},
        {"charStart": "20", "charEnd": "13", "passageHash": digest("")},
        {"charStart": "13", "charEnd": "13", "passageHash": digest("")},
        {"charStart": "-52", "charEnd": "13", "passageHash": digest(TEXT[-52:13])},
        {"charStart": "13.0", "charEnd": "52", "passageHash": digest(SELLS)},
        {"charStart": "13", "charEnd": "", "passageHash": digest(SELLS)},
        {"charStart": "", "charEnd": "", "passageHash": digest(SELLS)},
    ],
    ids=["other text", "behind the end", "backwards", "empty", "negative", "no integer",
         "no end", "digest alone"],
)  # fmt: skip
def test_a_passage_that_does_not_hold_is_told_and_not_counted(
    make: Make, read: Read, cells: dict[str, str]
) -> None:
    coded = make()
    state(coded, "s1", **cells)
    found = read(coded)
    assert found.content == []
    (problem,) = found.problems
    assert (problem.kind, problem.severity) == ("passage", "warning")
    assert (problem.row, problem.column) == (2, "charStart")
    assert problem.message == "Passages that do not hold in the source are not counted (rows: 2)."


def test_many_passages_that_do_not_hold_are_one_warning_with_the_first_rows(
    make: Make, read: Read
) -> None:
    coded = make()
    state(coded, "s0", **coded.passage(SELLS))
    for number in range(1, 8):
        state(coded, f"s{number}", charStart="0", charEnd="5", passageHash="0")
    (problem,) = read(coded).problems
    assert problem.row == 3
    assert problem.message.endswith("(rows: 3, 4, 5, 6, 7 …).")


# ---------------------------------------------------------------- passages that are none

PARAGRAPH = "Some words on firms, on platforms and on one more year. " * 7 + "\n\n"


@pytest.mark.parametrize(
    ("text", "counted"),
    [(PARAGRAPH * 5, False), (PARAGRAPH * 4, True), ("Line.\n\n" * 30, True)],
    ids=["long, of five", "long, of four", "short, of thirty"],
)
def test_a_passage_that_is_long_and_has_many_paragraphs_points_at_a_whole_part(
    make: Make, read: Read, text: str, counted: bool
) -> None:
    coded = make(text="1. All\n\n" + text)
    state(coded, "s1", **coded.passage(text))
    found = read(coded)
    assert (found.content != []) is counted
    assert [problem.kind for problem in found.problems] == ([] if counted else ["wide-passage"])


# ---------------------------------------------------------------- headings


def test_a_part_of_the_text_is_a_heading_and_no_content(make: Make, read: Read) -> None:
    coded = make()
    part(coded, "s1", "1. Findings", locator="section 1", **coded.passage("1. Findings"))
    found = read(coded)
    assert found.headings == [
        Heading("s1", "1. Findings", "section", "section 1", None, span("1. Findings"))
    ]
    assert (found.content, found.literature) == ([], [])


@pytest.mark.parametrize(
    ("named", "key"), [("s1", "s1"), ("1. Findings", "s1"), ("elsewhere", None), ("", None)]
)
def test_a_part_names_the_one_that_it_belongs_to_by_key_or_label(
    make: Make, read: Read, named: str, key: str | None
) -> None:
    coded = make()
    part(coded, "s1", "1. Findings", **coded.passage("1. Findings"))
    part(coded, "t1", "Table 1", "table", partOf=named, **coded.passage("Table 1: Figures"))
    _, table = read(coded).headings
    assert (table.kind, table.part_of) == ("table", key)


def test_a_part_without_a_label_is_called_by_its_key(make: Make, read: Read) -> None:
    coded = make()
    part(coded, "s1", "", **coded.passage("1. Findings"))
    (heading,) = read(coded).headings
    assert heading.label == "s1"


def test_a_part_without_a_place_is_told_and_is_no_heading(make: Make, read: Read) -> None:
    coded = make()
    part(coded, "s1", "1. Findings", **coded.passage("1. Findings"))
    part(coded, "s9", "9. Lost")
    found = read(coded)
    assert [heading.key for heading in found.headings] == ["s1"]
    (problem,) = found.problems
    assert (problem.kind, problem.severity, problem.row) == ("no-place", "warning", 3)
    assert problem.message == '"9. Lost" has no place in the source.'


# ---------------------------------------------------------------- what may hide rows


def test_a_study_without_errors_is_told_of_none(make: Make, read: Read) -> None:
    assert read(make()).problems == []


def test_errors_of_the_folder_its_files_and_their_heads_are_counted_in_one_warning(
    make: Make, read: Read
) -> None:
    coded = make()
    (coded.folder / "findigs.csv").write_text("id\n", encoding="utf-8")
    (coded.folder / "samples.csv").write_text('id,label,size,unit\na,"b\n', encoding="utf-8")
    state(coded, "s1", steatment="x")
    (problem,) = read(coded).problems
    assert (problem.kind, problem.severity) == ("faults", "warning")
    assert problem.message == "3 errors may hide rows of this study."


def test_one_error_is_not_told_as_several(make: Make, read: Read) -> None:
    coded = make()
    (coded.folder / "findigs.csv").write_text("id\n", encoding="utf-8")
    (problem,) = read(coded).problems
    assert problem.message == "1 error may hide rows of this study."
