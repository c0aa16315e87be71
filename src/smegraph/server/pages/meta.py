"""The page `/meta`: a meta-analysis on demand, where documents print estimates of effects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final, cast

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.effect_estimates import GROUPS, EstimateRow, estimates, pairs
from smegraph.server.pages.findings import Choice, choice, evidence, fields, labels, short
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.rendering import render
from smegraph.server.pages.things import named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.suggest import did_you_mean
from smegraph.synthesis.errors import NotCombined, NotInstalled
from smegraph.synthesis.estimates import CONVERSIONS, RULES, Rule, Selection, Weighed, select
from smegraph.synthesis.meta import ESTIMATORS, INTERVALS, Combined, Estimator, Interval, combine

PATH: Final = "/meta"
_MOST_PAIRS: Final = 60
_MOST_COMBINED: Final = 500
_FIELDS: Final = ("basis", "hedged", "study", "theme", "platform", "country")
_WAYS: Final[dict[str, dict[str, str]]] = {
    "estimator": ESTIMATORS,
    "interval": INTERVALS,
    "rule": RULES,
    "conversion": CONVERSIONS,
    "by": GROUPS,
}
_DEFAULTS: Final = {"estimator": "PM", "interval": "HKSJ", "rule": "adjusted"}
_STATISTIC: Final = "statistic"
_TABLE: Final = (
    "estimate", "document", "sample", "statistic", "value", "standard_error", "interval_low",
    "interval_high", "cases", "model", "place", "group", "scaled_value", "scaled_standard_error",
    "weight_percent", "left_out_because",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """A meta-analysis of a group of estimates, or why there is none."""

    group: str
    kept: tuple[Weighed, ...]
    combined: Combined | None
    why: str = ""


def add_meta(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters, {*_WAYS, _STATISTIC})
        names = await labels(lookup)
        frame: dict[str, object] = {
            "chosen": chosen,
            "names": names,
            "fields": await fields(lookup, chosen, _FIELDS),
        }
        ways = _ways(parameters)
        if not {"effect", "cause"} & {*chosen.chosen}:
            return await _start(lookup, frame, names, chosen)
        rows = await estimates(lookup, chosen, ways["by"])
        statistic = _statistic(parameters, rows)
        frame |= {"counts": await evidence(lookup, chosen)}
        return await asyncio.to_thread(_shown, frame, rows, ways, statistic, chosen)

    add_view(app, layout, engine, PATH, show)


async def _start(
    lookup: Lookup, frame: Mapping[str, object], names: Mapping[str, str], chosen: Choice
) -> View:
    """Return the page that offers pairs with estimates."""
    found = await pairs(lookup, chosen, _MOST_PAIRS)
    rows = [
        (named(p.cause, names.get(p.cause, "")), named(p.effect, names.get(p.effect, "")), p,
         address(PATH, chosen.pairs(cause=short(p.cause), effect=short(p.effect),
                                    statistic=short(p.statistic))))
        for p in found
    ]  # fmt: skip
    cells = [(cause.label, effect.label, p.kind, p.estimates, p.samples)
             for cause, effect, p, _ in rows]  # fmt: skip
    table = Table(("cause", "effect", "statistic", "estimates", "samples"), cells)
    return View("metas.html", {**frame, "rows": rows}, table, query=chosen.query())


def _ways(parameters: Parameters) -> dict[str, str]:
    """Return how estimates are combined, as the address says or by default."""
    ways = {name: _DEFAULTS.get(name, "") for name in _WAYS}
    for name, value in parameters:
        if name in _WAYS and value:
            if value not in _WAYS[name]:
                meant = did_you_mean(value, _WAYS[name], f"There are {', '.join(_WAYS[name])}.")
                raise HttpProblem("invalid-parameter", f"No {name} is called {value}. {meant}")
            ways[name] = value
    return ways


def _statistic(parameters: Parameters, rows: Sequence[EstimateRow]) -> str:
    """Return the kind of number that is combined: as chosen, else that of most samples."""
    samples: dict[str, set[str]] = {}
    for row in rows:
        samples.setdefault(short(row.statistic), set()).add(row.sample)
    asked = next((value for name, value in parameters if name == _STATISTIC and value), "")
    if asked and rows and asked not in samples:
        meant = did_you_mean(asked, samples, f"There are {', '.join(sorted(samples))}.")
        raise HttpProblem("invalid-parameter", f"No estimate here is a {asked}. {meant}")
    return asked or max(sorted(samples), key=lambda kind: len(samples[kind]), default="")


def _shown(
    frame: Mapping[str, object],
    rows: Sequence[EstimateRow],
    ways: Mapping[str, str],
    statistic: str,
    chosen: Choice,
) -> View:
    kinds = {short(row.statistic): row.kind for row in rows}
    by_key = {row.iri: row for row in rows}
    selection, outcomes, why = _combined(rows, ways, statistic, kinds)
    values = {
        **frame,
        "rows": by_key,
        "kinds": kinds,
        "statistic": statistic,
        "ways": ways,
        "choices": _WAYS,
        "selection": selection,
        "outcomes": outcomes,
        "why": why,
        "path_direction": address("/direction", [p for p in chosen.pairs()
                                                 if p[0] in ("effect", "cause")]),
    }  # fmt: skip
    plot = forest(outcomes, by_key) if any(one.combined for one in outcomes) else None
    figure = render("forest.svg", forest=plot) if plot else ""
    values |= {"forest": plot}
    return View("meta.html", values, _table(selection, outcomes, by_key), figure, chosen.query())


def _combined(
    rows: Sequence[EstimateRow],
    ways: Mapping[str, str],
    statistic: str,
    kinds: Mapping[str, str],
) -> tuple[Selection, list[Outcome], str]:
    """Return what is taken, what it says together and by group, and why it says nothing."""
    empty = Selection("", (), tuple((row.estimate(), "not combined") for row in rows))
    if not rows:
        return empty, [], ""
    try:
        selection = select(
            (row.estimate() for row in rows),
            statistic,
            rule=cast(Rule, ways["rule"]),
            conversion=ways["conversion"],
            names=kinds,
        )
    except NotCombined as error:
        return empty, [], str(error)
    if len(selection.kept) > _MOST_COMBINED:
        return selection, [], f"More than {_MOST_COMBINED} samples; choose fewer."
    outcomes = [_outcome("", selection.kept, ways)]
    if ways["by"]:
        groups: dict[str, list[Weighed]] = {}
        told = {row.iri: row.groups or "not told" for row in rows}
        for one in selection.kept:
            groups.setdefault(told[one.estimate.key], []).append(one)
        outcomes += [_outcome(name, groups[name], ways) for name in sorted(groups)]
    return selection, outcomes, outcomes[0].why


def _outcome(group: str, kept: Iterable[Weighed], ways: Mapping[str, str]) -> Outcome:
    taken = tuple(kept)
    try:
        found = combine(
            [one.value for one in taken],
            [one.error for one in taken],
            cast(Estimator, ways["estimator"]),
            cast(Interval, ways["interval"]),
        )
    except NotInstalled as error:
        return Outcome(group, taken, None, f"The service lacks what combines estimates. {error}")
    except NotCombined as error:
        return Outcome(group, taken, None, str(error))
    return Outcome(group, taken, found)


def _table(
    selection: Selection, outcomes: Sequence[Outcome], rows: Mapping[str, EstimateRow]
) -> Table:
    combined = outcomes[0].combined if outcomes else None
    weights = combined.weights if combined else [None] * len(selection.kept)
    taken = [
        (*_cells(rows[one.estimate.key]), one.value, one.error, weight, "")
        for one, weight in zip(selection.kept, weights, strict=True)
    ]
    left = [(*_cells(rows[one.key]), None, None, None, why) for one, why in selection.left]
    return Table(_TABLE, [*taken, *left])


def _cells(row: EstimateRow) -> tuple[str | int | float | None, ...]:
    return (
        row.iri, row.study, row.sample_label, row.kind, row.value, row.error, row.low, row.high,
        row.cases, row.model, row.locator, row.groups,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a forest plot; positions are in pixels, `size` is half the side of the box."""

    label: str
    text: str
    low: float
    high: float
    at: float
    size: float = 0.0
    is_total: bool = False
    predicted: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Forest:
    """A forest plot: its lines, ticks as position and number, and where zero is."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float | None


_LEFT, _RIGHT = 260.0, 640.0
_Z: Final = 1.959963984540054


def forest(outcomes: Sequence[Outcome], rows: Mapping[str, EstimateRow]) -> Forest:
    """Return a forest plot of all estimates, with the diamond of each group and of all."""
    whole = outcomes[0]
    ends = [end for one in whole.kept for end in (one.value - _Z * one.error,
                                                  one.value + _Z * one.error)]  # fmt: skip
    for found in outcomes:
        if found.combined:
            ends += [found.combined.predicted_low, found.combined.predicted_high]
    low, high = min([0.0, *ends]), max([0.0, *ends])

    def x(value: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (value - low) / (high - low), 1)

    lines = []
    weights = whole.combined.weights if whole.combined else [0.0] * len(whole.kept)
    for one, weight in zip(whole.kept, weights, strict=True):
        ends_of = one.value - _Z * one.error, one.value + _Z * one.error
        text = f"{one.value:.2f} [{ends_of[0]:.2f}, {ends_of[1]:.2f}]"
        label = rows[one.estimate.key].sample_label
        lines.append(Line(label, text, x(ends_of[0]), x(ends_of[1]), x(one.value),
                          round(2 + 6 * (weight / max(weights or [1])) ** 0.5, 1)))  # fmt: skip
    for outcome in (*outcomes[1:], whole):
        if outcome.combined:
            c = outcome.combined
            label = f"{outcome.group}, k = {c.k}" if outcome.group else f"All, k = {c.k}"
            text = f"{c.estimate:.2f} [{c.low:.2f}, {c.high:.2f}]"
            lines.append(Line(label, text, x(c.low), x(c.high), x(c.estimate), 6, True,
                              (x(c.predicted_low), x(c.predicted_high))))  # fmt: skip
    return Forest(tuple(lines), tuple((x(v), f"{v:g}") for v in _ticks(low, high)), x(0))


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two others, about five of them."""
    step = 10 ** floor(log10((high - low) or 1))
    while (high - low) / step < 4:
        step /= 2
    first = -floor(-low / step)
    return [round(i * step, 6) for i in range(first, floor(high / step) + 1)]
