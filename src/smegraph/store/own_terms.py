"""The terms that are a dataset's own, and which of them a wrong one was perhaps meant to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import Store

from smegraph.namespaces import GRAPH, ID, SHAPES, SME, VOC, namespace_of
from smegraph.suggest import nearest, sharing_letters

_OURS: Final = (SME, VOC, ID, GRAPH, SHAPES)
_SHARE: Final = 4  # A namespace with a fourth of all that is described is the dataset's own.
_SAMPLE: Final = 20_000  # statements
_MOST_NAMES: Final = 200_000
_LONGEST: Final = 200  # characters of a name
_LIKELY: Final = 40  # names that are compared letter by letter
_ALIKE: Final = 0.75
_HASH: Final = re.compile(r"[0-9a-f]{8,}", re.IGNORECASE)
_PARTS: Final = (
    "SELECT DISTINCT ?t { {SELECT ?t { ?t ?p ?o } LIMIT %d} FILTER(ISIRI(?t)) }",
    "SELECT DISTINCT ?t { {SELECT ?t { ?s ?t ?o } LIMIT %d} }",
    "SELECT DISTINCT ?t { {SELECT ?t { ?s a ?t } LIMIT %d} FILTER(ISIRI(?t)) }",
    "SELECT DISTINCT ?t { GRAPH ?t {} FILTER(ISIRI(?t)) } LIMIT %d",
)
_IS_LARGER: Final = "SELECT ?s { ?s ?p ?o } OFFSET %d LIMIT 1"
_TRIPLES: Final = "SELECT ?o { {SELECT ?o { ?s ?p ?o } LIMIT %d} FILTER(ISTRIPLE(?o)) } LIMIT 1"


# Decision 063: docs/decisions/063-hints.md
@dataclass(frozen=True, slots=True)
class OwnTerms:
    """The namespaces that are a dataset's own, and the names in them.

    Attributes:
        namespaces: what the IRIs of its terms begin with; nothing where that is not sure.
        names: the rest of the IRIs, by namespace; empty where there are too many.
    """

    namespaces: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, store: Store, union: bool, limit: int) -> OwnTerms:
        """Look at a store, or at a part of it where it holds more than `limit` statements.

        `union` says that its default graph is to be made of all graphs.
        """
        is_large = bool(_found(store, _IS_LARGER % limit, union))
        seen = _SAMPLE if is_large else limit
        if _found(store, _TRIPLES % seen, union):
            return cls((), {})  # Terms within terms are not found by looking for them.
        described, *others = (_found(store, query % seen, union) for query in _PARTS)
        terms = dict.fromkeys((*described, *(term for terms in others for term in terms)))
        namespaces = (*_ours(terms), *_many(described))
        if is_large or len(terms) > _MOST_NAMES:
            return cls(namespaces, {})
        return cls(namespaces, {start: (*_names(start, terms),) for start in namespaces})

    def namespace(self, iri: str) -> str:
        """Return the namespace of the dataset's own that an IRI lies in; nothing where in none."""
        within = (start for start in self.namespaces if iri.startswith(start) and iri != start)
        return max(within, key=len, default="")

    def meant(self, iri: str) -> str | None:
        """Return the IRI that one of the dataset's own, which it has not, was meant to be."""
        start = self.namespace(iri)
        name = iri[len(start) :]
        if not start or len(name) > _LONGEST:
            return None
        elsewhere = [other for other, names in self.names.items() if name in names]
        if len(elsewhere) == 1:
            return elsewhere[0] + name
        found = nearest(name, self._likely(name, start), cutoff=_ALIKE)
        return start + found if found else None

    def _likely(self, name: str, start: str) -> list[str]:
        return sharing_letters(name, self.names.get(start, ()), _LIKELY)


def _found(store: Store, query: str, union: bool) -> list[str]:
    solutions = store.query(query, use_default_graph_as_union=union)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [str(getattr(solution[0], "value", "")) for solution in solutions]


def _ours(terms: Iterable[str]) -> Iterator[str]:
    for start in _OURS:
        if any(term.startswith(start) for term in terms):
            yield start


def _many(described: list[str]) -> Iterator[str]:
    counted = Counter(map(namespace_of, described))
    for start, number in counted.items():
        if start and number * _SHARE >= len(described) and start not in _OURS:
            yield start


def _names(start: str, terms: Iterable[str]) -> Iterator[str]:
    for term in terms:
        if term.startswith(start):
            name = term[len(start) :]
            if name and len(name) <= _LONGEST and not _HASH.search(name):
                yield name
