"""Show people what the graph holds and let them ask it: the page at `/`, and the others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

import pyoxigraph
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from smegraph.namespaces import BASE, PREFIXES
from smegraph.release.questions import Question, load_questions
from smegraph.results.formats import FORMATS
from smegraph.server.pages.audit import add_audit
from smegraph.server.pages.contradictions import add_contradictions
from smegraph.server.pages.coverage import add_coverage
from smegraph.store.embedded import EmbeddedStore

_HERE: Final = Path(__file__).parent

_ANY_QUERY: Final = "SELECT *\nWHERE { ?subject ?predicate ?object }\nLIMIT 20\n"

_COUNTS: Final = """\
SELECT (COUNT(DISTINCT ?study) AS ?studies) (COUNT(DISTINCT ?fact) AS ?facts)
WHERE { ?fact sme:reportedIn ?study }
"""

_LABELS: Final[Mapping[str, str]] = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV",
    "turtle": "Turtle", "trig": "TriG", "ntriples": "N-Triples", "nquads": "N-Quads",
    "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


def add_pages(app: FastAPI, store: EmbeddedStore, version: str, questions: Path) -> None:
    """Add the pages of a release and what they need; it does not change, so it is asked once."""
    notes = add_contradictions(app, store, version)
    covered = add_coverage(app, questions.parent, version)
    audited = add_audit(app, questions.parent, version)
    asked = load_questions(questions)
    studies, facts = _counts(store)
    desk = Desk(
        title="How do digital platforms help small firms go abroad?",
        lead="smegraph gathers what studies report on this, fact by fact, into one graph that you "
        "can question. Every fact says which study reports it, and where in the study it stands.",
        version=f"Release {version}",
        counts={"studies": studies, "facts": facts, "triples": store.quad_count()},
        more=_more(notes, covered, audited),
        questions=asked,
    )
    add_index(app, desk)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page to ask from shows; `more` is HTML, all else is text."""

    title: str
    lead: str
    version: str
    counts: Mapping[str, int]
    more: str = ""
    questions: Sequence[Question] = ()
    prefixes: bool = True
    union: bool = True


def add_index(app: FastAPI, desk: Desk) -> None:
    """Add the page to ask from, and what it needs."""
    page = _index(desk)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


def _index(desk: Desk) -> str:
    """Return the page as HTML; everything that is not ours is escaped."""
    sample = desk.questions[0].text if desk.questions else _ANY_QUERY
    prefixes = dict(PREFIXES) if desk.prefixes else {}
    known = {"prefixes": prefixes, "base": BASE}
    template = Template((_HERE / "templates" / "index.html").read_text("utf-8"))
    return template.substitute(
        title=escape(desk.title),
        lead=escape(desk.lead),
        version=escape(desk.version),
        counts="".join(_count(name, value) for name, value in desk.counts.items()),
        more=desk.more,
        hint=_hint(desk),
        sample=escape(sample),
        rows=str(sample.count("\n") + 1),
        formats="".join(_option(name) for name in FORMATS),
        questions=_questions(desk.questions),
        prefixes=_prefixes(prefixes),
        # A "<" could close the element, so none is left in it.
        data=json.dumps(known).replace("<", "\\u003c"),
    )


def _count(name: str, value: int) -> str:
    return f"      <div><dt>{escape(name)}</dt><dd>{value:,}</dd></div>\n"


def _hint(desk: Desk) -> str:
    """Return what a query may take for granted here, as HTML."""
    known = "The prefixes listed below need no declaration. " if desk.prefixes else ""
    graph = "<code>GRAPH ?g { … }</code>"
    if desk.union:
        return (
            f"{known}The default graph is the union of all graphs; {graph} tells the sources apart."
        )
    return f"{known}Named graphs are asked with {graph}; the default graph is the stored one."


def _prefixes(prefixes: Mapping[str, str]) -> str:
    if not prefixes:
        return ""
    listed = "".join(_prefix(name, start) for name, start in prefixes.items())
    summary = "<summary>Prefixes</summary>"
    return f'  <details class="prefixes">\n    {summary}\n    <dl>{listed}</dl>\n  </details>\n'


def _more(notes: int, covered: bool, audited: bool) -> str:
    """Return links to the other pages, as far as there is something on them."""
    links = []
    if notes:
        links.append(
            f'<a href="/contradictions">{notes:,} contradictions and gaps in the documents</a>'
        )
    if covered:
        links.append('<a href="/coverage">how much of each study is coded</a>')
    if audited:
        links.append('<a href="/audit">what the audit of the ontology found</a>')
    *first, last = links or [""]
    listed = f"{', '.join(first)} and {last}" if first else last
    return f'<p class="more">See also {listed}.</p>' if links else ""


def _counts(store: EmbeddedStore) -> tuple[int, int]:
    """Return how many studies report facts, and how many facts they report."""
    found = store.query(_COUNTS)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    row = next(found)
    return int(row["studies"].value), int(row["facts"].value)


def _option(name: str) -> str:
    return f'<option value="{escape(name)}">{escape(_LABELS[name])}</option>'


def _prefix(name: str, start: str) -> str:
    return f"<div><dt>{escape(name)}:</dt><dd>{escape(start)}</dd></div>"


def _questions(questions: Sequence[Question]) -> str:
    """Return the questions under their topics; the links work without JavaScript."""
    if not questions:
        return '<p class="quiet">There are none yet. Ask your own.</p>'
    topics = "".join(
        (f"<h3>{escape(heading)}</h3>" if heading else "")
        + f"<ul>{''.join(_question(question) for question in found)}</ul>"
        for heading, found in groupby(questions, lambda question: question.heading)
    )
    return (
        '<div class="questions" tabindex="0" role="group" aria-labelledby="questions">'
        f"{topics}</div>"
    )


def _question(question: Question) -> str:
    address = "/sparql?" + urlencode({"query": question.text, "format": "csv"})
    return (
        f'<li><a href="{escape(address)}" data-query="{escape(question.text)}">'
        f"{escape(question.title)}</a></li>"
    )
