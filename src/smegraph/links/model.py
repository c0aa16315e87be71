"""A set of links, as any of the formats says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smegraph.errors import Problem
from smegraph.links.slots import MODIFIER, NOT


@dataclass(frozen=True)
class Link:
    """One row: that a thing of ours is related to one of others.

    Attributes:
        row: the line of the file, counted from 1; None where a format has no rows.
        subject: the IRI of ours; empty where the file does not say one that can be read.
        predicate: the IRI of the property, or empty.
        object: the IRI of the other thing, or empty.
        cells: what stands in the row, by the name of the column; empty cells are left out.
    """

    row: int | None
    subject: str
    predicate: str
    object: str
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_denied(self) -> bool:
        """Whether the row says that the two are not so related."""
        return self.cells.get(MODIFIER) == NOT

    @property
    def is_whole(self) -> bool:
        """Whether subject, predicate and object could be read."""
        return bool(self.subject and self.predicate and self.object)


@dataclass
class MappingSet:
    """A file of links.

    Attributes:
        path: where it lies.
        shown: its path as people see it.
        metadata: what its head says; several values stand as a tuple.
        prefixes: the namespaces of its prefixes.
        columns: the names of its columns.
        links: its rows, all of them.
        problems: what is wrong with the file by itself.
        places: the lines of the entries of its head.
        is_shared: whether it belongs to the ontology, which others use with data of their own.
    """

    path: Path
    shown: str
    metadata: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    is_shared: bool = False

    def value(self, name: str) -> str:
        """Return what the head says under a name, or nothing."""
        return next(iter(self.metadata.get(name, ())), "")

    @property
    def iri(self) -> str:
        """The IRI of the set, or nothing."""
        return self.value("mapping_set_id")

    @property
    def name(self) -> str:
        """The name of the file without its endings."""
        return self.path.name.split(".")[0]

    def stated(self) -> Iterator[Link]:
        """Yield the links that the file states: those that are whole and not denied."""
        return (link for link in self.links if link.is_whole and not link.is_denied)
