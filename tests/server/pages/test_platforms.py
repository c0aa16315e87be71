"""The pages on platforms and firms."""

from __future__ import annotations

import csv
import io

import pytest

from tests.server.pages.conftest import Visitor


def test_matrix_tells_use_non_use_and_plan_apart(papers: Visitor) -> None:
    page = papers.get("/platforms").text
    for words in ("uses", "plans to use", "does not use"):
        assert f'<span class="hidden">{words}</span>' in page
    assert "any channel" in page
    assert "primary data</span> 5 facts of 1 document" in page
    assert "Cases &lt;i&gt;of&lt;/i&gt; firms" in page


def test_cell_leads_to_its_facts(papers: Visitor) -> None:
    address = "/platforms?firm=firm-a&kind=use&channel=channel-linkedin"
    assert f"{address}#facts".replace("&", "&amp;") in papers.get("/platforms").text
    page = papers.get(address).text
    assert page.count("Firm A uses LinkedIn") == 2
    assert 'Where it is said <span class="count">2</span>' in page
    rows = list(csv.DictReader(io.StringIO(papers.get(address.replace("?", ".csv?")).text)))
    assert [row["place"] for row in rows] == ["Table 2", "Results"]


def test_matrix_has_one_row_for_a_channel_and_all_around_an_opened_cell(papers: Visitor) -> None:
    def rows(choice: str) -> int:
        return papers.get(f"/platforms?{choice}").text.count('<th scope="row">')

    every = rows("")
    assert every > rows("channel=channel-linkedin") == 1
    assert rows("channel=channel-linkedin&firm=firm-a") == every


def test_matrix_is_narrowed_by_type_of_platform(papers: Visitor) -> None:
    page = papers.get("/platforms?type=interaction-and-reach-platform").text
    assert "LinkedIn" in page
    assert ">blog<" not in page


def test_firms_tell_printed_and_computed_numbers_apart(papers: Visitor) -> None:
    page = papers.get("/firms").text
    assert page.count('class="printed"') == 5
    assert page.count('class="computed"') == 2
    assert "(computed)" in page
    assert "3 people" in page
    assert "+++" in page
    drawing = papers.get("/firms.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "style=" not in drawing.text
    told = papers.get("/firms.json").json()["rows"]
    assert {row["computed"] for row in told if row["measure"].startswith("share")} == {True}


def test_firms_of_a_country(papers: Visitor) -> None:
    rows = papers.get("/firms.json?country=place-china").json()["rows"]
    assert {row["firm"] for row in rows} == {"Firm B"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/platforms?page=7", "no page 7"),
        ("/platforms?page=x", "no page"),
        ("/platforms?kind=never", "kind"),
        ("/firms?kind=use", "no parameter kind"),
    ],
)
def test_what_there_is_not_is_refused(papers: Visitor, path: str, said: str) -> None:
    answer = papers.get(path, accept="text/html")
    assert answer.status_code == 400
    assert said in answer.text


def test_empty_choice_offers_all(papers: Visitor) -> None:
    page = papers.get("/platforms?kind=planned&function=sales").text
    assert '<a href="/platforms">Show all</a>' in page
