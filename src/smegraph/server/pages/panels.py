"""What the page of a thing tells by its kind: a work, a firm, a platform, a person, a place.

A panel is a query, a record of it, and a piece of `panels.html`. A kind without one has none.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, TypeAlias

from smegraph.namespaces import ID, VOC
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.channel_tables import CHANNELS
from smegraph.server.pages.channels import (
    ChannelChoice,
    channel_labels,
    firm_tags,
    functions_of,
    matrix_of,
)
from smegraph.server.pages.finding_tables import Label
from smegraph.server.pages.findings import Choice, evidence, labels, quoted, short
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import address
from smegraph.server.pages.works import (
    TAGS,
    WorkChoice,
    evidence_of,
    samples_of,
    tags_of,
    works_named,
)

KINDS: Final = load_query("panel-kinds")
CITATIONS: Final = load_query("panel-citations")
PAPERS: Final = load_query("panel-papers")
FIRMS: Final = load_query("panel-firms")
_WORDS: Final = {"use": "Uses", "planned": "Plans to use", "non-use": "Does not use"}


@record
class KindRow:
    """A row of `panel-kinds.rq`."""

    kind: str


@record
class CitationRow:
    """A place where a document cites a work."""

    fact: str
    study: str
    study_label: str
    label: str = ""
    locator: str = ""
    printed: str = ""
    start: int | None = None


@record
class PaperRow:
    """A work that a thing is told of."""

    work: str
    label: str
    title: str = ""
    year: int | None = None


@record
class PlaceFirm:
    """A firm of a place, and whether it is based or sells there."""

    firm: str
    label: str
    role: str


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a panel: what is told, and the things or texts that are told."""

    title: str
    values: Sequence[Named]


@dataclass(frozen=True, slots=True)
class FindingsOf:
    """How many findings there are of a basis, of how many works, and where they are listed."""

    basis: str
    findings: int
    works: int
    address: str
    hedged: int | None = None


@dataclass(frozen=True, slots=True)
class CitedIn:
    """A document that cites a work, with each place."""

    study: Named
    places: Sequence[tuple[Named, str, str]]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is told of a thing by its kind.

    Attributes:
        told: its record, line by line.
        findings: how many findings concern it, by basis.
        papers: the works that are told of it.
        citations: who cites it and where.
        ways: further pages on it: a text and an address for each.
    """

    told: Sequence[Told] = ()
    findings: Sequence[FindingsOf] = ()
    papers: Sequence[tuple[Named, PaperRow]] = ()
    citations: Sequence[CitedIn] = ()
    ways: Mapping[str, str] = field(default_factory=dict)

    @property
    def cited(self) -> int:
        """At how many places the work is cited."""
        return sum(len(one.places) for one in self.citations)

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing."""
        return not (self.told or self.findings or self.papers or self.citations)


Make: TypeAlias = Callable[[Engine, Lookup, str], Coroutine[Any, Any, Panel]]


# Decision 095: docs/decisions/095-papers-studies-platforms.md
async def ask_panel(engine: Engine, lookup: Lookup, iri: str) -> Panel | None:
    """Return the panel of a thing; None for a kind without one, or one that tells nothing."""
    if not iri.startswith((ID, VOC)):
        return None
    kinds = await ask(engine, on(KINDS, thing=iri), KindRow)
    make = next((_MAKE[row.kind] for row in kinds if row.kind in _MAKE), None)
    panel = await make(engine, lookup, iri) if make else None
    return None if panel is None or panel.is_empty else panel


async def _work(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    works = await works_named(lookup, [iri])
    if not works:
        return Panel()
    work, tags = works[0], (await tags_of(lookup, works))[iri]
    doi = f"https://doi.org/{work.doi}"
    told = [
        _texts("Authors", work.authors.split("; ")),
        _texts("Year", [str(work.year or "")]),
        _texts("Published in", [work.periodical]),
        Told("DOI", [Named(doi, work.doi)] if work.doi else []),
        _texts("Samples", [sample.text for sample in (await samples_of(lookup, works))[iri]]),
    ]
    for facet in TAGS:
        if facet.name != "theme":
            things = [named(tag.thing, tag.label) for tag in tags.get(facet.name, ())]
            told.append(Told(facet.title, things))
    found = [
        FindingsOf(one.label, one.findings, 1, _findings("work", iri, one.basis), one.hedged)
        for one in (await evidence_of(lookup, WorkChoice(), works))[iri]
    ]
    key = short(iri)
    forms = {"BibTeX": "bib", "RIS": "ris", "CSL-JSON": "csl"}
    ways = {
        name: address(f"/papers.{suffix}", [("compare", key)]) for name, suffix in forms.items()
    }
    if work.coded:
        ways = {"What was coded of it": f"/studies/{key.removeprefix('work-')}", **ways}
    return Panel(_filled(told), found, citations=await _citations(engine, iri), ways=ways)


async def _citations(engine: Engine, iri: str) -> list[CitedIn]:
    rows = await ask(engine, on(CITATIONS, thing=iri), CitationRow)
    return [
        CitedIn(
            named(study, label),
            [(named(row.fact, row.locator or row.label), row.printed, row.label) for row in group],
        )
        for (study, label), group in groupby(rows, lambda row: (row.study, row.study_label))
    ]


async def _firm(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    known, choice = await channel_labels(lookup), _chosen("firm", iri)
    tags = (await firm_tags(lookup, choice)).get(iri, {})
    titles = {"country": "Based in", "industry": "Industry sector", "market": "Foreign markets",
              "study": "Examined in"}  # fmt: skip
    told = [
        Told(title, [named(thing, known.get(thing, "")) for thing in tags.get(kind, ())])
        for kind, title in titles.items()
    ]
    cells = await matrix_of(lookup, choice)
    for kind, word in _WORDS.items():
        used = [c.channel for c in cells if c.kind == kind]
        things = [named(one, known.get(one, "")) if one else Named("", "any channel")
                  for one in used]  # fmt: skip
        told.append(Told(word, sorted(things, key=lambda thing: thing.label.casefold())))
    key = short(iri)
    ways = {"Where its use of channels is said": f"{address('/platforms', [('firm', key)])}#facts",
            "Its numbers by year": address("/firms", [("firm", key)])}  # fmt: skip
    return Panel(_filled(told), await _found(lookup, "firm", iri), ways=ways)


async def _platform(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    known, choice = await channel_labels(lookup), _chosen("channel", iri)
    sql = (
        "SELECT t.type AS iri, l.label FROM type t JOIN label l ON l.iri = t.type "
        f"WHERE t.channel = {quoted(iri)} ORDER BY l.label"
    )
    types = await lookup.rows(CHANNELS, sql, {}, Label)
    told = [Told("Types", [named(one.iri, one.label) for one in types])]
    cells = await matrix_of(lookup, choice)
    for kind, word in (("use", "Used by"), ("planned", "Planned by"), ("non-use", "Not used by")):
        firms = sorted({c.firm for c in cells if c.kind == kind}, key=lambda one: known[one])
        told.append(Told(word, [named(firm, known[firm]) for firm in firms]))
    functions = dict.fromkeys(row.function for row in await functions_of(lookup, choice))
    told.append(Told("For", [named(one, known.get(one, "")) for one in functions]))
    where = address("/platforms", [("channel", short(iri))])
    ways = {"Where its use is said": f"{where}#facts"} if cells else {}
    return Panel(_filled(told), await _found(lookup, "platform", iri), ways=ways)


async def _person(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    return Panel(papers=await _papers(engine, iri))


async def _place(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    firms = await ask(engine, on(FIRMS, thing=iri), PlaceFirm)
    told = [
        Told(f"Firms {role}", [named(one.firm, one.label) for one in group])
        for role, group in groupby(firms, lambda row: row.role)
    ]
    return Panel(told, await _found(lookup, "country", iri), await _papers(engine, iri))


async def _theory(engine: Engine, lookup: Lookup, iri: str) -> Panel:
    found = await _found(lookup, "theory", iri)
    return Panel(findings=found, papers=await _papers(engine, iri))


_MAKE: Final[Mapping[str, Make]] = {
    "work": _work, "firm": _firm, "platform": _platform, "person": _person, "place": _place,
    "theory": _theory, "method": _person,
}  # fmt: skip


def _chosen(name: str, iri: str) -> ChannelChoice:
    return ChannelChoice({name: (short(iri),)}, {(name, short(iri)): iri})


def _texts(title: str, texts: Sequence[str]) -> Told:
    return Told(title, [Named("", text) for text in texts if text])


def _filled(told: Sequence[Told]) -> list[Told]:
    return [one for one in told if one.values]


async def _papers(engine: Engine, iri: str) -> list[tuple[Named, PaperRow]]:
    rows = await ask(engine, on(PAPERS, thing=iri), PaperRow)
    first = {row.work: row for row in reversed(rows)}
    kept = dict.fromkeys(row.work for row in rows)
    return [(named(work, first[work].label), first[work]) for work in kept]


async def _found(lookup: Lookup, facet: str, iri: str) -> list[FindingsOf]:
    """Return how many findings concern a thing, by basis."""
    key, known = short(iri), await labels(lookup)
    choice = Choice({facet: (key,)}, {(facet, key): iri})
    return [
        FindingsOf(known.get(one.basis, short(one.basis)), one.findings, one.works,
                   _findings(facet, iri, one.basis))
        for one in await evidence(lookup, choice)
    ]  # fmt: skip


def _findings(facet: str, iri: str, basis: str) -> str:
    return address("/findings", [(facet, short(iri)), ("basis", short(basis))])
