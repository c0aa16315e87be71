"""Class expressions of OWL 2, read from triples: those that the ontology's definitions use.

The forms are those of the mapping to RDF graphs (W3C Recommendation of 2012-12-11, tables 13 and
15). A form that is not among them is refused by what it says, never read as less than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import OWL, RDF, RDFS, XSD, shorten
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.terms import TYPE

THING: Final = OWL + "Thing"
# Numbers that one comparison can order: xsd:decimal and what is derived from it. Each with its
# least value, where it has one, and whether it holds whole numbers alone (XSD 1.1 part 2, 3.4).
NUMBERS: Final[dict[str, tuple[int | None, bool]]] = {
    XSD + "decimal": (None, False),
    XSD + "integer": (None, True),
    XSD + "nonNegativeInteger": (0, True),
}
FACETS: Final = {
    XSD + "minInclusive": ">=",
    XSD + "minExclusive": ">",
    XSD + "maxInclusive": "<=",
    XSD + "maxExclusive": "<",
}
# Literals of which two are equal when they are written alike, once Oxigraph has read them.
_PLAIN: Final = (XSD + "boolean", XSD + "string")


@dataclass(frozen=True)
class Named:
    """A class by its IRI; `owl:Thing` is one."""

    iri: str


@dataclass(frozen=True)
class AllOf:
    """`ObjectIntersectionOf`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class AnyOf:
    """`ObjectUnionOf`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Some:
    """`ObjectSomeValuesFrom`."""

    property: str
    filler: Expression


@dataclass(frozen=True)
class AtLeast:
    """`ObjectMinCardinality`."""

    number: int
    property: str
    filler: Expression


@dataclass(frozen=True)
class HasIndividual:
    """`ObjectHasValue`."""

    property: str
    individual: str


@dataclass(frozen=True)
class SomeLiteral:
    """`DataSomeValuesFrom` of `rdfs:Literal`: any value."""

    property: str


@dataclass(frozen=True)
class HasLiteral:
    """`DataHasValue` of a boolean or a string."""

    property: str
    literal: ox.Literal


@dataclass(frozen=True)
class SomeNumber:
    """`DataSomeValuesFrom` of numbers, with bounds: pairs of an operator and a number."""

    property: str
    datatype: str
    bounds: tuple[tuple[str, str], ...]


Expression: TypeAlias = (
    Named | AllOf | AnyOf | Some | AtLeast | HasIndividual | SomeLiteral | HasLiteral | SomeNumber
)
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def parts_of(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it holds, from left to right."""
    yield expression
    match expression:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from parts_of(part)
        case Some(_, filler) | AtLeast(_, _, filler):
            yield from parts_of(filler)


@dataclass
class Statements:
    """Triples by their subjects, of which each may be taken once.

    Attributes:
        data_properties: the IRIs of the properties whose values are literals.
        object_properties: the IRIs of those whose values are things.
    """

    data_properties: frozenset[str]
    object_properties: frozenset[str]
    _left: dict[Node, list[ox.Triple]] = field(default_factory=dict)

    @classmethod
    def of(cls, triples: Iterable[ox.Triple]) -> Statements:
        """Return the triples, with the properties that they declare."""
        left: dict[Node, list[ox.Triple]] = {}
        kinds: dict[str, set[str]] = {}
        for triple in triples:
            left.setdefault(triple.subject, []).append(triple)
            if triple.predicate.value == TYPE and isinstance(triple.subject, ox.NamedNode):
                kinds.setdefault(str(triple.object), set()).add(triple.subject.value)
        data, things = (
            frozenset(n for n in kinds.get(f"<{OWL}{kind}>", ()) if not n.startswith(OWL))
            for kind in ("DatatypeProperty", "ObjectProperty")
        )
        return cls(data, things, left)

    def left(self) -> list[ox.Triple]:
        """Return the triples that nobody has taken."""
        return [triple for triples in self._left.values() for triple in triples]

    def take(self, triple: ox.Triple) -> None:
        """Take one triple."""
        self._left[triple.subject].remove(triple)

    def take_all(self, node: Node) -> dict[str, list[Node]]:
        """Take all that is said of a node: its values by predicate."""
        found: dict[str, list[Node]] = {}
        for triple in self._left.pop(node, []):
            found.setdefault(triple.predicate.value, []).append(triple.object)
        return found

    def items(self, head: Node) -> list[Node]:
        """Take an RDF list.

        Raises:
            UnsupportedAxiom: it is none.
        """
        items: list[Node] = []
        while head != ox.NamedNode(RDF + "nil"):
            said = self.take_all(head)
            said.pop(TYPE, None)
            if {name: len(values) for name, values in said.items()} != {
                RDF + "first": 1,
                RDF + "rest": 1,
            }:
                raise UnsupportedAxiom("a list that is cut or has two ends")
            items += said[RDF + "first"]
            (head,) = said[RDF + "rest"]
        return items


def read_expression(node: Node, statements: Statements) -> Expression:
    """Take the class expression that a node stands for.

    Raises:
        UnsupportedAxiom: its form is none of those above.
    """
    if isinstance(node, ox.NamedNode):
        return Named(node.value)
    said = _single(statements.take_all(node))
    kind = said.pop(TYPE, None)
    names = frozenset(name.removeprefix(OWL) for name in said)
    if kind == ox.NamedNode(OWL + "Class") and len(names) == 1:
        ((name, head),) = said.items()
        if name in (OWL + "intersectionOf", OWL + "unionOf"):
            form = AllOf if name == OWL + "intersectionOf" else AnyOf
            items = statements.items(head)
            if items:
                return form(tuple(read_expression(item, statements) for item in items))
    if kind == ox.NamedNode(OWL + "Restriction") and "onProperty" in names:
        on = said.pop(OWL + "onProperty")
        if isinstance(on, ox.NamedNode) and on.value in statements.object_properties:
            return _of_things(on.value, said, statements)
        if isinstance(on, ox.NamedNode) and on.value in statements.data_properties:
            return _of_literals(on.value, said, statements)
    raise _unknown(said)


def _of_things(on: str, said: dict[str, Node], statements: Statements) -> Expression:
    names = said.keys()
    if names == {OWL + "someValuesFrom"}:
        return Some(on, read_expression(said[OWL + "someValuesFrom"], statements))
    if names == {OWL + "hasValue"}:
        value = said[OWL + "hasValue"]
        if isinstance(value, ox.NamedNode):
            return HasIndividual(on, value.value)
    if names == {OWL + "minQualifiedCardinality", OWL + "onClass"}:
        number = said[OWL + "minQualifiedCardinality"]
        if isinstance(number, ox.Literal) and int(number.value) > 0:
            return AtLeast(
                int(number.value), on, read_expression(said[OWL + "onClass"], statements)
            )
    raise _unknown(said)


def _of_literals(on: str, said: dict[str, Node], statements: Statements) -> Expression:
    names = said.keys()
    if names == {OWL + "hasValue"}:
        value = said[OWL + "hasValue"]
        if isinstance(value, ox.Literal) and value.datatype.value in _PLAIN:
            return HasLiteral(on, value)
    if names == {OWL + "someValuesFrom"}:
        return _some_literal(on, said[OWL + "someValuesFrom"], statements)
    raise _unknown(said)


def _some_literal(on: str, values: Node, statements: Statements) -> Expression:
    if isinstance(values, ox.NamedNode):
        if values.value == RDFS + "Literal":
            return SomeLiteral(on)
        if values.value in NUMBERS:
            return SomeNumber(on, values.value, ())
        raise UnsupportedAxiom(f"a value of the datatype {shorten(values.value)}")
    said = _single(statements.take_all(values))
    said.pop(TYPE, None)
    if said.keys() != {OWL + "onDatatype", OWL + "withRestrictions"}:
        raise _unknown(said)
    datatype = said[OWL + "onDatatype"]
    if not isinstance(datatype, ox.NamedNode) or datatype.value not in NUMBERS:
        raise UnsupportedAxiom(f"a restriction of the datatype {datatype}")
    bounds = []
    for facet in statements.items(said[OWL + "withRestrictions"]):
        for name, bound in _single(statements.take_all(facet)).items():
            if name not in FACETS or not _is_number(bound):
                raise UnsupportedAxiom(f"{shorten(name)} {bound}")
            assert isinstance(bound, ox.Literal)
            bounds.append((FACETS[name], bound.value))
    return SomeNumber(on, datatype.value, tuple(sorted(bounds)))


def _is_number(bound: Node) -> bool:
    """Whether a bound is a number that Oxigraph compares: 64 bits, 18 places behind the point."""
    if not isinstance(bound, ox.Literal) or bound.datatype.value not in NUMBERS:
        return False
    return re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", bound.value) is not None


def _single(said: dict[str, list[Node]]) -> dict[str, Node]:
    for name, values in said.items():
        if len(values) > 1:
            raise UnsupportedAxiom(f"{shorten(name)} with {len(values)} values in one expression")
    return {name: values[0] for name, values in said.items()}


def _unknown(said: Iterable[str]) -> UnsupportedAxiom:
    return UnsupportedAxiom(
        f"an expression of {', '.join(sorted(map(shorten, said))) or 'nothing'}"
    )
