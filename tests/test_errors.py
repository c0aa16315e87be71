"""Problems say where they are, what is wrong and what would be right."""

from __future__ import annotations

import pytest

from smegraph.audit.errors import AuditError
from smegraph.errors import Problem, SmegraphError, count_errors

WHOLE = Problem("a.csv", 3, "year", "invalid-cell", '"x" is wrong.', "x", "Write 2014.")


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [(3, "year", 'row 3, column "year"'), (3, None, "row 3"), (None, "year", 'column "year"'),
     (None, None, "")],
)  # fmt: skip
def test_a_place_is_as_narrow_as_it_is_known(
    row: int | None, column: str | None, place: str
) -> None:
    assert Problem("a.csv", row, column).place() == place


def test_a_problem_is_a_sentence_with_place_and_remedy() -> None:
    assert WHOLE.sentence() == 'row 3, column "year": "x" is wrong. Write 2014.'


def test_what_is_not_known_leaves_no_trace_in_the_sentence() -> None:
    assert Problem("a.csv", message="It is empty.").sentence() == "It is empty."


def test_programs_get_the_fields_that_are_known() -> None:
    assert Problem("a.csv", 0, kind="empty-file", message="", severity="warning").to_json() == {
        "file": "a.csv", "row": 0, "kind": "empty-file", "message": "", "severity": "warning",
    }  # fmt: skip


def test_a_problem_is_an_error_unless_it_says_otherwise() -> None:
    assert WHOLE.severity == "error"


def test_warnings_are_not_counted_as_errors() -> None:
    warning = Problem("a.csv", severity="warning")
    assert count_errors(iter([WHOLE, warning, WHOLE])) == 2
    assert count_errors([warning]) == 0


@pytest.mark.parametrize(
    ("errors", "head"),
    [(["a"], "The audit finds 1 error in the ontology:"),
     (["a", "b"], "The audit finds 2 errors in the ontology:")],
)  # fmt: skip
def test_an_audit_with_errors_names_every_one_on_a_line(errors: list[str], head: str) -> None:
    error = AuditError(iter(errors))
    assert error.errors == tuple(errors)
    assert str(error).splitlines() == [head, *(f"  {text}" for text in errors)]


def test_an_audit_with_errors_can_be_put_right_by_who_called() -> None:
    assert isinstance(AuditError([]), SmegraphError)
