"""What can be wrong, each with its place and with what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file of a study, as a value with a place.

    `row` is the row that a spreadsheet shows (the header is row 1), or the line of a YAML
    record. `kind` is a stable name for programs; `message` is a sentence for people;
    `remedy` says what would be right. `follows` names the file whose fault this one follows from:
    it goes when that file is mended.
    """

    file: str
    row: int | None = None
    column: str | None = None
    kind: str = "invalid"
    message: str = ""
    value: str | None = None
    remedy: str | None = None
    severity: Severity = "error"
    follows: str | None = None

    def place(self) -> str:
        """Return the place inside the file, such as `row 3, column "founded"`."""
        parts = []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f'column "{self.column}"')
        return ", ".join(parts)

    def sentence(self) -> str:
        """Place, message and remedy in one line."""
        place = self.place()
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} {self.remedy}" if self.remedy else text

    def to_json(self) -> dict[str, object]:
        """Return the fields as plain values; empty ones are left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}


class SmegraphError(Exception):
    """Something that the person who called can put right."""


def count_errors(problems: Iterable[Problem]) -> int:
    """How many of the problems are errors rather than warnings."""
    return sum(1 for problem in problems if problem.severity == "error")


class ProblemsFound(SmegraphError):
    """Files with problems; `problems` holds every one of them.

    Attributes:
        where: the kind of files, as the message names it.
    """

    where: ClassVar[str] = "files"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = count_errors(problems)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} in the {self.where}")

    @classmethod
    def refuse(cls, problems: Iterable[Problem]) -> None:
        """Raise when any of the problems is an error.

        Raises:
            ProblemsFound: of this class, with every problem, warnings too.
        """
        found = list(problems)
        if count_errors(found):
            raise cls(found)
