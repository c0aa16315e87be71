"""What can be wrong in the sheets of studies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smegraph.errors import Problem, SmegraphError, count_errors


class DataError(SmegraphError):
    """Sheets with problems; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = count_errors(problems)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} in the sheets")


def refuse_errors(problems: Iterable[Problem]) -> None:
    """Raise when any of the problems is an error.

    Raises:
        DataError: with every problem, warnings too.
    """
    found = list(problems)
    if count_errors(found):
        raise DataError(found)
