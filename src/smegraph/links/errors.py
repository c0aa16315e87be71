"""What can be wrong with files of links, and with vocabularies that are linked to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smegraph.errors import Problem, SmegraphError, count_errors


class LinkError(SmegraphError):
    """Files of links with problems; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = count_errors(problems)
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} in the links")


def refuse_errors(problems: Iterable[Problem]) -> None:
    """Raise when any of the problems is an error.

    Raises:
        LinkError: with every problem, warnings too.
    """
    found = list(problems)
    if count_errors(found):
        raise LinkError(found)


class TargetError(SmegraphError):
    """A vocabulary or ontology that cannot be read."""
