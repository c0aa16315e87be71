"""What the audit raises."""

from __future__ import annotations

from collections.abc import Iterable

from smegraph.errors import SmegraphError


class Unavailable(Exception):
    """A check cannot run, for the reason that this names; it is no fault of the ontology."""


class AuditError(SmegraphError):
    """An ontology with errors that nobody has explained; `errors` holds a sentence for each."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        count = f"{len(self.errors)} error{'' if len(self.errors) == 1 else 's'}"
        lines = [f"The audit finds {count} in the ontology:", *self.errors]
        super().__init__("\n  ".join(lines))
