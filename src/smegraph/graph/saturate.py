"""What follows from facts by the rules of the ontology's axioms, where they give all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from smegraph.graph.model import is_model
from smegraph.graph.plain import PlainProperties
from smegraph.graph.premises import names_of
from smegraph.graph.triples import iri_of, is_blank, line, lines_of, named, parts, subject_of
from smegraph.namespaces import OWL, RDF, shorten
from smegraph.ontology.axioms import Axioms, names_read
from smegraph.ontology.entailment import DISTINCT, Entailment, EntailmentRule, Gap
from smegraph.ontology.terms import TYPE

_FIRST, _REST = named(f"{RDF}first"), named(f"{RDF}rest")
_DIFFERENT = named(f"{OWL}AllDifferent")
_DISTINCT_MEMBERS = named(f"{OWL}distinctMembers")


@dataclass
class Saturation:
    """The axioms of an ontology, ready to say what follows from facts.

    Attributes:
        axioms: what the ontology says.
        entailment: its rules.
        distinct: individuals of the ontology that are known to differ, by IRI.
    """

    axioms: Axioms
    entailment: Entailment
    distinct: frozenset[str] = frozenset()
    _readers: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False)
    _own: set[str] = field(default_factory=set, init=False, repr=False)
    _read: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    _told: list[int] = field(default_factory=list, init=False, repr=False)
    _named: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    _plain: PlainProperties = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Saturate what the ontology says of individuals, which is part of every question."""
        for number, rule in enumerate(self.entailment.rules):
            for name in rule.reads:
                self._readers.setdefault(name, []).append(number)
        apart = _group(map(named, sorted(self.distinct)), "ontology")
        store = _store([*lines_of(self.axioms.facts), *apart])
        self._saturate(store)
        self._own = set(_lines(store))
        self._read = names_read(self.axioms)
        self._named = frozenset(map(named, self.distinct))
        self._plain = PlainProperties.of(self.axioms)
        rules = enumerate(self.entailment.rules)
        self._told = [n for n, rule in rules if rule.adds in {*self._read, DISTINCT}]

    def entailed(self, facts: Iterable[str]) -> list[str] | None:
        """Return the statements about individuals that hold, or None where rules cannot tell.

        Args:
            facts: lines of N-Triples, consistent with the ontology; they may hold
                `owl:AllDifferent`, and nothing else but members of classes and values.

        Returns:
            Lines of N-Triples, sorted: classes of things and values that are things, the facts and
            what the ontology says of individuals among them.
        """
        store = self._saturated(facts)
        if store is None or self._first_gap(store):
            return None
        found = _lines(store)
        if self._added_to_the_ontology(found):
            return None
        return sorted(text for text in found if _is_answer(text))

    def gap(self, facts: Iterable[str]) -> str:
        """Return in words why the rules cannot tell what follows from facts.

        Args:
            facts: lines of N-Triples for which `entailed` returns None.
        """
        store = self._saturated(facts)
        if store is None:
            return "there is a fact of a form that the rules do not read"
        if gap := self._first_gap(store):
            (thing,) = _solutions(store, f"SELECT ?x {gap.text.removeprefix('ASK ')} LIMIT 1")
            return f"{gap.name}, at {shorten(thing)}"
        added = self._added_to_the_ontology(_lines(store))
        return f"more is said of an individual of a definition than the ontology says: {added}"

    def is_model(self, facts: Sequence[str]) -> bool:
        """Whether facts with what follows from them are a model of the ontology.

        Then they have one. If they are none, they may have another.

        Args:
            facts: lines of N-Triples.
        """
        store = self._saturated(facts)
        if store is None or self._first_gap(store):
            return False
        stated = [*lines_of(self.axioms.facts), *facts]
        looked_at = (TYPE, *sorted(self.axioms.data_properties))
        quads = (quad for name in looked_at for quad in _with(name, store))
        return is_model(self.axioms, stated, (f"{quad.triple} .\n" for quad in quads))

    def spelt_out(self, facts: Sequence[str]) -> list[str] | None:
        """Return facts with what follows from them: whatever has a model of these has one of them.

        An `owl:AllDifferent` is left out, and its members have names instead (`premises.NAME`).
        They may say more: that members of two of them differ. So are values of plain properties,
        and what follows without consequences of its own: they leave HermiT as much to try and more
        to read.

        Returns:
            Lines of N-Triples, sorted; None for facts of another form than the rules read.
        """
        store = self._saturated(facts, self._told)
        if store is None:
            return None
        found = _lines(store)
        distinct = named(DISTINCT)
        apart = {subject_of(text) for text in found if distinct in text}
        apart -= self._named
        stated = [text for text in facts if not is_blank(text)]
        told = {text for text in found if _is_answer(text) and self._matters(text)}
        told = told.union(stated) - self._own
        left_out, with_values = self._plain.left_out(told, found)
        apart |= with_values - self._named
        return sorted(told.difference(left_out).union(names_of(apart)))

    # Decision 048: docs/decisions/048-reasoning-by-rules.md
    def without_order(self) -> frozenset[str]:
        """Return the ontology's facts that change nothing in the order of classes and properties.

        They are those of individuals to which no values lead from definitions, for the reason that
        facts of studies change nothing: where rules tell all that follows from them, and nothing
        more of the other individuals. Otherwise there is none.

        Returns:
            Lines of N-Triples.
        """
        deciding = self._reached_from_definitions(self._own)
        facts = self.axioms.facts
        kept = [fact for fact in facts if str(fact.subject) in deciding]
        rest = lines_of(fact for fact in facts if str(fact.subject) not in deciding)
        few = Saturation(replace(self.axioms, facts=kept), self.entailment, self.distinct)
        return frozenset() if few.entailed(rest) is None else frozenset(rest)

    def _matters(self, text: str) -> bool:
        _, predicate, value = parts(text)
        name = value if predicate == named(TYPE) else predicate
        return iri_of(name) in self._read

    def _first_gap(self, store: ox.Store) -> Gap | None:
        return next((gap for gap in self.entailment.gaps if bool(store.query(gap.text))), None)

    def _saturated(
        self, facts: Iterable[str], numbers: Iterable[int] | None = None
    ) -> ox.Store | None:
        lines = self._readable(facts)
        if lines is None:
            return None
        store = _store([*self._own, *lines])
        self._saturate(store, numbers)
        return store

    def _saturate(self, store: ox.Store, numbers: Iterable[int] | None = None) -> None:
        """Apply rules until they add nothing: again those that read what was added.

        Args:
            store: holds the facts, and gets what follows.
            numbers: of the rules that are applied at first; None for all.
        """
        rules = self.entailment.rules
        waiting = deque(range(len(rules)) if numbers is None else numbers)
        queued = set(waiting)
        while waiting:
            number = waiting.popleft()
            queued.discard(number)
            rule = rules[number]
            if not self._apply(rule, store):
                continue
            for reader in self._readers.get(rule.adds, ()):
                if reader not in queued:
                    queued.add(reader)
                    waiting.append(reader)

    def _apply(self, rule: EntailmentRule, store: ox.Store) -> bool:
        result = store.query(rule.text)
        assert isinstance(result, ox.QueryTriples)
        quads = [ox.Quad(*triple) for triple in result]
        store.extend(quads)
        return bool(quads)

    def _readable(self, facts: Iterable[str]) -> list[str] | None:
        """Return the facts as the rules read them, or None where some are of no known form."""
        different: list[tuple[str, str, str]] = []
        lines = []
        for text in facts:
            subject, predicate, value = parts(text)
            if is_blank(subject):
                different.append((subject, predicate, value))
            elif self._is_readable(predicate, value):
                lines.append(text)
            else:
                return None
        groups = _groups(different)
        return None if groups is None else [*lines, *groups]

    def _is_readable(self, predicate: str, value: str) -> bool:
        if predicate == named(TYPE):
            return value.startswith("<") and iri_of(value) in self.axioms.classes
        if value.startswith("<"):
            return iri_of(predicate) in self.axioms.object_properties
        return value.startswith('"') and iri_of(predicate) in self.axioms.data_properties

    def _added_to_the_ontology(self, found: Collection[str]) -> str | None:
        """Return what is said, beyond what the ontology says, of who decides the order of classes.

        A class that a definition ties to an individual stands below what is true of things that
        have that individual as a value. Only what a path of values leads to from there can matter:
        a new value on the path is itself something that is said of one on it.
        """
        deciding = self._reached_from_definitions(found)
        added = (
            text.removesuffix(" .\n")
            for text in found
            if subject_of(text) in deciding
            and text not in self._own
            and named(DISTINCT) not in text
        )
        return min(added, default=None)

    def _reached_from_definitions(self, found: Iterable[str]) -> set[str]:
        """Return the individuals that definitions name, and all to which values lead from them."""
        values: dict[str, list[str]] = {}
        for text in found:
            subject, predicate, value = parts(text)
            if value.startswith("<") and predicate not in (named(TYPE), named(DISTINCT)):
                values.setdefault(subject, []).append(value)
        waiting = [named(one) for one in self.entailment.nominals]
        reached = set(waiting)
        while waiting:
            fresh = {*values.get(waiting.pop(), ())} - reached
            reached |= fresh
            waiting += fresh
        return reached


def _is_answer(text: str) -> bool:
    """Whether a line is a member of a class, or a value that is a thing."""
    _, predicate, value = parts(text)
    return predicate == named(TYPE) or (value.startswith("<") and predicate != named(DISTINCT))


def _groups(statements: Iterable[tuple[str, str, str]]) -> list[str] | None:
    """Return who is told apart in which group, or None for statements of another form."""
    heads: dict[str, str] = {}
    first: dict[str, str] = {}
    rest: dict[str, str] = {}
    for subject, predicate, value in statements:
        if (predicate, value) == (named(TYPE), _DIFFERENT):
            continue
        table = {_DISTINCT_MEMBERS: heads, _FIRST: first, _REST: rest}.get(predicate)
        if table is None or subject in table:
            return None
        table[subject] = value
    lines: list[str] = []
    for number, head in enumerate(sorted(heads.values())):
        members = []
        while head in first:
            members.append(first[head])
            head = rest[head]
        if len(set(members)) < len(members):  # a thing that differs from itself
            return None
        lines += _group(members, str(number))
    return lines


def _group(members: Iterable[str], name: str) -> list[str]:
    return [line(member, named(DISTINCT), named(f"{DISTINCT}:{name}")) for member in members]


def _store(lines: Iterable[str]) -> ox.Store:
    store = ox.Store()
    store.load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def _solutions(store: ox.Store, query: str) -> list[str]:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [row[0].value for row in found]


def _with(predicate: str, store: ox.Store) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(None, ox.NamedNode(predicate), None)


def _lines(store: ox.Store) -> list[str]:
    return [f"{quad.triple} .\n" for quad in store]
