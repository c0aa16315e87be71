"""The pages `/platforms` and `/firms`: who uses what for what, and the firms in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import load_query
from smegraph.server.pages.channel_tables import EVERY
from smegraph.server.pages.channels import (
    KINDS,
    TITLES,
    ChannelChoice,
    MatrixCell,
    MeasureRow,
    UseRow,
    channel_choice,
    channel_labels,
    firm_tags,
    firms_of,
    functions_of,
    matrix_of,
    measures_of,
    ratings_of,
    use_evidence,
    uses_of,
    values_of,
)
from smegraph.server.pages.findings import Field, Option, short
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number, require_page
from smegraph.server.pages.rendering import render
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address

PATH: Final = "/platforms"
FIRMS_PATH: Final = "/firms"
ON_A_PAGE: Final = 50
_NAMES: Final = ("type", "study", "country", "function", "kind", "basis", "firm", "channel")
_OF_FIRMS: Final = ("study", "country", "firm")
_PAGE: Final = "page"
MARKS: Final = {"use": "●", "planned": "◌", "non-use": "✕"}
_WORDS: Final = {"use": "uses", "planned": "plans to use", "non-use": "does not use"}
_NO_CHANNEL: Final = "any channel"


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says of one kind: its mark, its words, and what is known of it."""

    mark: str
    words: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A channel, with what is said of it for each firm."""

    channel: Named
    cells: Sequence[Sequence[Said]]


@dataclass(frozen=True, slots=True)
class UseText:
    """What a document says of a firm and a channel, as the page lists it."""

    thing: Named
    firm: Named
    words: str
    channel: Named | None
    function: str
    when: str
    basis: str
    study: Named
    locator: str


async def _fields(
    lookup: Lookup, choice: ChannelChoice, names: Iterable[str], labels: Mapping[str, str]
) -> list[Field]:
    fields = []
    for name in names:
        taken = choice.chosen.get(name, ())
        if name == "kind":
            values = [(kind, _WORDS[kind]) for kind in KINDS]
        else:
            found = await values_of(lookup, name)
            values = sorted(
                ((short(iri), labels.get(iri, short(iri))) for iri in found),
                key=lambda pair: pair[1].casefold(),
            )
        options = tuple(Option(value, label, value in taken) for value, label in values)
        fields.append(Field(name, TITLES[name], options))
    return fields


def matrix_rows(
    cells: Sequence[MatrixCell], labels: Mapping[str, str], choice: ChannelChoice
) -> tuple[list[Named], list[MatrixRow]]:
    """Return the firms, and a row for each channel; channels that most firms use stand first."""
    firms = sorted({cell.firm for cell in cells}, key=lambda iri: labels.get(iri, iri).casefold())
    by_place: dict[tuple[str, str], list[MatrixCell]] = {}
    users: dict[str, int] = {}
    for cell in cells:
        by_place.setdefault((cell.channel, cell.firm), []).append(cell)
        users[cell.channel] = users.get(cell.channel, 0) + (cell.kind == "use")
    channels = sorted(users, key=lambda iri: (iri == EVERY, -users[iri], labels.get(iri, "")))
    rows = [
        MatrixRow(
            _channel(channel, labels),
            [[_said(cell, choice) for cell in by_place.get((channel, firm), ())] for firm in firms],
        )
        for channel in channels
    ]
    return [named(firm, labels.get(firm, "")) for firm in firms], rows


def _channel(iri: str, labels: Mapping[str, str]) -> Named:
    return named(iri, labels.get(iri, "")) if iri != EVERY else Named("", _NO_CHANNEL)


def _said(cell: MatrixCell, choice: ChannelChoice) -> Said:
    notes = sorted(cell.phases.split(",")) if cell.phases else []
    notes += [str(cell.first)] if cell.first else []
    if cell.functions:
        notes.append(f"{cell.functions} function{'s' if cell.functions > 1 else ''}")
    where = {"firm": short(cell.firm), "kind": cell.kind}
    where |= {"channel": short(cell.channel)} if cell.channel else {}
    return Said(
        MARKS[cell.kind], _WORDS[cell.kind], ", ".join(notes),
        address(PATH, choice.pairs(**where)) + "#facts",
    )  # fmt: skip


def _use(row: UseRow, labels: Mapping[str, str]) -> UseText:
    return UseText(
        thing=named(row.fact, row.label),
        firm=named(row.firm, labels.get(row.firm, "")),
        words=_WORDS[row.kind],
        channel=_channel(row.channel, labels) if row.channel else None,
        function=labels.get(row.function, ""),
        when=", ".join(str(part) for part in (row.phase, row.year) if part),
        basis=labels.get(row.basis, row.basis),
        study=named(row.study, labels.get(row.study, "")),
        locator=row.locator,
    )


# Decision 095: docs/decisions/095-papers-studies-platforms.md
def add_platforms(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add both pages."""

    async def platforms(parameters: Parameters, _: Mapping[str, str]) -> View:
        labels = await channel_labels(lookup)
        choice = channel_choice(labels, parameters, _NAMES, (_PAGE,))
        return await _platforms(lookup, choice, labels, _number(parameters))

    async def firms(parameters: Parameters, _: Mapping[str, str]) -> View:
        labels = await channel_labels(lookup)
        return await _firms(lookup, channel_choice(labels, parameters, _OF_FIRMS), labels)

    add_view(app, layout, engine, PATH, platforms)
    add_view(app, layout, engine, FIRMS_PATH, firms)


def _number(parameters: Parameters) -> int:
    text = next((value for name, value in reversed(parameters) if name == _PAGE and value), "1")
    return page_number(text)


def _around(choice: ChannelChoice) -> ChannelChoice:
    """Return what the matrix shows: all around a cell that is opened, else what is chosen."""
    if not {"firm", "channel"} <= choice.chosen.keys():
        return choice
    kept = {name: v for name, v in choice.chosen.items() if name not in ("firm", "channel")}
    return ChannelChoice(kept, choice.iris)


async def _platforms(
    lookup: Lookup, choice: ChannelChoice, labels: Mapping[str, str], number: int
) -> View:
    wide = _around(choice)
    firms, rows = matrix_rows(await matrix_of(lookup, wide), labels, wide)
    every = await uses_of(lookup, choice)
    require_page(number, len(every), ON_A_PAGE)
    start = (number - 1) * ON_A_PAGE
    functions = [
        (labels.get(function, function), short(function),
         [(_channel(one.channel, labels).label, one.firms) for one in group])
        for function, group in groupby(await functions_of(lookup, choice), lambda row: row.function)
    ]  # fmt: skip
    texts = [_use(row, labels) for row in every]
    chips = [
        (f"{TITLES[name]}: {labels.get(choice.iris.get((name, value), ''), value)}",
         address(PATH, [pair for pair in choice.pairs() if pair != (name, value)]))
        for name, value in choice.pairs() if name in ("firm", "channel")
    ]  # fmt: skip
    values = {
        "firms": firms,
        "rows": rows,
        "functions": functions,
        "facts": texts[start : start + ON_A_PAGE],
        "total": len({row.fact for row in every}),
        "number": number,
        "pages": _pages(choice, len(every), number),
        "evidence": await use_evidence(lookup, choice),
        "labels": labels,
        "choice": choice,
        "chips": chips,
        "fields": await _fields(lookup, choice, _NAMES[:6], labels),
        "marks": [(MARKS[kind], _WORDS[kind]) for kind in KINDS],
    }
    return View("platforms.html", values, _uses_table(texts), query=choice.query())


def _pages(choice: ChannelChoice, total: int, number: int) -> dict[str, str]:
    ways = {}
    if number > 1:
        ways["Previous page"] = address(PATH, choice.pairs(page=str(number - 1))) + "#facts"
    if number * ON_A_PAGE < total:
        ways["Next page"] = address(PATH, choice.pairs(page=str(number + 1))) + "#facts"
    return ways


def _uses_table(texts: Sequence[UseText]) -> Table:
    columns = (
        "fact", "firm", "use", "channel", "function", "when", "basis", "document", "place",
    )  # fmt: skip
    rows = [
        (t.thing.iri, t.firm.label, t.words, t.channel.label if t.channel else None, t.function,
         t.when, t.basis, t.study.label, t.locator)
        for t in texts
    ]  # fmt: skip
    return Table(columns, rows)


@dataclass(frozen=True, slots=True)
class YearBar:
    """A number of a year; lengths in units of the drawing."""

    x: float
    height: float
    year: int
    text: str
    computed: bool
    fact: str


@dataclass(frozen=True, slots=True)
class SmallMultiple:
    """The years of one measure of one firm; unknown years have no bar."""

    firm: str
    measure: str
    bars: Sequence[YearBar]
    at: tuple[int, int]


_BAR_STEP: Final = 44
_BAR_HEIGHT: Final = 50
_SMALL: Final = (130, 106)


def small_multiples(measures: Sequence[MeasureRow], labels: Mapping[str, str]) -> list[
    SmallMultiple
]:  # fmt: skip
    """Return for each firm and measure with years its bars, on one scale for each measure."""
    dated = [m for m in measures if m.year is not None and not m.name.startswith("growth")]
    most: dict[str, float] = {}
    for m in dated:
        most[m.name] = max(most.get(m.name, 0.0), m.value)
    names = [*most]
    firms = [*dict.fromkeys(m.firm for m in dated)]
    years = sorted({m.year for m in dated if m.year is not None})
    made = []
    for (firm, name), group in groupby(dated, lambda m: (m.firm, m.name)):
        bars = [
            YearBar(
                10 + _BAR_STEP * years.index(m.year or 0),
                round(_BAR_HEIGHT * m.value / (most[name] or 1), 1),
                m.year or 0, f"{m.value:,.0f}", m.computed, m.fact,
            )
            for m in group
        ]  # fmt: skip
        at = (_SMALL[0] * names.index(name), _SMALL[1] * firms.index(firm))
        made.append(SmallMultiple(labels.get(firm, firm), name, bars, at))
    return made


@dataclass(frozen=True, slots=True)
class Growth:
    """How much a measure of a firm grew, as printed and as computed; each may be unknown."""

    firm: str
    measure: str
    year: int | None
    printed: float | None
    computed: float | None


def growths_of(measures: Sequence[MeasureRow], labels: Mapping[str, str]) -> list[Growth]:
    """Return the growth of firms, what is printed beside what is computed."""
    told: dict[tuple[str, str, int | None], dict[bool, float]] = {}
    for m in measures:
        if m.name.startswith("growth"):
            told.setdefault((m.firm, m.name, m.year), {})[m.computed] = m.value
    return [
        Growth(labels.get(firm, firm), name, year, values.get(False), values.get(True))
        for (firm, name, year), values in told.items()
    ]


async def _firms(lookup: Lookup, choice: ChannelChoice, labels: Mapping[str, str]) -> View:
    firms, tags = await firms_of(lookup, choice), await firm_tags(lookup, choice)
    measures = await measures_of(lookup, choice)
    ratings = await ratings_of(lookup, choice)
    rated = [*dict.fromkeys(r.firm for r in ratings)]
    benefits: dict[tuple[str, str], dict[str, tuple[Named, int]]] = {}
    for r in ratings:
        row = benefits.setdefault((labels.get(r.function, ""), labels.get(r.benefit, "")), {})
        row[r.firm] = named(r.fact, r.symbol or str(r.impact)), r.impact
    multiples = small_multiples(measures, labels)
    size = (
        max((one.at[0] for one in multiples), default=0) + _SMALL[0],
        max((one.at[1] for one in multiples), default=0) + _SMALL[1],
    )
    svg = render("firm-years.svg", multiples=multiples, size=size, alone=True) if multiples else ""
    values = {
        "firms": [
            (named(f.iri, f.label), f, {
                kind: [named(iri, labels.get(iri, "")) for iri in found]
                for kind, found in tags.get(f.iri, {}).items()
            })
            for f in firms
        ],
        "undated": [
            (named(m.fact, labels.get(m.firm, "")), m.name, f"{m.value:,.0f}", m.locator)
            for m in measures if m.year is None
        ],
        "multiples": multiples,
        "size": size,
        "alone": False,
        "growths": growths_of(measures, labels),
        "currencies": sorted({m.currency for m in measures if m.currency}),
        "rated": [named(iri, labels.get(iri, "")) for iri in rated],
        "benefits": [(*key, [row.get(iri) for iri in rated]) for key, row in benefits.items()],
        "bases": sorted({labels.get(r.basis, r.basis) for r in ratings}),
        "choice": choice,
        "fields": await _fields(lookup, choice, _OF_FIRMS[:2], labels),
    }  # fmt: skip
    columns = ("firm", "year", "measure", "value", "computed", "currency", "document", "place")
    rows = [
        (labels.get(m.firm, m.firm), m.year, m.name, m.value, m.computed, m.currency,
         labels.get(m.study, m.study), m.locator)
        for m in measures
    ]  # fmt: skip
    return View("firms.html", values, Table(columns, rows), svg, query=load_query("firm-years"))
