"""The page `/search`: the things that words name, and the facts that join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages import joins
from smegraph.server.pages.asking import load_query, record
from smegraph.server.pages.finding_list import SIGNS
from smegraph.server.pages.findings import short
from smegraph.server.pages.joins import (
    FACETS,
    Asked,
    FactRow,
    LinkRow,
    Tally,
    ThingBacking,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.matching import (
    MOST_THINGS,
    MOST_WORDS,
    Match,
    Part,
    joining,
    matches_of,
    near_words,
    parts_of,
    words_of,
)
from smegraph.server.pages.parameters import page_number, require_page, stated_in
from smegraph.server.pages.search_query import query_of
from smegraph.server.pages.search_shown import (
    Apart,
    FoundFact,
    FoundFacts,
    FoundThing,
    Group,
    Option,
    Searched,
    thing_address,
)
from smegraph.server.pages.search_tables import ANY_SEARCH, SEARCH, fold
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.suggest import did_you_mean

PATH: Final = "/search"
FACTS_ON_A_PAGE: Final = 20
THINGS_ON_A_PAGE: Final = 50
_FIRST_THINGS: Final = 6  # of each kind
_FIRST_FACTS: Final = 3  # of each part, where nothing joins them
_LINKS_OF_A_FACT: Final = 10  # about as many things does a fact name
_LAST_KINDS: Final = ("question", "term")
_TITLES: Final = {
    "kind": "Kind of fact", "basis": "Evidence", "hedged": "With a reserve",
    "wanted": "Firms want the effect",
}  # fmt: skip
_ANSWERS: Final = {"true": "yes", "false": "no", "": "not told"}
_COLUMNS: Final = (
    "found", "kind", "iri", "label", "definition", "facts", "basis", "hedged", "works", "document",
    "place",
)  # fmt: skip


RELEASE: Final = Searched(SEARCH, load_query("search-asked"), named, coded=True)


ANY_DATASET: Final = Searched(
    ANY_SEARCH, load_query("search-dataset-asked"), thing_address, coded=False
)


@record
class _Kind:
    kind: str
    label: str
    rank: int


@record
class _Value:
    value: str
    label: str = ""


def add_search(
    app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup, searched: Searched = RELEASE
) -> None:
    """Add the page for a release, or for another dataset."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        return await _Search(lookup, searched, parameters).view()

    add_view(app, layout, engine, PATH, show)


# Decision 091: docs/decisions/091-search.md
class _Search:
    """One search, as the parameters of an address state it."""

    def __init__(self, lookup: Lookup, searched: Searched, parameters: Parameters) -> None:
        self._lookup, self._searched = lookup, searched
        self._tables = searched.tables
        self._stated = _stated(parameters, searched.coded)
        self._text = self._stated.get("q", "")
        self._number = page_number(self._stated.get("page", "1"))
        self._parts: list[Part] = []
        self._query = ""

    def _address(self, **changes: str | None) -> str:
        pairs = {**self._stated, "page": None, **changes}
        return address(PATH, [(name, value) for name, value in pairs.items() if value])

    async def view(self) -> View:
        words, is_cut = words_of(self._text)
        self._parts = await parts_of(self._lookup, self._tables, words)
        matches = await matches_of(self._lookup, self._tables, self._parts)
        named_parts = [part for part in self._parts if part.how != "nothing"]
        groups = await self._groups(matches, len(named_parts))
        values: dict[str, object] = {
            "q": self._text,
            "coded": self._searched.coded,
            "names": self._names(matches),
            "of": self._stated.get("of", ""),
            "cut": MOST_WORDS if is_cut else 0,
            "most_things": MOST_THINGS,
            "groups": groups,
            "unknown": await self._unknown(),
            "meant": self._meant(),
            "thing_pages": self._thing_pages(groups),
            "things": sum(group.count for group in groups),
            "best": [
                group.things[0].thing
                for group in groups
                if group.kind not in _LAST_KINDS and group.things
            ][:_FIRST_THINGS],
        }
        facts = await self._facts(matches, named_parts)
        table = _table(groups, facts.rows)
        return View("search.html", {**values, "found": facts}, table, query=self._query)

    # Words

    def _names(self, matches: Sequence[Match]) -> list[str]:
        """Return what each part is called, where it is the name of something, else the words."""
        called = {m.part: m.label for m in reversed(matches) if m.rank == 0}
        return [
            called[number]
            if fold(called.get(number, "")) == self._parts[number].meant
            else self._parts[number].meant
            for number in self._found_parts()
        ]

    def _found_parts(self) -> list[int]:
        return [number for number, part in enumerate(self._parts) if part.how != "nothing"]

    async def _unknown(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the words that nothing has, each with names that look a little alike."""
        unknown = []
        for part in self._parts:
            if part.how == "nothing":
                alike = await near_words(self._lookup, self._tables, part.typed, 0.5)
                unknown.append((part.typed, self._instead(part, alike)))
        return unknown

    def _meant(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Return the words that were taken for others, with what else they may be."""
        return [
            (part.typed, part.meant, self._instead(part, part.near))
            for part in self._parts
            if part.how == "near"
        ]

    def _instead(self, part: Part, words: Iterable[str]) -> list[tuple[str, str]]:
        return [
            (
                word,
                self._address(
                    q=" ".join(word if one is part else one.meant for one in self._parts)
                ),
            )
            for word in words
        ]

    # Things

    async def _groups(self, matches: Sequence[Match], parts: int) -> list[Group]:
        """Return the things by kind, each once, the best first."""
        best = _best(matches, parts)
        sql = "SELECT kind, label, rank FROM kind"
        kinds = {row.kind: row for row in await self._lookup.rows(self._tables, sql, {}, _Kind)}
        wanted = self._stated.get("of")
        if wanted is not None and wanted not in kinds:
            meant = did_you_mean(wanted, kinds, f"There are {', '.join(sorted(kinds))}.")
            raise HttpProblem("invalid-parameter", f"Nothing is of the kind {wanted}. {meant}")
        by_kind: dict[str, list[Match]] = {}
        for match in best:
            by_kind.setdefault(match.kind, []).append(match)
        order = sorted(
            by_kind,
            key=lambda kind: (kind in _LAST_KINDS, by_kind[kind][0].rank, kinds[kind].rank),
        )
        capped = {part for part in range(parts)
                  if sum(match.part == part for match in matches) >= MOST_THINGS}  # fmt: skip
        shown = {kind: self._shown(by_kind[kind]) for kind in order if wanted in (None, kind)}
        ids = [match.id for kind in shown for match in shown[kind]]
        backing = await joins.backing_of(self._lookup, self._tables, ids)
        bases = {row.basis for rows in backing.values() for row in rows}
        labels = await joins.labels_of(self._lookup, self._tables, [*bases])
        return [
            Group(
                kind,
                kinds[kind].label,
                tuple(self._thing(match, backing.get(match.id, []), labels) for match in found),
                len(by_kind[kind]),
                self._address(of=kind),
                bool(capped),
            )
            for kind, found in shown.items()
        ]

    def _shown(self, matches: list[Match]) -> list[Match]:
        if "of" not in self._stated:
            return matches[:_FIRST_THINGS]
        start = (self._number - 1) * THINGS_ON_A_PAGE
        return matches[start : start + THINGS_ON_A_PAGE]

    def _thing(
        self, match: Match, backing: Sequence[ThingBacking], labels: Mapping[str, str]
    ) -> FoundThing:
        told = tuple((labels.get(row.basis, ""), row.facts) for row in backing if row.basis)
        thing = self._searched.named(match.iri, match.label)
        is_work = match.rank > 1 and match.kind not in _LAST_KINDS
        return FoundThing(thing, match.definition, match.facts, told, is_work)

    def _thing_pages(self, groups: Sequence[Group]) -> dict[str, str]:
        """Return where the things of a kind go on; raises HttpProblem (400) behind the last."""
        if "of" not in self._stated:
            return {}
        count = sum(group.count for group in groups)
        require_page(self._number, count, THINGS_ON_A_PAGE)
        return self._pages(count, THINGS_ON_A_PAGE)

    # Facts

    async def _facts(self, matches: Sequence[Match], parts: Sequence[Part]) -> FoundFacts:
        asked = await self._asked(await joining(self._lookup, self._tables, matches), len(parts))
        if not parts or "of" in self._stated:
            return FoundFacts()
        things = await joins.may_be(self._lookup, self._tables, asked.joining)
        self._query = query_of(self._searched, asked, things, len(self._parts))
        asked, tally = await self._tally(asked, matches)
        if tally.most < min(2, len(parts)):
            return FoundFacts(apart=await self._apart(asked, matches) if len(parts) > 1 else ())
        require_page(self._number, tally.total, FACTS_ON_A_PAGE)
        start = (self._number - 1) * FACTS_ON_A_PAGE
        rows = await joins.facts(
            self._lookup, self._tables, asked, tally.most, limit=FACTS_ON_A_PAGE, offset=start
        )
        return FoundFacts(
            rows=await self._told(rows),
            most=tally.most,
            total=tally.total,
            backing=await self._backing(asked, tally.most),
            facets=await self._facets(tally, asked.chosen),
            restated=self._restated(),
            pages=self._pages(tally.total, FACTS_ON_A_PAGE),
        )

    async def _tally(self, asked: Asked, matches: Sequence[Match]) -> tuple[Asked, Tally]:
        """Return how many facts join all parts or, where none does, most of them."""
        numbers = self._found_parts()
        facts = dict.fromkeys(numbers, 0)
        for match in matches:
            if match.rank < 2 and match.part in facts:
                facts[match.part] += match.facts
        rarest = min(numbers, key=lambda number: facts[number])
        if len(numbers) > 1 and facts[rarest] * _LINKS_OF_A_FACT < sum(facts.values()):
            every = replace(asked, rarest=rarest)
            tally = await joins.tally(self._lookup, self._tables, every)
            if tally.most == len(numbers):
                return every, tally
            if len(numbers) == 2:
                return asked, Tally(1, 0, {})  # some name one of them
        return asked, await joins.tally(self._lookup, self._tables, asked)

    async def _asked(self, may_be: str, parts: int) -> Asked:
        chosen = await self._full({n: self._stated[n] for n in FACETS if n in self._stated})
        iris = {name: value for name, value in chosen.items() if name in ("basis", "wanted")}
        if "kind" in chosen:
            sql = "SELECT iri AS value FROM fact_kind WHERE kind = :kind"
            (kind,) = await self._lookup.rows(self._tables, sql, {"kind": chosen["kind"]}, _Value)
            iris["kind"] = kind.value
        restated = "restated" in self._stated or not self._searched.coded
        return Asked(may_be, parts, chosen, restated, iris)

    async def _full(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """Return the values of the tables for those of the address; raises HttpProblem (400)."""
        full = {}
        for name, value in chosen.items():
            sql = f"SELECT DISTINCT {name} AS value FROM fact"
            found = await self._lookup.rows(self._tables, sql, {}, _Value)
            known = {_in_address(name, row.value): row.value for row in found if row.value}
            if value not in known:
                meant = did_you_mean(value, known, f"Right values are {', '.join(sorted(known))}.")
                raise HttpProblem("invalid-parameter", f"No {name} is called {value}. {meant}")
            full[name] = known[value]
        return full

    async def _told(self, rows: Sequence[FactRow]) -> list[FoundFact]:
        """Return facts as a page shows them."""
        names = await joins.named_in(self._lookup, self._tables, [row.id for row in rows])
        iris = {
            iri for row in rows for iri in (row.basis, row.study, row.cause, row.effect, row.wanted)
        }
        labels = await joins.labels_of(self._lookup, self._tables, sorted(iris))
        return [self._fact(row, names.get(row.id, []), labels) for row in rows]

    def _fact(self, row: FactRow, links: Sequence[LinkRow], labels: Mapping[str, str]) -> FoundFact:
        def of(iri: str) -> Named | None:
            return self._searched.named(iri, labels.get(iri, "")) if iri else None

        ends = {row.cause, row.effect}
        names = [link for link in links if link.role == 0 and link.iri not in ends]
        return FoundFact(
            self._searched.named(row.iri, row.said),
            row.kind,
            of(row.cause),
            SIGNS.get(short(row.sign), "·") if row.sign else "",
            of(row.effect),
            labels.get(row.basis, ""),
            row.hedged == "true",
            labels.get(row.wanted, ""),
            tuple(self._searched.named(link.iri, link.label) for link in names),
            tuple(self._searched.named(link.iri, link.label) for link in links if link.role == 1),
            of(row.study),
            row.locator,
            row.restates > 0,
        )

    async def _apart(self, asked: Asked, matches: Sequence[Match]) -> list[Apart]:
        """Return of each part what facts there are of it alone: how many, where, the first."""
        rows = await joins.of_each(self._lookup, self._tables, asked, _FIRST_FACTS)
        names = dict(zip(self._found_parts(), self._names(matches), strict=True))
        apart = []
        for number, group in groupby(rows, key=lambda row: row.part):
            found, part = [*group], self._parts[number]
            told = tuple(await self._told(found))
            apart.append(Apart(names[number], found[0].facts, self._address(q=part.meant), told))
        return apart

    async def _backing(self, asked: Asked, most: int) -> list[tuple[str, int, int]]:
        found = await joins.backing(self._lookup, self._tables, asked, most)
        labels = await joins.labels_of(self._lookup, self._tables, [row.basis for row in found])
        return [(labels.get(row.basis, ""), row.facts, row.works) for row in found if row.basis]

    async def _facets(
        self, tally: Tally, chosen: Mapping[str, str]
    ) -> list[tuple[str, list[Option]]]:
        """Return by what the facts can be chosen further: where there is more than one value."""
        iris = [value for name in ("basis", "wanted") for value in tally.by[name] if value]
        labels = await joins.labels_of(self._lookup, self._tables, iris)
        sql = "SELECT kind AS value, label FROM fact_kind"
        kinds = await self._lookup.rows(self._tables, sql, {}, _Value)
        labels |= {row.value: row.label for row in kinds} | _ANSWERS
        facets = []
        for name in FACETS:
            options = [
                Option(
                    labels.get(value, value),
                    count,
                    self._address(**{name: None if name in chosen else _in_address(name, value)}),
                    chosen.get(name) == value,
                )
                for value, count in sorted(tally.by[name].items(), key=lambda p: (-p[1], p[0]))
                if value and count
            ]
            if len(options) > 1 or name in chosen:
                facets.append((_TITLES[name], options))
        return facets

    def _restated(self) -> tuple[bool, str]:
        """Return whether restatements are shown, and where it is the other way round."""
        shown = "restated" in self._stated
        return shown, self._address(restated=None if shown else "yes")

    def _pages(self, total: int, on_a_page: int) -> dict[str, str]:
        ways = {}
        if self._number > 1:
            ways["Previous page"] = self._address(page=str(self._number - 1))
        if self._number * on_a_page < total:
            ways["Next page"] = self._address(page=str(self._number + 1))
        return ways


def _best(matches: Sequence[Match], parts: int) -> list[Match]:
    """Return each thing once: those of most parts first, then by rank and score."""
    by_id: dict[int, list[Match]] = {}
    for match in matches:
        by_id.setdefault(match.id, []).append(match)

    def key(id: int) -> tuple[int, int, float, int, str]:
        found = by_id[id]
        in_all = min((match.rank for match in found if match.part < 0), default=3)
        alone = [match for match in found if match.part >= 0] or found
        best = min(alone, key=lambda match: (match.rank, match.score))
        return in_all > 1, in_all, best.rank, -sum(m.facts for m in found[:1]), best.label

    kept = [
        id
        for id, found in by_id.items()
        if parts < 2 or found[0].kind != _LAST_KINDS[0] or any(m.part < 0 for m in found)
    ]
    return [
        min(by_id[id], key=lambda match: match.rank) for id in sorted(kept, key=lambda id: key(id))
    ]


def _stated(parameters: Parameters, coded: bool) -> dict[str, str]:
    """Return the parameters of the address; raises HttpProblem (400) for one that there is not."""
    known = ("q", "of", "page", *FACETS, "restated") if coded else ("q", "of", "page", "kind")
    stated = stated_in(parameters, known)
    if stated.get("restated", "yes") != "yes":
        raise HttpProblem("invalid-parameter", "Restatements are shown with restated=yes.")
    return stated


def _in_address(facet: str, value: str) -> str:
    """Return how a value of a facet stands in an address.

    >>> _in_address("hedged", "true"), _in_address("basis", "https://w3id.org/smegraph/vocab/synthesis")
    ('yes', 'synthesis')
    """
    return _ANSWERS.get(value, value) if facet == "hedged" else short(value)


def _table(groups: Sequence[Group], facts: Sequence[FoundFact]) -> Table:
    """Return what is shown as rows: things, then facts."""
    things = [
        ("thing", group.title, one.thing.iri, one.thing.label, one.definition, one.facts,
         "", None, "", "", "")
        for group in groups for one in group.things
    ]  # fmt: skip
    found = [
        ("fact", one.kind, one.thing.iri, one.thing.label, "", None, one.basis, one.hedged,
         "; ".join(work.label for work in one.works), one.study.label if one.study else "",
         one.locator)
        for one in facts
    ]  # fmt: skip
    return Table(_COLUMNS, [*things, *found])
