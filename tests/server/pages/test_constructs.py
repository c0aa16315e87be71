"""The list of constructs, in a release whose counts can be done by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from tests.server.pages.conftest import Visitor, site_of

Serve: TypeAlias = Callable[[Path], httpx.Client]
PATH = "/constructs"


@pytest.fixture(scope="module")
def visitor(evidence: Path) -> Visitor:
    return Visitor(site_of(evidence))


def counted(visitor: Visitor, query: str = "") -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for row in visitor.get(f"{PATH}.json{query}").json()["rows"]:
        found[row["construct"], row["role"]] += row["findings"]
    return dict(found)


def test_each_construct_has_its_findings_as_cause_and_as_effect(visitor: Visitor) -> None:
    assert counted(visitor) == {
        ("platform use", "cause"): 3,
        ("LinkedIn use", "cause"): 1,
        ("skills", "cause"): 3,
        ("skills", "effect"): 1,
        ("few skills", "cause"): 1,
        ("growth", "cause"): 1,
        ("growth", "effect"): 6,
        ("cost", "effect"): 1,
    }


def test_counts_stand_by_evidence_basis(visitor: Visitor) -> None:
    page = visitor.get(PATH).text
    assert "literature statement 2, primary data 3" in page or (
        "primary data 3, literature statement 2" in page
    )


def test_those_without_findings_are_shown_when_they_are_wanted(visitor: Visitor) -> None:
    assert "/constructs/presence" not in visitor.outline(PATH).links
    assert "/constructs/presence" in visitor.outline(f"{PATH}?all=yes").links


def test_words_and_families_narrow_the_list_down(visitor: Visitor) -> None:
    assert {name for name, _ in counted(visitor, "?q=SKILLS+few")} == {"few skills"}
    assert {name for name, _ in counted(visitor, "?q=capability")} == {"skills"}
    assert {name for name, _ in counted(visitor, "?family=cost")} == {"cost"}
    assert "has “100%” in its name" in visitor.get(f"{PATH}?q=100%25").text


def test_a_choice_narrows_the_counts_down(visitor: Visitor) -> None:
    assert counted(visitor, "?hedged=yes&q=growth") == {("growth", "effect"): 2}


@pytest.mark.parametrize(
    ("query", "said"),
    [("family=costs", "cost"), ("all=no", "all can be yes"), ("base=x", "has no parameter base")],
)
def test_what_there_is_not_is_refused(visitor: Visitor, query: str, said: str) -> None:
    answer = visitor.get(f"{PATH}?{query}", accept="text/html")
    assert answer.status_code == 400
    assert said in answer.text


def test_a_release_without_constructs_says_so(release: Path) -> None:
    assert "No construct has findings" in Visitor(site_of(release)).get(PATH).text


@pytest.mark.parametrize("query", ["", "?basis=primary-data"])
def test_counts_are_those_of_the_query_that_the_page_names(
    serve: Serve, evidence: Path, query: str
) -> None:
    client = serve(evidence)
    told = client.get(f"{PATH}.json{query}").json()
    answer = client.get("/sparql", params={"query": told["query"]}, headers={"Accept": "text/csv"})
    asked = {
        (row["label"], row["role"], row["basisLabel"]): int(row["findings"])
        for row in csv.DictReader(io.StringIO(answer.text, newline=""))
    }
    shown = {(row["construct"], row["role"], row["basis"]): row["findings"] for row in told["rows"]}
    assert asked == shown != {}
