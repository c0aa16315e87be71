"""The axioms of the ontology, read from its triples (OWL 2, Mapping to RDF Graphs, section 3.2).

Every triple is accounted for: it is part of an axiom that is read, it can only forbid something, or
it says nothing to a reasoner. What is left over is an axiom of a form that is not known, and is
refused by name, because leaving it out could leave out what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from smegraph.namespaces import OWL, RDF, RDFS, XSD, shorten
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.expressions import (
    THING,
    Expression,
    Named,
    Node,
    Some,
    SomeLiteral,
    Statements,
    parts_of,
    read_expression,
)
from smegraph.ontology.terms import TYPE


@dataclass(frozen=True)
class Inclusion:
    """`SubClassOf`: what is in the one class is in the other."""

    sub: Expression
    super: Expression


@dataclass(frozen=True)
class PropertyInclusion:
    """`SubPropertyOf`: a property, or a chain of properties, implies another."""

    chain: tuple[str, ...]
    super: str


@dataclass(frozen=True)
class PropertyRange:
    """`ObjectPropertyRange`."""

    property: str
    range: Expression


@dataclass
class Axioms:
    """What an ontology says, by the form of it.

    A domain is read as the inclusion that it stands for, an equivalence as two, and a transitive
    property as the chain of itself with itself.

    Attributes:
        inclusions: of classes.
        properties: inclusions of properties.
        ranges: of the properties of things.
        inverses: pairs of properties.
        functional: properties of things that have one value.
        functional_data: properties of data that have one value.
        data_ranges: the datatypes in which all values of a property of data are.
        disjoint: classes of which no two have a member in common.
        facts: the triples about individuals.
        data_properties, object_properties, classes: what is declared, by IRI.
    """

    inclusions: list[Inclusion] = field(default_factory=list)
    properties: list[PropertyInclusion] = field(default_factory=list)
    ranges: list[PropertyRange] = field(default_factory=list)
    inverses: list[tuple[str, str]] = field(default_factory=list)
    functional: list[str] = field(default_factory=list)
    functional_data: set[str] = field(default_factory=set)
    data_ranges: dict[str, set[str]] = field(default_factory=dict)
    disjoint: set[frozenset[str]] = field(default_factory=set)
    facts: list[ox.Triple] = field(default_factory=list)
    data_properties: frozenset[str] = frozenset()
    object_properties: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


def names_read(axioms: Axioms) -> frozenset[str]:
    """Return the classes and properties of things of which an axiom says what follows from them.

    Of the others, such as a class that only stands above another, nothing follows.
    """
    looked_at: set[str] = {name for inclusion in axioms.properties for name in inclusion.chain}
    looked_at.update(*axioms.disjoint, *axioms.inverses, axioms.functional)
    for of in axioms.ranges:
        looked_at.add(of.property)
    for inclusion in axioms.inclusions:
        looked_at |= _names(inclusion.sub)
        if not isinstance(inclusion.super, Named):
            looked_at |= _names(inclusion.super)
    return frozenset(looked_at)


def _names(expression: Expression) -> set[str]:
    found = set()
    for part in parts_of(expression):
        found.add(part.iri if isinstance(part, Named) else getattr(part, "property", THING))
    return found


# What a type declares, and what it says to no reasoner.
_DECLARATIONS: Final = frozenset(
    OWL + kind
    for kind in ("Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual", "Restriction")
)
_SILENT: Final = frozenset({OWL + "Ontology", OWL + "AnnotationProperty"})


# Decision 048: docs/decisions/048-reasoning-by-rules.md
def read_axioms(triples: Iterable[ox.Triple]) -> Axioms:
    """Return the axioms that triples hold, without annotations and keys.

    Raises:
        UnsupportedAxiom: there is one of a form that is not known.
    """
    given = list(triples)
    statements = Statements.of(given)
    kinds: dict[Node, set[str]] = {}
    for triple in given:
        if triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode):
            kinds.setdefault(triple.subject, set()).add(triple.object.value)
    classes = {
        node.value
        for node, found in kinds.items()
        if OWL + "Class" in found and isinstance(node, ox.NamedNode)
    }
    axioms = Axioms(
        data_properties=statements.data_properties,
        object_properties=statements.object_properties,
        classes=frozenset(classes | {THING}),
    )
    for triple in given:
        if kinds.get(triple.subject, set()) & _SILENT:
            statements.take(triple)
        elif isinstance(triple.subject, ox.NamedNode):
            if _read(triple, axioms, statements):
                statements.take(triple)
        elif triple.object == ox.NamedNode(OWL + "AllDisjointClasses"):
            _take_disjoint(triple.subject, axioms, statements)
    for triple in statements.left():
        raise UnsupportedAxiom(
            f"{shorten_term(triple.subject)} {shorten(triple.predicate.value)} "
            f"{shorten_term(triple.object)}"
        )
    return axioms


def shorten_term(term: Node) -> str:
    """Return a term as people read it."""
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _read(triple: ox.Triple, axioms: Axioms, statements: Statements) -> bool:
    """Read a triple that begins an axiom about something named; whether it is one."""
    assert isinstance(triple.subject, ox.NamedNode)
    subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
    if predicate == TYPE:
        return _read_type(triple, axioms)
    if subject in axioms.classes:
        return _read_class(subject, predicate, value, axioms, statements)
    if subject in axioms.object_properties:
        return _read_object_property(subject, predicate, value, axioms, statements)
    if subject in axioms.data_properties:
        return _read_data_property(subject, predicate, value, axioms, statements)
    literal = isinstance(value, ox.Literal)
    known = axioms.data_properties if literal else axioms.object_properties
    if predicate in known and (literal or isinstance(value, ox.NamedNode)):
        axioms.facts.append(triple)
        return True
    return False


def _read_type(triple: ox.Triple, axioms: Axioms) -> bool:
    assert isinstance(triple.subject, ox.NamedNode)
    subject, value = triple.subject.value, triple.object
    if not isinstance(value, ox.NamedNode):
        return False
    if value.value in axioms.classes:
        axioms.facts.append(triple)
        return True
    if value.value == OWL + "FunctionalProperty":
        if subject in axioms.object_properties:
            axioms.functional.append(subject)
        if subject in axioms.data_properties:
            axioms.functional_data.add(subject)
        return subject in axioms.object_properties | axioms.data_properties
    if value.value == OWL + "TransitiveProperty":
        axioms.properties.append(PropertyInclusion((subject, subject), subject))
        return subject in axioms.object_properties
    return value.value in _DECLARATIONS


def _read_class(
    subject: str, predicate: str, value: Node, axioms: Axioms, statements: Statements
) -> bool:
    if predicate == OWL + "disjointWith":  # forbids, and gives nothing
        return isinstance(value, ox.NamedNode) and _add_disjoint([subject, value.value], axioms)
    if predicate == OWL + "hasKey":  # Decision 007: the reasoner gets no keys
        return bool(statements.items(value))
    if predicate not in (RDFS + "subClassOf", OWL + "equivalentClass"):
        return False
    other = read_expression(value, statements)
    axioms.inclusions.append(Inclusion(Named(subject), other))
    if predicate == OWL + "equivalentClass":
        axioms.inclusions.append(Inclusion(other, Named(subject)))
    return True


def _read_object_property(
    subject: str, predicate: str, value: Node, axioms: Axioms, statements: Statements
) -> bool:
    if predicate == RDFS + "domain":
        inclusion = Inclusion(Some(subject, Named(THING)), read_expression(value, statements))
        axioms.inclusions.append(inclusion)
    elif predicate == RDFS + "range":
        axioms.ranges.append(PropertyRange(subject, read_expression(value, statements)))
    elif predicate == OWL + "propertyChainAxiom":
        chain = statements.items(value)
        if not all(_is_among(link, axioms.object_properties) for link in chain):
            return False
        axioms.properties.append(PropertyInclusion(tuple(_iri(link) for link in chain), subject))
    elif not _is_among(value, axioms.object_properties):
        return False
    elif predicate == RDFS + "subPropertyOf":
        axioms.properties.append(PropertyInclusion((subject,), _iri(value)))
    elif predicate == OWL + "inverseOf":
        axioms.inverses.append((subject, _iri(value)))
    else:
        return False
    return True


def _read_data_property(
    subject: str, predicate: str, value: Node, axioms: Axioms, statements: Statements
) -> bool:
    if predicate == RDFS + "domain":
        inclusion = Inclusion(SomeLiteral(subject), read_expression(value, statements))
        axioms.inclusions.append(inclusion)
        return True
    if predicate == RDFS + "range":  # forbids other values, and gives nothing
        if not isinstance(value, ox.NamedNode) or not value.value.startswith((XSD, RDF, RDFS)):
            return False
        axioms.data_ranges.setdefault(subject, set()).add(value.value)
        return True
    if predicate == RDFS + "subPropertyOf" and _is_among(value, axioms.data_properties):
        axioms.properties.append(PropertyInclusion((subject,), _iri(value)))
        return True
    return False


def _take_disjoint(node: Node, axioms: Axioms, statements: Statements) -> None:
    """Take `owl:AllDisjointClasses`, which forbids and gives nothing."""
    said = statements.take_all(node)
    if said.keys() != {TYPE, OWL + "members"}:
        raise UnsupportedAxiom("an owl:AllDisjointClasses without members, or with more")
    for head in said[OWL + "members"]:
        members = statements.items(head)
        names = [member.value for member in members if isinstance(member, ox.NamedNode)]
        if len(names) < len(members):
            raise UnsupportedAxiom("an owl:AllDisjointClasses of expressions")
        if not _add_disjoint(names, axioms):
            raise UnsupportedAxiom("an owl:AllDisjointClasses that leaves a class no member")


def _add_disjoint(names: list[str], axioms: Axioms) -> bool:
    """Add classes that have no member in common, if no class would be apart from itself."""
    if len(set(names)) < len(names) or THING in names:
        return False
    axioms.disjoint.add(frozenset(names))
    return True


def _is_among(node: Node, iris: frozenset[str]) -> bool:
    return isinstance(node, ox.NamedNode) and node.value in iris


def _iri(node: Node) -> str:
    assert isinstance(node, ox.NamedNode)
    return node.value
