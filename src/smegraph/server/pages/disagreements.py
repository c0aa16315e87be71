"""The page `/disagreements`: works that report opposite directions on one pair of constructs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import FastAPI

from smegraph.namespaces import VOC
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import load_query, record
from smegraph.server.pages.construct import LIST
from smegraph.server.pages.evidence import chips
from smegraph.server.pages.finding_list import FindingText
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import (
    Choice,
    choice,
    evidence,
    fields,
    found,
    labels,
    quoted,
    short,
    works_behind,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number, require_page
from smegraph.server.pages.things import Named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.synthesis.disagreements import Sides

PATH: Final = "/disagreements"
QUERY: Final = load_query("disagreements")
ON_A_PAGE: Final = 20
_RAISES, _LOWERS = quoted(VOC + "positive"), quoted(VOC + "negative")
_FIELDS: Final = ("basis", "hedged", "wanted", "causes", "effects", "study", "theme", "platform")
_BETWEEN: Final = ("works", "one-work")
_COLUMNS: Final = (
    "cause", "effect", "direction", "finding", "statement", "basis", "hedged", "works", "document",
    "place", "conditions", "moderators",
)  # fmt: skip


@record
class ClaimRow:
    """A claim on which works disagree: how many works are on each side."""

    cause: str
    effect: str
    raising: int
    lowering: int
    both: int

    @property
    def sides(self) -> Sides:
        """The works on its sides."""
        return Sides(self.raising, self.lowering, self.both)


@record
class _Told:
    finding: str
    text: str


@record
class _Moderated:
    finding: str
    construct: str
    direction: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finding on one side, with its conditions and its moderators."""

    text: FindingText
    conditions: tuple[str, ...]
    moderators: tuple[str, ...]
    is_turned: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A claim with what is found on its two sides."""

    cause: Named
    effect: Named
    sides: Sides
    raising: tuple[Told, ...]
    lowering: tuple[Told, ...]


# Decision 092: docs/decisions/092-figures-of-evidence.md
async def ask_claims(lookup: Lookup, chosen: Choice, between: str = "") -> list[ClaimRow]:
    """Return the claims on which works disagree, those with most pairs of works first.

    Args:
        lookup: the tables.
        chosen: the choice among the findings; both sides are of it.
        between: `works` for those between two works, `one-work` for those within one, else all.
    """
    sql = (
        "SELECT cause, effect, SUM(raises) AS raising, SUM(lowers) AS lowering, "
        "SUM(raises AND lowers) AS both FROM ("
        f"SELECT f.cause AS cause, f.effect AS effect, t.thing AS work, "
        f"MAX(f.sign = {_RAISES}) AS raises, MAX(f.sign = {_LOWERS}) AS lowers "
        "FROM finding f JOIN tag t ON t.finding = f.iri AND t.kind = 'work' "
        f"WHERE {chosen.where()} AND f.sign IN ({_RAISES}, {_LOWERS}) GROUP BY 1, 2, 3"
        ") GROUP BY 1, 2 HAVING raising > 0 AND lowering > 0"
    )
    rows = await lookup.rows(FINDINGS, sql, {}, ClaimRow)
    if between:
        rows = [
            row for row in rows if (row.sides.between if between == "works" else row.sides.within)
        ]
    return sorted(
        rows, key=lambda row: (-row.sides.between, -row.sides.within, row.cause, row.effect)
    )


async def ask_sides(
    lookup: Lookup, chosen: Choice, claims: Sequence[ClaimRow], names: Mapping[str, str]
) -> list[Disagreement]:
    """Return what is found on the two sides of some claims."""
    pairs = ", ".join(f"({quoted(row.cause)}, {quoted(row.effect)})" for row in claims)
    condition = f"f.sign IN ({_RAISES}, {_LOWERS}) AND (f.cause, f.effect) IN (VALUES {pairs})"
    if not claims:
        return []
    rows = await found(lookup, chosen, condition)
    those = ", ".join(quoted(row.iri) for row in rows)
    conditions: dict[str, list[str]] = {}
    sql = f"SELECT finding, text FROM condition WHERE finding IN ({those}) ORDER BY text"
    for one in await lookup.rows(FINDINGS, sql, {}, _Told):
        conditions.setdefault(one.finding, []).append(one.text)
    moderators: dict[str, list[str]] = {}
    sql = (
        "SELECT DISTINCT finding, construct, direction FROM influence "
        f"WHERE kind = 'moderator' AND finding IN ({those}) ORDER BY construct, direction"
    )
    for by in await lookup.rows(FINDINGS, sql, {}, _Moderated):
        construct = names.get(by.construct, short(by.construct))
        direction = names.get(by.direction, short(by.direction))
        moderators.setdefault(by.finding, []).append(f"{construct}: {direction}")
    sides: dict[tuple[str, str, str], list[Told]] = {}
    for row in rows:
        told = Told(
            FindingText.of(row, names),
            tuple(conditions.get(row.iri, ())),
            tuple(moderators.get(row.iri, ())),
            row.is_turned,
        )
        sides.setdefault((row.cause, row.effect, quoted(row.sign)), []).append(told)
    return [
        Disagreement(
            _named(row.cause, names), _named(row.effect, names), row.sides,
            tuple(sides.get((row.cause, row.effect, _RAISES), ())),
            tuple(sides.get((row.cause, row.effect, _LOWERS), ())),
        )
        for row in claims
    ]  # fmt: skip


def _named(iri: str, names: Mapping[str, str]) -> Named:
    return Named(iri, names.get(iri, short(iri)), f"{LIST}/{short(iri)}")


def table_of(shown: Sequence[Disagreement]) -> Table:
    """Return the findings on both sides as rows."""
    return Table(
        _COLUMNS,
        [
            (
                one.cause.label, one.effect.label, direction, told.text.thing.iri,
                told.text.thing.label, told.text.basis, told.text.hedged,
                "; ".join(work.label for work in told.text.works), told.text.study.label,
                told.text.locator, "; ".join(told.conditions), "; ".join(told.moderators),
            )
            for one in shown
            for direction, side in (("raises", one.raising), ("lowers", one.lowering))
            for told in side
        ],
    )  # fmt: skip


def _state(parameters: Parameters) -> tuple[int, str]:
    """Return the page and between whom; raises HttpProblem (400) for what there is not."""
    told = {name: value for name, value in parameters if value}
    number, between = page_number(told.get("page", "1")), told.get("between", "")
    if between and between not in _BETWEEN:
        raise HttpProblem(
            "invalid-parameter", f"between is {' or '.join(_BETWEEN)}, and not {between}."
        )
    return number, between


def add_disagreements(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters, ("page", "between"))
        number, between = _state(parameters)
        names = await labels(lookup)
        claims = await ask_claims(lookup, chosen, between)
        require_page(number, len(claims), ON_A_PAGE, "claims")
        start = (number - 1) * ON_A_PAGE
        shown = await ask_sides(lookup, chosen, claims[start : start + ON_A_PAGE], names)
        own = {"between": between or None}
        ways = {}
        if number > 1:
            ways["Previous page"] = address(PATH, chosen.pairs(**own, page=str(number - 1)))
        if start + ON_A_PAGE < len(claims):
            ways["Next page"] = address(PATH, chosen.pairs(**own, page=str(number + 1)))
        pairs = ", ".join(f"({quoted(row.cause)}, {quoted(row.effect)})" for row in claims)
        condition = f"f.sign IN ({_RAISES}, {_LOWERS}) AND (f.cause, f.effect) IN (VALUES {pairs})"
        return View(
            "disagreements.html",
            {
                "shown": shown, "claims": len(claims), "pages": ways, "between": between,
                "between_works": sum(row.sides.between for row in claims),
                "within_works": sum(row.sides.within for row in claims),
                "counts": await evidence(lookup, chosen, condition) if claims else [],
                "names": names, "chosen": chosen, "short": short,
                "fields": await fields(lookup, chosen, _FIELDS),
                "chips": chips(PATH, chosen, names),
                "ways": {
                    "All": address(PATH, chosen.pairs()),
                    "Between two works": address(PATH, chosen.pairs(between="works")),
                    "Within one work": address(PATH, chosen.pairs(between="one-work")),
                },
                "current": {"": "All", "works": "Between two works"}.get(
                    between, "Within one work"
                ),
            },
            table_of(shown),
            query=QUERY,
            works=partial(works_behind, lookup, chosen, condition) if claims else None,
        )  # fmt: skip

    add_view(app, layout, engine, PATH, show)
