"""Make one graph of several, as RDF 1.1 Semantics §4.1 merges them: each statement once.

A default graph of several graphs is their merge (SPARQL 1.1 Query §13.2). The engine looks into one
graph after the other instead, so that what two of them state is found twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from threading import Lock
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

AnyGraph: TypeAlias = NamedNode | BlankNode | DefaultGraph
Graph: TypeAlias = NamedNode | BlankNode

_KEPT: Final = 3  # merges
_REMEMBERED: Final = 1000  # sets of graphs of which it is known whether to merge them
_COUNT: Final = "SELECT (COUNT(*) AS ?n) {{ SELECT ?s {{ ?s ?p ?o }} LIMIT {} }}"
# Linear in the statements, whatever the number of graphs; a join of two GRAPH patterns is not.
_SHARED_BY_NAMED: Final = (
    "ASK { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } GROUP BY ?s ?p ?o HAVING (COUNT(*) > 1) }"
)
_SHARED_WITH_DEFAULT: Final = "ASK { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }"


class MergeCache:
    """The merges of graphs of one store that does not change, made once and kept for a while."""

    def __init__(self, store: Store, limit: int) -> None:
        """Take the store, and how many statements a merge may hold."""
        self._store = store
        self._limit = limit
        self._lock = Lock()
        self._needed: dict[frozenset[AnyGraph], bool] = {}
        self._merged: OrderedDict[tuple[frozenset[AnyGraph], frozenset[Graph]], Store | None] = (
            OrderedDict()
        )

    def get(self, default: frozenset[AnyGraph], named: frozenset[Graph]) -> Store | None:
        """Return a store whose default graph is the merge of `default`, beside the graphs `named`.

        Returns nothing when the engine's own way is right, since no two of the graphs have a
        statement in common; also when the merge would hold more than the limit, or more than
        twice as much together with the named graphs.
        """
        with self._lock:
            if not self._is_needed(default):
                return None
            key = default, named
            if key in self._merged:
                self._merged.move_to_end(key)
            else:
                self._merged[key] = self._merge(default, named)
            if len(self._merged) > _KEPT:
                self._merged.popitem(last=False)
            return self._merged[key]

    def _is_needed(self, graphs: frozenset[AnyGraph]) -> bool:
        """Say whether two of the graphs have a statement in common, unless they are too large."""
        if len(graphs) < 2:
            return False
        if graphs not in self._needed:
            if len(self._needed) == _REMEMBERED:
                self._needed.clear()
            self._needed[graphs] = self._size(graphs) <= self._limit and self._overlap(graphs)
        return self._needed[graphs]

    def _overlap(self, graphs: frozenset[AnyGraph]) -> bool:
        named = [graph for graph in graphs if not isinstance(graph, DefaultGraph)]
        if self._store.query(_SHARED_BY_NAMED, named_graphs=named):
            return True
        has_default = len(named) < len(graphs)
        return has_default and bool(self._store.query(_SHARED_WITH_DEFAULT, named_graphs=named))

    def _merge(self, default: frozenset[AnyGraph], named: frozenset[Graph]) -> Store | None:
        if self._size(default) + self._size(named) > 2 * self._limit:
            return None
        merged = Store()
        merged.bulk_extend(self._quads(default, named))
        for graph in named:  # those without statements, too
            merged.add_graph(graph)
        return merged

    def _size(self, graphs: Collection[AnyGraph]) -> int:
        """Return how many statements the graphs make, or a number beyond twice the limit."""
        counted = self._store.query(_COUNT.format(2 * self._limit + 1), default_graph=list(graphs))
        assert isinstance(counted, QuerySolutions)
        return int(next(counted)[0].value)

    def _quads(self, default: frozenset[AnyGraph], named: frozenset[Graph]) -> Iterator[Quad]:
        for graph in default:
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                yield Quad(quad.subject, quad.predicate, quad.object)
        for graph in named:
            yield from self._store.quads_for_pattern(None, None, None, graph)
