"""What two sides do not have in common, graph by graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from smegraph.publishing.sides import Side

Lines: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class GraphDifference:
    """What one graph has on one side only, as N-Triples lines; headers are no part of it.

    Attributes:
        added: what the second side has alone.
        removed: what the first side has alone.
        before: how many statements the first side has.
        after: how many statements the second side has.
    """

    added: Lines
    removed: Lines
    before: int
    after: int

    @property
    def is_empty(self) -> bool:
        """Whether both sides say the same."""
        return not self.added and not self.removed


@dataclass(frozen=True)
class Difference:
    """What two sides do not have in common.

    Attributes:
        old: the first side.
        new: the second side.
        graphs: what differs in each graph of either, by graph IRI, sorted.
    """

    old: Side
    new: Side
    graphs: Mapping[str, GraphDifference]

    @property
    def is_empty(self) -> bool:
        """Whether both sides say the same in every graph."""
        return all(graph.is_empty for graph in self.graphs.values())

    @property
    def added(self) -> int:
        """How many statements the second side has alone."""
        return sum(len(graph.added) for graph in self.graphs.values())

    @property
    def removed(self) -> int:
        """How many statements the first side has alone."""
        return sum(len(graph.removed) for graph in self.graphs.values())


# Decision 080: docs/decisions/080-differences-in-words.md
def compare(old: Side, new: Side) -> Difference:
    """Return what two sides do not have in common."""
    nothing: Lines = frozenset()
    found = {}
    for graph in sorted({*old.graphs, *new.graphs}):
        before, after = old.graphs.get(graph, nothing), new.graphs.get(graph, nothing)
        found[graph] = GraphDifference(after - before, before - after, len(before), len(after))
    return Difference(old, new, found)
