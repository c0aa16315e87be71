"""The page `/findings`: the findings of a choice, in pages, each with its works and its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.findings import (
    Choice,
    FoundRow,
    choice,
    evidence,
    fields,
    found,
    labels,
    works_behind,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number, require_page
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address

PATH: Final = "/findings"
ON_A_PAGE: Final = 50
SIGNS: Final = {"positive": "↑", "negative": "↓", "no-effect": "○", "nonlinear": "∩"}
_FIELDS: Final = (
    "basis", "hedged", "sign", "wanted", "causes", "effects", "study", "theme", "platform",
    "country", "theory",
)  # fmt: skip
_PAGE: Final = "page"
_COLUMNS: Final = (
    "finding", "statement", "cause", "sign", "effect", "basis", "hedged", "works", "document",
    "place",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as pages show it.

    Attributes:
        thing: the finding itself, with what it says.
        cause, effect: what acts on what, as the document says it.
        sign: the direction, in a word.
        mark: the direction as a mark; `·` where the document states none.
        basis: on what it rests, in words.
        hedged: whether the document makes a reserve.
        works: the works that found it.
        study: the document that says so.
        locator: where it stands there.
        restates: whether it says another finding of the document again.
    """

    thing: Named
    cause: Named
    effect: Named
    sign: str
    mark: str
    basis: str
    hedged: bool
    works: tuple[Named, ...]
    study: Named
    locator: str
    restates: bool

    @classmethod
    def of(cls, row: FoundRow, names: Mapping[str, str]) -> FindingText:
        """Return a row as pages show it."""

        def of(iri: str) -> Named:
            return named(iri, names.get(iri, ""))

        return cls(
            thing=named(row.iri, row.statement),
            cause=of(row.said_cause),
            effect=of(row.said_effect),
            sign=names.get(row.said_sign, row.said_sign),
            mark=SIGNS.get(row.said_sign.rpartition("/")[2], "·"),
            basis=names.get(row.basis, row.basis),
            hedged=row.hedged,
            works=tuple(sorted(map(of, row.works.split()), key=lambda work: work.label)),
            study=of(row.study),
            locator=row.locator,
            restates=row.restates > 0,
        )

    def cells(self) -> tuple[str | bool, ...]:
        """Return the finding as a row of a table with the columns of this page."""
        return (
            self.thing.iri, self.thing.label, self.cause.label, self.sign, self.effect.label,
            self.basis, self.hedged, "; ".join(work.label for work in self.works),
            self.study.label, self.locator,
        )  # fmt: skip


def table_of(rows: list[FindingText]) -> Table:
    """Return findings as a table."""
    return Table(_COLUMNS, [row.cells() for row in rows])


def add_finding_list(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        chosen = await choice(lookup, parameters, {_PAGE})
        number = page_number(dict(parameters).get(_PAGE) or "1")
        names = await labels(lookup)
        counts = await evidence(lookup, chosen)
        total = sum(one.findings for one in counts)
        require_page(number, total, ON_A_PAGE, "findings")
        start = (number - 1) * ON_A_PAGE
        shown = await found(lookup, chosen, limit=ON_A_PAGE, offset=start)

        async def table() -> Table:
            return table_of([FindingText.of(row, names) for row in await found(lookup, chosen)])

        return View(
            "findings.html",
            {
                "rows": [FindingText.of(row, names) for row in shown],
                "counts": counts,
                "names": names,
                "total": total,
                "number": number,
                "pages": _pages(chosen, total, number),
                "chosen": chosen,
                "fields": await fields(lookup, chosen, _FIELDS),
                "others": _others(chosen, names),
            },
            table,
            query=chosen.query(),
            works=partial(works_behind, lookup, chosen),
        )

    add_view(app, layout, engine, PATH, show)


def _pages(chosen: Choice, total: int, number: int) -> dict[str, str]:
    """Return the addresses of the page before and of the one behind."""
    ways = {}
    if number > 1:
        ways["Previous page"] = address(PATH, chosen.pairs(page=str(number - 1)))
    if number * ON_A_PAGE < total:
        ways["Next page"] = address(PATH, chosen.pairs(page=str(number + 1)))
    return ways


def _others(chosen: Choice, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return what is chosen by and has no field: its name, its value, the address without it."""
    return [
        (name, names.get(chosen.iris.get((name, value), ""), value),
         address(PATH, chosen.without(name, value)))
        for name, values in chosen.chosen.items() if name not in _FIELDS
        for value in values
    ]  # fmt: skip
