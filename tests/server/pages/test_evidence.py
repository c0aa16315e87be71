"""The evidence map of a release whose counts can be done by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

import httpx
import pytest

from tests.server.pages.conftest import Visitor, site_of

Serve: TypeAlias = Callable[[Path], httpx.Client]
PATH = "/evidence"


@pytest.fixture(scope="module")
def visitor(evidence: Path) -> Visitor:
    return Visitor(site_of(evidence))


@pytest.fixture(scope="module")
def client(serve: Serve, evidence: Path) -> httpx.Client:
    return serve(evidence)


def rows(visitor: Visitor, query: str = "") -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = visitor.get(f"{PATH}.json{query}").json()["rows"]
    return answer


def cells(visitor: Visitor, query: str = "") -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (row["cause family"], row["effect family"]): (row["findings"], row["works"])
        for row in rows(visitor, query)
        if row["basis"] == "all"
    }


def test_each_cell_counts_findings_and_works(visitor: Visitor) -> None:
    assert cells(visitor) == {
        ("platform-adoptions", "outcomes"): (3, 3),
        ("platform-adoptions", "capabilitys"): (1, 1),
        ("capabilitys", "outcomes"): (3, 2),
        ("outcomes", "costs"): (1, 1),
    }
    page = visitor.get(PATH).text
    assert "8 findings of 4 works" in page
    assert "5 of 9 cells are empty" in page


def test_a_finding_on_an_absence_is_turned_round(visitor: Visitor) -> None:
    (found,) = [
        row for row in rows(visitor)
        if row["cause family"] == "capabilitys" and row["basis"] == "all"
    ]  # fmt: skip
    assert (found["raises"], found["lowers"], found["with a reserve"]) == (2, 1, 1)


def test_each_cell_is_told_by_evidence_basis(visitor: Visitor) -> None:
    found = [
        (row["basis"], row["findings"], row["works"]) for row in rows(visitor)
        if (row["cause family"], row["effect family"]) == ("platform-adoptions", "outcomes")
    ]  # fmt: skip
    assert found == [("literature statement", 2, 2), ("primary data", 1, 1), ("all", 3, 3)]
    assert "primary data 1" in visitor.get(PATH).text


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("?basis=primary-data", {1, 2}),
        ("?hedged=yes", {1}),
        ("?study=work-one", {2}),
        ("?wanted=unwanted", {1}),
        ("?restated=yes", {4, 1, 3}),
    ],
)
def test_a_choice_narrows_the_map_down(visitor: Visitor, query: str, counts: set[int]) -> None:
    assert {findings for findings, _ in cells(visitor, query).values()} == counts


def test_a_cell_leads_to_its_findings_with_the_same_choice(visitor: Visitor) -> None:
    links = visitor.outline(f"{PATH}?hedged=yes").links
    path = "/findings?hedged=yes&causes=platform-adoption&effects=outcome"
    assert path in links
    listed = visitor.get(path.replace("/findings", "/findings.json")).json()["rows"]
    assert [row["finding"].rpartition("/")[2] for row in listed] == ["finding-2"]


def test_the_gaps_of_a_choice_stay_on_the_map(visitor: Visitor) -> None:
    found = visitor.outline(f"{PATH}?hedged=yes")
    assert found.tags["tr"] == 5  # three families of causes, a head and the totals


def test_an_unknown_value_is_refused_and_what_is_chosen_can_be_taken_away(visitor: Visitor) -> None:
    wrong = visitor.get(f"{PATH}?basis=primary", accept="text/html")
    assert wrong.status_code == 400
    assert "primary-data" in wrong.text
    assert visitor.get(f"{PATH}?base=primary-data").status_code == 400
    chosen = visitor.outline(f"{PATH}?hedged=yes&study=work-one")
    assert {f"{PATH}?hedged=yes", f"{PATH}?study=work-one"} <= {*chosen.links}


def test_a_choice_that_nothing_meets_says_so(visitor: Visitor) -> None:
    page = visitor.get(f"{PATH}?hedged=yes&sign=unsigned").text
    assert "No finding meets all of this." in page
    assert "<table" not in page


def test_a_release_without_findings_has_an_empty_map(release: Path) -> None:
    assert "No finding meets all of this." in Visitor(site_of(release)).get(PATH).text


def test_the_figure_is_a_file_of_its_own_without_styles(visitor: Visitor) -> None:
    answer = visitor.get(f"{PATH}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.text)
    assert root.tag.endswith("svg")
    assert "style" not in answer.text
    marks = "".join(node.get("d", "") for node in root.iterfind(".//{*}g/{*}path"))
    assert marks.count("z") == 8


def test_the_same_is_there_as_csv(visitor: Visitor) -> None:
    found = list(csv.DictReader(io.StringIO(visitor.get(f"{PATH}.csv").text, newline="")))
    assert len(found) == len(rows(visitor))


def test_its_outline_is_sound_and_has_no_style(visitor: Visitor) -> None:
    found = visitor.outline(PATH)
    assert found.headings.count(1) == 1
    assert "style" not in found.attributes
    assert found.main.count(PATH) == 1
    assert found.current == [PATH]


@pytest.mark.parametrize("query", ["", "?basis=primary-data", "?hedged=yes&effects=outcome"])
def test_counts_are_those_of_the_query_that_the_page_names(
    client: httpx.Client, query: str
) -> None:
    told = client.get(f"{PATH}.json{query}").json()
    answer = client.get("/sparql", params={"query": told["query"]}, headers={"Accept": "text/csv"})
    asked = {
        (row["causeFamily"], row["effectFamily"], row["basisLabel"]):
        (int(row["findings"]), int(row["works"]))
        for row in csv.DictReader(io.StringIO(answer.text, newline=""))
    }  # fmt: skip
    shown = {
        (row["cause family"], row["effect family"], row["basis"]): (row["findings"], row["works"])
        for row in told["rows"]
        if row["basis"] != "all"
    }
    assert asked == shown != {}


def test_the_page_names_its_query(client: httpx.Client) -> None:
    page = client.get(PATH, headers={"Accept": "text/html"}).text
    assert re.search(r'href="/ask#query=[^"]*causeFamily', page)
