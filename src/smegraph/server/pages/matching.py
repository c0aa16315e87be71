"""From words to things: what somebody typed is split into names, and each name finds its things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from smegraph.server.pages.asking import record
from smegraph.server.pages.lookup import Lookup, Tables
from smegraph.server.pages.search_tables import fold
from smegraph.suggest import near

MOST_WORDS: Final = 12
MOST_THINGS: Final = 200  # for each name
_LONGEST_PHRASE: Final = 6  # words
_LONGEST_WORD: Final = 60  # characters
_NEAR: Final = 40  # words that are compared letter by letter
_ALIKE: Final = 0.7
_SHORTEST_START: Final = 3  # letters
_NAMES: Final = "{label other more}"
_TITLES: Final = "{title topics}"
_ALL: Final = "{label other more title topics}"
_SMALL: Final = frozenset(
    {
        "a", "about", "an", "and", "are", "as", "at", "by", "did", "do", "does", "for", "from",
        "how", "in", "into", "is", "it", "of", "on", "or", "that", "the", "their", "to", "was", 
        "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "with",
    }
)  # fmt: skip

How: TypeAlias = Literal["name", "start", "near", "about", "nothing"]
"""How a name was found: as it is, as the start of one, by one that looks alike, in definitions."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words that were typed side by side and name something together.

    Attributes:
        typed: the words, folded.
        how: how they were found.
        meant: the words by which things are found; another word where one was misspelt.
        near: other words that look alike.
    """

    typed: str
    how: How
    meant: str
    near: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """What FTS5 looks for; words are letters and digits only, so that they cannot break out."""
        return self.match_in("{topics about}" if self.how == "about" else _NAMES)

    def match_in(self, columns: str) -> str:
        """Return what FTS5 looks for in some columns."""
        return f'{columns} : "{self.meant}"' + (" *" if self.how == "start" else "")


@record
class Match:
    """A thing that a part of what was typed names.

    Attributes:
        part: the number of the part; -1 where the thing has the words of all parts.
        id, iri, label, kind, definition: the thing.
        facts: how many facts name it.
        rank: 0 where the part is one of its names, 1 where it stands in one, 2 where it stands only
            in the title of a work, in what a work studied, or in a question.
        score: how well it fits, by BM25; lower is better.
    """

    part: int
    id: int
    iri: str
    label: str
    kind: str
    definition: str
    facts: int
    rank: int
    score: float


@record
class _Span:
    start: int
    length: int


@record
class _Word:
    word: str


def words_of(text: str) -> tuple[list[str], bool]:
    """Return the words that are looked for, and whether some were left out as too many.

    >>> words_of('"LinkedIn" AND (trust*')
    (['linkedin', 'and', 'trust'], False)
    """
    words = [word[:_LONGEST_WORD] for word in fold(text[:2000]).split()]
    return words[:MOST_WORDS], len(words) > MOST_WORDS or len(text) > 2000


async def parts_of(lookup: Lookup, tables: Tables, words: Sequence[str]) -> list[Part]:
    """Return the words as parts: the longest phrases first, then words, then what is near them."""
    spans = {(s.start, s.length) for s in await _spans(lookup, tables, words)} if words else set()
    parts: list[Part] = []
    at = 0
    while at < len(words):
        phrases = (n for n in range(len(words) - at, 1, -1) if (at, n) in spans)
        ends = (n for n in phrases if not {words[at], words[at + n - 1]} & _SMALL)
        length = next(ends, 1)
        typed = " ".join(words[at : at + length])
        found = (at, length) in spans
        if length > 1 or typed not in _SMALL or len(words) == 1:
            part = Part(typed, "name" if found else "nothing", typed)
            parts.append(part if found else await _other(lookup, tables, part))
        at += length
    return list(dict.fromkeys(parts))


async def _spans(lookup: Lookup, tables: Tables, words: Sequence[str]) -> list[_Span]:
    values, selects = {}, []
    for start in range(len(words)):
        for length in range(1, min(_LONGEST_PHRASE, len(words) - start) + 1):
            name = f"p{start}x{length}"
            values[name] = (
                f'{{label other more title}} : "{" ".join(words[start : start + length])}"'
            )
            selects.append(
                f"SELECT {start} AS start, {length} AS length "
                f"WHERE EXISTS (SELECT 1 FROM entry WHERE entry MATCH :{name})"
            )
    return await lookup.rows(tables, " UNION ALL ".join(selects), values, _Span)


async def _other(lookup: Lookup, tables: Tables, part: Part) -> Part:
    """Return how a word that is in no name may be meant."""
    if len(part.typed) >= _SHORTEST_START:
        start = replace(part, how="start")
        if await _any(lookup, tables, start):
            return start
    alike = await near_words(lookup, tables, part.typed)
    if alike:
        return replace(part, how="near", meant=alike[0], near=tuple(alike[1:]))
    about = replace(part, how="about")
    return about if await _any(lookup, tables, about) else part


async def _any(lookup: Lookup, tables: Tables, part: Part) -> bool:
    sql = "SELECT 1 AS start, 1 AS length WHERE EXISTS (SELECT 1 FROM entry WHERE entry MATCH :m)"
    return bool(await lookup.rows(tables, sql, {"m": part.match}, _Span))


async def near_words(
    lookup: Lookup, tables: Tables, word: str, cutoff: float = _ALIKE
) -> list[str]:
    """Return up to four words of names that look most like one, the likest first."""
    edged = f"_{word}_"
    parts = dict.fromkeys(edged[at : at + 3] for at in range(len(edged) - 2))
    if word.isdigit() or not parts:
        return []
    match = " OR ".join(f'"{part}"' for part in parts)
    sql = f"SELECT word FROM spelling WHERE spelling MATCH :m ORDER BY rank LIMIT {_NEAR}"
    found = await lookup.rows(tables, sql, {"m": match}, _Word)
    alike = near(word, (one.word.strip("_") for one in found), count=8, cutoff=cutoff)
    alike.sort(key=lambda one: sorted(one) != sorted(word))  # two letters that changed places
    return alike[:4]


async def matches_of(lookup: Lookup, tables: Tables, parts: Sequence[Part]) -> list[Match]:
    """Return the things that each part names, and those that have all of them, the best first.

    Of each part there are as many as `MOST_THINGS`, beside those whose name it is.
    """
    asked = [part for part in parts if part.how != "nothing"]
    if not asked:
        return []
    values: dict[str, str | int] = {}
    selects = []
    for number, part in enumerate(parts):
        if part.how == "nothing":
            continue
        values |= {f"m{number}": part.match, f"t{number}": part.meant}
        selects.append(_found(number, f":m{number}", f":t{number}"))
        values[f"s{number}"] = part.match_in(_TITLES)
        selects.append(_told(number, f":s{number}"))
    if len(asked) > 1:
        values["all"] = " AND ".join(f"({part.match})" for part in asked)
        values["whole"] = " ".join(part.meant for part in asked)
        values["told"] = " AND ".join(f"({part.match_in(_ALL)})" for part in asked)
        selects += [_found(-1, ":all", ":whole"), _told(-1, ":told")]
    sql = (
        f"SELECT part, t.id, t.iri, t.label, t.kind, t.definition, COALESCE(w.facts, 0) AS facts, "
        f"MIN(f.rank) AS rank, MIN(f.score) AS score FROM ({' UNION ALL '.join(selects)}) f "
        "JOIN thing t ON t.id = f.id LEFT JOIN weight w ON w.thing = f.id "
        "GROUP BY part, t.id ORDER BY part, MIN(f.rank), MIN(f.score), facts DESC, t.label, t.iri"
    )
    return await lookup.rows(tables, sql, values, Match)


def _found(number: int, match: str, name: str) -> str:
    """Return SQL for what a part names: a rank and a score for each thing."""
    return (
        f"SELECT {number} AS part, id, 1 AS rank, score FROM (SELECT rowid AS id, "
        f"bm25(entry, 10, 6, 3, 1, 1, 1) AS score FROM entry WHERE entry MATCH {match} "
        f"ORDER BY score LIMIT {MOST_THINGS}) "
        f"UNION ALL SELECT {number}, thing, 0, -100 FROM name WHERE folded = {name}"
    )


def _told(number: int, match: str) -> str:
    """Return SQL for works and questions that are on what a part names."""
    return (
        f"SELECT {number} AS part, id, 2 AS rank, score FROM (SELECT rowid AS id, "
        f"bm25(entry, 10, 6, 3, 2, 1, 1) AS score FROM entry WHERE entry MATCH {match} "
        f"ORDER BY score LIMIT {MOST_THINGS})"
    )


@record
class _Below:
    thing: int
    narrower: int


async def joining(lookup: Lookup, tables: Tables, matches: Iterable[Match]) -> str:
    """Return as JSON what each part may be in a fact: [part, thing, how far it is from the name].

    What is named exactly stands for all kinds of it, too. Works that are only on it are left out
    where a part names something else. Things that have the words of all parts are each of them.
    """
    matches = [*matches]
    named_by = {match.part for match in matches if match.rank < 2}
    kept = [match for match in matches if match.rank < 2 or match.part not in {-1, *named_by}]
    exact = [match.id for match in kept if match.rank == 0]
    sql = "SELECT thing, narrower FROM below WHERE thing IN (SELECT value FROM json_each(:exact))"
    below: dict[int, list[int]] = {}
    for row in await lookup.rows(tables, sql, {"exact": json.dumps(exact)}, _Below):
        below.setdefault(row.thing, []).append(row.narrower)
    named = [[match.part, match.id, match.rank] for match in kept]
    kinds = [
        [match.part, narrower, 1]
        for match in kept
        if match.rank == 0
        for narrower in below.get(match.id, ())
    ]
    return json.dumps(named + kinds)
