"""The page to ask from, at `/`: what the graph holds, a box for a query, and questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from fastapi import FastAPI

from smegraph.namespaces import BASE, PREFIXES
from smegraph.release.questions import Question
from smegraph.results.formats import FORMATS
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.layout import Layout, add_page

PATH: Final = "/"
COUNTS: Final = load_query("counts")

_ANY_QUERY: Final = "SELECT *\nWHERE { ?subject ?predicate ?object }\nLIMIT 20\n"

FORMAT_LABELS: Final[Mapping[str, str]] = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV",
    "turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads",
    "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


@record
class Counts:
    """How much a release holds."""

    studies: int
    facts: int
    triples: int
    notes: int
    ontologies: int = 0


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What the page says.

    Attributes:
        title: its heading.
        lead: the sentence below.
        questions: the questions to choose from.
        prefixes: whether the usual prefixes need no declaration.
        union: whether the default graph is the union of all graphs.
        pages: whether each of the project's own IRIs has a page here.
    """

    title: str
    lead: str
    questions: Sequence[Question] = ()
    prefixes: bool = True
    union: bool = True
    pages: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together; without a name when there is one topic only."""

    name: str
    questions: tuple[Question, ...]


async def ask_counts(engine: Engine) -> Counts:
    """Return how much the graph holds."""
    (counts,) = await ask(engine, COUNTS, Counts)
    return counts


def add_index(
    app: FastAPI,
    layout: Layout,
    page: QueryPage,
    counts: Callable[[], Awaitable[Mapping[str, int]]],
) -> None:
    """Add the page to ask from; `counts` asks how much there is of what."""

    async def make() -> str:
        sample = page.questions[0].text if page.questions else _ANY_QUERY
        prefixes = dict(PREFIXES) if page.prefixes else {}
        return await layout.render(
            "index.html",
            PATH,
            page=page,
            counts=await counts(),
            sample=sample,
            formats={name: FORMAT_LABELS[name] for name in FORMATS},
            topics=by_topic(page.questions),
            prefixes=prefixes,
            known={"prefixes": prefixes, "base": BASE, "pages": page.pages},
        )

    add_page(app, PATH, make)


def by_topic(questions: Sequence[Question]) -> tuple[Topic, ...]:
    """Return the questions by topic, in the order in which they come."""
    groups = groupby(questions, lambda question: question.heading)
    return tuple(Topic(name, tuple(group)) for name, group in groups)
