"""The works as pages count and list them, and the choice among them that an address states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.namespaces import ID, VOC
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.finding_tables import Label
from smegraph.server.pages.findings import quoted, short
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.server.pages.parameters import Stated, iri_of, read_choice, require

ASKED: Final = load_query("papers-asked")
CITED: Final = "cited"  # the parameter that takes in works that documents only cite
ROLES: Final = ("reviewed", "coded")
_YES_NO: Final = ("yes", "no")

_SCHEMA: Final = """
CREATE TABLE work (
    iri TEXT PRIMARY KEY, label TEXT, title TEXT, year INTEGER, periodical TEXT, doi TEXT,
    reviewed INTEGER, coded INTEGER, authors TEXT, cited INTEGER, documents INTEGER
) WITHOUT ROWID;
CREATE TABLE tag (
    work TEXT, kind TEXT, thing TEXT, own INTEGER, PRIMARY KEY (work, kind, thing)
) WITHOUT ROWID;
CREATE TABLE found (work TEXT, basis TEXT, hedged INTEGER, wanted TEXT, findings INTEGER);
CREATE TABLE sample (work TEXT, sample TEXT, size INTEGER, unit TEXT, printed TEXT);
CREATE TABLE label (iri TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX tag_of_thing ON tag (kind, thing, work);
CREATE INDEX found_of_work ON found (work);
CREATE INDEX sample_of_work ON sample (work);
CREATE INDEX work_by_year ON work (year);
ANALYZE
"""


@record
class _Work:
    work: str
    label: str
    reviewed: bool
    coded: bool
    title: str = ""
    year: int | None = None
    periodical: str = ""
    doi: str = ""


@record
class _Author:
    work: str
    order: int
    name: str


@record
class _Tag:
    work: str
    kind: str
    thing: str
    label: str = ""


@record
class _Wider:
    thing: str
    wider: str
    label: str = ""


@record
class _Found:
    work: str
    basis: str
    basis_label: str
    hedged: bool
    findings: int
    wanted: str = ""
    wanted_label: str = ""


@record
class _Times:
    work: str
    document: str
    times: int


@record
class _Sample:
    work: str
    sample: str
    size: int | None = None
    unit: str = ""
    printed: str = ""


async def _fill(engine: Engine, insert: Insert) -> None:
    authors: dict[str, dict[str, None]] = {}
    for author in await ask(engine, load_query("paper-authors"), _Author):
        authors.setdefault(author.work, {})[author.name] = None
    times: dict[str, list[int]] = {}
    for one in await ask(engine, load_query("paper-citations"), _Times):
        times.setdefault(one.work, []).append(one.times)
    works = await ask(engine, load_query("papers"), _Work)
    rows = (
        (w.work, w.label, w.title, w.year, w.periodical, w.doi.lower(), w.reviewed, w.coded,
         "; ".join(authors.get(w.work, ())), sum(times.get(w.work, ())),
         len(times.get(w.work, ())))
        for w in works
    )  # fmt: skip
    await insert("work", rows)
    await insert("label", ((w.work, w.label) for w in works))
    found = await ask(engine, load_query("paper-findings"), _Found)
    await insert("found", ((f.work, f.basis, f.hedged, f.wanted, f.findings) for f in found))
    await insert("label", ((f.basis, f.basis_label) for f in found))
    await insert("label", ((f.wanted, f.wanted_label) for f in found if f.wanted))
    samples = await ask(engine, load_query("paper-samples"), _Sample)
    await insert("sample", ((s.work, s.sample, s.size, s.unit, s.printed) for s in samples))
    await _fill_tags(engine, insert)


async def _fill_tags(engine: Engine, insert: Insert) -> None:
    wider: dict[str, list[str]] = {}
    broader = await ask(engine, load_query("paper-wider"), _Wider)
    for one in broader:
        wider.setdefault(one.thing, []).append(one.wider)
    tags = await ask(engine, load_query("paper-tags"), _Tag)
    await insert("tag", ((t.work, t.kind, t.thing, 1) for t in tags))
    rolled = [(t, above) for t in tags for above in _above(t.thing, wider)]
    categories = ((t.work, t.kind, above, 0) for t, above in rolled if t.kind != "country")
    await insert("tag", categories)
    continents = (
        (t.work, "continent", above, 1)
        for t, above in rolled
        if t.kind == "country" and above not in wider
    )
    await insert("tag", continents)
    await insert("label", ((t.thing, t.label or short(t.thing)) for t in tags))
    await insert("label", ((one.wider, one.label or short(one.wider)) for one in broader))


def _above(thing: str, wider: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all that is broader than a thing, nearest first."""
    found: dict[str, None] = {}
    left = [*wider.get(thing, ())]
    while left:
        one = left.pop(0)
        if one not in found and one != thing:
            found[one] = None
            left += wider.get(one, ())
    return [*found]


WORKS: Final = Tables("works", _SCHEMA, _fill, _INDEXES)
"""Tables of all works: work, tag, found, sample, label."""


@dataclass(frozen=True, slots=True)
class WorkFacet:
    """Something by which works are chosen.

    Attributes:
        name: the parameter of the address, and the kind of a row of `tag`.
        title: what people read.
        starts: what may stand before the value in an IRI.
    """

    name: str
    title: str
    starts: tuple[str, ...] = (VOC, ID)


TAGS: Final = (
    WorkFacet("continent", "Continent", (ID,)),
    WorkFacet("country", "Country studied", (ID,)),
    WorkFacet("scope", "Countries of a paper", (VOC,)),
    WorkFacet("type", "Type of study", (VOC,)),
    WorkFacet("method", "Method", (VOC,)),
    WorkFacet("theory", "Theory", (VOC,)),
    WorkFacet("platform", "Type of platform", (VOC,)),
    WorkFacet("industry", "Industry sector", (VOC,)),
    WorkFacet("firms", "Type of firms", (VOC,)),
    WorkFacet("theme", "Theme of its findings", (VOC,)),
)
# What is chosen of the findings of a work: all of it must hold of one finding.
FOUND: Final = (
    WorkFacet("basis", "Evidence of its findings", (VOC,)),
    WorkFacet("hedged", "Findings with a reserve", ()),
    WorkFacet("wanted", "Firms want the effect", (VOC,)),
)
_BY_NAME: Final = {facet.name: facet for facet in (*TAGS, *FOUND)}
_PLAIN: Final = {"role": ROLES, "hedged": _YES_NO, CITED: ("yes",)}
NAMES: Final = ("year", "role", *_BY_NAME, CITED)


@dataclass(frozen=True, slots=True)
class WorkChoice(Stated):
    """A choice among the works, as the parameters of an address state it."""

    def where(self, without: str = "") -> str:
        """Return the SQL condition on a row `w` of `work`, but for one facet."""
        kept = {name: found for name, found in self.chosen.items() if name != without}
        conditions = [] if CITED in kept else ["(w.reviewed OR w.coded)"]
        if "year" in kept:
            conditions.append(f"w.year IN ({', '.join(kept['year'])})")
        if "role" in kept:
            conditions.append(f"({' OR '.join(f'w.{role}' for role in kept['role'])})")
        for facet in TAGS:
            if facet.name in kept:
                conditions.append(
                    f"w.iri IN (SELECT work FROM tag WHERE kind = '{facet.name}' "
                    f"AND thing IN ({', '.join(self._sql(facet.name))}))"
                )
        if any(facet.name in kept for facet in FOUND):
            conditions.append(f"w.iri IN (SELECT g.work FROM found g WHERE {self.found(without)})")
        return " AND ".join(conditions) or "1"

    def found(self, without: str = "", row: str = "g") -> str:
        """Return the SQL condition on a row of `found`, but for one facet."""
        conditions = [
            f"{row}.{facet.name} IN ({', '.join(self._sql(facet.name))})"
            for facet in FOUND
            if facet.name in self.chosen and facet.name != without
        ]
        return " AND ".join(conditions) or "1"

    def _sql(self, name: str) -> list[str]:
        if name == "hedged":
            return [str(int(value == "yes")) for value in self.chosen[name]]
        return [quoted(self.iris[name, value]) for value in self.chosen[name]]

    def turned(self, name: str, value: str) -> list[tuple[str, str]]:
        """Return the parameters of the address with a value taken in or, if it is in, away."""
        pairs = self.pairs()
        return self.without(name, value) if (name, value) in pairs else [*pairs, (name, value)]

    def query(self, only: Iterable[str] = ()) -> str:
        """Return the SPARQL query for the same works, or for some works by their IRIs."""
        values = {name: self._sparql(name) for name in self.chosen}
        named = [f"<{iri}>" for iri in only]
        if named:
            values = {"only": named}
        elif CITED not in values:
            values["uncited"] = []
        roles = values.get("role", [])
        values |= {roles[0]: []} if len(roles) == 1 else {}
        if any(facet.name in values for facet in FOUND):
            values["finding"] = []
        lines = []
        for line in ASKED.splitlines()[2:]:
            name, _, text = line.removeprefix("#? ").partition(" ")
            if not line.startswith("#? "):
                lines.append(line)
            elif name in values:
                lines.append(text.replace("$values", " ".join(values[name])))
        return "\n".join(lines) + "\n"

    def _sparql(self, name: str) -> list[str]:
        if name in ("year", "role", CITED):
            return [*self.chosen[name]]
        if name == "hedged":
            return [str(value == "yes").lower() for value in self.chosen[name]]
        return [f"<{self.iris[name, value]}>" for value in self.chosen[name]]


async def work_labels(lookup: Lookup) -> dict[str, str]:
    """Return what people read of each work and of each thing that works are sorted by."""
    found = await lookup.rows_once(WORKS, "SELECT iri, label FROM label", Label)
    return {one.iri: one.label for one in found}


def work_choice(
    known: Mapping[str, str], parameters: Iterable[tuple[str, str]], others: Iterable[str] = ()
) -> WorkChoice:
    """Return the choice that the parameters of an address state; an empty one chooses nothing.

    Args:
        known: the labels of all that can be chosen by (`work_labels`).
        parameters: the parameters of the address, each with its value.
        others: the names of parameters that the page reads itself.

    Raises HttpProblem (400) for a parameter or a value that there is not, with what is meant.
    """

    def value_of(name: str, value: str) -> tuple[str, str]:
        if name in _PLAIN:
            require(name, value, _PLAIN[name])
            return value, ""
        if name != "year":
            return value, iri_of(name, value, known, _BY_NAME[name].starts)
        if not (value.isascii() and value.isdigit() and len(value) <= 4):
            raise HttpProblem("invalid-parameter", f"{value} is no year, as 2020 is.")
        return str(int(value)), ""

    stated = read_choice(parameters, NAMES, others, value_of)
    return WorkChoice(stated.chosen, stated.iris)


@record
class Counted:
    """A value of a facet, with how many works have it."""

    value: str
    works: int


async def work_counts(lookup: Lookup, choice: WorkChoice) -> dict[str, list[Counted]]:
    """Return for each facet its values among the works that all other facets leave."""
    counts = {}
    for name, sql in _counting(choice).items():
        counts[name] = await lookup.rows(WORKS, sql, {}, Counted)
    return counts


def _counting(choice: WorkChoice) -> dict[str, str]:
    of_tag = (
        "SELECT t.thing AS value, COUNT(*) AS works FROM work w JOIN tag t ON t.work = w.iri "
        "AND t.kind = '{0}' WHERE {1} GROUP BY t.thing ORDER BY works DESC, value"
    )
    of_found = (
        "SELECT {0} AS value, COUNT(DISTINCT w.iri) AS works FROM work w JOIN found f "
        "ON f.work = w.iri WHERE {1} AND {2} AND {0} != '' GROUP BY value ORDER BY works DESC"
    )
    years = choice.where("year")
    sql = {
        "year": "SELECT CAST(w.year AS TEXT) AS value, COUNT(*) AS works FROM work w "
        f"WHERE {years} AND w.year IS NOT NULL GROUP BY value ORDER BY value"
    }
    sql["role"] = " UNION ALL ".join(
        f"SELECT '{role}' AS value, COUNT(*) AS works FROM work w "
        f"WHERE {choice.where('role')} AND w.{role}"
        for role in ROLES
    )
    sql |= {f.name: of_tag.format(f.name, choice.where(f.name)) for f in TAGS}
    columns = {"hedged": "(CASE f.hedged WHEN 1 THEN 'yes' ELSE 'no' END)"}
    sql |= {
        f.name: of_found.format(
            columns.get(f.name, f"f.{f.name}"), choice.where(f.name), choice.found(f.name, "f")
        )
        for f in FOUND
    }
    return sql


@record
class WorkRow:
    """A work as pages list it: its record, and how often documents cite it.

    Attributes:
        iri: its IRI.
        label, title, periodical, doi, authors: texts; each may be empty but the label.
        year: of its publication; None where no document tells it.
        reviewed: whether a document reviewed it.
        coded: whether it is a document that is coded.
        cited: how often documents cite it in texts and tables.
        documents: how many documents do.
    """

    iri: str
    label: str
    title: str
    year: int | None
    periodical: str
    doi: str
    reviewed: bool
    coded: bool
    authors: str
    cited: int
    documents: int


# How works are sorted: SQL, of which the second half turns round with "-" before the name.
SORTS: Final = {
    "year": "w.year IS NULL, w.year {0}",
    "authors": "w.label COLLATE NOCASE {0}",
    "title": "w.title = '', w.title COLLATE NOCASE {0}",
    "periodical": "w.periodical = '', w.periodical COLLATE NOCASE {0}",
    "findings": "(SELECT SUM(g.findings) FROM found g WHERE g.work = w.iri AND {1}) {0}",
    "cited": "w.cited {0}",
}


async def works_of(
    lookup: Lookup, choice: WorkChoice, sort: str = "-year", *, limit: int = -1, offset: int = 0
) -> list[WorkRow]:
    """Return the works of a choice, in an order by its name (`SORTS`, with "-" for downwards)."""
    direction = "DESC" if sort.startswith("-") else "ASC"
    order = SORTS[sort.removeprefix("-")].format(direction, choice.found())
    sql = (
        f"SELECT w.* FROM work w WHERE {choice.where()} "
        f"ORDER BY {order}, w.label COLLATE NOCASE, w.iri LIMIT :limit OFFSET :offset"
    )
    return await lookup.rows(WORKS, sql, {"limit": limit, "offset": offset}, WorkRow)


async def works_named(lookup: Lookup, iris: Sequence[str]) -> list[WorkRow]:
    """Return some works by their IRIs, in the order of these."""
    among = ", ".join(quoted(iri) for iri in iris)
    found = await lookup.rows(
        WORKS, f"SELECT w.* FROM work w WHERE w.iri IN ({among})", {}, WorkRow
    )
    return sorted(found, key=lambda work: iris.index(work.iri))


@record
class _Number:
    number: int


async def how_many(lookup: Lookup, choice: WorkChoice) -> int:
    """Return how many works a choice has."""
    sql = f"SELECT COUNT(*) AS number FROM work w WHERE {choice.where()}"
    return (await lookup.rows(WORKS, sql, {}, _Number))[0].number


@record
class WorkTag:
    """What a work is sorted by, as it is said of it."""

    work: str
    kind: str
    thing: str
    label: str


async def tags_of(lookup: Lookup, works: Sequence[WorkRow]) -> dict[str, dict[str, list[WorkTag]]]:
    """Return what some works are sorted by: by work, then by facet."""
    sql = (
        "SELECT t.work, t.kind, t.thing, l.label FROM tag t JOIN label l ON l.iri = t.thing "
        f"WHERE t.own AND t.work IN ({_among(works)}) ORDER BY l.label COLLATE NOCASE"
    )
    found: dict[str, dict[str, list[WorkTag]]] = {work.iri: {} for work in works}
    for tag in await lookup.rows(WORKS, sql, {}, WorkTag):
        found[tag.work].setdefault(tag.kind, []).append(tag)
    return found


@record
class WorkEvidence:
    """How many findings a work has of one evidence basis, and how many of them have a reserve."""

    work: str
    basis: str
    label: str
    findings: int
    hedged: int


async def evidence_of(
    lookup: Lookup, choice: WorkChoice, works: Sequence[WorkRow]
) -> dict[str, list[WorkEvidence]]:
    """Return how many findings some works have, by work and basis, as the choice has them."""
    sql = (
        "SELECT f.work, f.basis, l.label, SUM(f.findings) AS findings, "
        "SUM(f.findings * f.hedged) AS hedged FROM found f JOIN label l ON l.iri = f.basis "
        f"WHERE f.work IN ({_among(works)}) AND {choice.found(row='f')} "
        "GROUP BY f.work, f.basis, l.label ORDER BY findings DESC, l.label"
    )
    found: dict[str, list[WorkEvidence]] = {work.iri: [] for work in works}
    for one in await lookup.rows(WORKS, sql, {}, WorkEvidence):
        found[one.work].append(one)
    return found


@record
class SampleRow:
    """A sample of a work, as a document prints it and as numbers."""

    work: str
    sample: str
    size: int | None
    unit: str
    printed: str

    @property
    def text(self) -> str:
        """The sample in a few words."""
        return self.printed or " ".join(str(part) for part in (self.size, self.unit) if part)


async def samples_of(lookup: Lookup, works: Sequence[WorkRow]) -> dict[str, list[SampleRow]]:
    """Return the samples of some works, by work."""
    found: dict[str, list[SampleRow]] = {work.iri: [] for work in works}
    sql = f"SELECT * FROM sample WHERE work IN ({_among(works)}) ORDER BY sample"
    for one in await lookup.rows(WORKS, sql, {}, SampleRow):
        found[one.work].append(one)
    return found


def _among(works: Iterable[WorkRow]) -> str:
    return ", ".join(quoted(work.iri) for work in works)
