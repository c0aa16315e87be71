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
