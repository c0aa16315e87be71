"""The start page: what smegraph is, the search, everyday errands, what is there, ways to pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI

from smegraph.namespaces import ID
from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import record
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import Choice, evidence, labels
from smegraph.server.pages.layout import Layout, Link
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.search import PATH as SEARCH_PATH
from smegraph.server.pages.search_tables import SEARCH
from smegraph.server.pages.views import Parameters, Table, View, add_view, address

PATH: Final = "/start"
FIRST: Final = "/"

_COUNTS: Final = """
SELECT (SELECT COUNT(DISTINCT study) FROM fact) AS studies, (SELECT COUNT(*) FROM fact) AS facts,
       (SELECT COUNT(*) FROM thing WHERE kind = 'work') AS works,
       (SELECT COUNT(*) FROM thing WHERE kind = 'firm') AS firms,
       (SELECT COUNT(*) FROM thing WHERE kind = 'platform') AS platforms,
       (SELECT COUNT(*) FROM thing WHERE kind = 'construct') AS constructs
"""
_FOUND_BY: Final = "SELECT COUNT(DISTINCT thing) AS works FROM tag WHERE kind = 'work'"
# What people find on the pages of the navigation; a page that is not there is not named.
_TOLD: Final[Mapping[str, str]] = {
    "/evidence": "which families of constructs act on which, and where there are gaps",
    "/findings": "all findings, chosen by what they rest on",
    "/constructs": "what acts on a construct, and on what it acts",
    "/direction": "the direction of effects, paper by paper",
    "/papers": "by year, country, method and theory, side by side",
    "/questions": "questions by topic, each with its answer",
    "/platforms": "which firm uses which platform, and for what",
    "/studies": "what was coded from each document",
    "/disagreements": "where works or documents do not agree",
    "/contradictions": "where a document contradicts itself",
    "/ask": "questions of your own, in SPARQL",
    "/ontology": "what the terms mean",
    "/coverage": "what is left to code",
    "/audit": "whether the ontology is sound",
    "/data": "everything to take with you",
}


@record
class StartCounts:
    """How much a release holds."""

    studies: int
    facts: int
    works: int
    firms: int
    platforms: int
    constructs: int


@dataclass(frozen=True, slots=True)
class Errand:
    """What people come for.

    Attributes:
        question: in their words.
        path: the page that answers it.
        parameters: the state of the page.
        kinds: the kinds of things and facts without which there is no answer.
        thing: the thing without which there is none; empty where words are looked for.
    """

    question: str
    path: str
    parameters: Mapping[str, str]
    kinds: Set[str] = frozenset()
    thing: str = ""


_ERRANDS: Final = (
    Errand("What do studies say about LinkedIn and trust?", SEARCH_PATH, {"q": "LinkedIn trust"}),
    Errand(
        "Which firms use Facebook?", "/platforms", {"channel": "channel-facebook"},
        {"platform-use"}, f"{ID}channel-facebook",
    ),
    Errand(
        "What links digital capability and export performance?", SEARCH_PATH,
        {"q": "digital capability export performance"},
    ),
    Errand(
        "Which papers studied China?", "/papers", {"country": "place-china"}, {"work"},
        f"{ID}place-china",
    ),
    Errand(
        "Who cites Johanson & Vahlne (1977)?", SEARCH_PATH,
        {"q": "Johanson Vahlne 1977", "kind": "citation"}, {"citation"},
    ),
)  # fmt: skip
_KINDS: Final = "SELECT kind AS name FROM kind UNION SELECT kind FROM fact_kind"
_THINGS: Final = "SELECT iri AS name FROM thing WHERE iri IN (SELECT value FROM json_each(:iris))"


@record
class _Works:
    works: int


@record
class _Name:
    name: str


def add_start(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the start page."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        (counts,) = await lookup.rows(SEARCH, _COUNTS, {}, StartCounts)
        (found_by,) = await lookup.rows(FINDINGS, _FOUND_BY, {}, _Works)
        bases = await evidence(lookup, Choice())
        names = await labels(lookup)
        rows = [
            *(("all", name, getattr(counts, name)) for name in StartCounts.__annotations__),
            *((names.get(one.basis, one.basis), "findings", one.findings) for one in bases),
        ]
        kinds = {one.name for one in await lookup.rows(SEARCH, _KINDS, {}, _Name)}
        iris = json.dumps([errand.thing for errand in _ERRANDS])
        things = {one.name for one in await lookup.rows(SEARCH, _THINGS, {"iris": iris}, _Name)}
        values = {
            "counts": counts,
            "bases": bases,
            "names": names,
            "findings": sum(one.findings for one in bases),
            "found_by": found_by.works,
            "ways": ways(await layout.links()),
            "errands": errands(kinds | things),
        }
        return View("start.html", values, Table(("basis", "what", "count"), rows))

    add_view(app, layout, engine, PATH, show, also=FIRST)


def errands(known: Set[str]) -> list[tuple[str, str]]:
    """Return the everyday errands that a release can answer, each with its address.

    Args:
        known: the kinds of things and facts that there are, and the IRIs of the things.
    """
    return [
        (errand.question, address(errand.path, errand.parameters.items()))
        for errand in _ERRANDS
        if errand.kinds <= known and (not errand.thing or errand.thing in known)
    ]


def ways(links: Iterable[Link]) -> list[tuple[Link, str]]:
    """Return the pages of the navigation but this one, each with what people find there."""
    return [(link, _TOLD.get(link.path, "")) for link in links if link.path != PATH]
