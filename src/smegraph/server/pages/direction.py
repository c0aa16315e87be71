"""The page `/direction`: the direction of each work, the sign test, and how it was synthesized.

The figure is the effect-direction plot of Boon & Thomson (2021); what the page reports follows the
nine items of SWiM (Campbell et al. 2020, BMJ 368, l6890).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.effect_directions import (
    EVERYTHING,
    NOT_TOLD,
    Offered,
    Work,
    desirability,
    offered,
    works,
)
from smegraph.server.pages.findings import (
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
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.suggest import did_you_mean
from smegraph.synthesis.directions import MIXED, Direction
from smegraph.synthesis.sign_test import SignTest, sign_test

PATH: Final = "/direction"
ON_A_PAGE: Final = 60
_OFFERED: Final = 40
_BY, _PAGE = "columns", "page"
_FIELDS: Final = (
    "basis", "hedged", "wanted", "causes", "study", "theme", "platform", "country", "theory",
)  # fmt: skip
MARKS: Final = {
    "positive": ("▲", "raises"),
    "negative": ("▼", "lowers"),
    MIXED: ("◀▶", "several directions"),
    "no-effect": ("○", "no effect"),
    "nonlinear": ("∩", "not a straight line"),
    "unsigned": ("·", "direction not stated"),
}
"""The mark of each direction, and what people read of it."""
KINDS: Final = {
    "causes": "families of what acts on it",
    "families": "families of outcomes",
    "outcomes": "outcomes",
}
_TABLE: Final = (
    "work", "label", "primary_data", "method", "sample_sizes", "column", "direction", "findings",
    "hedged", "signs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the plot: what it is, whether firms want it, and its sign tests."""

    key: str
    thing: Named
    wanted: str
    primary: SignTest
    every: SignTest
    findings: str = ""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Works of one kind, and how many of them point where."""

    of: str
    value: str
    test: SignTest


def add_direction(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters, {_BY, _PAGE})
        names = await labels(lookup)
        frame = {
            "chosen": chosen,
            "names": names,
            "fields": await fields(lookup, chosen, _FIELDS),
            "by": _columns(parameters, chosen),
            "kinds": KINDS,
            "counts": await evidence(lookup, chosen),
        }
        if not {"effect", "cause"} & {*chosen.chosen}:
            found = await offered(lookup, chosen, _OFFERED)
            return _start(found, frame, names, chosen)
        return await _plot(lookup, parameters, frame, chosen, names)

    add_view(app, layout, engine, PATH, show)


def _start(
    found: Sequence[Offered], frame: Mapping[str, object], names: Mapping[str, str], chosen: Choice
) -> View:
    """Return the page that offers effects."""
    rows = [
        (named(one.construct, names.get(one.construct, "")), one,
         address(PATH, chosen.pairs(effect=short(one.construct))))
        for one in found
    ]  # fmt: skip
    cells = [(one.construct, thing.label, one.works, one.primary, one.findings)
             for thing, one, _ in rows]  # fmt: skip
    table = Table(("effect", "label", "works", "works_with_primary_data", "findings"), cells)
    return View("directions.html", {**frame, "rows": rows}, table, query=chosen.query())


async def _plot(
    lookup: Lookup,
    parameters: Parameters,
    frame: Mapping[str, object],
    chosen: Choice,
    names: Mapping[str, str],
) -> View:
    by = _columns(parameters, chosen)
    found = await works(lookup, chosen, by)
    number = _number(parameters, len(found))
    wanted = await desirability(lookup)
    columns = _made_columns(found, names, wanted, chosen, by)
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    values = {
        **frame,
        "title": _title(chosen, names),
        "columns": columns,
        "groups": _groups(shown, names),
        "total": _total(found),
        "works": found,
        "marks": MARKS,
        "contrasts": _contrasts(found),
        "pages": _pages(chosen, by, len(found), number),
        "wider": _wider(chosen),
        "everything": EVERYTHING,
        "meta": address("/meta", [p for p in chosen.pairs() if p[0] in ("effect", "cause")]),
    }
    svg = render("direction.svg", **values) if found else ""
    table = _table(found, columns, names)
    behind = partial(works_behind, lookup, chosen)
    return View("direction.html", values, table, svg, chosen.query(), behind)


def _columns(parameters: Parameters, chosen: Choice) -> str:
    """Return what the columns are: as chosen, else what suits the choice."""
    asked = next((value for name, value in parameters if name == _BY and value), "")
    if asked and asked not in KINDS:
        meant = did_you_mean(asked, KINDS, f"Right values are {', '.join(KINDS)}.")
        raise HttpProblem("invalid-parameter", f"No columns are called {asked}. {meant}")
    if asked:
        return asked
    if "cause" not in chosen.chosen:
        return "causes"
    return "outcomes" if "effect" in chosen.chosen else "families"


def _number(parameters: Parameters, total: int) -> int:
    text = next((value for name, value in parameters if name == _PAGE and value), "1")
    last = max(1, -(-total // ON_A_PAGE))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= last):
        raise HttpProblem("invalid-parameter", f"{text} is no page; pages are 1 to {last}.")
    return int(text)


def _title(chosen: Choice, names: Mapping[str, str]) -> str:
    """Return what the page is on, as a question."""

    def told(name: str) -> str:
        values = chosen.chosen.get(name, ())
        return " or ".join(names.get(chosen.iris[name, value], value) for value in values)

    cause, effect = told("cause"), told("effect")
    if cause and effect:
        return f"In which direction does {cause} act on {effect}?"
    if effect:
        return f"In which direction do works say that {effect} is acted on?"
    return f"In which direction does {cause} act?"


def _test(found: Sequence[Work], column: str) -> SignTest:
    told = [one.directions[column].sign for one in found if column in one.directions]
    return sign_test(told)


def _made_columns(
    found: Sequence[Work],
    names: Mapping[str, str],
    wanted: Mapping[str, str],
    chosen: Choice,
    by: str,
) -> list[Column]:
    """Return the columns, those of most works first."""
    keys = {key for one in found for key in one.directions if key != EVERYTHING}
    primary = [one for one in found if one.is_primary]
    facet = {"causes": "causes", "families": "effects", "outcomes": "effect"}[by]
    columns = [
        Column(
            key,
            named(key, names.get(key, key)),
            names.get(wanted.get(key, ""), ""),
            _test(primary, key),
            _test(found, key),
            address("/findings", chosen.pairs(**{facet: short(key)})) if key != NOT_TOLD else "",
        )
        for key in keys
    ]
    return sorted(columns, key=lambda one: (-one.every.up - one.every.down - one.every.others,
                                            one.thing.label))  # fmt: skip


def _total(found: Sequence[Work]) -> Column:
    primary = [one for one in found if one.is_primary]
    return Column(
        EVERYTHING, Named("", "all columns together"), "", _test(primary, EVERYTHING),
        _test(found, EVERYTHING),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A work in the plot."""

    thing: Named
    work: Work
    bases: str

    @property
    def sizes(self) -> str:
        """How large its samples are; a dash where that is not told."""
        return ", ".join(f"{size:,}" for size in self.work.sizes) or "–"


def _groups(
    shown: Sequence[Work], names: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """Return the rows by whether the work's own data are coded, and by method."""
    titles = {True: "Works with primary data here", False: "Works told second-hand or arguing"}
    groups: dict[str, dict[str, list[Row]]] = {}
    for one in shown:
        bases = ", ".join(names.get(basis, short(basis)) for basis in one.bases)
        row = Row(named(one.iri, names.get(one.iri, "")), one, bases)
        groups.setdefault(titles[one.is_primary], {}).setdefault(one.method, []).append(row)
    return [(title, [*methods.items()]) for title, methods in groups.items()]


def _contrasts(found: Sequence[Work]) -> list[Contrast]:
    """Return how directions differ by method, by size of the sample and by type of platform."""
    middle = median([one.sizes[0] for one in found if one.sizes] or [0])
    kinds: dict[tuple[str, str], list[Work]] = {}
    for one in found:
        size = NOT_TOLD
        if one.sizes:
            size = f"{middle:,.0f} or more" if one.sizes[0] >= middle else f"below {middle:,.0f}"
        kinds.setdefault(("method", one.method), []).append(one)
        kinds.setdefault(("sample", size), []).append(one)
        for platform in one.platforms or (NOT_TOLD,):
            kinds.setdefault(("type of platform", platform), []).append(one)
    order = ("method", "sample", "type of platform")
    return [
        Contrast(of, value, _test(those, EVERYTHING))
        for (of, value), those in sorted(
            kinds.items(), key=lambda pair: (order.index(pair[0][0]), -len(pair[1]), pair[0][1])
        )
    ]


def _pages(chosen: Choice, by: str, total: int, number: int) -> dict[str, str]:
    ways = {}
    if number > 1:
        ways["Previous works"] = address(PATH, chosen.pairs(columns=by, page=str(number - 1)))
    if number * ON_A_PAGE < total:
        ways["Next works"] = address(PATH, chosen.pairs(columns=by, page=str(number + 1)))
    return ways


def _wider(chosen: Choice) -> str:
    """Return the address of the same effect and cause without filters."""
    kept = [pair for pair in chosen.pairs() if pair[0] in ("effect", "cause")]
    return address(PATH, kept if len(kept) < len(chosen.pairs()) else ())


def _table(found: Sequence[Work], columns: Sequence[Column], names: Mapping[str, str]) -> Table:
    rows = []
    for one in found:
        for column in columns:
            direction = one.directions.get(column.key)
            if direction is not None:
                rows.append(_cells(one, column, direction, names))
    return Table(_TABLE, rows)


def _cells(
    one: Work, column: Column, direction: Direction, names: Mapping[str, str]
) -> tuple[str | int | bool, ...]:
    return (
        one.iri, names.get(one.iri, ""), one.is_primary, one.method,
        "; ".join(map(str, one.sizes)), column.thing.label, direction.sign, direction.findings,
        direction.hedged, "; ".join(f"{sign} {count}" for sign, count in direction.signs),
    )  # fmt: skip
