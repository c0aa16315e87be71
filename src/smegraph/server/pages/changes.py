"""The page `/changes`: what changed since the release before, graph by graph and in words."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from smegraph.namespaces import shorten
from smegraph.server.engine.engine import Engine
from smegraph.server.exports.changes import changes_since, former_release
from smegraph.server.pages.asking import Kept
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.parameters import stated_in
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view

PATH: Final = "/changes"
SHOWN: Final = 12  # things of a kind; the table has all
_LONGEST: Final = 160  # characters of a value
_SECTIONS: Final = {
    "added": "New", "removed": "Gone", "deprecated": "Deprecated",
    "findings": "Findings with another direction, reserve or evidence", "changed": "Changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that changed, and how: each property with what it said before and says now."""

    thing: Named
    values: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class KindOfChange:
    """Things of one kind that changed alike.

    Attributes:
        kind: what they are.
        count: how many there are.
        items: the first of them.
    """

    kind: str
    count: int
    items: Sequence[Item]


def add_changes(app: FastAPI, layout: Layout, engine: Engine, release: Path) -> None:
    """Add the page of a release; the two are compared when it is first wanted, once."""

    async def told() -> tuple[str, dict[str, Any]]:
        former = await asyncio.to_thread(former_release, release)
        return (former.name, await changes_since(former, release)) if former else ("", {})

    kept = Kept(told)

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        stated_in(parameters, ())
        former, found = await kept.get()
        graphs = [
            (named(iri, shorten(iri)), one["added"], one["removed"], one["before"], one["after"])
            for iri, one in found.get("graphs", {}).items()
            if one["added"] or one["removed"]
        ]
        values = {
            "former": former,
            "graphs": graphs,
            "sections": {
                title: kinds
                for name, title in _SECTIONS.items()
                if (kinds := kinds_of(found.get(name, ())))
            },
        }
        return View("changes.html", values, _table(found))

    add_view(app, layout, engine, PATH, show)


def kinds_of(changes: Iterable[Mapping[str, Any]]) -> list[KindOfChange]:
    """Return changes by the kind of thing, the first of each kind as items."""
    by_kind: dict[str, list[Item]] = {}
    counts: Counter[str] = Counter()
    for change in changes:
        thing = change.get("thing", change)
        counts[thing["kind"]] += 1
        items = by_kind.setdefault(thing["kind"], [])
        if len(items) < SHOWN:
            items.append(Item(named(thing["iri"], thing["label"]), _values(change)))
    return [KindOfChange(kind, counts[kind], items) for kind, items in sorted(by_kind.items())]


def _values(change: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    if successor := change.get("successor"):
        return [("use instead", "", shorten(successor))]
    return [
        (one["property"], _short(one["before"]), _short(one["after"]))
        for one in change.get("values", ())
    ]


def _short(values: Sequence[str]) -> str:
    text = "; ".join(values)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _table(found: Mapping[str, Any]) -> Table:
    """Return each change as a row; of a changed thing one for each property."""
    rows: list[tuple[str | None, ...]] = []
    for name, title in _SECTIONS.items():
        for change in found.get(name, ()):
            thing = change.get("thing", change)
            own = (title, thing["kind"], thing["iri"], thing["label"])
            values = change.get("values", ())
            rows += [
                (*own, one["property"], "; ".join(one["before"]), "; ".join(one["after"]))
                for one in values
            ]
            if not values:
                rows.append((*own, None, None, change.get("successor")))
    return Table(("change", "kind", "iri", "label", "property", "before", "now"), rows)
