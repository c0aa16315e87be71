"""The page `/classes` of a dataset that is no release: classes and properties, and their use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.any_thing import (
    ON_A_PAGE,
    about,
    paged,
    ways,
)
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.iris import plain_name
from smegraph.server.pages.joins import labels_of
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.server.pages.parameters import page_number, stated_in
from smegraph.server.pages.search_shown import thing_address
from smegraph.server.pages.search_tables import ANY_SEARCH
from smegraph.server.pages.things import Named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address

PATH: Final = "/classes"
_KINDS: Final = {"class": "any-classes", "property": "any-properties"}
_USES: Final = {"class": load_query("any-instances"), "property": load_query("any-uses")}
_SCHEMA: Final = "CREATE TABLE term (kind TEXT, iri TEXT, count INTEGER, PRIMARY KEY (kind, iri));"


@record
class _Counted:
    term: str
    count: int


async def _fill(engine: Engine, insert: Insert) -> None:
    for kind, name in _KINDS.items():
        found = await ask(engine, load_query(name), _Counted)
        await insert("term", ((kind, row.term, row.count) for row in found))


TERMS: Final = Tables("classes", _SCHEMA, _fill)
"""The classes and properties of a dataset, counted once for each state of the data."""


@record
class _Term:
    kind: str
    iri: str
    count: int


@record
class _Use:
    thing: str
    value: str = ""
    is_thing: bool = False


def add_classes(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page, which is the page of one class or property where the address names one."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        stated = stated_in(parameters, ("class", "property", "page"))
        sql = "SELECT kind, iri, count FROM term ORDER BY kind, count DESC, iri"
        terms = await lookup.rows(TERMS, sql, {}, _Term)
        asked = [kind for kind in _KINDS if kind in stated]
        if len(asked) > 1:
            raise HttpProblem("invalid-parameter", "Either a class or a property is shown.")
        if asked:
            return await _uses(engine, lookup, asked[0], stated, terms)
        return await _all(lookup, terms)

    add_view(app, layout, engine, PATH, show)


async def _all(lookup: Lookup, terms: list[_Term]) -> View:
    names = await labels_of(lookup, ANY_SEARCH, [term.iri for term in terms[:20_000]])
    lists: dict[str, list[tuple[Named, int]]] = {kind: [] for kind in _KINDS}
    for term in terms:
        label = names.get(term.iri, "") or plain_name(term.iri)
        there = address(PATH, [(term.kind, term.iri)])
        lists[term.kind].append((Named(term.iri, label, there), term.count))
    rows = [(term.kind, term.iri, names.get(term.iri, ""), term.count) for term in terms]
    values = {"lists": lists, "term": None}
    table = Table(("kind", "term", "label", "count"), rows)
    return View("classes.html", values, table, query=load_query(_KINDS["class"]))


async def _uses(
    engine: Engine, lookup: Lookup, kind: str, stated: Mapping[str, str], terms: list[_Term]
) -> View:
    iri, number = stated[kind], page_number(stated.get("page", "1"))
    query = about(_USES[kind], term=iri)
    count = next((term.count for term in terms if (term.kind, term.iri) == (kind, iri)), 0)
    if not count:
        raise HttpProblem("not-found", f"The dataset has no {kind} {iri}.")
    found = await ask(engine, paged(query, number), _Use)
    shown = found[:ON_A_PAGE]
    iris = [iri, *(row.thing for row in shown), *(row.value for row in shown if row.is_thing)]
    names = await labels_of(lookup, ANY_SEARCH, iris)
    rows = [
        (
            thing_address(row.thing, names.get(row.thing, "")),
            thing_address(row.value, names.get(row.value, "")) if row.is_thing else row.value,
        )
        for row in shown
    ]
    values = {
        "term": thing_address(iri, names.get(iri, "")),
        "kind": kind,
        "number": count,
        "rows": rows,
        "ways": ways(PATH, stated, "page", number, len(found)),
    }
    table = Table(("thing", "label", "value"),
                  [(row.thing, names.get(row.thing, ""), row.value) for row in shown])  # fmt: skip
    return View("classes.html", values, table, query=query)
