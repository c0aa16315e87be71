"""A release in the words of another vocabulary: CONSTRUCT queries of `ontology/crosswalks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pyoxigraph as ox

from smegraph.ontology.rules import Rule
from smegraph.release.errors import ReleaseError
from smegraph.suggest import did_you_mean

FOLDER: Final = "crosswalks"


class CanBeAsked(Protocol):
    """What answers queries, such as a release's store."""

    def query(
        self, text: str, *, prefixes: Mapping[str, str] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        """Return the answer to a query that knows some prefixes."""


# Decision 082: docs/decisions/082-crosswalks.md
@dataclass(frozen=True)
class Crosswalk:
    """One vocabulary to which a release is led over.

    Attributes:
        name: what its folder is called, such as `schema.org`.
        rules: its queries, in the order of their names; each may be asked alone.
    """

    name: str
    rules: tuple[Rule, ...]

    @classmethod
    def load(cls, ontology: Path, name: str) -> Crosswalk:
        """Read `crosswalks/<name>/*.rq` of an ontology folder.

        Raises:
            ReleaseError: there is no crosswalk of that name.
        """
        names = crosswalk_names(ontology)
        if name not in names:
            known = f"There are {', '.join(names)}." if names else f"{ontology} has none."
            raise ReleaseError(
                f'There is no crosswalk "{name}". {did_you_mean(name, names, known)}'
            )
        paths = sorted((ontology / FOLDER / name).glob("*.rq"))
        return cls(name, tuple(Rule(path.stem, path.read_text("utf-8")) for path in paths))

    def triples(self, store: CanBeAsked) -> list[ox.Triple]:
        """Return what the queries make of a release's store: each triple once, in order.

        Raises:
            QueryRefused: a query is malformed, or no CONSTRUCT.
        """
        found: set[ox.Triple] = set()
        for rule in self.rules:
            result = store.query(rule.text, prefixes={})  # each file declares its own
            assert not isinstance(result, ox.QuerySolutions | ox.QueryBoolean), rule.name
            found.update(result)
        return sorted(found, key=str)


def crosswalk_names(ontology: Path) -> tuple[str, ...]:
    """Return the names of the crosswalks of an ontology folder, sorted."""
    folder = ontology / FOLDER
    return tuple(sorted({path.parent.name for path in folder.glob("*/*.rq")}))


def crosswalk(ontology: Path, name: str, store: CanBeAsked) -> list[ox.Triple]:
    """Return a release in the words of another vocabulary.

    Args:
        ontology: the folder with `crosswalks/`.
        name: of a crosswalk, such as `qb`.
        store: of the release.

    Raises:
        ReleaseError: there is no crosswalk of that name.
    """
    return Crosswalk.load(ontology, name).triples(store)
