"""A difference in words: which things are new, gone or changed, by class and with their labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.graph.triples import is_blank, named, parts
from smegraph.namespaces import DCTERMS, OWL, PREFIXES, shorten
from smegraph.publishing.difference import Difference
from smegraph.publishing.things import COMPUTED, Things, text_of

_EVIDENCE: Final = (Path(__file__).parent / "queries" / "evidence.rq").read_text("utf-8")
_DEPRECATED: Final = f" {named(OWL + 'deprecated')} "
_REPLACED: Final = f" {named(DCTERMS + 'isReplacedBy')} "
_EXPRESSION: Final = "(a class expression or list)"
_NOTHING: Final = "nothing"
SHOWN: Final = 12  # of a kind in text, unless all are asked for


@dataclass(frozen=True)
class Thing:
    """A thing, with the label of its class."""

    iri: str
    label: str
    kind: str


@dataclass(frozen=True)
class Value:
    """What a thing says with one property, before and after."""

    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A thing that says something else than before."""

    thing: Thing
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Deprecation:
    """A term that nothing should use any more, and what takes its place."""

    thing: Thing
    successor: str | None


@dataclass(frozen=True)
class Words:
    """What a difference comes to.

    Attributes:
        added: things of which only the second side tells.
        removed: things of which only the first side tells.
        changed: things of which both tell, not the same; what is computed is left out.
        deprecated: terms that are deprecated on the second side only.
        findings: findings whose sign, hedge or basis differs.
        axioms: axioms that are about several things, and so about none: new and gone.
    """

    added: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    changed: tuple[Change, ...]
    deprecated: tuple[Deprecation, ...]
    findings: tuple[Change, ...]
    axioms: tuple[int, int]


# Decision 080: docs/decisions/080-differences-in-words.md
def in_words(difference: Difference) -> Words:
    """Return what a difference comes to."""
    return _Telling(difference).words()


class _Telling:
    def __init__(self, difference: Difference) -> None:
        self._difference = difference
        self._old, self._new = Things(difference.old), Things(difference.new)

    def words(self) -> Words:
        added = self._new.iris - self._old.iris
        removed = self._old.iris - self._new.iris
        changed = self._touched() - added - removed
        return Words(
            tuple(self._things(added, self._new)),
            tuple(self._things(removed, self._old)),
            tuple(self._changes(changed)),
            tuple(self._deprecations()),
            tuple(self._findings(changed)),
            (self._axioms("added"), self._axioms("removed")),
        )

    def _touched(self) -> set[str]:
        """Return the things of which something is stated on one side only."""
        return {
            subject[1:-1]
            for graph, found in self._difference.graphs.items()
            if graph not in COMPUTED
            for text in (*found.added, *found.removed)
            if not is_blank(subject := text.split(" ", 1)[0])
        }

    def _things(self, iris: Iterable[str], things: Things) -> list[Thing]:
        found = [self._thing(iri, things) for iri in iris]
        return sorted(found, key=lambda thing: (thing.kind, thing.label, thing.iri))

    def _thing(self, iri: str, things: Things) -> Thing:
        kinds = things.classes.get(iri, [])
        kind = self._name(kinds[0]) if kinds else "thing without a class"
        return Thing(iri, things.labels.get(iri) or shorten(iri), kind)

    def _name(self, iri: str) -> str:
        """Return the label of something, as the newer side has it."""
        return self._new.labels.get(iri) or self._old.labels.get(iri) or shorten(iri)

    def _changes(self, iris: Iterable[str]) -> Iterator[Change]:
        before, after = self._old.statements(iris), self._new.statements(iris)
        for thing in self._things(before, self._new):
            was, now = before[thing.iri], after[thing.iri]
            values = self._values(was - now, now - was)
            if values:
                yield Change(thing, values)

    def _values(self, gone: Iterable[str], fresh: Iterable[str]) -> tuple[Value, ...]:
        told: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for side, lines in enumerate((gone, fresh)):
            for text in lines:
                _, predicate, value = parts(text)
                told[predicate[1:-1]][side].append(self._shown(value))
        return tuple(
            Value(self._name(iri), tuple(sorted(was)), tuple(sorted(now)))
            for iri, (was, now) in sorted(told.items())
        )

    def _shown(self, term: str) -> str:
        if is_blank(term):
            return _EXPRESSION
        return self._name(term[1:-1]) if term.startswith("<") else text_of(term)

    def _deprecations(self) -> Iterator[Deprecation]:
        was, now = self._deprecated(self._old), self._deprecated(self._new)
        for thing in self._things(now.keys() - was.keys(), self._new):
            yield Deprecation(thing, now[thing.iri])

    def _deprecated(self, things: Things) -> dict[str, str | None]:
        """Return the deprecated things of a side, each with the IRI that replaces it."""
        deprecated: dict[str, str | None] = {}
        successors: dict[str, str] = {}
        for graph, lines in things.side.graphs.items():
            if graph in COMPUTED:
                continue
            for text in lines:
                if _DEPRECATED in text:
                    deprecated[text.split(" ", 1)[0][1:-1]] = None
                elif _REPLACED in text:
                    subject, _, value = parts(text)
                    successors[subject[1:-1]] = value[1:-1]
        return {iri: successors.get(iri) for iri in deprecated}

    def _findings(self, iris: Iterable[str]) -> Iterator[Change]:
        before = self._evidence(self._old.statements(iris))
        after = self._evidence(self._new.statements(iris))
        for thing in self._things(before.keys() & after.keys(), self._new):
            was, now = before[thing.iri], after[thing.iri]
            values = tuple(
                Value(name, tuple(sorted(was[name])), tuple(sorted(now[name])))
                for name in was
                if was[name] != now[name]
            )
            if values:
                yield Change(thing, values)

    def _evidence(self, statements: Mapping[str, set[str]]) -> dict[str, dict[str, set[str]]]:
        """Return what findings say and on which evidence, by finding and name."""
        store = ox.Store()
        data = "".join(text for lines in statements.values() for text in sorted(lines))
        store.load(data.encode(), format=ox.RdfFormat.N_TRIPLES)
        rows = store.query(_EVIDENCE, prefixes=dict(PREFIXES))
        assert isinstance(rows, ox.QuerySolutions)
        names = [variable.value for variable in rows.variables][1:]
        found: dict[str, dict[str, set[str]]] = {}
        for row in rows:
            values = found.setdefault(row["finding"].value, {name: set() for name in names})
            for name in names:
                if row[name] is not None:
                    values[name].add(self._shown(str(row[name])))
        return found

    def _axioms(self, side: str) -> int:
        """Return how many axioms of one side only are about several things."""
        count = 0
        for graph in self._difference.graphs.values():
            lines = graph.added if side == "added" else graph.removed
            rows = [parts(text) for text in lines if "_:" in text]
            below = {value for _, _, value in rows}
            count += len({s for s, _, _ in rows if is_blank(s)} - below)
        return count


def to_json(difference: Difference, words: Words) -> dict[str, object]:
    """Return a difference as plain values for JSON."""
    return {
        "old": difference.old.name,
        "new": difference.new.name,
        "same": difference.is_empty,
        "graphs": {
            graph: {
                "added": len(found.added), "removed": len(found.removed),
                "before": found.before, "after": found.after,
            }
            for graph, found in difference.graphs.items()
        },
        **asdict(words),
    }  # fmt: skip


def as_text(difference: Difference, words: Words, shown: int | None = SHOWN) -> str:
    """Return a difference in words, with so many things of each kind as should be shown."""
    old, new = difference.old.name, difference.new.name
    if difference.is_empty:
        return f"{old} and {new} say the same; the headers of graphs may differ.\n"
    lines = [f"From {old} to {new}: {difference.added} statements more, {difference.removed} less."]
    lines += ["", "By graph:", *_by_graph(difference)]
    lines += _by_kind("New", words.added, shown)
    lines += _by_kind("Gone", words.removed, shown)
    lines += _section("Deprecated", [_told(one) for one in words.deprecated], shown)
    lines += _section(
        "Findings with another sign, hedge or basis",
        [text for change in words.findings for text in _changed(change)],
        shown and shown * 2,
    )
    lines += _changes(words.changed, shown)
    more, less = words.axioms
    if more or less:
        lines += ["", f"Axioms about several things: {more} new, {less} gone."]
    return "\n".join(lines) + "\n"


def _by_graph(difference: Difference) -> Iterator[str]:
    for graph, found in difference.graphs.items():
        if not found.is_empty:
            name = shorten(graph) if graph else "the default graph"
            yield (
                f"  {name}: +{len(found.added)} -{len(found.removed)} "
                f"({found.before} before, {found.after} now)"
            )


def _by_kind(title: str, things: Sequence[Thing], shown: int | None) -> list[str]:
    if not things:
        return []
    lines = ["", f"{title} ({len(things)}):"]
    for kind, count in sorted(Counter(thing.kind for thing in things).items()):
        own = [thing for thing in things if thing.kind == kind]
        lines.append(f"  {kind}: {count}")
        lines += [f"    {_named(thing)}" for thing in own[:shown]]
        lines += _more(count, shown, "    ")
    return lines


def _section(title: str, texts: Sequence[str], shown: int | None) -> list[str]:
    if not texts:
        return []
    return ["", f"{title}:", *(f"  {t}" for t in texts[:shown]), *_more(len(texts), shown, "  ")]


def _changes(changes: Sequence[Change], shown: int | None) -> list[str]:
    if not changes:
        return []
    lines = ["", f"Changed ({len(changes)}):"]
    kinds = Counter(change.thing.kind for change in changes)
    for kind, count in sorted(kinds.items()):
        own = [change for change in changes if change.thing.kind == kind]
        lines.append(f"  {kind}: {count}")
        lines += [f"    {text}" for change in own[:shown] for text in _changed(change)]
        lines += _more(count, shown, "    ")
    return lines


def _more(count: int, shown: int | None, indent: str) -> list[str]:
    return [f"{indent}and {count - shown} more (--all)"] if shown and count > shown else []


def _told(one: Deprecation) -> str:
    instead = f"use {shorten(one.successor)}" if one.successor else "nothing takes its place"
    return f"{_named(one.thing)}: {instead}"


def _named(thing: Thing) -> str:
    name = shorten(thing.iri)
    return name if thing.label == name else f"{thing.label} [{name}]"


def _changed(change: Change) -> Iterator[str]:
    yield _named(change.thing)
    for value in change.values:
        before, after = (", ".join(v) or _NOTHING for v in (value.before, value.after))
        yield f"  {value.property}: {before} → {after}"
