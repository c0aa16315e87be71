"""The page `/search`: things, facts that join them, and what is said where nothing does."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from smegraph.server.pages.search import RELEASE
from tests.server.pages.conftest import SCRIPT, Outline, Visitor, site_of


@pytest.fixture(scope="module")
def visitor(searched: Path) -> Visitor:
    return Visitor(site_of(searched))


def rows(visitor: Visitor, q: str, more: str = "") -> list[tuple[str, str]]:
    found = visitor.get(f"/search.json?q={quote(q)}{more}").json()["rows"]
    return [(row["found"], row["label"]) for row in found]


def facts(visitor: Visitor, q: str, more: str = "") -> list[str]:
    return [label for found, label in rows(visitor, q, more) if found == "fact"]


def text(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address, accept="text/html")
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


def test_words_lead_to_things_and_to_the_facts_that_join_them(visitor: Visitor) -> None:
    found = rows(visitor, "LinkedIn trust")
    assert ("thing", "LinkedIn") in found
    assert ("thing", "trust") in found
    assert found[-1] == ("fact", "It says raises.")
    page = text(visitor, "/search?q=LinkedIn+trust")
    assert 'href="/id/linkedin"' in page
    assert "Facts that join them" in page
    assert "primary data" in page
    assert "Results" in page


def test_a_misspelt_word_is_taken_for_the_nearest_and_that_is_said(visitor: Visitor) -> None:
    assert ("thing", "LinkedIn") in rows(visitor, "linkdin")
    page = text(visitor, "/search?q=linkdin")
    assert "No name has “linkdin”; shown is what has <strong>linkedin</strong>" in page


def test_phrases_of_several_words(visitor: Visitor) -> None:
    assert facts(visitor, "digital capability export performance") == ["It says digital."]


def test_a_work_by_author_and_year_with_what_cites_it(visitor: Visitor) -> None:
    assert rows(visitor, "Johanson Vahlne 1977")[0] == ("thing", "Johanson & Vahlne (1977)")
    cited = facts(visitor, "Johanson Vahlne 1977", "&kind=citation")
    assert cited == ["Citation of Johanson & Vahlne (1977)"]


def test_where_nothing_joins_them_each_is_shown(visitor: Visitor) -> None:
    page = text(visitor, "/search?q=psychic+distance+China")
    assert "No fact joins them" in page
    assert "It says far." in page
    assert "On China" in page
    assert facts(visitor, "psychic distance China") == []


def test_where_not_all_are_joined_most_of_them_are(visitor: Visitor) -> None:
    page = text(visitor, "/search?q=LinkedIn+trust+China")
    assert "Facts that join 2 of them" in page
    assert "No fact joins all of <strong>LinkedIn</strong>, <strong>trust</strong> and" in page


def test_facts_are_chosen_by_what_they_rest_on(visitor: Visitor) -> None:
    assert facts(visitor, "trust", "&basis=literature-statement") == ["It says far."]
    assert facts(visitor, "China", "&hedged=yes") == ["On China"]
    assert facts(visitor, "export", "&wanted=wanted&kind=finding") == [
        "It says digital.", "It says raises.",
    ]  # fmt: skip
    assert "It says again." in facts(visitor, "trust", "&restated=yes")
    assert "It says again." not in facts(visitor, "trust")


def test_things_of_one_kind_are_shown_alone(visitor: Visitor) -> None:
    assert rows(visitor, "trust", "&of=construct") == [
        ("thing", "trust"),
        ("thing", "mutual trust"),
    ]
    assert "All kinds, and the facts" in text(visitor, "/search?q=trust&of=construct")


@pytest.mark.parametrize("q", ["qwertzuiop", '" * ^ (', "'; DROP TABLE x --", "a" * 4000, "\x00"])
def test_what_is_not_there_is_said(visitor: Visitor, q: str) -> None:
    assert "Nothing was found" in text(visitor, f"/search?q={quote(q)}")


def test_a_name_that_is_a_little_alike_is_offered(visitor: Visitor) -> None:
    assert ">linkedin</a>" in text(visitor, "/search?q=linkxx")


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=%20"])
def test_an_empty_search_says_what_to_write(visitor: Visitor, address: str) -> None:
    page = text(visitor, address)
    assert "<h1>Search" in page
    assert visitor.get(address.replace("/search", "/search.json")).json()["rows"] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search?q=x&basi=primary-data", 'Did you mean "basis"?'),
        ("/search?q=trust&basis=primary", 'Did you mean "primary-data"?'),
        ("/search?q=trust&kind=findings", 'Did you mean "finding"?'),
        ("/search?q=trust&of=works", 'Did you mean "work"?'),
        ("/search?q=trust&page=0", "is no page"),
        ("/search?q=trust&page=99", "There is no page 99"),
        ("/search?q=trust&of=construct&page=9", "There is no page 9"),
        ("/search?q=trust&restated=no", "restated=yes"),
    ],
)
def test_wrong_parameters_are_told_with_what_is_right(
    visitor: Visitor, address: str, said: str
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_what_was_typed_and_what_is_found_are_escaped(visitor: Visitor) -> None:
    page = visitor.get(f"/search?q={quote(SCRIPT + ' torres')}").text
    assert SCRIPT not in page
    assert "<b>firm</b>" not in page
    assert Outline(page).scripts == ["/static/ask.js"]


def test_the_same_rows_are_there_as_csv(visitor: Visitor) -> None:
    answer = visitor.get("/search.csv?q=LinkedIn")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("found,kind,iri,label,")


def test_the_box_is_on_every_page_and_keeps_what_was_typed(visitor: Visitor) -> None:
    for path in ("/", "/findings", "/search?q=trust"):
        page = text(visitor, path)
        assert '<form class="search" role="search" method="get" action="/search">' in page
    assert 'name="q" value="trust"' in text(visitor, "/search?q=trust")


def test_every_link_of_a_search_leads_somewhere(visitor: Visitor) -> None:
    for address in ("/search?q=LinkedIn+trust", "/search?q=psychic+distance+China"):
        for link in {*visitor.outline(address).links}:
            if link.startswith("/") and urlsplit(link).path not in ("/sparql", "/health"):
                answer = visitor.get(link, follow=True, accept="text/html")
                assert answer.status_code == 200, link


def test_tables_are_those_of_a_release() -> None:
    assert RELEASE.coded
    assert RELEASE.asked.startswith("# The facts that a search shows.")
