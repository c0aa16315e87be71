"""The page `/evidence`: which families of constructs the findings join, and where gaps are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import load_query, record
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import (
    FACETS,
    Choice,
    choice,
    evidence,
    fields,
    labels,
    short,
    works_behind,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.rendering import render
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.synthesis.evidence_map import (
    MOST_MARKS,
    Amount,
    Cell,
    Count,
    EvidenceMap,
    evidence_map,
)

PATH: Final = "/evidence"
QUERY: Final = load_query("evidence-map")
WORDS: Final = {
    "positive": "raises",
    "negative": "lowers",
    "no-effect": "no effect",
    "nonlinear": "not straight",
    "unsigned": "direction not stated",
}
_FIELDS: Final = (
    "basis", "hedged", "wanted", "sign", "study", "theme", "platform", "country", "theory",
)  # fmt: skip
_COLUMNS: Final = ("cause family", "effect family", "basis", "findings", "works")
_TITLES: Final = {facet.name: facet.title for facet in FACETS}
# CROSS JOIN keeps SQLite from beginning with a pair of families (SQLite, "The Next-Generation Query
# Planner", §6.2).
_FAMILIES: Final = (
    "CROSS JOIN construct c ON c.iri = f.cause CROSS JOIN construct e ON e.iri = f.effect"
)


@record
class _CountRow:
    cause: str
    effect: str
    basis: str
    sign: str
    hedged: bool
    findings: int


@record
class _WorksRow:
    cause: str
    effect: str
    basis: str
    works: int


@record
class _Family:
    family: str


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell as the page shows it: what there is, in words, and where its findings are listed."""

    cell: Cell
    words: str
    address: str


# Decision 092: docs/decisions/092-figures-of-evidence.md
async def ask_map(lookup: Lookup, chosen: Choice) -> EvidenceMap:
    """Return the map of a choice of findings, counted by the database."""
    where = chosen.where()
    counts = await lookup.rows(
        FINDINGS,
        "SELECT c.family AS cause, e.family AS effect, f.basis AS basis, f.sign AS sign, "
        f"f.hedged AS hedged, COUNT(*) AS findings FROM finding f {_FAMILIES} WHERE {where} "
        "GROUP BY 1, 2, 3, 4, 5",
        {},
        _CountRow,
    )
    findings: Counter[tuple[str, str, str]] = Counter()
    for one in counts:
        for key in _totals(one.cause, one.effect, one.basis):
            findings[key] += one.findings
    works = await lookup.rows(FINDINGS, _works_sql(where), {}, _WorksRow)
    of = {(one.cause, one.effect, one.basis): one.works for one in works}
    return evidence_map(
        [Count(one.cause, one.effect, short(one.sign), one.hedged, one.findings) for one in counts],
        [Amount(*key, number, of.get(key, 0)) for key, number in findings.items()],
        await _families(lookup, "cause"),
        await _families(lookup, "effect"),
    )


def _works_sql(where: str) -> str:
    """Return the SQL for the works of each cell by basis and in all, each row, column, the whole.

    What a total is over has the number 0, and an empty text in the answer.
    """
    parts = " UNION ALL ".join(
        f"SELECT {cause} AS cause, {effect} AS effect, {basis} AS basis, "
        f"COUNT(DISTINCT work) AS works FROM found {f'GROUP BY {by}' if by else ''}"
        for cause, effect, basis, by in (
            ("cause", "effect", "basis", "1, 2, 3"), ("cause", "effect", "0", "1, 2"),
            ("cause", "0", "0", "1"), ("0", "effect", "0", "2"), ("0", "0", "0", ""),
        )
    )  # fmt: skip
    return (
        "WITH found AS MATERIALIZED (SELECT w.cause_family AS cause, w.effect_family AS effect, "
        "w.basis AS basis, w.work AS work FROM finding f CROSS JOIN found_by w "
        "ON w.finding = f.iri AND w.cause_family > 0 AND w.effect_family > 0 "
        f"WHERE {where}) SELECT COALESCE(c.iri, '') AS cause, COALESCE(e.iri, '') AS effect, "
        f"COALESCE(b.iri, '') AS basis, p.works AS works FROM ({parts}) p "
        "LEFT JOIN family c ON c.number = p.cause LEFT JOIN family e ON e.number = p.effect "
        "LEFT JOIN basis b ON b.number = p.basis"
    )


def _totals(cause: str, effect: str, basis: str) -> tuple[tuple[str, str, str], ...]:
    """Return what a finding counts in: its cell by basis and in all, its row, column, the whole."""
    return (
        (cause, effect, basis), (cause, effect, ""), (cause, "", ""), ("", effect, ""),
        ("", "", ""),
    )  # fmt: skip


async def _families(lookup: Lookup, end: str) -> list[str]:
    """Return the families of all causes or effects, most findings first, whatever is chosen."""
    sql = (
        f"SELECT c.family AS family FROM finding f JOIN construct c ON c.iri = f.{end} "
        "WHERE f.restates = 0 GROUP BY 1 ORDER BY COUNT(*) DESC, 1"
    )
    return [row.family for row in await lookup.rows_once(FINDINGS, sql, _Family)]


def in_words(cell: Cell, names: Mapping[str, str]) -> str:
    """Return what a cell holds: directions, reserves and evidence bases."""
    directions = [
        f"{cell.direction(name)} {word}" for name, word in WORDS.items() if cell.direction(name)
    ]
    hedged = f"; {cell.hedged} with a reserve" if cell.hedged else ""
    bases = ", ".join(f"{names.get(one.basis, one.basis)} {one.findings}" for one in cell.bases)
    return f"{', '.join(directions)}{hedged}. Evidence: {bases}."


def cells_of(
    found: EvidenceMap, chosen: Choice, names: Mapping[str, str]
) -> dict[tuple[str, str], CellText]:
    """Return the cells as the page shows them; each leads to its list with the same choice."""
    return {
        key: CellText(
            cell,
            in_words(cell, names),
            address(
                "/findings", chosen.pairs(causes=short(cell.cause), effects=short(cell.effect))
            ),
        )
        for key, cell in found.cells.items()
    }


def chips(
    path: str, chosen: Choice, names: Mapping[str, str], fields: Sequence[str] = ()
) -> list[tuple[str, str, str]]:
    """Return what is chosen by and has no field: its title, its value, the address without it."""
    return [
        (_TITLES[name], names.get(chosen.iris.get((name, value), ""), value),
         address(path, chosen.without(name, value)))
        for name, values in chosen.chosen.items() if name not in fields
        for value in values
    ]  # fmt: skip


def table_of(found: EvidenceMap, names: Mapping[str, str]) -> Table:
    """Return the map as rows: each cell by evidence basis, then by direction."""
    columns = (*_COLUMNS, *WORDS.values(), "with a reserve")
    rows = []
    for cell in found.cells.values():
        ends = names.get(cell.cause, cell.cause), names.get(cell.effect, cell.effect)
        rows += [
            (*ends, names.get(one.basis, one.basis), one.findings, one.works,
             *(None for _ in WORDS), None)
            for one in cell.bases
        ]  # fmt: skip
        directions = [cell.direction(name) for name in WORDS]
        rows.append((*ends, "all", cell.findings, cell.works, *directions, cell.hedged))
    return Table(columns, rows)


def add_evidence(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters)
        names = await labels(lookup)
        found = await ask_map(lookup, chosen)
        query = chosen.query(QUERY)
        figure = {"map": found, "names": names, "words": WORDS}
        return View(
            "evidence.html",
            {
                **figure,
                "most_marks": MOST_MARKS,
                "cells": cells_of(found, chosen, names),
                "counts": await evidence(lookup, chosen),
                "chosen": chosen,
                "fields": await fields(lookup, chosen, _FIELDS),
                "chips": chips(PATH, chosen, names),
                "rows": {
                    cause: address("/findings", chosen.pairs(causes=short(cause)))
                    for cause in found.causes
                },
                "columns": {
                    effect: address("/findings", chosen.pairs(effects=short(effect)))
                    for effect in found.effects
                },
            },
            table_of(found, names),
            svg=render("evidence-map.svg", **figure, version=layout.version),
            query=query,
            works=partial(works_behind, lookup, chosen),
        )

    add_view(app, layout, engine, PATH, show)
