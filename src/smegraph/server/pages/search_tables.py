"""The tables that a search looks things up in: things by their names, and facts by their things."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, ask_rows, load_query, record
from smegraph.server.pages.iris import plain_name
from smegraph.server.pages.lookup import Insert, Tables

_BETWEEN: Final = " qzq "  # stands between names, so that no phrase reaches from one into the next
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_QUESTION: Final = "question"  # questions are found by their words, and are no names
_NO_KIND: Final = "other"
_LONGEST_WORD: Final = 40  # characters of a word that is offered for a misspelt one

_SCHEMA: Final = """
CREATE TABLE kind (kind TEXT PRIMARY KEY, label TEXT, rank INTEGER);
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, kind TEXT, definition TEXT
);
CREATE TABLE name (folded TEXT, thing INTEGER, PRIMARY KEY (folded, thing)) WITHOUT ROWID;
CREATE TABLE below (thing INTEGER, narrower INTEGER, PRIMARY KEY (thing, narrower)) WITHOUT ROWID;
CREATE TABLE fact (
    id INTEGER PRIMARY KEY, iri TEXT, rank INTEGER, kind TEXT, said TEXT, basis TEXT,
    hedged TEXT, study TEXT, locator TEXT, cause TEXT, effect TEXT, sign TEXT, wanted TEXT,
    restates INTEGER
);
CREATE TABLE fact_kind (kind TEXT PRIMARY KEY, iri TEXT, label TEXT) WITHOUT ROWID;
CREATE TABLE link (thing INTEGER, fact INTEGER, role INTEGER, PRIMARY KEY (thing, fact, role))
    WITHOUT ROWID;
CREATE VIRTUAL TABLE entry USING fts5 (
    label, other, more, title, topics, about, content = '',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE spelling USING fts5 (word, tokenize = 'trigram');
"""
_INDEXES: Final = """
CREATE INDEX link_of_fact ON link (fact, role, thing);
CREATE TABLE backing AS
    SELECT l.thing, f.basis, COUNT(DISTINCT l.fact) AS facts
    FROM link l JOIN fact f ON f.id = l.fact WHERE f.restates = 0 GROUP BY l.thing, f.basis;
CREATE INDEX backing_of ON backing (thing);
CREATE TABLE weight AS SELECT thing, SUM(facts) AS facts FROM backing GROUP BY thing;
CREATE UNIQUE INDEX weight_of ON weight (thing);
CREATE INDEX thing_of_kind ON thing (kind);
CREATE INDEX name_of ON name (thing);
INSERT INTO entry (entry) VALUES ('optimize');
ANALYZE
"""


def fold(text: str) -> str:
    """Return a text as it is compared: its words in lower case, without diacritics and marks.

    >>> fold("Torrès & Vahlne (1977)"), fold("LinkedIn")
    ('torres vahlne 1977', 'linkedin')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


@dataclass(slots=True)
class _Entry:
    """A thing while the tables are filled, with the names in which words are looked for."""

    id: int
    label: str
    kind: str
    definition: str
    other: list[str]
    more: list[str]
    title: list[str]
    topics: list[str]

    def parts(self) -> tuple[str, ...]:
        label = [] if self.kind == _QUESTION else [self.label]
        topics = [self.label] if self.kind == _QUESTION else self.topics
        said = (label, self.other, self.more, self.title, topics, [self.definition])
        return tuple(_BETWEEN.join(fold(name) for name in names) for names in said)

    def part(self, name: str) -> list[str]:
        return {
            "name": self.other, "author": self.more, "title": self.title, "topic": self.topics,
        }[name]  # fmt: skip

    def names(self) -> set[str]:
        return {fold(name) for name in (self.label, *self.other, *self.title)} - {""}


@record
class _Thing:
    rank: int
    kind: str
    kind_label: str
    thing: str
    label: str
    definition: str = ""


@record
class _Name:
    thing: str
    part: str
    name: str


@record
class _Above:
    construct: str
    above: str


async def _fill(engine: Engine, insert: Insert) -> None:
    """Fill the tables from a release."""
    found = await ask(engine, load_query("search-things"), _Thing)
    await insert("kind", {t.kind: (t.kind, t.kind_label, t.rank) for t in reversed(found)}.values())
    entries: dict[str, _Entry] = {}
    for one in found:
        entries.setdefault(
            one.thing,
            _Entry(len(entries) + 1, one.label, one.kind, one.definition, [], [], [], []),
        )
    for named in await ask(engine, load_query("search-names"), _Name):
        entry = entries.get(named.thing)
        if entry is not None and named.name != entry.label:
            entry.part(named.part).append(named.name)
    await _insert_things(insert, entries)
    above = await ask(engine, load_query("constructs-above"), _Above)
    pairs = ((entries.get(one.above), entries.get(one.construct)) for one in above)
    await insert("below", ((a.id, b.id) for a, b in pairs if a and b and a is not b))
    facts = await _insert_facts(engine, insert)
    async for rows in ask_rows(engine, load_query("search-links")):
        await insert("link", _links(rows, entries, facts))


async def _insert_things(insert: Insert, entries: dict[str, _Entry]) -> None:
    things = ((e.id, iri, e.label, e.kind, e.definition) for iri, e in entries.items())
    await insert("thing", things)
    await insert("entry", (entry.parts() for entry in entries.values()))
    await insert("name", ((name, e.id) for e in entries.values() for name in e.names()))
    words = {
        word
        for entry in entries.values()
        if entry.kind != _QUESTION
        for name in (entry.label, *entry.other, *entry.more, *entry.title)
        for word in fold(name).split()
        if 2 < len(word) <= _LONGEST_WORD and not word.isdigit()
    }
    await insert("spelling", ((f"_{word}_",) for word in sorted(words)))


async def _insert_facts(engine: Engine, insert: Insert) -> dict[str, int]:
    ids: dict[str, int] = {}
    kinds: dict[str, tuple[str, str, str]] = {}
    async for rows in ask_rows(engine, load_query("search-facts")):
        made = []
        for iri, rank, kind, kind_label, label, statement, *rest, restates in rows:
            if iri in ids:
                continue
            ids[iri] = len(ids) + 1
            name = kind_label or plain_name(kind)
            slug = fold(name).replace(" ", "-")
            kinds.setdefault(slug, (slug, kind, name))
            made.append((ids[iri], iri, rank, slug, statement or label, *rest, restates == "true"))
        await insert("fact", made)
    await insert("fact_kind", kinds.values())
    return ids


def _links(
    rows: list[list[str]], entries: dict[str, _Entry], facts: dict[str, int]
) -> Iterable[tuple[int, int, str]]:
    for fact, thing, role in rows:
        if fact in facts and thing in entries:
            yield entries[thing].id, facts[fact], role


SEARCH: Final = Tables("search", _SCHEMA, _fill, _INDEXES)
"""Tables of all things of a release and of its facts, by which they are found."""


async def _fill_dataset(engine: Engine, insert: Insert) -> None:
    """Fill the tables from any dataset: what has a name is a thing, and what points may join."""
    entries: dict[str, _Entry] = {}
    ranks: dict[str, int] = {}
    kinds: dict[str, tuple[str, str, int]] = {}
    async for thing, rank, name, of, kind_label in _rows(engine, "search-dataset-things"):
        kind = of or _NO_KIND
        title = kind_label or (plain_name(of) if of else "Other things")
        kinds.setdefault(kind, (kind, title, 0 if of else 1))
        entry = entries.get(thing)
        if entry is None:
            entries[thing] = _Entry(len(entries) + 1, name, kind, "", [], [], [], [])
        elif name != entry.label:
            if int(rank) < ranks[thing]:
                entry.label, name = name, entry.label
            entry.other.append(name)
        ranks[thing] = min(ranks.get(thing, 9), int(rank))
    await insert("kind", kinds.values())
    await _insert_things(insert, entries)
    await insert("fact_kind", ((kind, kind, title) for kind, title, _ in kinds.values()))
    await _insert_joining(engine, insert, entries)


async def _insert_joining(engine: Engine, insert: Insert, entries: dict[str, _Entry]) -> None:
    pointing: set[str] = set()
    async for rows in ask_rows(engine, load_query("search-dataset-links")):
        ends = [(entries[a], entries[b], a) for a, b in rows if a in entries and b in entries]
        pointing |= {iri for *_, iri in ends}
        await insert("link", ((to.id, by.id, 0) for by, to, _ in ends))
    empty = ("",) * 8  # a basis, a place and so on are told of facts only
    joining = [(iri, entries[iri]) for iri in pointing]
    await insert("link", ((e.id, e.id, 3) for _, e in joining))
    await insert("fact", ((e.id, iri, 0, e.kind, e.label, *empty, False) for iri, e in joining))


async def _rows(engine: Engine, name: str) -> AsyncIterator[list[str]]:
    async for rows in ask_rows(engine, load_query(name)):
        for row in rows:
            yield row


ANY_SEARCH: Final = Tables("search", _SCHEMA, _fill_dataset, _INDEXES)
"""The same tables for a dataset that is no release: its things, and those that point at others."""
