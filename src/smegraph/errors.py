"""What can be wrong, each with its place and with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from smegraph.namespaces import shorten

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file of a study, as a value with a place.

    ``row`` is the row that a spreadsheet shows (the header is row 1), or the line of a YAML
    record. ``kind`` is a stable name for programs; ``message`` is a sentence for people;
    ``remedy`` says what would be right.
    """

    file: str
    row: int | None = None
    column: str | None = None
    kind: str = "invalid"
    message: str = ""
    value: str | None = None
    remedy: str | None = None
    severity: Severity = "error"

    def place(self) -> str:
        """The place inside the file, such as ``row 3, column "founded"``."""
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
        """The fields as plain values; empty ones are left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}


class SmegraphError(Exception):
    """Something that the person who called can put right."""


class OntologyError(SmegraphError):
    """The folder ``ontology/`` cannot be read or contradicts itself."""


class DataError(SmegraphError):
    """Sheets with problems; ``problems`` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = count_errors(problems)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} in the sheets")


class ShapeError(SmegraphError):
    """A graph that a SHACL shape refuses."""


class InconsistencyError(SmegraphError):
    """Facts that contradict the ontology or each other, as the reasoner found.

    ``study`` names the graph; ``facts`` holds the clashing triples in N-Triples, and ``places``
    the file and row of their subjects, where they are known, by IRI. The message shows the facts
    with prefixed names.
    """

    def __init__(
        self,
        study: str,
        facts: Iterable[str],
        reason: str,
        places: Mapping[str, str] | None = None,
    ) -> None:
        self.study, self.facts, self.reason = study, tuple(facts), reason
        self.places = dict(places or {})
        super().__init__("\n".join([f"{study}: {reason}", *map(self._shown, self.facts)]))

    def located(self, places: Mapping[str, str]) -> InconsistencyError:
        """The same refusal with the places of its subjects."""
        return InconsistencyError(self.study, self.facts, self.reason, places)

    def _shown(self, fact: str) -> str:
        place = self.places.get(fact.split(" ", 1)[0][1:-1])
        text = re.sub(r"<([^>]*)>", lambda match: shorten(match[1]), fact)
        return f"  {text}  ({place})" if place else f"  {text}"


class ReasonerError(SmegraphError):
    """HermiT could not run or refused the ontology itself."""


class BibliographyError(SmegraphError):
    """A file of references that cannot be read, or a study into which it cannot come."""


class RuleError(SmegraphError):
    """A rule or a question in ``ontology/`` that cannot be run."""


class AuditError(SmegraphError):
    """An ontology with errors that nobody has explained; ``errors`` holds a sentence for each."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        count = f"{len(self.errors)} error{'' if len(self.errors) == 1 else 's'}"
        lines = [f"The audit finds {count} in the ontology:", *self.errors]
        super().__init__("\n  ".join(lines))


class ReleaseError(SmegraphError):
    """A release that is missing, incomplete or cannot be written."""


def count_errors(problems: Iterable[Problem]) -> int:
    """How many of the problems are errors rather than warnings."""
    return sum(1 for problem in problems if problem.severity == "error")
