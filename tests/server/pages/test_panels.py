"""What pages of things tell by the kind of the thing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.namespaces import ID, VOC
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.panels import Panel, ask_panel
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import Visitor, engine_of


@record
class _Number:
    number: int


@pytest.fixture(scope="module")
def engine(papers_release: Path) -> InProcessEngine:
    return engine_of(papers_release)


def panel_of(engine: InProcessEngine, iri: str) -> Panel | None:
    return asyncio.run(ask_panel(engine, Lookup(engine), iri))


def told(panel: Panel | None) -> dict[str, list[str]]:
    assert panel is not None
    return {line.title: [value.label for value in line.values] for line in panel.told}


def test_work_tells_its_record_findings_and_who_cites_it(engine: InProcessEngine) -> None:
    li = panel_of(engine, f"{ID}work-li")
    assert told(li)["Authors"] == ["Li, W.", "Berg, A."]
    assert told(li)["DOI"] == ["10.1000/li"]
    assert li is not None
    assert [(one.basis, one.findings, one.hedged) for one in li.findings] == [
        ("literature statement", 2, 1)
    ]
    old = panel_of(engine, f"{ID}work-old")
    assert old is not None
    places = {one.study.label: [place.label for place, *_ in one.places] for one in old.citations}
    assert places == {
        "Cases <i>of</i> firms": ["Results"], "Review (2024)": ["Introduction", "Method"],
    }  # fmt: skip
    asked = asyncio.run(
        ask(engine, f"SELECT (COUNT(?c) AS ?number) {{ ?c sme:citedWork <{ID}work-old> }}", _Number)
    )
    assert old.cited == asked[0].number


def test_firm_tells_its_channels_and_findings(engine: InProcessEngine) -> None:
    panel = panel_of(engine, f"{ID}firm-b")
    assert told(panel)["Does not use"] == ["any channel", "LinkedIn"]
    assert told(panel)["Plans to use"] == ["blog"]
    firm = panel_of(engine, f"{ID}firm-a")
    assert firm is not None
    assert {one.basis: one.findings for one in firm.findings} == {
        "literature statement": 3, "primary data": 1,
    }  # fmt: skip


def test_platform_tells_types_users_and_functions(engine: InProcessEngine) -> None:
    found = told(panel_of(engine, f"{ID}channel-linkedin"))
    assert found["Types"] == ["interaction and reach platform", "social media platform"]
    assert found["Used by"] == ["Firm A"]
    assert found["Not used by"] == ["Firm B"]
    assert found["For"] == ["sales"]


@pytest.mark.parametrize(
    ("iri", "papers"),
    [
        (f"{ID}person-berg", ["Berg (2022)", "Li & Berg (2020)"]),
        (f"{ID}place-china", ["Li & Berg (2020)"]),
        (f"{VOC}uppsala-model", ["Li & Berg (2020)"]),
        (f"{VOC}case-study", ["Berg (2022)", "Cases <i>of</i> firms"]),
    ],
)
def test_papers_of_a_person_a_place_a_theory_a_method(
    engine: InProcessEngine, iri: str, papers: list[str]
) -> None:
    panel = panel_of(engine, iri)
    assert panel is not None
    assert [paper.label for paper, _ in panel.papers] == papers


def test_place_tells_its_firms(engine: InProcessEngine) -> None:
    found = told(panel_of(engine, f"{ID}place-china"))
    assert found == {
        "Firms that are based here": ["Firm B"], "Firms that sell here": ["Firm A"],
    }  # fmt: skip


@pytest.mark.parametrize("iri", [f"{VOC}trust", f"{ID}c1", "https://example.org/a"])
def test_kind_without_a_panel_has_none(engine: InProcessEngine, iri: str) -> None:
    assert panel_of(engine, iri) is None


def test_page_of_a_thing_shows_its_panel_escaped(papers: Visitor) -> None:
    page = papers.get("/id/work-old.html").text
    assert "Cited at 3 places in 2 documents" in page
    assert "Cases &lt;i&gt;of&lt;/i&gt; firms" in page
    assert 'href="/findings?work=work-li&amp;basis=literature-statement"' in (
        papers.get("/id/work-li.html").text
    )
    assert "At a glance" not in papers.get("/vocab/trust.html").text
