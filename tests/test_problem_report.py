"""Problems are told to people by file and place, and to programs as JSON."""

from __future__ import annotations

import json

import pytest

from smegraph.errors import Problem
from smegraph.problem_report import as_json, as_text, summary

ERROR = Problem("b.csv", 10, "year", "invalid-cell", '"x" is wrong.', "x", "Write 2014.")
EARLIER = Problem("b.csv", 2, None, "row-width", "The row has 2 cells.")
WARNING = Problem("a.csv", None, None, "missing-column", "A column lacks.", severity="warning")


def test_problems_stand_under_their_files_in_the_order_of_rows() -> None:
    assert as_text([ERROR, WARNING, EARLIER]).splitlines() == [
        "a.csv",
        "  warning: A column lacks.",
        "b.csv",
        "  row 2: The row has 2 cells.",
        '  row 10, column "year": "x" is wrong. Write 2014.',
        "2 errors and 1 warning.",
    ]


def test_programs_get_every_field_that_is_not_empty() -> None:
    document = json.loads(as_json([ERROR, EARLIER]))
    assert (document["errors"], document["warnings"]) == (2, 0)
    assert document["problems"][1] == {
        "file": "b.csv",
        "row": 10,
        "column": "year",
        "kind": "invalid-cell",
        "message": '"x" is wrong.',
        "value": "x",
        "remedy": "Write 2014.",
        "severity": "error",
    }
    assert "column" not in document["problems"][0]


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ([], "No errors."),
        ([ERROR], "1 error."),
        ([ERROR, EARLIER], "2 errors."),
        ([WARNING], "1 warning."),
        ([ERROR, WARNING], "1 error and 1 warning."),
    ],
)
def test_the_summary_counts_errors_and_warnings(problems: list[Problem], expected: str) -> None:
    assert summary(problems) == expected


@pytest.mark.parametrize("sign", ["\x1b[2J", "\r", "\n", "\x9b2J", "\x07", "\u202e", "\u2066"])
def test_no_sign_of_a_cell_or_file_rules_the_terminal(sign: str) -> None:
    text = as_text([Problem(f"a{sign}.csv", 2, "note", "x", f'"{sign}" is wrong.')])
    assert sign not in text.replace("\n  ", "").replace("\n1", "")
    assert f"\\x{ord(sign[0]):02x}" in text


def test_letters_of_any_script_are_shown_as_they_are() -> None:
    assert "“Käytännön” Яндекс 🏢" in as_text([Problem("a.csv", message="“Käytännön” Яндекс 🏢")])


def many(number: int, column: str = "year") -> list[Problem]:
    """Errors of one kind in two files."""
    return [
        Problem(f"{'ab'[n % 2]}.csv", n + 2, column, "invalid-cell", f'"x{n}" is not a year.')
        for n in range(number)
    ]


def test_twenty_errors_of_a_kind_are_all_shown() -> None:
    assert as_text(many(20)).count("is not a year") == 20


def test_of_more_than_twenty_the_first_are_shown_and_the_others_counted() -> None:
    lines = as_text(many(21)).splitlines()
    assert lines == [
        "a.csv",
        '  row 2, column "year": "x0" is not a year.',
        '  row 4, column "year": "x2" is not a year.',
        '  row 6, column "year": "x4" is not a year.',
        '  row 8, column "year": "x6" is not a year.',
        '  row 10, column "year": "x8" is not a year.',
        "  … and 16 more errors of this kind, in b.csv, a.csv (--all lists them).",
        "21 errors.",
    ]


def test_errors_in_other_columns_are_of_another_kind() -> None:
    assert as_text([*many(15), *many(15, "founded")]).count("is not a year") == 30


def test_all_of_them_are_shown_to_who_wants_them() -> None:
    assert as_text(many(60), every=True).count("is not a year") == 60


def test_programs_get_all_of_them() -> None:
    assert len(json.loads(as_json(many(60)))["problems"]) == 60


CAUSE = Problem("z.csv", None, None, "encoding", "The file is UTF-16.", None, "Save it.")


def followers(number: int) -> list[Problem]:
    return [
        Problem("a.csv", n, "firm", "invalid-cell", '"x" is no known firm.', "x", follows="z.csv")
        for n in range(2, number + 2)
    ]


def test_a_cause_comes_before_what_follows_from_it() -> None:
    assert as_text([*followers(40), ERROR, CAUSE]).splitlines() == [
        "z.csv",
        "  The file is UTF-16. Save it.",
        "  40 more errors follow from this: rows in a.csv refer to what should stand there "
        "(--all lists them).",
        "b.csv",
        '  row 10, column "year": "x" is wrong. Write 2014.',
        "42 errors.",
    ]


def test_a_single_follower_is_one() -> None:
    assert "1 more error follows from this: a row in a.csv refers to" in as_text(
        [CAUSE, *followers(1)]
    )


def test_what_follows_from_a_file_that_nobody_complains_of_is_shown() -> None:
    assert as_text(followers(2)).count("is no known firm") == 2


def test_programs_are_told_what_an_error_follows_from() -> None:
    assert json.loads(as_json([CAUSE, *followers(1)]))["problems"][0]["follows"] == "z.csv"


def test_what_an_error_is_about_makes_no_other_kind_of_it() -> None:
    keys = [
        Problem("a.csv", n, None, "duplicate-key", f"The row has the key of row {n}: {'x' * n}.")
        for n in range(2, 32)
    ]
    assert "… and 25 more errors of this kind" in as_text(keys)
