"""Axioms as rules: CONSTRUCT queries that give what follows, and ASK queries for what they cannot.

The rules give no more than follows. Saturated, they leave a set of statements in which every axiom
holds, unless one of the gaps is true: then that set is a model of ontology and facts, provided that
there is one at all, and what is not in it does not follow. So rules and gaps together decide what
follows: where no gap is true, the rules have given all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, count
from typing import Final, TypeVar

from smegraph.namespaces import XSD, shorten
from smegraph.ontology.axioms import Axioms, Inclusion
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.expressions import (
    NUMBERS,
    THING,
    AllOf,
    AnyOf,
    AtLeast,
    Expression,
    HasIndividual,
    HasLiteral,
    Named,
    Some,
    SomeLiteral,
    SomeNumber,
    parts_of,
)

# `?thing <urn:smegraph:distinct> ?group`: the things of one group are known to differ.
DISTINCT: Final = "urn:smegraph:distinct"


_Form = TypeVar("_Form", bound=Expression)


@dataclass(frozen=True)
class EntailmentRule:
    """A rule that an axiom gives.

    Attributes:
        name: the axiom, in words of OWL's functional syntax.
        text: a CONSTRUCT query without prefixes, which gives only what is not there yet.
        reads: the IRIs of the classes and properties that it looks at.
        adds: the IRI of the class or property of which it adds members.
    """

    name: str
    text: str
    reads: frozenset[str]
    adds: str


@dataclass(frozen=True)
class Gap:
    """A question that is true of facts from which more may follow than the rules give.

    Attributes:
        name: what may be so, in words.
        text: an ASK query without prefixes.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Entailment:
    """The rules of an ontology.

    Attributes:
        rules: in the order of their names.
        gaps: in the order of their names.
        nominals: the individuals that definitions name.
    """

    rules: tuple[EntailmentRule, ...]
    gaps: tuple[Gap, ...]
    nominals: frozenset[str]

    @property
    def queries(self) -> tuple[tuple[str, str], ...]:
        """All rules and gaps, each with its name and its text."""
        rules = ((rule.name, rule.text) for rule in self.rules)
        return (*rules, *((gap.name, gap.text) for gap in self.gaps))


@dataclass
class _Pattern:
    """A graph pattern that finds the members of a class, and what it looks at."""

    lines: list[str] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return " ".join(self.lines)


# Decision 048: docs/decisions/048-reasoning-by-rules.md
def to_entailment(axioms: Axioms) -> Entailment:
    """Return the rules and the gaps of axioms.

    Raises:
        UnsupportedAxiom: for one of them, neither a rule nor a gap is known.
    """
    _refuse_nominals_behind_inverses(axioms)
    rules: set[EntailmentRule] = set()
    gaps: set[Gap] = set()
    for inclusion in axioms.inclusions:
        rules.update(_inclusion_rules(inclusion, gaps))
    for stated in axioms.ranges:
        sub = _Pattern([f"?y <{stated.property}> ?x ."], {stated.property})
        rules.update(_conclusions(f"Range({shorten(stated.property)})", sub, stated.range, gaps))
    for included in axioms.properties:
        rules.add(_chain_rule(included.chain, included.super))
    for one, other in axioms.inverses:
        rules |= {_inverse_rule(one, other), _inverse_rule(other, one)}
    gaps.update(_several_values(name) for name in axioms.functional)
    gaps.update(_incomparable(name) for name in _numbers(axioms))
    ordered = tuple(sorted(rules, key=lambda rule: (rule.name, rule.text)))
    nominals = frozenset(value.individual for value in _all(axioms, HasIndividual))
    return Entailment(ordered, tuple(sorted(gaps, key=lambda gap: (gap.name, gap.text))), nominals)


def _variables(letter: str) -> Iterator[str]:
    return (f"?{letter}{number}" for number in count())


def _inclusion_rules(inclusion: Inclusion, gaps: set[Gap]) -> Iterator[EntailmentRule]:
    for sub in _patterns(inclusion.sub, "?x", _variables("v"), told_apart=True):
        yield from _conclusions(f"SubClassOf({_shown(inclusion.sub)})", sub, inclusion.super, gaps)
    if any(isinstance(part, AtLeast) for part in parts_of(inclusion.sub)):
        known = _holds(inclusion.super)
        for sub in _patterns(inclusion.sub, "?x", _variables("v"), told_apart=False):
            name = f"things counted by {_shown(inclusion.sub)} that may be one"
            gaps.add(Gap(name, f"ASK {{ {sub.text} FILTER NOT EXISTS {{ {known} }} }}"))


def _conclusions(
    name: str, sub: _Pattern, conclusion: Expression, gaps: set[Gap]
) -> Iterator[EntailmentRule]:
    """Yield the rules from a pattern of `?x` to a class; what no rule can give becomes a gap."""
    if not sub.lines:
        raise UnsupportedAxiom(f"{name} {_shown(conclusion)}, which speaks of everything")
    match conclusion:
        case Named(iri):
            if iri != THING and f"?x a <{iri}> ." not in sub.lines:
                yield _rule(f"{name} {shorten(iri)}", sub, f"?x a <{iri}> .", iri)
        case AllOf(parts):
            for part in parts:
                yield from _conclusions(name, sub, part, gaps)
        case HasIndividual(on, value):
            head = f"?x <{on}> <{value}> ."
            yield _rule(f"{name} {_shown(conclusion)}", sub, head, on)
        case _:
            text = f"ASK {{ {sub.text} FILTER NOT EXISTS {{ {_holds(conclusion)} }} }}"
            gaps.add(Gap(f"{name} {_shown(conclusion)}, and not seen to be", text))


def _rule(name: str, sub: _Pattern, head: str, adds: str) -> EntailmentRule:
    text = f"CONSTRUCT {{ {head} }} WHERE {{ {sub.text} FILTER NOT EXISTS {{ {head} }} }}"
    return EntailmentRule(name, text, frozenset(sub.reads), adds)


def _chain_rule(chain: tuple[str, ...], above: str) -> EntailmentRule:
    ends = ["?x", *(f"?z{number}" for number in range(1, len(chain))), "?y"]
    links = zip(ends, chain, ends[1:], strict=False)
    sub = _Pattern([f"{start} <{on}> {end} ." for start, on, end in links], set(chain))
    name = f"SubPropertyOf({' '.join(map(shorten, chain))}) {shorten(above)}"
    return _rule(name, sub, f"?x <{above}> ?y .", above)


def _inverse_rule(one: str, other: str) -> EntailmentRule:
    sub = _Pattern([f"?y <{one}> ?x ."], {one})
    return _rule(f"InverseOf({shorten(one)}) {shorten(other)}", sub, f"?x <{other}> ?y .", other)


def _holds(expression: Expression) -> str:
    """Return a group that matches where `?x` is seen to be in a class."""
    found = _patterns(expression, "?x", _variables("w"), told_apart=True)
    return " UNION ".join(f"{{ {pattern.text} }}" for pattern in found)


def _patterns(
    expression: Expression, subject: str, names: Iterator[str], *, told_apart: bool
) -> list[_Pattern]:
    """Return the patterns that find the members of a class, one of which must match.

    Args:
        expression: the class.
        subject: the variable of the member.
        names: other variables.
        told_apart: whether what is counted must be known to differ, or may only be named apart.
    """
    match expression:
        case Named(iri):
            return [_Pattern() if iri == THING else _Pattern([f"{subject} a <{iri}> ."], {iri})]
        case AllOf(parts):
            found = [_patterns(part, subject, names, told_apart=told_apart) for part in parts]
            return _joined(found)
        case AnyOf(parts):
            each = (_patterns(part, subject, names, told_apart=told_apart) for part in parts)
            return [pattern for patterns in each for pattern in patterns]
        case HasIndividual(on, value):
            return [_Pattern([f"{subject} <{on}> <{value}> ."], {on})]
        case HasLiteral(on, literal):
            return [_Pattern([f"{subject} <{on}> {literal} ."], {on})]
        case SomeLiteral(on):
            return [_Pattern([f"{subject} <{on}> {next(names)} ."], {on})]
        case SomeNumber():
            return [_number(expression, subject, next(names))]
        case Some(on, filler):
            return _with_values(on, filler, subject, [next(names)], names, told_apart)
        case AtLeast(number, on, filler):
            values = [next(names) for _ in range(number)]
            patterns = _with_values(on, filler, subject, values, names, told_apart)
            return [_counted(pattern, values, told_apart) for pattern in patterns]


def _with_values(
    on: str,
    filler: Expression,
    subject: str,
    values: list[str],
    names: Iterator[str],
    told_apart: bool,
) -> list[_Pattern]:
    found = []
    for value in values:
        found.append([_Pattern([f"{subject} <{on}> {value} ."], {on})])
        found.append(_patterns(filler, value, names, told_apart=told_apart))
    return _joined(found)


def _joined(found: Iterable[list[_Pattern]]) -> list[_Pattern]:
    """Return every choice of one pattern of each list, as one pattern."""
    joined = [_Pattern()]
    for patterns in found:
        joined = [
            _Pattern([*one.lines, *other.lines], one.reads | other.reads)
            for one in joined
            for other in patterns
        ]
    return joined


def _counted(pattern: _Pattern, values: list[str], told_apart: bool) -> _Pattern:
    """Demand that the values are named apart and, to be told apart, that they are in one group."""
    lines = list(pattern.lines)
    for one, other in combinations(values, 2):
        lines.append(f"FILTER(STR({one}) < STR({other}))")
        if told_apart:
            group = f"?g{one[2:]}{other[2:]}"
            lines.append(f"{one} <{DISTINCT}> {group} . {other} <{DISTINCT}> {group} .")
    return _Pattern(lines, pattern.reads)


def _number(expression: SomeNumber, subject: str, value: str) -> _Pattern:
    least, whole = NUMBERS[expression.datatype]
    bounds = [*expression.bounds, *([(">=", str(least))] if least is not None else [])]
    tests = [f"{value} {operator} {bound}" for operator, bound in bounds]
    tests += [f"{value} = FLOOR({value})"] if whole else []
    lines = [f"{subject} <{expression.property}> {value} .", f"FILTER({_is_plain(value)})"]
    return _Pattern([*lines, *(f"FILTER({test})" for test in tests)], {expression.property})


def _is_plain(value: str) -> str:
    """Test for a number that Oxigraph compares as OWL does: no double, no more than its digits."""
    kinds = f"DATATYPE({value}) IN (<{XSD}integer>, <{XSD}decimal>)"
    return f"COALESCE({kinds} && ({value} <= 0 || {value} > 0), false)"


def _incomparable(name: str) -> Gap:
    text = f"ASK {{ ?x <{name}> ?v FILTER(!{_is_plain('?v')}) }}"
    return Gap(f"a value of {shorten(name)} that is not compared as a number", text)


def _several_values(name: str) -> Gap:
    text = f"ASK {{ ?x <{name}> ?y , ?z FILTER(!sameTerm(?y, ?z)) }}"
    return Gap(f"two values of {shorten(name)}, which has one", text)


def _numbers(axioms: Axioms) -> set[str]:
    return {expression.property for expression in _all(axioms, SomeNumber)}


def _all(axioms: Axioms, form: type[_Form]) -> Iterator[_Form]:
    given = [e for inclusion in axioms.inclusions for e in (inclusion.sub, inclusion.super)]
    given += [stated.range for stated in axioms.ranges]
    for expression in given:
        yield from (part for part in parts_of(expression) if isinstance(part, form))


def _refuse_nominals_behind_inverses(axioms: Axioms) -> None:
    """Refuse an individual of a definition from which an inverse property could lead back.

    Otherwise facts about things that have that value could put classes into another order.
    """
    reached: set[str] = set()
    above = {value.property for value in _all(axioms, HasIndividual)}
    while above:
        reached |= above
        above = {p.super for p in axioms.properties if reached & set(p.chain)} - reached
    for name in sorted(reached & {name for pair in axioms.inverses for name in pair}):
        raise UnsupportedAxiom(f"{shorten(name)} leads to the individual of a definition and back")


def _shown(expression: Expression) -> str:
    match expression:
        case Named(iri):
            return shorten(iri)
        case AllOf(parts):
            return f"({' and '.join(map(_shown, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(_shown, parts))})"
        case HasIndividual(on, value):
            return f"({shorten(on)} value {shorten(value)})"
        case HasLiteral(on, literal):
            return f"({shorten(on)} value {literal})"
        case SomeLiteral(on):
            return f"({shorten(on)} some rdfs:Literal)"
        case SomeNumber(on, datatype, bounds):
            facets = ", ".join(f"{operator} {bound}" for operator, bound in bounds)
            return f"({shorten(on)} some {shorten(datatype)}[{facets}])"
        case Some(on, filler):
            return f"({shorten(on)} some {_shown(filler)})"
        case AtLeast(number, on, filler):
            return f"({shorten(on)} min {number} {_shown(filler)})"
