"""The start page: search, errands, counts by basis, and ways to what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.namespaces import ID
from smegraph.server.pages.layout import Link
from smegraph.server.pages.start import PATH, errands, ways
from tests.server.pages.conftest import Outline, Visitor, site_of


@pytest.fixture(scope="module")
def visitor(searched: Path) -> Visitor:
    return Visitor(site_of(searched))


def test_it_has_the_search_and_the_errands_that_it_can_answer(visitor: Visitor) -> None:
    found = visitor.outline(PATH)
    assert found.loaded.count("/search") == 2  # in the header, and large
    assert "/search?q=LinkedIn+trust" in found.links
    assert sum(link.startswith("/search?q=") for link in found.links) == 3
    assert "/papers?country=place-china" in found.links
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1


def test_an_errand_is_offered_where_it_can_be_answered() -> None:
    words = ["/search?q=LinkedIn+trust", "/search?q=digital+capability+export+performance"]
    assert [address for _, address in errands({"work", "platform-use"})] == words
    known = {"work", "platform-use", ID + "channel-facebook", ID + "place-china"}
    assert {address for _, address in errands(known)} - {*words} == {
        "/platforms?channel=channel-facebook", "/papers?country=place-china",
    }  # fmt: skip


def test_what_is_there_is_counted(visitor: Visitor) -> None:
    text = visitor.get(PATH).text
    assert "<dt>works named in them</dt><dd>3</dd>" in text
    assert "<dt>constructs</dt><dd>6</dd>" in text
    rows = visitor.get(f"{PATH}.json").json()["rows"]
    assert {"basis": "all", "what": "firms", "count": 4} in rows


def test_it_leads_only_to_pages_that_are_there(visitor: Visitor) -> None:
    page = Outline(visitor.get(PATH).text)
    for link in {link for link in page.links if link.startswith("/") and "?" not in link}:
        if link != "/health":
            assert visitor.get(link, follow=True, accept="text/html").status_code == 200, link


def test_ways_are_told_in_words_and_this_page_is_none_of_them() -> None:
    links = [Link(PATH, "Start"), Link("/ask", "Ask"), Link("/new", "New")]
    assert ways(links) == [
        (links[1], "questions of your own, in SPARQL"), (links[2], ""),
    ]  # fmt: skip
