"""Sheets are refused with every problem, and only when one of them is an error."""

from __future__ import annotations

import pytest

from smegraph.errors import Problem, SmegraphError
from smegraph.studies.errors import DataError, refuse_errors

ERROR, WARNING = Problem("a.csv"), Problem("b.csv", severity="warning")


@pytest.mark.parametrize("problems", [[], [WARNING], [WARNING, WARNING]])
def test_warnings_refuse_nothing(problems: list[Problem]) -> None:
    refuse_errors(iter(problems))


def test_an_error_refuses_with_the_warnings_beside_it() -> None:
    with pytest.raises(DataError) as refused:
        refuse_errors(iter([WARNING, ERROR]))
    assert refused.value.problems == (WARNING, ERROR)


@pytest.mark.parametrize(
    ("problems", "said"),
    [([ERROR, WARNING], "1 error in the sheets"), ([ERROR, ERROR], "2 errors in the sheets")],
)
def test_the_refusal_counts_the_errors(problems: list[Problem], said: str) -> None:
    assert str(DataError(problems)) == said


def test_sheets_can_be_put_right_by_who_called() -> None:
    assert isinstance(DataError([]), SmegraphError)
