"""What an import tells people: what could not be read, and what it wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smegraph.bibliography.importing import ImportResult
from smegraph.bibliography.report import problem_lines, summary_lines
from smegraph.errors import Problem

NOTHING = ImportResult(
    {"persons": 0, "works": 0}, filled=0, records=3, there=3, differences="", problems=()
)
SOME = replace(NOTHING, counts={"persons": 0, "works": 2}, there=1)
ERROR = Problem("refs.bib", 4, None, "unreadable-record", "It ends too early.", None, "Close it.")
WARNING = Problem("refs.bib", None, message="It gives no year.", severity="warning")


def said(result: ImportResult, *, dry_run: bool = False) -> list[str]:
    return list(summary_lines(result, "my-study", dry_run))


def test_a_record_that_cannot_be_read_is_told_with_its_line_and_a_remedy() -> None:
    first, _ = problem_lines(replace(NOTHING, problems=(ERROR,)))
    assert first == "refs.bib, line 4: It ends too early. Close it."


def test_a_doubt_is_marked_as_a_warning_and_counts_as_no_failure() -> None:
    assert list(problem_lines(replace(NOTHING, problems=(WARNING,)))) == [
        "refs.bib: warning: It gives no year."
    ]


@pytest.mark.parametrize(
    ("problems", "count"),
    [((ERROR, WARNING), "1 record"), ((ERROR, WARNING, ERROR), "2 records")],
)
def test_the_records_that_could_not_be_read_are_counted_behind_them(
    problems: tuple[Problem, ...], count: str
) -> None:
    *_, last = problem_lines(replace(NOTHING, problems=problems))
    assert last == f"{count} could not be read; the others were taken."


def test_a_sheet_with_new_rows_is_told_and_one_without_is_not() -> None:
    assert said(SOME) == [
        "3 records, 1 of works that my-study has already.",
        "works.imported.csv: 2 new rows.",
    ]


def test_one_is_not_told_as_several() -> None:
    one = replace(SOME, counts={"works": 1}, records=1, there=0, filled=1)
    assert said(one) == [
        "1 record, 0 of works that my-study has already.",
        "works.imported.csv: 1 new row.",
        "1 empty cell filled.",
    ]


@pytest.mark.parametrize("dry_run", [False, True])
def test_an_import_that_changes_nothing_says_so(dry_run: bool) -> None:
    *_, last = said(NOTHING, dry_run=dry_run)
    assert last == "Nothing changes."


def test_cells_that_are_filled_are_a_change() -> None:
    filled = replace(NOTHING, filled=2)
    *_, last = said(filled)
    assert last == "2 empty cells filled."


def test_a_dry_run_shows_the_differences_first_and_says_that_it_wrote_nothing() -> None:
    first, *_, last = said(replace(SOME, differences="+++ works.imported.csv"), dry_run=True)
    assert first == "+++ works.imported.csv"
    assert last == "Nothing was written, as this is a dry run."
