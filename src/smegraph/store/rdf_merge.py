"""Make one graph of several, as RDF 1.1 Semantics §4.1 merges them: each statement once.

A default graph of several graphs is their merge (SPARQL 1.1 Query §13.2). The engine looks into one
graph after the other instead, so that what two of them state is found twice.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from threading import Lock
from typing import Final, TypeAlias, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from smegraph.sparql.patterns import EVERYTHING, Pattern, Patterns

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

AnyGraph: TypeAlias = NamedNode | BlankNode | DefaultGraph
Graph: TypeAlias = NamedNode | BlankNode

_KEPT: Final = 3  # merges
_REMEMBERED: Final = 1000  # sets of graphs of which it is known whether to merge them
_PATIENCE: Final = 1.0  # seconds that parts of a merge may take before the whole is looked at
_FEW: Final = 16  # graphs that are looked into one by one
_COUNT: Final = "SELECT (COUNT(*) AS ?n) {{ SELECT ?s {{ ?s ?p ?o }} LIMIT {} }}"
# Linear in the statements, whatever the number of graphs; a join of two GRAPH patterns is not.
_SHARED_BY_NAMED: Final = (
    "ASK {{ SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ {0} }} }} {1} HAVING (COUNT(*) > 1) }}"
)
_SHARED_WITH_DEFAULT: Final = "ASK {{ {0} GRAPH ?g {{ {0} }} }}"


# Decision 047: docs/decisions/047-merge-what-a-query-sees.md
class MergeCache:
    """The merges of graphs of one store that does not change, made where a query needs them."""

    def __init__(self, store: Store, limit: int) -> None:
        """Take the store, and how many statements a merge may hold that serves several queries."""
        self._store = store
        self._limit = limit
        self._lock = Lock()
        self._overlaps: OrderedDict[tuple[frozenset[AnyGraph], Pattern], bool] = OrderedDict()
        self._spent: OrderedDict[frozenset[AnyGraph], float] = OrderedDict()
        self._merged: OrderedDict[tuple[frozenset[AnyGraph], frozenset[Graph]], Store] = (
            OrderedDict()
        )

    def get(
        self,
        default: frozenset[AnyGraph],
        named: frozenset[Graph],
        patterns: Callable[[], Patterns | None],
    ) -> Store | None:
        """Return a store whose default graph is the merge of `default`, beside the graphs `named`.

        It holds at least what the patterns of a query can match. Returns nothing when the engine's
        own way is right, since no two of the graphs share a statement that the query can see.
        """
        if len(default) < 2:
            return None
        with self._lock:
            if self._overlaps.get((default, EVERYTHING)) is False:
                return None
            if (found := self._merged.get((default, named))) is not None:
                self._merged.move_to_end((default, named))
                return found
            begun = time.monotonic()
            made = self._make(default, named, patterns())
            spent = self._spent.get(default, 0.0) + time.monotonic() - begun
            _remember(self._spent, default, spent)
            return made

    def _make(
        self, default: frozenset[AnyGraph], named: frozenset[Graph], patterns: Patterns | None
    ) -> Store | None:
        """Merge what the patterns match; all, where that serves the next queries."""
        if patterns is None or self._spent.get(default, 0.0) > _PATIENCE:
            if not self._overlap(default, EVERYTHING):
                return None
            small = self._size(default) <= self._limit and self._size(named) <= self._limit
            if patterns is None or small:
                return self._keep(default, named, small=small)
        if any(self._overlap(default, pattern) for pattern in patterns.default):
            return self._merge(default, named, patterns)
        return None

    def _keep(self, default: frozenset[AnyGraph], named: frozenset[Graph], *, small: bool) -> Store:
        """Merge the whole; of merges beyond the limit only one is kept."""
        everything = frozenset({EVERYTHING})
        if not small:
            self._merged.clear()
        merged = self._merge(default, named, Patterns(everything, everything))
        _remember(self._merged, (default, named), merged, most=_KEPT)
        return merged

    def _overlap(self, graphs: frozenset[AnyGraph], pattern: Pattern) -> bool:
        """Say whether two of the graphs share a statement that a pattern matches."""
        key = graphs, pattern
        if key not in self._overlaps:
            _remember(self._overlaps, key, self._find_overlap(graphs, pattern))
        return self._overlaps[key]

    def _find_overlap(self, graphs: frozenset[AnyGraph], pattern: Pattern) -> bool:
        named = [graph for graph in graphs if not isinstance(graph, DefaultGraph)]
        names = ("?s", "?p", "?o")
        terms = [str(term or name) for term, name in zip(pattern, names, strict=True)]
        group = " ".join(name for name in names if name in terms)
        text = " ".join(terms), f"GROUP BY {group}" if group else ""
        if self._store.query(_SHARED_BY_NAMED.format(*text), named_graphs=named):
            return True
        has_default = len(named) < len(graphs)
        shared = _SHARED_WITH_DEFAULT.format(*text)
        return has_default and bool(self._store.query(shared, named_graphs=named))

    def _merge(
        self, default: frozenset[AnyGraph], named: frozenset[Graph], patterns: Patterns
    ) -> Store:
        merged = Store()
        for pattern in patterns.default:
            merged.bulk_extend(
                Quad(quad.subject, quad.predicate, quad.object)
                for quad in self._quads(pattern, default)
            )
        for pattern in patterns.named:
            merged.bulk_extend(self._quads(pattern, named))
        for graph in named:  # those without statements, too
            merged.add_graph(graph)
        return merged

    def _quads(self, pattern: Pattern, graphs: Collection[AnyGraph]) -> Iterator[Quad]:
        if len(graphs) <= _FEW:
            for graph in graphs:
                yield from self._store.quads_for_pattern(*pattern, graph)
        else:
            found = self._store.quads_for_pattern(*pattern, None)
            yield from (quad for quad in found if quad.graph_name in graphs)

    def _size(self, graphs: Iterable[AnyGraph]) -> int:
        """Return how many statements the graphs make, or a number beyond the limit."""
        counted = self._store.query(_COUNT.format(self._limit + 1), default_graph=list(graphs))
        assert isinstance(counted, QuerySolutions)
        return int(next(counted)[0].value)


def _remember(
    known: OrderedDict[_Key, _Value], key: _Key, value: _Value, *, most: int = _REMEMBERED
) -> None:
    """Keep something, and forget what was used longest ago where there is too much."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)
