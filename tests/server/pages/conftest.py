"""A small release with a page of each kind, and a visitor of its pages without a network."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from pyoxigraph import NamedNode, RdfFormat, Store
from starlette.types import ASGIApp

from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.namespaces import PREFIXES
from smegraph.server.pages.site import release_site
from smegraph.store import EmbeddedStore
from tests.server.conftest import HEAD, QUESTION, write_release
from tests.server.inprocess import InProcessEngine
from tests.server.pages.evidence_map_release import write_evidence_release
from tests.server.pages.linked_release import write_linked_release
from tests.server.pages.papers_release import write_papers_release
from tests.server.pages.searched_release import write_searched_release

SCRIPT = "<script>alert(1)</script>"

NOTES = f"""
id:work-noted a sme:SourceDocument ; rdfs:label "{SCRIPT} Noted" .
<https://w3id.org/smegraph/vocab/kind/gap> rdfs:label "gap {SCRIPT}" ;
    skos:definition "What is missing. {SCRIPT}" .
<https://w3id.org/smegraph/vocab/kind/doubt> rdfs:label "doubt" .
id:note-turnover a sme:DataQualityNote ; sme:reportedIn id:work-noted ;
    sme:dataQualityKind <https://w3id.org/smegraph/vocab/kind/gap> ;
    sme:statement "The turnover of 2020 is missing. {SCRIPT}" ;
    sme:firstReading "It was not asked. {SCRIPT}" ; sme:locator "Table 1 {SCRIPT}" ;
    sme:charStart 1200 ; sme:charEnd 1250 ;
    sme:aboutResource id:firm-finnish-b , id:firm-noted .
id:firm-noted a sme:Firm ; rdfs:label "Noted {SCRIPT}" .
id:note-year a sme:DataQualityNote ; sme:reportedIn id:work-arnone-deprince ;
    sme:dataQualityKind <https://w3id.org/smegraph/vocab/kind/doubt> ;
    sme:statement "Two years are given." ;
    sme:firstReading "2014" ; sme:secondReading "2015" ; sme:otherLocator "section 2" .
"""

CHECK = Check("oops/P06", f"A circle {SCRIPT}", "error", f"OOPS! {SCRIPT}", f"Break it. {SCRIPT}")
MEANT = Check("oops/P13", f"No inverse {SCRIPT}", "info", "OOPS!", "Name it.")
REPORT = Report(
    f"https://w3id.org/smegraph/ontology{SCRIPT}",
    f"0.1.0 {SCRIPT}",
    False,
    [
        Outcome(CHECK, (Finding(CHECK.name, "error", SCRIPT, SCRIPT, SCRIPT),)),
        Outcome(MEANT, (Finding(MEANT.name, "info", SCRIPT, explained=SCRIPT),)),
        Outcome(Check("robot/x", SCRIPT, "error", SCRIPT, SCRIPT), skipped=SCRIPT),
    ],
)

COVERAGE = {
    "studies": [
        {
            "study": "one", "label": f"One {SCRIPT}", "source": {"file": SCRIPT, "sha256": "cd"},
            "length": 200, "contentPercent": 53.3, "codedPercent": 66.7, "problems": [],
            "parts": [
                {
                    "label": SCRIPT, "depth": 5, "state": SCRIPT, "characters": 150,
                    "contentPercent": 53.3, "codedPercent": 66.7, "paragraphs": 2,
                    "paragraphsWithContent": 1,
                    "open": [{"start": 10, "end": 90, "characters": 70, "sha256": SCRIPT}],
                }
            ],
        },
        {
            "study": "two", "label": "Two", "source": {"file": "b.txt", "sha256": "ef"},
            "problems": [{"message": f"It is lost. {SCRIPT}", "remedy": SCRIPT}],
        },
    ]
}  # fmt: skip


class Outline(HTMLParser):
    """The headings, articles, links and scripts of a page, its tags and names of attributes.

    `loaded` holds the addresses of style sheets, icons, images and forms.
    `main` holds the addresses of the main navigation, `current` those of links that are marked as
    the page that one is on.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.articles: list[str] = []
        self.links: list[str] = []
        self.current: list[str] = []
        self.main: list[str] = []
        self.scripts: list[str] = []
        self.loaded: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self._in_main_navigation = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.attributes |= found.keys()
        self.tags[tag] += 1
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if tag == "article":
            self.articles.append(found["id"] or "")
        if tag == "script":
            self.scripts.append(found.get("src") or found.get("type") or "")
        if tag in ("link", "img", "form"):
            self.loaded += [
                found[name] or "" for name in ("href", "src", "action") if name in found
            ]
        if tag == "nav":
            self._in_main_navigation = found.get("aria-label") == "Main"
        if tag == "a":
            self._link(found.get("href") or "", found.get("aria-current") == "page")

    def handle_endtag(self, tag: str) -> None:
        if tag == "nav":
            self._in_main_navigation = False

    def _link(self, address: str, is_current: bool) -> None:
        self.links.append(address)
        if self._in_main_navigation:
            self.main.append(address)
        if is_current:
            self.current.append(address)


class Visitor:
    """Asks an application for its pages, each time from an event loop of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(
        self, path: str, method: str = "GET", *, follow: bool = False, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
                return await http.request(method, path, headers=named, follow_redirects=follow)

        return asyncio.run(asked())

    def outline(self, path: str) -> Outline:
        response = self.get(path)
        assert response.status_code == 200, response.text
        return Outline(response.text)


Visit: TypeAlias = Callable[[Path], Visitor]


def engine_of(release: Path) -> InProcessEngine:
    return InProcessEngine(EmbeddedStore(release / "store"))


def site_of(release: Path) -> FastAPI:
    return release_site(release, engine_of(release))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with notes, an audit and coverage, where all that is said holds a script."""
    folder = write_release(tmp_path_factory.mktemp("whole"))
    store = Store(str(folder / "store"))
    graph = NamedNode(PREFIXES["graph"] + "notes")
    store.load(HEAD + NOTES, format=RdfFormat.TURTLE, to_graph=graph)
    store.flush()
    del store
    (folder / "audit.json").write_text(REPORT.as_json(), "utf-8")
    (folder / "coverage.json").write_text(json.dumps(COVERAGE), "utf-8")
    (folder / "manifest.json").write_text(json.dumps({"version": SCRIPT}), "utf-8")
    evil = QUESTION.replace("three", SCRIPT).replace("<b>", SCRIPT)
    (folder / "questions" / "firms.rq").write_text(evil, "utf-8")
    return folder


@pytest.fixture(scope="session")
def visitor(whole: Path) -> Visitor:
    """A visitor of that release's pages."""
    return Visitor(site_of(whole))


@pytest.fixture(scope="session")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with an ontology, a vocabulary, a study with places, and what describes them."""
    return write_linked_release(tmp_path_factory.mktemp("linked"))


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of findings whose counts can be done by hand."""
    return write_evidence_release(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="session")
def papers_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with works, what they study and find, and firms on platforms."""
    return write_papers_release(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="session")
def papers(papers_release: Path) -> Visitor:
    """A visitor of that release's pages."""
    return Visitor(site_of(papers_release))


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with things of each kind, and facts that join them."""
    return write_searched_release(tmp_path_factory.mktemp("searched"))
