"""Names for blank nodes that say what they hold and where they hang, and nothing else.

RDFC-1.0 numbers the blank nodes of a graph by their order, so that one more gives others another
number. Here the name of a node is a hash of what it says and of what leads to it: a class
expression that did not change has one name in both sides of a comparison. That is enough where
blank nodes hang as trees, as those of OWL do (OWL 2 Mapping to RDF, section 3).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import pyoxigraph as ox

from smegraph.publishing.errors import ComparisonError


# Decision 080: docs/decisions/080-differences-in-words.md
def with_stable_names(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples in which each blank node is named by what it holds and where it hangs.

    Raises:
        ComparisonError: blank nodes lead to each other in a circle.
    """
    given = list(triples)
    names = _Names(given)
    return [_renamed(triple, names) for triple in given]


class _Names:
    """The names of the blank nodes of one graph."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._out: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        self._into: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, ox.BlankNode):
                self._out[triple.subject].append(triple)
            if isinstance(triple.object, ox.BlankNode):
                self._into[triple.object].append(triple)
        self._contents: dict[ox.BlankNode, str] = {}
        self._names: dict[ox.BlankNode, str] = {}
        below_first = self._below_first()
        for node in below_first:
            self._contents[node] = self._content(node)
        taken = Counter[str]()
        for node in reversed(below_first):
            name = self._name(node)
            taken[name] += 1
            # Of two nodes that say the same, it makes no difference which comes first.
            self._names[node] = name if taken[name] == 1 else f"{name}x{taken[name]}"

    def of(self, node: ox.BlankNode) -> str:
        """Return the name of a node."""
        return self._names[node]

    def _below_first(self) -> list[ox.BlankNode]:
        """Return the nodes, each behind those that it leads to."""
        below = {
            node: [t.object for t in self._out[node] if isinstance(t.object, ox.BlankNode)]
            for node in {*self._out, *self._into}
        }
        try:
            return list(TopologicalSorter(below).static_order())
        except CycleError as error:
            raise ComparisonError(
                f"Blank nodes lead to each other in a circle ({error.args[1][0]}), so that nobody "
                "can tell which was which. Give one of them an IRI of its own."
            ) from error

    def _content(self, node: ox.BlankNode) -> str:
        """Return a hash of what a node says, and of what the nodes below it say."""
        return _digest(f"{t.predicate} {_told(t.object, self._contents)}" for t in self._out[node])

    def _name(self, node: ox.BlankNode) -> str:
        above = (f"{_told(t.subject, self._names)} {t.predicate}" for t in self._into[node])
        return _digest([self._contents[node], *above])


def _told(term: object, known: Mapping[ox.BlankNode, str]) -> str:
    return known[term] if isinstance(term, ox.BlankNode) else str(term)


def _digest(texts: Iterable[str]) -> str:
    return "b" + hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:24]


def _renamed(triple: ox.Triple, names: _Names) -> ox.Triple:
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.BlankNode(names.of(subject))
    if isinstance(value, ox.BlankNode):
        value = ox.BlankNode(names.of(value))
    return ox.Triple(subject, triple.predicate, value)
