"""The pages `/studies` and `/studies/{key}`: the documents that are coded, and what of each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from smegraph.export.listing import DataFile, data_files
from smegraph.namespaces import ID
from smegraph.release_files import COVERAGE, TURTLE
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.iris import property_name
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.server.pages.parameters import require, stated_in
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.suggest import near

PATH: Final = "/studies"
ON_A_PAGE: Final = 50
ROWS: Final = load_query("study-rows")
_WORK: Final = f"{ID}work-"
_KIND, _PAGE = "kind", "page"

_SCHEMA: Final = """
CREATE TABLE study (
    iri TEXT PRIMARY KEY, label TEXT, title TEXT, year INTEGER, status TEXT, coders TEXT, note TEXT
) WITHOUT ROWID;
CREATE TABLE counted (
    study TEXT, kind TEXT, kind_label TEXT, basis TEXT, basis_label TEXT, facts INTEGER
);
"""
_INDEXES: Final = "CREATE INDEX counted_of ON counted (study, kind); ANALYZE"


@record
class _Study:
    study: str
    label: str
    title: str = ""
    year: int | None = None
    status: str = ""
    coder: str = ""
    note: str = ""


@record
class _Counted:
    study: str
    kind: str
    facts: int
    kind_label: str = ""
    basis: str = ""
    basis_label: str = ""


async def _fill(engine: Engine, insert: Insert) -> None:
    studies = await ask(engine, load_query("studies"), _Study)
    coders: dict[str, dict[str, None]] = {}
    for one in studies:
        coders.setdefault(one.study, {})[one.coder] = None
    rows = (
        (s.study, s.label, s.title, s.year, s.status, ", ".join(coders[s.study]), s.note)
        for s in studies
    )
    await insert("study", rows)
    counted = await ask(engine, load_query("study-kinds"), _Counted)
    counts = (
        (c.study, c.kind, c.kind_label or property_name(c.kind), c.basis, c.basis_label, c.facts)
        for c in counted
    )
    await insert("counted", counts)


STUDIES: Final = Tables("studies", _SCHEMA, _fill, _INDEXES)
"""Tables of the documents that are coded: study, counted."""


@record
class StudyRow:
    """A document that is coded."""

    iri: str
    label: str
    title: str
    year: int | None
    status: str
    coders: str
    note: str
    facts: int

    @property
    def key(self) -> str:
        """What stands for it in an address."""
        return self.iri.removeprefix(_WORK)


@record
class KindCount:
    """How many facts of a kind a document reports, by evidence basis."""

    study: str
    kind: str
    kind_label: str
    basis: str
    basis_label: str
    facts: int


@dataclass(frozen=True, slots=True)
class KindText:
    """A kind of facts, with how many there are, and on what they rest."""

    name: str
    label: str
    facts: int
    bases: Sequence[tuple[str, int]]


async def study_rows(lookup: Lookup) -> list[StudyRow]:
    """Return the documents that are coded, by name."""
    sql = (
        "SELECT s.*, COALESCE((SELECT SUM(facts) FROM counted WHERE study = s.iri), 0) AS facts "
        "FROM study s ORDER BY s.label COLLATE NOCASE, s.iri"
    )
    return await lookup.rows(STUDIES, sql, {}, StudyRow)


async def kinds_of(lookup: Lookup, study: str) -> list[KindText]:
    """Return the kinds of facts of a document, most facts first."""
    sql = "SELECT * FROM counted WHERE study = :study ORDER BY kind_label, facts DESC"
    found: dict[str, list[KindCount]] = {}
    for one in await lookup.rows(STUDIES, sql, {"study": study}, KindCount):
        found.setdefault(one.kind, []).append(one)
    kinds = [
        KindText(
            _name(kind), counts[0].kind_label, sum(one.facts for one in counts),
            [(one.basis_label, one.facts) for one in counts if one.basis_label],
        )
        for kind, counts in found.items()
    ]  # fmt: skip
    return sorted(kinds, key=lambda kind: (-kind.facts, kind.label))


def _name(kind: str) -> str:
    """Return what stands for a class in an address."""
    return kind.rpartition("#")[2].rpartition("/")[2]


@record
class CodedRow:
    """A value of a fact, as `study-rows.rq` gives it."""

    fact: str
    property: str
    value: str
    label: str = ""
    locator: str = ""
    property_label: str = ""
    value_label: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """A fact as a row of its sheet: a cell for each column, each with its values."""

    thing: Named
    locator: str
    cells: Sequence[Sequence[Named]]


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """Facts of one kind as a table."""

    columns: Sequence[str]
    rows: Sequence[Coded]

    @classmethod
    def of(cls, found: Sequence[CodedRow]) -> CodedSheet:
        """Return rows of values as a table; a column that most facts fill stands first."""
        facts: dict[str, dict[str, list[Named]]] = {}
        firsts: dict[str, CodedRow] = {}
        names: dict[str, str] = {}
        for row in found:
            firsts.setdefault(row.fact, row)
            names[row.property] = row.property_label or property_name(row.property)
            values = facts.setdefault(row.fact, {}).setdefault(row.property, [])
            value = named(row.value, row.value_label) if row.value_label else Named("", row.value)
            if value not in values:
                values.append(value)
        for name in [*names]:  # What the first column says already.
            if all(
                [v.label for v in cells[name]] == [firsts[fact].label]
                for fact, cells in facts.items()
                if name in cells
            ):
                del names[name]
        filled = {name: sum(name in cells for cells in facts.values()) for name in names}
        columns = sorted(names, key=lambda name: (-filled[name], names[name]))
        rows = [
            Coded(named(fact, firsts[fact].label), firsts[fact].locator,
                  [cells.get(column, ()) for column in columns])
            for fact, cells in facts.items()
        ]  # fmt: skip
        return cls([names[column] for column in columns], rows)

    def table(self) -> Table:
        """Return the sheet as text."""
        rows = [
            [row.thing.iri, row.thing.label, *("; ".join(v.label for v in c) for c in row.cells),
             row.locator]
            for row in self.rows
        ]  # fmt: skip
        return Table(["fact", "label", *self.columns, "place"], rows)


# Decision 095: docs/decisions/095-papers-studies-platforms.md
def add_studies(
    app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup, release: Path
) -> None:
    """Add the list of documents, and a page for each."""
    files = {one.name: one for one in data_files(release)}
    coverage = _coverage(release / COVERAGE)

    async def listed(parameters: Parameters, _: Mapping[str, str]) -> View:
        stated_in(parameters, ())
        studies = await study_rows(lookup)
        kinds = {study.iri: await kinds_of(lookup, study.iri) for study in studies[:ON_A_PAGE]}
        rows = [
            (s.key, s.label, s.title, s.year, s.status, s.coders, s.facts, coverage.get(s.key))
            for s in studies
        ]
        columns = (
            "study", "label", "title", "year", "status", "coders", "facts", "coded percent",
        )  # fmt: skip
        values = {"studies": studies, "kinds": kinds, "coverage": coverage}
        return View("studies.html", values, Table(columns, rows), query=load_query("study-kinds"))

    async def one(parameters: Parameters, found: Mapping[str, str]) -> View:
        stated_in(parameters, (_KIND, _PAGE))
        study = _study(await study_rows(lookup), found["key"])
        return await _shown(engine, lookup, study, parameters, (files, coverage))

    add_view(app, layout, engine, PATH, listed)
    add_view(app, layout, engine, PATH + "/{key}", one)


def _coverage(file: Path) -> dict[str, float]:
    """Return how much of each text is coded, in percent, where the release tells it."""
    if not file.is_file():
        return {}
    studies = json.loads(file.read_text("utf-8"))["studies"]
    return {s["study"]: s["codedPercent"] for s in studies if s.get("codedPercent") is not None}


def _study(studies: Sequence[StudyRow], key: str) -> StudyRow:
    """Return the document with a key; raises HttpProblem (404) with those that look alike."""
    for study in studies:
        if study.key == key:
            return study
    keys = [study.key for study in studies]
    alike = near(key, keys, count=5, cutoff=0.4)
    meant = f"Did you mean {' or '.join(alike)}?" if alike else f"{PATH} lists them."
    raise HttpProblem("not-found", f"No study is called {key}. {meant}")


async def _shown(
    engine: Engine,
    lookup: Lookup,
    study: StudyRow,
    parameters: Parameters,
    known: tuple[Mapping[str, DataFile], Mapping[str, float]],
) -> View:
    files, coverage = known
    kinds = await kinds_of(lookup, study.iri)
    by_name = {kind.name: kind for kind in kinds}
    asked = dict(parameters)
    name = asked.get(_KIND) or next(iter(by_name), "")
    if name:
        require(_KIND, name, by_name)
    total = by_name[name].facts if name else 0
    number = _number(asked.get(_PAGE) or "1", total)
    query = await _query(lookup, study, name, number)
    found = await ask(engine, query, CodedRow) if name else []
    sheet = await asyncio.to_thread(CodedSheet.of, found)
    path = f"{PATH}/{study.key}"
    pages = {
        text: address(path, [(_KIND, name), (_PAGE, str(to))]) + "#sheet"
        for text, to in (("Previous page", number - 1), ("Next page", number + 1))
        if 0 < to <= -(-total // ON_A_PAGE)
    }
    turtle = files.get(f"{TURTLE}/{study.key}.ttl")
    values = {
        "study": study,
        "thing": named(study.iri, study.label),
        "kinds": kinds,
        "kind": by_name.get(name),
        "sheet": sheet,
        "number": number,
        "total": total,
        "pages": pages,
        "turtle": turtle,
        "coded": coverage.get(study.key),
        "has_coverage": bool(coverage),
    }
    return View("study.html", values, sheet.table(), query=query)


async def _query(lookup: Lookup, study: StudyRow, name: str, number: int) -> str:
    sql = "SELECT * FROM counted WHERE study = :study"
    counted = await lookup.rows(STUDIES, sql, {"study": study.iri}, KindCount)
    kind = next((one.kind for one in counted if _name(one.kind) == name), "")
    if not kind:
        return ""
    rows = ROWS.replace("$limit", str(ON_A_PAGE)).replace("$offset", str((number - 1) * ON_A_PAGE))
    return on(rows, study=study.iri, kind=kind)


def _number(text: str, total: int) -> int:
    last = max(1, -(-total // ON_A_PAGE))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) <= last):
        raise HttpProblem("invalid-parameter", f"There is no page {text}; the last one is {last}.")
    return int(text)
