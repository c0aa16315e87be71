"""What several studies say of one thing: whose key a row takes, and when two rows mean one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from smegraph.errors import Severity
from smegraph.studies.index import Node


@dataclass(frozen=True)
class ClaimedKey:
    """A row that gave a shared thing its IRI; `made` tells that its label became the key."""

    names: tuple[str, ...]
    where: str
    made: bool

    @property
    def name(self) -> str:
        """The name of the thing, or its key where it has none."""
        return self.names[0]


@dataclass(frozen=True)
class Clash:
    """Why a row may not mean the thing whose key it has, or is perhaps not meant to."""

    message: str
    remedy: str
    severity: Severity = "error"


def clash_with_shared(names: tuple[str, ...], shared: Node, class_: str, kind: str) -> Clash | None:
    """Compare a row with the thing that all studies share under the same key.

    Args:
        names: the name of the row, and its other names.
        shared: the thing.
        class_: the class of the sheet.
        kind: what people call a member of the class.
    """
    where = f'"{shared.label}" ({shared.place})'
    if class_ not in shared.classes:
        message = f'"{names[0]}" would have the key of {where}, which is no {kind}.'
        return Clash(message, "Give it an id of its own.")
    if _agree(names[:1], (shared.label, *shared.names)):
        return None
    message = f'"{names[0]}" would have the key of {where}.'
    return Clash(message, "Give it an id of its own, or write the name that is there.")


# Decision 002: docs/decisions/002-one-work-one-node.md
def clash_with_study(here: ClaimedKey, there: ClaimedKey) -> Clash | None:
    """Compare a row with that of another study which has the same key."""
    where = f'"{there.name}" ({there.where})'
    if here.made or there.made:
        if here.name.casefold() == there.name.casefold():
            return None
        message = f'"{here.name}" would have the key of {where}.'
        return Clash(message, "Give it an id of its own, or write the name that is there.")
    if not _agree(map(_words, here.names), map(_words, there.names)):
        message = f'"{here.name}" has the id of {where}, and both would be one thing.'
        remedy = "Give it an id of its own, or, if it is one, add the other name to altLabels."
        return Clash(message, remedy)
    if is_anonymous(here.name):
        message = f'"{here.name}" has the id of {where}: the graph holds one thing with that name.'
        remedy = "If they are two, leave the id empty: the key is then made for this study alone."
        return Clash(message, remedy, "warning")
    return None


def _agree(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two things have a name in common, whatever its case."""
    return not {n.casefold() for n in some if n}.isdisjoint(n.casefold() for n in others)


def _words(name: str) -> str:
    """Return a name without its punctuation, or as it is where it has nothing else."""
    return " ".join(re.findall(r"\w+", name)) or name


_MARK = re.compile(
    r"[A-Z]|\d{1,3}[a-z]?|[A-Z]{1,4}\d{1,3}|[IVX]{1,5}"
    r"|Alpha|Beta|Gamma|Delta|Epsilon|Zeta|Eta|Theta|Omega"
)


def is_anonymous(name: str) -> bool:
    """Whether a name looks like one that a document made up so as not to tell the real one.

    >>> is_anonymous("Firm A"), is_anonymous("F1"), is_anonymous("Supercell")
    (True, True, False)
    """
    words = re.split(r"[\s_#-]+", name.strip())
    return _MARK.fullmatch(words[-1]) is not None
