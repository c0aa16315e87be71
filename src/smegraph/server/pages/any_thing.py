"""The page `/thing?iri=` of a dataset that is no release: a thing, both directions, in pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI

from smegraph.namespaces import RDF, XSD
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.iris import plain_name, property_name
from smegraph.server.pages.joins import labels_of
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number, stated_in
from smegraph.server.pages.search_shown import thing_address
from smegraph.server.pages.search_tables import ANY_SEARCH
from smegraph.server.pages.things import Named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address

PATH: Final = "/thing"
ON_A_PAGE: Final = 50
_SAID: Final = load_query("any-thing")
_COUNTS: Final = load_query("any-pointing-counts")
_POINTING: Final = load_query("any-pointing")
_PLAIN: Final = frozenset({"", XSD + "string", RDF + "langString"})
_PARAMETERS: Final = ("iri", "page", "pointing")


@record
class _Said:
    property: str
    value: str
    is_thing: bool
    note: str = ""


@record
class _Count:
    property: str
    count: int


@record
class _Points:
    property: str
    value: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A value that is stated of a thing, or a thing that points at it.

    Attributes:
        property: the property.
        value: the value as people read it.
        thing: the same as a thing; None for a text.
        note: the language or the datatype of a text; may be empty.
    """

    property: Named
    value: str
    thing: Named | None
    note: str = ""


def add_any_thing(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        stated = stated_in(parameters, _PARAMETERS)
        iri = stated.get("iri", "")
        if not iri:
            raise HttpProblem("invalid-parameter", "A thing is shown by its IRI, with iri=.")
        out, into = (page_number(stated.get(name, "1")) for name in ("page", "pointing"))
        said = await ask(engine, paged(about(_SAID, thing=iri), out), _Said)
        counts = await ask(engine, about(_COUNTS, thing=iri), _Count)
        points = await ask(engine, paged(about(_POINTING, thing=iri), into), _Points)
        if not said and not counts:
            raise HttpProblem("not-found", f"The dataset names nothing with the IRI {iri}.")
        names = await labels_of(
            lookup, ANY_SEARCH,
            [iri, *(v for r in said for v in (r.property, r.value)), *(c.property for c in counts),
             *(r.value for r in points)][:20_000],
        )  # fmt: skip
        rows = [_statement(row, names) for row in said[:ON_A_PAGE]]
        pointing = [
            Statement(_property(row.property, names), "", _thing(row.value, names))
            for row in points[:ON_A_PAGE]
        ]
        values = {
            "thing": _thing(iri, names),
            "rows": rows,
            "counts": [(_property(row.property, names), row.count) for row in counts],
            "total": sum(row.count for row in counts),
            "pointing": pointing,
            "ways": _ways(stated, "page", out, len(said)),
            "pointing_ways": _ways(stated, "pointing", into, len(points)),
        }
        return View("any_thing.html", values, _table(rows, pointing), query=about(_SAID, thing=iri))

    add_view(app, layout, engine, PATH, show)


def about(query: str, **terms: str) -> str:
    """Return a query on things (`asking.on`); raises HttpProblem (400) for what is no IRI."""
    try:
        return on(query, **terms)
    except ValueError as error:
        (iri,) = terms.values()
        raise HttpProblem("invalid-parameter", f"{iri} is no absolute IRI.") from error


def paged(query: str, number: int) -> str:
    """Return a query for one page of its rows, and for one row more, which says that there is."""
    return f"{query}LIMIT {ON_A_PAGE + 1} OFFSET {(number - 1) * ON_A_PAGE}\n"


def _ways(stated: Mapping[str, str], name: str, number: int, found: int) -> dict[str, str]:
    return ways(PATH, stated, name, number, found)


def ways(
    path: str, stated: Mapping[str, str], name: str, number: int, found: int
) -> dict[str, str]:
    """Return the addresses of the page before and of the one behind."""

    def at(page: int) -> str:
        return address(path, [*{**stated, name: str(page)}.items()])

    before = {"Previous page": at(number - 1)} if number > 1 else {}
    behind = {"Next page": at(number + 1)} if found > ON_A_PAGE else {}
    return before | behind


def _thing(iri: str, names: Mapping[str, str]) -> Named:
    return thing_address(iri, names.get(iri, ""))


def _property(iri: str, names: Mapping[str, str]) -> Named:
    label = names.get(iri, "") or property_name(iri)
    return Named(iri, label, address("/classes", [("property", iri)]))


def _statement(row: _Said, names: Mapping[str, str]) -> Statement:
    property = _property(row.property, names)
    if row.is_thing:
        return Statement(property, row.value, _thing(row.value, names))
    note = "" if row.note in _PLAIN else plain_name(row.note).removeprefix("xsd:")
    return Statement(property, row.value, None, note)


def _table(rows: Iterable[Statement], pointing: Iterable[Statement]) -> Table:
    said = [("says", one.property.iri, one.value, one.thing.label if one.thing else "")
            for one in rows]  # fmt: skip
    points = [("points", one.property.iri, one.thing.iri, one.thing.label)
              for one in pointing if one.thing]  # fmt: skip
    return Table(("direction", "property", "value", "label"), [*said, *points])
