"""Show people what the graph holds and let them ask it: the page at `/`, and the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

import pyoxigraph
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from smegraph.prefixes import BASE, PREFIXES
from smegraph.questions import Question, load_questions
from smegraph.server.audit_page import add_audit
from smegraph.server.contradictions import add_contradictions
from smegraph.server.coverage import add_coverage
from smegraph.store.embedded import EmbeddedStore
from smegraph.store.results import FORMATS

_HERE: Final = Path(__file__).parent

_ANY_QUERY: Final = "SELECT *\nWHERE { ?subject ?predicate ?object }\nLIMIT 20\n"

_COUNTS: Final = """\
SELECT (COUNT(DISTINCT ?study) AS ?studies) (COUNT(DISTINCT ?fact) AS ?facts)
WHERE { ?fact sme:reportedIn ?study }
"""

_LABELS: Final[Mapping[str, str]] = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV",
    "turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


def add_pages(app: FastAPI, store: EmbeddedStore, version: str, questions: Path) -> None:
    """Add the pages and what they need; a release does not change, so it is asked once."""
    notes = add_contradictions(app, store, version)
    covered = add_coverage(app, questions.parent, version)
    audited = add_audit(app, questions.parent, version)
    more = _more(notes, covered, audited)
    page = _index(store, version, load_questions(questions), more)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


def _index(store: EmbeddedStore, version: str, questions: list[Question], more: str) -> str:
    """Return the page as HTML; everything that is not ours is escaped."""
    studies, facts = _counts(store)
    sample = questions[0].text if questions else _ANY_QUERY
    known = {"prefixes": dict(PREFIXES), "base": BASE}
    template = Template((_HERE / "templates" / "index.html").read_text("utf-8"))
    return template.substitute(
        version=escape(version),
        studies=f"{studies:,}",
        facts=f"{facts:,}",
        triples=f"{store.quad_count():,}",
        more=more,
        sample=escape(sample),
        rows=str(sample.count("\n") + 1),
        formats="".join(_option(name) for name in FORMATS),
        questions=_questions(questions),
        prefixes="".join(_prefix(name, start) for name, start in PREFIXES.items()),
        # A "<" could close the element, so none is left in it.
        data=json.dumps(known).replace("<", "\\u003c"),
    )


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


def _questions(questions: list[Question]) -> str:
    """Return the list of questions; its links work without JavaScript."""
    if not questions:
        return '<p class="quiet">This release brings no questions.</p>'
    items = "".join(
        f'<li><a href="/sparql?{escape(urlencode({"query": found.text, "format": "csv"}))}"'
        f' data-query="{escape(found.text)}">{escape(found.title)}</a></li>'
        for found in questions
    )
    return f'<ol class="questions" tabindex="0" aria-labelledby="questions">{items}</ol>'
