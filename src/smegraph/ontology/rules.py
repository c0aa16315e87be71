"""The rules of the ontology folder: CONSTRUCT queries, read as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT query; `name` is its file name without the ending."""

    name: str
    text: str


# Decision 005: docs/decisions/005-rules-around-reasoning.md
@dataclass(frozen=True)
class Rules:
    """The rules of an ontology folder, in the order of their names.

    Attributes:
        before: those that run once on a study, so that the reasoner sees what they add.
        after: those that run on the whole graph until they add nothing more.
        links: those that link to others; they run once on all that there is, and no other rule
            sees what they add.
        files: every file that was read, in order.
    """

    before: tuple[Rule, ...]
    after: tuple[Rule, ...]
    files: tuple[Path, ...]
    links: tuple[Rule, ...] = ()

    @classmethod
    def load(cls, ontology: Path) -> Rules:
        """Read `rules/before-reasoning/*.rq`, `rules/*.rq` and `mappings/*.rq`."""
        before = sorted((ontology / "rules" / "before-reasoning").glob("*.rq"))
        after = sorted((ontology / "rules").glob("*.rq"))
        links = sorted((ontology / "mappings").glob("*.rq"))
        return cls(_read(before), _read(after), (*before, *after, *links), _read(links))


def _read(paths: Iterable[Path]) -> tuple[Rule, ...]:
    return tuple(Rule(path.stem, path.read_text(encoding="utf-8")) for path in paths)
