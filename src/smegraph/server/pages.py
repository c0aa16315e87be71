"""Show people what the graph holds and let them ask it: the page at `/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
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
from smegraph.store.embedded import EmbeddedStore
from smegraph.store.results import FORMATS

_HERE: Final = Path(__file__).parent

SAMPLE: Final = """\
# Export intensity of each firm in each year
SELECT ?firm ?year (ROUND(100 * ?exports / ?turnover) AS ?percent)
WHERE {
  ?fact sme:ofFirm/rdfs:label ?firm ;
        sme:year ?year ;
        sme:exports ?exports ;
        sme:turnover ?turnover .
}
ORDER BY ?firm ?year
"""

_COUNTS: Final = """\
SELECT (COUNT(DISTINCT ?study) AS ?studies) (COUNT(DISTINCT ?fact) AS ?facts)
WHERE { ?fact sme:reportedIn ?study }
"""

_LABELS: Final[Mapping[str, str]] = {
    "json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV",
    "turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question: what it asks in words and in SPARQL."""

    title: str
    query: str


def add_pages(app: FastAPI, store: EmbeddedStore, version: str, questions: Path) -> None:
    """Add the page and what it needs; a release does not change, so it is rendered once."""
    page = _index(store, version, read_questions(questions))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


_TITLE: Final = re.compile(r"^#\s*title:\s*(.+?)\s*$", re.MULTILINE)


def read_questions(folder: Path) -> list[Question]:
    """Return the questions of a folder's `*.rq` files, in the order of their names.

    The title stands in the comments at the head as `# title: …`; without one the file's name
    serves.
    """
    return [_question(path) for path in sorted(folder.glob("*.rq"))]


def _question(path: Path) -> Question:
    """Read one question; its leading comments stay out of the box but for what they explain."""
    text = path.read_text("utf-8")
    title = _TITLE.search(text)
    query = _TITLE.sub("", text, count=1).strip() + "\n"
    return Question(title[1] if title else path.stem.replace("-", " "), query)


def _index(store: EmbeddedStore, version: str, questions: list[Question]) -> str:
    """Return the page as HTML; everything that is not ours is escaped."""
    studies, facts = _counts(store)
    known = {"prefixes": dict(PREFIXES), "base": BASE}
    template = Template((_HERE / "templates" / "index.html").read_text("utf-8"))
    return template.substitute(
        version=escape(version),
        studies=f"{studies:,}",
        facts=f"{facts:,}",
        triples=f"{store.quad_count():,}",
        sample=escape(SAMPLE),
        rows=str(SAMPLE.count("\n") + 1),
        formats="".join(_option(name) for name in FORMATS),
        questions=_questions(questions),
        prefixes="".join(_prefix(name, start) for name, start in PREFIXES.items()),
        # A "<" could close the element, so none is left in it.
        data=json.dumps(known).replace("<", "\\u003c"),
    )


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
        f'<li><a href="/sparql?{escape(urlencode({"query": found.query, "format": "csv"}))}"'
        f' data-query="{escape(found.query)}">{escape(found.title)}</a></li>'
        for found in questions
    )
    return f'<ol class="questions">{items}</ol>'
