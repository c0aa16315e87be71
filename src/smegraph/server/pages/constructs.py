"""The page `/constructs`: all constructs by family, with the findings on each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import load_query, record
from smegraph.server.pages.construct import LIST
from smegraph.server.pages.evidence import chips
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import Choice, choice, fields, labels, short
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.views import Parameters, Table, View, add_view
from smegraph.suggest import did_you_mean

PATH: Final = LIST
QUERY: Final = load_query("construct-counts")
_OTHERS: Final = ("q", "family", "all")
_FIELDS: Final = ("basis", "hedged", "study", "theme", "platform")
_COLUMNS: Final = ("construct", "family", "role", "basis", "findings")


@record
class _CountRow:
    construct: str
    role: str
    basis: str
    findings: int


@record
class _ConstructRow:
    iri: str
    label: str
    family: str
    desirability: str


@dataclass(frozen=True, slots=True)
class Side:
    """The findings on a construct in one role: how many, and by evidence basis."""

    findings: int = 0
    bases: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ConstructRow:
    """A construct of the list."""

    iri: str
    label: str
    family: str
    desirability: str
    cause: Side
    effect: Side

    @property
    def findings(self) -> int:
        """How many findings there are on it."""
        return self.cause.findings + self.effect.findings


@dataclass(frozen=True, slots=True)
class Family:
    """A family with its constructs."""

    iri: str
    label: str
    constructs: tuple[ConstructRow, ...]

    @property
    def findings(self) -> tuple[int, int]:
        """On how many of its constructs there are findings as cause, and as effect."""
        return (
            sum(one.cause.findings > 0 for one in self.constructs),
            sum(one.effect.findings > 0 for one in self.constructs),
        )


async def ask_constructs(lookup: Lookup, chosen: Choice, words: str = "") -> list[ConstructRow]:
    """Return the constructs whose label or family holds all of some words, by family and label.

    A finding on the absence of a construct counts for both of the two.
    """
    where = chosen.where()
    ends = " UNION ALL ".join(
        f"SELECT f.{start}{end} AS construct, '{end}' AS role, f.basis AS basis, "
        f"COUNT(*) AS findings FROM finding f WHERE {where} "
        + (f"AND f.said_{end} != f.{end} " if start else "")
        + "GROUP BY 1, 3"
        for end in ("cause", "effect")
        for start in ("", "said_")
    )
    counts = await lookup.rows(
        FINDINGS,
        f"SELECT construct, role, basis, SUM(findings) AS findings FROM ({ends}) "
        "GROUP BY 1, 2, 3 ORDER BY findings DESC, basis",
        {},
        _CountRow,
    )
    asked = {f"w{number}": f"%{_escaped(word)}%" for number, word in enumerate(words.split())}
    matches = " AND ".join(f"l.label || ' ' || fl.label LIKE :{name} ESCAPE '!'" for name in asked)
    rows = await lookup.rows(
        FINDINGS,
        "SELECT c.iri AS iri, l.label AS label, c.family AS family, "
        "COALESCE(c.desirability, '') AS desirability "
        "FROM construct c JOIN label l ON l.iri = c.iri JOIN label fl ON fl.iri = c.family "
        f"WHERE {matches or '1'} ORDER BY fl.label, l.label, c.iri",
        asked,
        _ConstructRow,
    )
    return _counted(rows, counts)


def _escaped(word: str) -> str:
    """Return a word as it stands in a pattern of LIKE."""
    for letter in "!%_":
        word = word.replace(letter, f"!{letter}")
    return word


def _counted(rows: Iterable[_ConstructRow], counts: Iterable[_CountRow]) -> list[ConstructRow]:
    sides: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one in counts:
        sides.setdefault((one.construct, one.role), []).append((one.basis, one.findings))

    def side(iri: str, role: str) -> Side:
        bases = sides.get((iri, role), [])
        return Side(sum(findings for _, findings in bases), tuple(bases))

    return [
        ConstructRow(
            row.iri, row.label, row.family, row.desirability,
            side(row.iri, "cause"), side(row.iri, "effect"),
        )
        for row in rows
    ]  # fmt: skip


def by_family(rows: Iterable[ConstructRow], names: Mapping[str, str]) -> list[Family]:
    """Return constructs, which stand by family, in their families."""
    return [
        Family(family, names.get(family, short(family)), tuple(of_family))
        for family, of_family in groupby(rows, key=lambda row: row.family)
    ]


def table_of(rows: Iterable[ConstructRow], names: Mapping[str, str]) -> Table:
    """Return the counts as a table: a row for each construct, role and evidence basis."""
    return Table(
        _COLUMNS,
        [
            (row.label, names.get(row.family, row.family), role, names.get(basis, basis), findings)
            for row in rows
            for role, side in (("cause", row.cause), ("effect", row.effect))
            for basis, findings in side.bases
        ],
    )


def add_constructs(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters, _OTHERS)
        names = await labels(lookup)
        told = {name: value for name, value in parameters if name in _OTHERS and value}
        if told.get("all", "yes") != "yes":
            raise HttpProblem("invalid-parameter", "all can be yes, or left out.")
        rows = await ask_constructs(lookup, chosen, told.get("q", ""))
        families = by_family(rows, names)
        wanted = told.get("family", "")
        if wanted:
            known = [family_name(one.iri) for one in families]
            if wanted not in known and not told.get("q"):
                meant = did_you_mean(wanted, known, f"There are {', '.join(known)}.")
                raise HttpProblem("invalid-parameter", f"No family is called {wanted}. {meant}")
            rows = [row for row in rows if family_name(row.family) == wanted]
        shown = rows if "all" in told else [row for row in rows if row.findings]
        return View(
            "constructs.html",
            {
                "families": by_family(shown, names), "names": names, "told": told,
                "known": len(rows), "shown": len(shown), "short": short, "chosen": chosen,
                "fields": await fields(lookup, chosen, _FIELDS),
                "chips": chips(PATH, chosen, names),
            },
            table_of(shown, names),
            query=chosen.query(QUERY),
        )  # fmt: skip

    add_view(app, layout, engine, PATH, show)


def family_name(iri: str) -> str:
    """Return the name of a family, as addresses have it.

    >>> family_name("https://w3id.org/smegraph/vocab/scheme-family-cost")
    'cost'
    """
    return short(iri)
