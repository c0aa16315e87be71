"""Checks of OWL 2 DL that no query can do: literals as they are written, order and acyclicity.

Sections are those of the OWL 2 Structural Specification (W3C Recommendation, 11 December 2012).
Literals are looked at here because Oxigraph stores integers of every datatype as xsd:integer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from smegraph.audit.findings import Check, Hit
from smegraph.audit.literals import is_well_formed
from smegraph.graph.triples import iri_of
from smegraph.namespaces import OWL, RDF, RDFS, XSD

Triples: TypeAlias = Sequence[ox.Triple]
_SPEC = "OWL 2 Structural Specification, section "


@dataclass(frozen=True)
class TripleCheck:
    """A check with the function that looks through the triples."""

    check: Check
    run: Callable[[Triples], Iterable[Hit]]


# --------------------------------------------------------------------------------- literals


def _ill_formed(triples: Triples) -> Iterator[Hit]:
    for triple in triples:
        if isinstance(triple.object, ox.Literal) and not is_well_formed(triple.object):
            yield Hit(triple.subject, str(triple.object))


_CARDINALITIES = {
    OWL + name
    for name in (
        "cardinality", "minCardinality", "maxCardinality",
        "qualifiedCardinality", "minQualifiedCardinality", "maxQualifiedCardinality",
    )
}  # fmt: skip


def _wrong_cardinality(triples: Triples) -> Iterator[Hit]:
    for triple in triples:
        if triple.predicate.value in _CARDINALITIES and not (
            isinstance(triple.object, ox.Literal)
            and triple.object.datatype.value == XSD + "nonNegativeInteger"
        ):
            yield Hit(triple.subject, str(triple.object))


# --------------------------------------------------------------------------- property hierarchy

_Role: TypeAlias = tuple[str, bool]  # the property, and whether its inverse is meant


class _Hierarchy:
    """Object properties with what section 11.1 derives from the axioms about them.

    A property and its inverse are one node: the order that section 11.2 asks for treats them alike.
    """

    def __init__(self, triples: Triples) -> None:
        self._objects: dict[tuple[object, str], list[object]] = defaultdict(list)
        for triple in triples:
            self._objects[triple.subject, triple.predicate.value].append(triple.object)
        self.above: dict[str, set[str]] = defaultdict(set)
        self.chains: list[tuple[list[_Role], _Role]] = []
        for triple in triples:
            self._enter(triple)

    def _enter(self, triple: ox.Triple) -> None:
        predicate = triple.predicate.value
        if predicate == OWL + "propertyChainAxiom":
            members = [self._role(member) for member in self._items(triple.object)]
            self.chains.append((members, self._role(triple.subject)))
        elif predicate in (
            RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf",
        ):  # fmt: skip
            one, other = self._role(triple.subject)[0], self._role(triple.object)[0]
            self.above[one].add(other)
            if predicate != RDFS + "subPropertyOf":
                self.above[other].add(one)

    def _role(self, term: object) -> _Role:
        inverse = self._objects.get((term, OWL + "inverseOf"))
        if isinstance(term, ox.BlankNode) and inverse:
            iri, inverted = self._role(inverse[0])
            return (iri, not inverted)
        return (str(term), False)

    def _items(self, head: object) -> Iterator[object]:
        seen = set()
        while head not in seen and (first := self._objects.get((head, RDF + "first"))):
            seen.add(head)
            yield first[0]
            head = next(iter(self._objects.get((head, RDF + "rest"), ())), None)

    def order(self) -> dict[str, set[str]]:
        """Return what must come before each property, by the chains alone (section 11.2)."""
        before: dict[str, set[str]] = defaultdict(set)
        for members, role in self.chains:
            before[role[0]].update(name for name, _ in _must_precede(members, role))
        return before


def _must_precede(members: list[_Role], role: _Role) -> list[_Role]:
    """Return the members of a chain that must come before the property that follows from it."""
    if members == [role, role]:
        return []  # it says that the property is transitive
    if members[:1] == [role]:
        return members[1:]
    if members[-1:] == [role]:
        return members[:-1]
    return members


def _reach(edges: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(edges.get(node, ()))
    return found


def _irregular(triples: Triples) -> Iterator[Hit]:
    """Yield properties of chains that no strict order allows: x < y, and x is y or above it."""
    hierarchy = _Hierarchy(triples)
    order = hierarchy.order()
    for name in sorted(order):
        above = {name} | _reach(hierarchy.above, name)
        for clash in sorted(_reach(order, name) & above):
            yield Hit(ox.NamedNode(iri_of(name)), _shown(clash))


def _shown(role: str) -> str:
    return role.strip("<>").rsplit("#", 1)[-1]


# -------------------------------------------------------------------------- anonymous individuals

_STRUCTURE = (OWL, RDF, RDFS)


def _tangled(triples: Triples) -> Iterator[Hit]:
    """Yield individuals without a name that do not form a forest (section 11.2).

    They may be related to each other only as a tree is, with one edge between two of them, and
    only the root of a tree may be related to something that has a name.
    """
    roots: dict[ox.BlankNode, ox.BlankNode] = {}
    named: dict[ox.BlankNode, set[ox.BlankNode]] = defaultdict(set)

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while roots.setdefault(node, node) != node:
            node = roots[node]
        return node

    links = [t for t in triples if not t.predicate.value.startswith(_STRUCTURE)]
    for triple in links:
        child, parent = triple.subject, triple.object
        if isinstance(child, ox.BlankNode) and isinstance(parent, ox.BlankNode):
            if root(child) == root(parent):
                yield Hit(child, "related twice, or in a circle")
            roots[root(child)] = root(parent)
    for triple in links:
        ends: tuple[object, object] = (triple.subject, triple.object)
        for one, other in (ends, ends[::-1]):
            if isinstance(one, ox.BlankNode) and isinstance(other, ox.NamedNode):
                named[root(one)].add(one)
    for several in named.values():
        if len(several) > 1:
            yield Hit(min(several, key=str), "two of one tree are related to things with a name")


TRIPLE_CHECKS = (
    TripleCheck(
        Check(
            "owl2dl/4-lexical-form",
            "A literal whose text is not one of its datatype",
            "error",
            _SPEC + "5.7 (literals) and 4 (datatype map)",
            "Correct the text or the datatype.",
        ),
        _ill_formed,
    ),
    TripleCheck(
        Check(
            "owl2dl/8.3-cardinality-value",
            "A cardinality that is no literal of xsd:nonNegativeInteger",
            "error",
            "OWL 2 Mapping to RDF Graphs, section 2.1, table 1 (NN_INT)",
            'Write "2"^^xsd:nonNegativeInteger.',
        ),
        _wrong_cardinality,
    ),
    TripleCheck(
        Check(
            "owl2dl/11.2-regular-hierarchy",
            "Property chains that follow from each other in a circle",
            "error",
            _SPEC + "11.2 (the restriction on the property hierarchy)",
            "Leave a link out of one chain: what a chain yields may not be needed to yield it.",
        ),
        _irregular,
    ),
    TripleCheck(
        Check(
            "owl2dl/11.2-anonymous-forest",
            "Individuals without a name that are not related as a tree is",
            "error",
            _SPEC + "11.2 (the restriction on the usage of anonymous individuals)",
            "Give them IRIs.",
        ),
        _tangled,
    ),
)
