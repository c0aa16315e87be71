"""The page on papers: its facets, its comparison, and its other forms."""

from __future__ import annotations

import csv
import io
import re

import pytest

from smegraph.server.pages.papers import strip_of
from smegraph.server.pages.works import Counted, WorkChoice
from tests.server.pages.conftest import Visitor

TWO = "/papers?compare=li&compare=work-berg"


def test_page_lists_papers_with_their_findings_by_basis(papers: Visitor) -> None:
    page = papers.get("/papers", accept="text/html").text
    assert "4 papers" in page
    assert "literature statement: 2</a> <small>(1 with a reserve)" in page
    assert "Platforms &lt;b&gt;in&lt;/b&gt; China" in page
    assert 'href="https://doi.org/10.1000/li"' in page
    assert "Old (1977)" not in page
    assert "/findings?work=work-li&amp;basis=literature-statement" in page
    headings = papers.outline("/papers").headings
    assert headings[0] == 1


def test_facet_narrows_and_its_chip_takes_it_back(papers: Visitor) -> None:
    page = papers.get("/papers?continent=place-asia").text
    assert "1 paper" in page
    assert "Continent: Asia" in page
    assert 'href="/papers" title="Take away"' in page
    assert 'aria-current="true"' in page


def test_links_of_findings_keep_what_was_chosen_of_them(papers: Visitor) -> None:
    page = papers.get("/papers?hedged=yes").text
    address = "/findings?work=work-li&basis=literature-statement&hedged=yes"
    assert address.replace("&", "&amp;") in page
    assert "1 paper" in page
    assert "Statement two." in papers.get(address).text


@pytest.mark.parametrize("path", ["/papers?sort=title", "/papers?sort=-cited", "/papers?sort=year"])
def test_order_is_told_in_the_head_of_the_table(papers: Visitor, path: str) -> None:
    way = "descending" if "=-" in path else "ascending"
    assert papers.get(path).text.count(f'aria-sort="{way}"') == 1


def test_same_papers_as_csv_and_json(papers: Visitor) -> None:
    rows = list(csv.DictReader(io.StringIO(papers.get("/papers.csv?role=reviewed").text)))
    assert [row["label"] for row in rows] == ["Berg (2022)", "Li & Berg (2020)"]
    assert rows[1]["sample"] == "120 firms"
    assert rows[1]["findings: literature statement"] == "2"
    assert rows[1]["method"] == "survey"
    told = papers.get("/papers.json?role=reviewed").json()
    assert len(told["rows"]) == 2
    assert "sme:reviews" in told["query"]


def test_years_are_a_figure_of_their_own(papers: Visitor) -> None:
    answer = papers.get("/papers.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<title>2020: 1</title>" in answer.text
    assert "style=" not in answer.text


def test_papers_stand_side_by_side(papers: Visitor) -> None:
    page = papers.get(TWO).text
    assert "2 papers side by side" in page
    assert '<mark class="differs">120 firms</mark>' in page
    assert 'Authors <span class="unequal"' in page


@pytest.mark.parametrize(
    ("suffix", "kind", "said"),
    [
        ("csv", "text/csv", "Samples,yes,120 firms,"),
        ("md", "text/markdown", "**120 firms**"),
        ("tex", "application/x-tex", "\\begin{tabular}"),
        ("bib", "application/x-bibtex", "Li, W."),
        ("ris", "application/x-research-info-systems", "TY  - "),
        ("csl", "application/vnd.citationstyles.csl+json", '"family": "Li"'),
    ],
)
def test_comparison_has_other_forms(papers: Visitor, suffix: str, kind: str, said: str) -> None:
    answer = papers.get(TWO.replace("?", f".{suffix}?"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert said in answer.text


def test_references_of_a_choice(papers: Visitor) -> None:
    answer = papers.get("/papers.bib?country=place-china")
    assert re.findall(r"^@\w+\{(\S+),", answer.text, re.MULTILINE) == ["li"]
    assert answer.headers["content-disposition"] == 'attachment; filename="papers.bib"'


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/papers?compare=li", 400, "2 to 6 papers stand side by side; 1 is chosen"),
        ("/papers?compare=li&compare=bergg", 400, "berg"),
        ("/papers?sort=colour", 400, "sort"),
        ("/papers?page=9", 400, "no page 9"),
        ("/papers?page=x", 400, "x is no page"),
        ("/papers?planet=mars", 400, "no parameter planet"),
        ("/papers.md", 404, "compare"),
    ],
)
def test_what_there_is_not_is_told_on_a_page(
    papers: Visitor, path: str, status: int, said: str
) -> None:
    answer = papers.get(path, accept="text/html")
    assert answer.status_code == status
    assert said in answer.text.replace("&#34;", '"')


def test_empty_choice_offers_wider_ones(papers: Visitor) -> None:
    page = papers.get("/papers?continent=place-asia&year=2022").text
    assert "No paper meets all of this." in page
    assert "Without “Continent: Asia”" in page


def test_strip_has_each_year_between_the_first_and_the_last() -> None:
    strip = strip_of([Counted("2016", 2), Counted("2018", 4)], WorkChoice({"year": ("2018",)}))
    assert [(bar.year, bar.works, bar.chosen) for bar in strip.bars] == [
        (2016, 2, False), (2017, 0, False), (2018, 4, True),
    ]  # fmt: skip
    assert strip.bars[2].height == 2 * strip.bars[0].height
    assert strip_of([], WorkChoice()).bars == []
