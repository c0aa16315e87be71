"""Properties of which axioms say so little that HermiT need not hear of their values.

A property is plain if axioms speak only of its domain, its range, its inverse, which is plain too,
and of its having one value. Facts of such a property can be left out where the rules have checked
them: every model of the rest becomes one of them all when the property is taken to hold of just
those pairs that are told or follow. Domain and range hold, since the rules give the classes that
they ask for; one value it has, since nothing is told two, and things with values are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from smegraph.graph.model import has_allowed_value
from smegraph.graph.triples import iri_of, named, parts, predicate_of
from smegraph.ontology.axioms import Axioms
from smegraph.ontology.expressions import (
    THING,
    AllOf,
    Expression,
    Named,
    Some,
    SomeLiteral,
    parts_of,
)


# Decision 064: docs/decisions/064-plain-properties.md
@dataclass(frozen=True)
class PlainProperties:
    """The plain properties of an ontology.

    Attributes:
        axioms: what the ontology says.
        names: their IRIs.
    """

    axioms: Axioms
    names: frozenset[str]

    @classmethod
    def of(cls, axioms: Axioms) -> PlainProperties:
        """Find those of an ontology."""
        looked_at = {name for under in axioms.properties for name in (*under.chain, under.super)}
        looked_at |= {of.property for of in axioms.ranges if not _is_certain(of.range)}
        for inclusion in axioms.inclusions:
            if not (_is_domain(inclusion.sub) and _is_certain(inclusion.super)):
                looked_at |= _properties(inclusion.sub)
            looked_at |= _properties(inclusion.super)
        names = (axioms.data_properties | axioms.object_properties) - looked_at
        return cls(axioms, _with_their_inverses(names, axioms))

    def left_out(self, told: Iterable[str], found: Sequence[str]) -> tuple[list[str], set[str]]:
        """Return which lines HermiT need not hear, and whom they need to be told apart.

        Args:
            told: lines of N-Triples, as they are written.
            found: all of them with what follows, as the engine writes them.

        Returns:
            The lines, and the things that have a value of a property that has one, as they are
            written.
        """
        values, twice = _values(self._one_valued, found)
        names = set(map(named, _with_their_inverses(self.names - twice, self.axioms)))
        lines = [
            text
            for text in told
            if predicate_of(text) in names and has_allowed_value(self.axioms, text)
        ]
        return lines, {subject for subject, name in values if name in names}

    @cached_property
    def _one_valued(self) -> frozenset[str]:
        one_valued = {*self.axioms.functional, *self.axioms.functional_data}
        return frozenset(map(named, self.names & one_valued))


def _is_domain(expression: Expression) -> bool:
    """Whether an expression is all that has some value of a property."""
    return isinstance(expression, SomeLiteral) or (
        isinstance(expression, Some) and expression.filler == Named(THING)
    )


def _is_certain(expression: Expression) -> bool:
    """Whether rules give all of it to a thing: it leaves no choice and asks for no other thing."""
    return all(isinstance(part, Named | AllOf) for part in parts_of(expression))


def _properties(expression: Expression) -> set[str]:
    return {part.property for part in parts_of(expression) if hasattr(part, "property")}


def _with_their_inverses(names: frozenset[str], axioms: Axioms) -> frozenset[str]:
    """Return the properties whose inverses are among them, and the inverses of these, too."""
    left = set(names)
    while unlike := {pair for pair in axioms.inverses if len(left.intersection(pair)) == 1}:
        left -= {name for pair in unlike for name in pair}
    return frozenset(left)


def _values(
    names: frozenset[str], found: Iterable[str]
) -> tuple[dict[tuple[str, str], str], set[str]]:
    """Return a value for each thing and property, and the properties of which a thing has two.

    Args:
        names: of properties, as they are written in lines.
        found: lines of N-Triples.
    """
    values: dict[tuple[str, str], str] = {}
    twice = set()
    for text in found:
        if predicate_of(text) not in names:  # as most
            continue
        subject, predicate, value = parts(text)
        if values.setdefault((subject, predicate), value) != value:
            twice.add(iri_of(predicate))
    return values, twice
