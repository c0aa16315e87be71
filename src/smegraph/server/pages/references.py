"""Works as BibTeX, RIS and CSL-JSON, for whoever cites what a page shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from smegraph.bibliography.export import as_text, cited
from smegraph.bibliography.mapping import Mapping
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.server.engine.engine import Engine, QueryRequest
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import read_answer
from smegraph.server.pages.documents import Form

REFERENCE_FORMS: Final = {
    "bib": Form("bib", "application/x-bibtex; charset=utf-8", name="bibtex"),
    "ris": Form("ris", "application/x-research-info-systems; charset=utf-8", name="ris"),
    "csl": Form("csl", "application/vnd.citationstyles.csl+json", name="csl"),
}
"""The forms in which works can be cited, by the suffix of their address."""


class _Asked:
    """Answers SELECT queries in a thread, by an engine that lives in an event loop."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self._engine, self._loop = engine, loop

    def solutions(self, text: str) -> Iterable[QuerySolution]:
        """Return the answer to a SELECT query; raises EngineError."""
        body = asyncio.run_coroutine_threadsafe(self._answer(text), self._loop).result()
        found = parse_query_results(body, QueryResultsFormat.JSON)
        assert isinstance(found, QuerySolutions)
        return found

    async def _answer(self, text: str) -> bytes:
        return await read_answer(await self._engine.answer(QueryRequest(text)))


async def references(engine: Engine, works: Iterable[str], form: Form) -> str:
    """Return some works in one of `REFERENCE_FORMS`, in the order of their keys.

    Raises EngineError, and HttpProblem where the service has no ontology to read fields by.
    """
    asked = _Asked(engine, asyncio.get_running_loop())
    return await asyncio.to_thread(_written, asked, [*works], form)


def _written(asked: _Asked, works: list[str], form: Form) -> str:
    try:
        ontology = Ontology.load(ontology_dir())
        mapping = Mapping.read(ontology, Schema.read(ontology))
    except OntologyError as error:
        raise HttpProblem("not-found", f"References cannot be written here: {error}") from error
    return as_text(cited(asked, works, mapping), form.name, mapping)
