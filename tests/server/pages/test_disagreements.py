"""Works that disagree, in a release whose counts can be done by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from tests.server.pages.conftest import Visitor, site_of

Serve: TypeAlias = Callable[[Path], httpx.Client]
PATH = "/disagreements"


@pytest.fixture(scope="module")
def visitor(evidence: Path) -> Visitor:
    return Visitor(site_of(evidence))


def sides(visitor: Visitor, query: str = "") -> dict[tuple[str, str, str], list[str]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in visitor.get(f"{PATH}.json{query}").json()["rows"]:
        key = row["cause"], row["effect"], row["direction"]
        found.setdefault(key, []).append(row["works"])
    return found


def test_both_sides_of_a_claim_stand_with_their_works(visitor: Visitor) -> None:
    assert sides(visitor) == {
        ("platform use", "growth", "raises"): ["One 2020"],
        ("platform use", "growth", "lowers"): ["Second 2010"],
        ("skills", "growth", "raises"): ["One 2020", "Two 2021"],
        ("skills", "growth", "lowers"): ["One 2020"],
    }
    page = visitor.get(PATH).text
    assert "2 pairs of constructs have works on both sides" in page
    assert "2 pairs of works disagree so, and 1 work reports both" in page


def test_conditions_moderators_basis_and_poles_are_told(visitor: Visitor) -> None:
    page = visitor.get(PATH).text
    for said in (
        "In crowded markets.", "skills: strengthens", "literature statement, with a reserve",
        "on its opposite, turned round: the document says few skills ↓ growth",
        "primary data</span> 3 findings of 1 work",
    ):  # fmt: skip
        assert said in page


def test_disagreement_between_works_and_within_one_are_told_apart(visitor: Visitor) -> None:
    assert {cause for cause, _, _ in sides(visitor, "?between=one-work")} == {"skills"}
    assert len(sides(visitor, "?between=works")) == 4


def test_both_sides_are_of_the_choice(visitor: Visitor) -> None:
    assert {cause for cause, _, _ in sides(visitor, "?basis=primary-data")} == {"skills"}
    page = visitor.get(f"{PATH}?hedged=no").text
    assert "1 pair of constructs has" in page
    assert "0 pairs of works disagree so, and 1 work reports" in page
    assert "No works disagree within this choice" in visitor.get(f"{PATH}?hedged=yes").text


def test_it_leads_to_the_contradictions_within_documents(visitor: Visitor) -> None:
    links = visitor.outline(PATH).links
    assert "/contradictions" in links
    assert "/findings?cause=skill&effect=growth" in links
    assert "/constructs/growth" in links


@pytest.mark.parametrize(
    ("query", "said"),
    [("between=us", "works or one-work"), ("page=x", "is no page"), ("page=2", "no page 2")],
)
def test_what_there_is_not_is_refused(visitor: Visitor, query: str, said: str) -> None:
    answer = visitor.get(f"{PATH}?{query}", accept="text/html")
    assert answer.status_code == 400
    assert said in answer.text


def test_a_release_without_findings_says_so(release: Path) -> None:
    assert "No works disagree" in Visitor(site_of(release)).get(PATH).text


def test_counts_are_those_of_the_query_that_the_page_names(serve: Serve, evidence: Path) -> None:
    client = serve(evidence)
    told = client.get(f"{PATH}.json").json()
    answer = client.get("/sparql", params={"query": told["query"]}, headers={"Accept": "text/csv"})
    rows = [*csv.DictReader(io.StringIO(answer.text, newline=""))]
    pairs = {
        (row["causeLabel"], row["effectLabel"], frozenset((row["raiser"], row["lowerer"])))
        for row in rows
    }
    page = client.get(PATH, headers={"Accept": "text/html"}).text
    between = sum(len(works) == 2 for _, _, works in pairs)
    within = sum(len(works) == 1 for _, _, works in pairs)
    assert (between, within) == (2, 1)
    assert f"{between} pairs of works disagree so, and {within} work reports" in page
    assert {row["raising"] for row in rows} | {row["lowering"] for row in rows} == {
        row["statement"] for row in told["rows"]
    }
