"""The page to ask from: its counts, and its questions by topic."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from smegraph.release.questions import Question
from smegraph.server.pages.ask_page import COUNTS, Counts, QueryPage, Topic, ask_counts, by_topic
from smegraph.server.pages.rendering import STATIC, ask_address
from smegraph.server.pages.site import dataset_site
from tests.server.pages.conftest import Visitor, engine_of, site_of


def filed(name: str, topic: str) -> Question:
    return Question(topic, name, f"{name}?", (), "ASK {}", None)


def test_counts_are_of_studies_facts_statements_and_notes(release: Path, whole: Path) -> None:
    assert asyncio.run(ask_counts(engine_of(release))) == Counts(2, 4, 37, 0)
    assert asyncio.run(ask_counts(engine_of(whole))).notes == 2


def test_the_query_of_the_counts_stands_in_a_file() -> None:
    assert COUNTS.startswith("# How much")
    assert "PREFIX" not in COUNTS


def test_questions_without_topics_are_one_group_in_their_order() -> None:
    found = [filed(name, "") for name in ("b", "a")]
    assert by_topic(found) == (Topic("", tuple(found)),)
    assert by_topic([]) == ()


def test_questions_are_grouped_by_topic_in_their_order() -> None:
    found = [filed("c", "exports"), filed("b", "small-firms"), filed("a", "small-firms")]
    assert by_topic(found) == (
        Topic("Exports", (found[0],)),
        Topic("Small firms", (found[1], found[2])),
    )


def test_topics_are_headings_of_the_list(release: Path) -> None:
    page = QueryPage(title="t", lead="l", questions=[filed("a", "exports"), filed("b", "firms")])
    text = Visitor(dataset_site(page, "", {}, engine_of(release))).get("/").text
    assert text.index("<h3>Exports</h3>") < text.index(">a?</a>") < text.index("<h3>Firms</h3>")


QUERY = "SELECT ?firm ?name { ?firm a sme:Firm ; rdfs:label ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def asking(release: Path) -> Visitor:
    return Visitor(site_of(release))


def test_a_posted_form_leads_to_a_short_address_with_the_answer(asking: Visitor) -> None:
    led = post(asking, urlencode({"query": QUERY}))
    assert led.status_code == 303
    assert led.headers["location"] == ask_address(QUERY)
    text = asking.get(led.headers["location"]).text
    assert '<a class="name" href="/id/firm-cuberdon" title=' in text
    assert "Rows 1 to 3" in text
    assert "SELECT ?firm ?name" in text
    assert "format=csv" in text
    assert "format=turtle" not in text


def test_another_format_leads_to_the_endpoint(asking: Visitor) -> None:
    found = asking.get("/ask?" + urlencode({"query": QUERY, "format": "csv"}))
    assert found.status_code == 303
    assert found.headers["location"].startswith("/sparql?query=SELECT")


def test_rows_come_in_pages(asking: Visitor) -> None:
    query = "SELECT ?s ?t { ?s ?p ?o . ?t ?q ?v }"
    first, second = asking.get(ask_address(query)), asking.get(ask_address(query) + "&page=2")
    assert (first.text.count("<tr>"), second.text.count("<tr>")) == (101, 101)
    assert "Next rows" in first.text
    assert "Previous rows" not in first.text
    assert "Previous rows" in second.text


def test_a_graph_is_told_as_text_and_a_pattern_as_yes(asking: Visitor) -> None:
    graph = asking.get(ask_address("CONSTRUCT WHERE { ?firm a sme:Firm }")).text
    assert "firm-cuberdon" in graph
    assert "format=turtle" in graph
    assert '<p class="verdict">Yes</p>' in asking.get(ask_address("ASK { ?x a sme:Firm }")).text
    assert "Nothing in the graph fits." in asking.get(ask_address("SELECT * { ?x a id:x }")).text


def test_a_fault_is_told_with_its_place_in_the_query_as_it_was_written(asking: Visitor) -> None:
    found = asking.get(ask_address("SELECT * {\n  ?x a sme:Firm ;;; }}"))
    assert found.status_code == 400
    assert "Line 2, column" in found.text
    assert "^</pre>" in found.text


@pytest.mark.parametrize(
    "state", ["page=0&q=cwz2VqiuBQA", "q=%21", "format=odt&query=ASK{}", "x=1"]
)
def test_what_is_unknown_in_an_address_is_refused(asking: Visitor, state: str) -> None:
    assert asking.get(f"/ask?{state}").status_code == 400


def test_no_page_to_ask_from_is_heavy(release: Path) -> None:
    """What /ask loads, compressed: under 220 kB, the editor with it where it is bundled."""
    visitor = Visitor(site_of(release))
    static = ("ask_page.js", "ask_window.js", "ask_views.js", "smegraph.css", "icon.svg")
    bodies = [visitor.get("/ask").content, *((STATIC / name).read_bytes() for name in static)]
    editor = STATIC / "bundled" / "editor.js"
    bodies += [editor.read_bytes()] if editor.is_file() else []
    assert sum(len(gzip.compress(body)) for body in bodies) < 190_000  # and 115 questions


def post(visitor: Visitor, body: str) -> httpx.Response:
    async def posted() -> httpx.Response:
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.post("/ask", content=body)

    return asyncio.run(posted())
