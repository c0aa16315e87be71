"""The pages `/about` (what this is, its licence, how to cite it) and `/glossary` (its words)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fastapi import FastAPI

from smegraph.graph.header import LICENSE
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.layout import Layout, Link
from smegraph.server.pages.parameters import stated_in
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view

ABOUT: Final = Link("/about", "About")
GLOSSARY: Final = Link("/glossary", "Glossary")
_FILTER: Final = "q"


@record
class AboutRow:
    """A row of `about.rq`: a document, and what the dataset says of itself."""

    document: str
    document_label: str
    document_title: str = ""
    doi: str = ""
    rights: str = ""
    title: str = ""
    license: str = ""
    citation: str = ""


@record
class TermRow:
    """A row of `glossary.rq`: a class, and one that it is a kind of."""

    term: str
    label: str
    definition: str
    above: str = ""
    above_label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the glossary: a word, what it means, and what it is a kind of."""

    term: Named
    definition: str
    above: tuple[Named, ...]


def add_about(app: FastAPI, layout: Layout, engine: Engine) -> None:
    """Add both pages."""

    async def about(parameters: Parameters, _: Mapping[str, str]) -> View:
        stated_in(parameters, ())
        query = load_query("about")
        rows = await ask(engine, query, AboutRow)
        first = rows[0] if rows else None
        values = {
            "rows": [(named(row.document, row.document_label), row) for row in rows],
            "license": (first and first.license) or LICENSE,
            "citation": (first and first.citation) or f"smegraph, {layout.version}",
        }
        columns = ("document", "title", "doi", "rights")
        table = [(row.document_label, row.document_title, row.doi, row.rights) for row in rows]
        return View("about.html", values, Table(columns, table), query=query)

    async def glossary(parameters: Parameters, _: Mapping[str, str]) -> View:
        query = load_query("glossary")
        wanted = stated_in(parameters, (_FILTER,)).get(_FILTER, "").strip()
        entries = entries_of(await ask(engine, query, TermRow), wanted)
        table = [
            (one.term.iri, one.term.label, one.definition, "; ".join(a.label for a in one.above))
            for one in entries
        ]
        columns = ("term", "label", "definition", "kind of")
        values = {"entries": entries, "wanted": wanted}
        return View("glossary.html", values, Table(columns, table), query=query)

    add_view(app, layout, engine, ABOUT.path, about)
    add_view(app, layout, engine, GLOSSARY.path, glossary)


def entries_of(rows: list[TermRow], wanted: str = "") -> list[Entry]:
    """Return the entries whose word or meaning holds a text, whatever the case."""
    text = wanted.casefold()
    entries = []
    for _, group in groupby(rows, key=lambda row: row.term):
        found = [*group]
        first = found[0]
        if text in first.label.casefold() or text in first.definition.casefold():
            above = tuple(named(row.above, row.above_label) for row in found if row.above)
            entries.append(Entry(named(first.term, first.label), first.definition, above))
    return entries
