"""The site: the pages that a release or a dataset has, put together as one FastAPI application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from smegraph.export.listing import PATH as DATA
from smegraph.export.listing import data_files
from smegraph.release.questions import load_questions
from smegraph.release_files import AUDIT, COVERAGE, MANIFEST, STORE, stated_version
from smegraph.server.endpoints.refusals import problem_of
from smegraph.server.engine.engine import Engine
from smegraph.server.engine.errors import EngineError
from smegraph.server.exports.maker import ExportLimits, ExportMaker
from smegraph.server.http.base_path import path_of
from smegraph.server.http.headers import StandardHeaders
from smegraph.server.http.problems import (
    KINDS,
    HttpProblem,
    http_error,
    problem_of_http,
    unexpected_error,
)
from smegraph.server.pages.about import ABOUT, GLOSSARY, add_about
from smegraph.server.pages.any_thing import add_any_thing
from smegraph.server.pages.ask_page import PATH as ASK
from smegraph.server.pages.ask_page import QueryPage, add_ask, ask_counts
from smegraph.server.pages.asking import Kept, UnionOf
from smegraph.server.pages.audit import add_audit
from smegraph.server.pages.changes import add_changes
from smegraph.server.pages.classes import PATH as CLASSES
from smegraph.server.pages.classes import add_classes
from smegraph.server.pages.construct import add_construct
from smegraph.server.pages.constructs import PATH as CONSTRUCTS
from smegraph.server.pages.constructs import add_constructs
from smegraph.server.pages.contradictions import PATH as CONTRADICTIONS
from smegraph.server.pages.contradictions import add_contradictions
from smegraph.server.pages.coverage import add_coverage
from smegraph.server.pages.data import add_data
from smegraph.server.pages.direction import PATH as DIRECTION
from smegraph.server.pages.direction import add_direction
from smegraph.server.pages.disagreements import PATH as DISAGREEMENTS
from smegraph.server.pages.disagreements import add_disagreements
from smegraph.server.pages.documents import wants_page
from smegraph.server.pages.errors import ReleaseUnreadable
from smegraph.server.pages.evidence import PATH as EVIDENCE
from smegraph.server.pages.evidence import add_evidence
from smegraph.server.pages.finding_list import PATH as FINDINGS
from smegraph.server.pages.finding_list import add_finding_list
from smegraph.server.pages.layout import Layout, Link
from smegraph.server.pages.linked import ONTOLOGY_PATH, add_linked
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.meta import add_meta
from smegraph.server.pages.papers import PATH as PAPERS
from smegraph.server.pages.papers import add_papers
from smegraph.server.pages.platforms import FIRMS_PATH as FIRMS
from smegraph.server.pages.platforms import PATH as PLATFORMS
from smegraph.server.pages.platforms import add_platforms
from smegraph.server.pages.problems import add_problems
from smegraph.server.pages.questions import PATH as QUESTIONS
from smegraph.server.pages.questions import add_questions
from smegraph.server.pages.rendering import STATIC
from smegraph.server.pages.search import ANY_DATASET, add_search
from smegraph.server.pages.start import add_start
from smegraph.server.pages.studies import PATH as STUDIES
from smegraph.server.pages.studies import add_studies
from smegraph.studies.passages import find_sources
from smegraph.version import __version__

_ASK: Final = Link(ASK, "Ask")
_CLASSES: Final = Link(CLASSES, "Classes")
_QUESTIONS: Final = Link(QUESTIONS, "Questions")
_DATA: Final = Link(DATA, "Data")
_ONTOLOGY: Final = Link(ONTOLOGY_PATH, "Ontology")
_CONTRADICTIONS: Final = Link(CONTRADICTIONS, "Contradictions")
_OF_STUDIES: Final = (  # what there is where a study reports something
    Link(EVIDENCE, "Evidence map"),
    Link(CONSTRUCTS, "Constructs"),
    Link(DIRECTION, "Directions"),
    Link(PAPERS, "Papers"),
    Link(PLATFORMS, "Platforms"),
)
_BELOW: Final = (  # likewise, at the foot of each page
    Link(STUDIES, "Studies"),
    Link(FIRMS, "Firms"),
    Link(FINDINGS, "Findings"),
    Link(DISAGREEMENTS, "Disagreements"),
)
_REPORTS: Final = (
    (COVERAGE, Link("/coverage", "Coverage"), add_coverage),
    (AUDIT, Link("/audit", "Audit"), add_audit),
)


def release_site(
    release: Path,
    engine: Engine,
    *,
    union: bool = True,
    base_url: str | None = None,
    sources: Path | None = None,
    limits: ExportLimits | None = None,
) -> FastAPI:
    """Return the pages of a release: its questions, contradictions, coverage and audit.

    The folder holds `store/`, `manifest.json` (with the key "version") and `questions/*.rq`. What
    the pages show of the graph they ask of the engine, once, when it is first wanted; `union` says
    whether its default graph is the union of all graphs, `base_url` at which address clients see
    the site, `sources` where the documents lie whose passages are shown, and `limits` what exports
    may take.

    Raises ReleaseUnreadable with what is missing and what would do.
    """
    version, documents = _version(release), _documents(sources)
    asked = engine if union else UnionOf(engine)
    app, counts = _bare(version, base_url), Kept(lambda: ask_counts(asked))
    reports = [found for found in _REPORTS if (release / found[0]).is_file()]

    data = [_DATA] if data_files(release) else []
    questions = load_questions(release / "questions")
    asked_before = [_QUESTIONS] if questions else []

    async def links() -> list[Link]:
        found = await counts.get()
        return [*(_OF_STUDIES if found.studies else ()), *asked_before, _ASK, *data]

    async def below() -> list[Link]:
        found = await counts.get()
        notes = [_CONTRADICTIONS] if found.notes else []
        ontology = [_ONTOLOGY] if found.ontologies else []
        reported = (link for _, link, _ in reports)
        of_studies = _BELOW if found.studies else ()
        return [*of_studies, *notes, *ontology, *reported, GLOSSARY, ABOUT]

    async def shown() -> dict[str, int]:
        found = await counts.get()
        return {"studies": found.studies, "facts": found.facts, "triples": found.triples}

    layout = Layout(f"Release {version}", links, path_of(base_url), below)
    page = QueryPage(
        title="How do digital platforms help small firms go abroad?",
        lead="smegraph gathers what studies report on this, fact by fact, into one graph that you "
        "can question. Every fact says which study reports it, and where in the study it stands.",
        questions=questions,
        union=union,
        pages=True,
    )
    _tell_people(app, layout)
    lookup = Lookup(asked)
    add_ask(app, layout, page, shown, engine, lookup, is_first=False)
    add_questions(app, layout, asked, questions)
    add_finding_list(app, layout, asked, lookup)
    add_about(app, layout, asked)
    add_evidence(app, layout, asked, lookup)
    add_papers(app, layout, asked, lookup)
    add_search(app, layout, asked, lookup)
    add_start(app, layout, asked, lookup)
    add_construct(app, layout, asked, lookup)
    add_constructs(app, layout, asked, lookup)
    add_platforms(app, layout, asked, lookup)
    add_studies(app, layout, asked, lookup, release)
    add_disagreements(app, layout, asked, lookup)
    add_direction(app, layout, asked, lookup)
    add_meta(app, layout, asked, lookup)
    add_contradictions(app, layout, asked)
    add_data(app, layout, release, version, ExportMaker(asked, version, limits or ExportLimits()))
    add_changes(app, layout, asked, release)
    add_linked(app, layout, asked, release, base_url, documents, lookup)
    add_problems(app, layout)
    for name, _, add in reports:
        add(app, layout, release / name)
    return app


def dataset_site(
    page: QueryPage,
    version: str,
    counts: Mapping[str, int],
    engine: Engine,
    *,
    base_url: str | None = None,
) -> FastAPI:
    """Return the pages of a dataset that is no release.

    There is one to ask from, a search over its labels, a page for each thing, and its classes and
    properties.
    """
    asked = engine if page.union else UnionOf(engine)

    async def links() -> list[Link]:
        return [_ASK, _CLASSES]

    async def shown() -> Mapping[str, int]:
        return counts

    app, layout = _bare(version, base_url), Layout(version, links, path_of(base_url))
    _tell_people(app, layout)
    lookup = Lookup(asked)
    add_ask(app, layout, page, shown, engine, lookup)
    add_problems(app, layout)
    add_search(app, layout, asked, lookup, ANY_DATASET)
    add_any_thing(app, layout, asked, lookup)
    add_classes(app, layout, asked, lookup)
    return app


def _bare(version: str, base_url: str | None) -> FastAPI:
    """Return an application without pages, which answers every failure as a problem."""
    app = FastAPI(
        title="smegraph",
        version=version or __version__,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": base_url}] if base_url else None,
        root_path_in_servers=False,
    )
    app.add_middleware(StandardHeaders)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(HttpProblem, _refused)
    app.add_exception_handler(EngineError, _unanswered)
    app.add_exception_handler(Exception, unexpected_error)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=1024))
    return app


def _tell_people(app: FastAPI, layout: Layout) -> None:
    """Answer what goes wrong in a page to who asks for one."""

    async def told(request: Request, problem: HttpProblem) -> Response:
        if not wants_page(request, None) or request.url.path.endswith((".csv", ".json", ".svg")):
            return problem.response()
        text = await layout.render(
            "problem.html", "", problem=problem, title=KINDS[problem.kind][1]
        )
        headers = {"Cache-Control": "no-store", **problem.headers}
        return Response(text, problem.status, headers, "text/html")

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HttpProblem)
        return await told(request, error)

    async def no_page(request: Request, error: Exception) -> Response:
        return await told(request, problem_of_http(request, error))

    app.add_exception_handler(HttpProblem, refused)
    app.add_exception_handler(HTTPException, no_page)


async def _refused(request: Request, error: Exception) -> Response:
    """Say what is wrong with a request for a page."""
    assert isinstance(error, HttpProblem)
    return error.response()


async def _unanswered(request: Request, error: Exception) -> Response:
    """Say why the graph could not be asked what a page shows."""
    assert isinstance(error, EngineError)
    return problem_of(error).response()


def _documents(folder: Path | None) -> dict[str, Path]:
    """Return the documents of a folder, by file name."""
    if folder is None:
        return {}
    try:
        return find_sources(folder)
    except OSError as error:
        raise ReleaseUnreadable(
            f"{folder} holds no documents ({error.strerror}). The folder of the files that were "
            "coded would be right."
        ) from error


def _version(release: Path) -> str:
    """Return the version that the release's manifest states."""
    manifest, store = release / MANIFEST, release / STORE
    try:
        version = stated_version(release)
    except (OSError, ValueError) as error:
        raise ReleaseUnreadable(
            f"{manifest} does not say which version this is ({error!r}). Run `smegraph build`."
        ) from error
    if not store.is_dir():
        raise ReleaseUnreadable(f"{store} is no Oxigraph store. Run `smegraph build`.")
    return version
