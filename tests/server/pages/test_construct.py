"""The page of a construct, in a release whose counts can be done by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

import httpx
import pytest

from smegraph.namespaces import VOC
from smegraph.server.pages.construct import ConstructText, FactRow
from tests.server.pages.conftest import Visitor, site_of

Serve: TypeAlias = Callable[[Path], httpx.Client]
GROWTH, SKILL, FEW, USE = (
    f"/constructs/{name}" for name in ("growth", "skill", "few-skills", "use")
)


@pytest.fixture(scope="module")
def visitor(evidence: Path) -> Visitor:
    return Visitor(site_of(evidence))


@pytest.fixture(scope="module")
def client(serve: Serve, evidence: Path) -> httpx.Client:
    return serve(evidence)


def rows(visitor: Visitor, path: str, query: str = "") -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = visitor.get(f"{path}.json{query}").json()["rows"]
    return answer


def pairs(visitor: Visitor, path: str, query: str = "") -> dict[tuple[str, str], list[int]]:
    return {
        (row["role"], row["construct"]): [
            row[name] for name in ("findings", "works", "raises", "lowers", "with a reserve")
        ]
        for row in rows(visitor, path, query)
        if row["basis"] == "all"
    }


def test_pairs_count_findings_works_and_directions(visitor: Visitor) -> None:
    assert pairs(visitor, GROWTH) == {
        ("acts on it", "platform use"): [2, 2, 1, 1, 1],
        ("acts on it", "LinkedIn use"): [1, 2, 1, 0, 0],
        ("acts on it", "skills"): [3, 2, 2, 1, 1],
        ("it acts on", "cost"): [1, 1, 0, 0, 0],
    }


def test_what_is_below_a_construct_is_included_and_said(visitor: Visitor) -> None:
    assert pairs(visitor, USE) == {
        ("it acts on", "growth"): [3, 3, 2, 1, 1],
        ("it acts on", "skills"): [1, 1, 1, 0, 0],
    }
    page = visitor.get(USE).text
    assert "What is below it (1 narrower construct) is included." in page
    assert page.count("on LinkedIn use, which is below it") == 1


def test_a_finding_on_its_opposite_is_turned_round_and_marked(visitor: Visitor) -> None:
    assert pairs(visitor, SKILL)["it acts on", "growth"] == [3, 2, 2, 1, 1]
    assert visitor.get(SKILL).text.count("on its opposite, turned round") == 1


def test_the_opposite_itself_is_shown_as_the_documents_say_it(visitor: Visitor) -> None:
    assert pairs(visitor, FEW) == {("it acts on", "growth"): [1, 1, 0, 1, 1]}
    page = visitor.get(FEW).text
    assert "This is the absence or the reverse of" in page
    assert "turned round</small>" not in page


def test_the_figure_shows_signs_works_primary_data_and_influences(visitor: Visitor) -> None:
    answer = visitor.get(f"{GROWTH}.svg")
    root = ElementTree.fromstring(answer.text)
    assert "style" not in answer.text
    texts = ["".join(node.itertext()) for node in root.iterfind(".//{*}text")]
    assert texts.count("±") == 2  # use and skills: works differ
    assert (texts.count("+"), texts.count("?")) == (1, 1)
    assert {"platform use 2", "LinkedIn use 2", "skills 2", "cost 1"} <= {*texts}
    assert "through presence (partial mediation); skills: strengthens" in texts
    lines = [node for node in root.iterfind(".//{*}path") if node.get("stroke-width")]
    assert [node.get("stroke-dasharray") is not None for node in lines] == [
        False, False, True, True,
    ]  # fmt: skip


def test_what_is_said_of_it_stands_there(visitor: Visitor) -> None:
    page = visitor.get(USE).text
    for said in (
        "Using a platform.", "Use, and not presence.", "use of platforms", "To be there.",
        "for small firms: neither", "Its indicators", "Narrower", "platform-adoptions",
    ):  # fmt: skip
        assert said in page
    assert "/vocab/use" in visitor.outline(USE).links


def test_a_choice_narrows_figure_and_list_down(visitor: Visitor) -> None:
    query = "?basis=primary-data"
    assert pairs(visitor, GROWTH, query) == {
        ("acts on it", "platform use"): [1, 1, 1, 0, 0],
        ("acts on it", "skills"): [2, 1, 1, 1, 0],
    }
    found = visitor.outline(GROWTH + query)
    assert found.tags["tr"] == 4
    assert GROWTH in found.links


def test_the_list_is_narrowed_to_a_role(visitor: Visitor) -> None:
    assert visitor.outline(f"{GROWTH}?as=effect").tags["tr"] == 7
    assert visitor.outline(f"{GROWTH}?as=cause").tags["tr"] == 2
    assert visitor.outline(GROWTH).tags["tr"] == 8


def test_chains_lead_from_a_construct_to_another(visitor: Visitor) -> None:
    page = visitor.get(f"{USE}?to=cost").text
    assert "3 chains of at most three findings each" in page
    assert "A chain is no proof" in page
    assert page.count('class="step"') == 2 + 2 + 3
    assert "3 chains" in visitor.get(f"{USE}?to=growth").text
    assert "No chain of at most three findings" in visitor.get("/constructs/cost?to=use").text


def test_a_chain_through_an_opposite_leads_over_the_construct_itself(visitor: Visitor) -> None:
    assert "1 chain of at most three" in visitor.get(f"{FEW}?to=cost").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/constructs/growht", 404, "growth"),
        ("/constructs/a%20b", 404, "No construct is called"),
        (f"{GROWTH}?as=both", 400, "as is cause or effect"),
        (f"{GROWTH}?to=grwth", 400, "growth"),
        (f"{GROWTH}?page=0", 400, "is no page"),
        (f"{GROWTH}?page=2", 400, "There is no page 2 of 7 findings"),
        (f"{GROWTH}?basis=x", 400, "No basis is called x"),
    ],
)
def test_what_there_is_not_is_refused_with_what_would_be_right(
    visitor: Visitor, path: str, status: int, said: str
) -> None:
    answer = visitor.get(path, accept="text/html")
    assert answer.status_code == status
    assert said in answer.text


def test_nothing_that_meets_a_choice_leads_to_all(visitor: Visitor) -> None:
    found = visitor.get(f"{GROWTH}?sign=no-effect", accept="text/html")
    assert found.status_code == 400  # no finding has this sign, so that it is no value
    page = visitor.get(f"{FEW}?basis=primary-data").text
    assert "No finding on it meets all of this." in page


def test_the_page_of_the_concept_leads_to_it(visitor: Visitor) -> None:
    assert GROWTH in visitor.outline("/vocab/growth.html").links


@pytest.mark.parametrize("path", [GROWTH, SKILL, FEW, f"{USE}?hedged=no"])
def test_counts_are_those_of_the_query_that_the_page_names(client: httpx.Client, path: str) -> None:
    place, _, query = path.partition("?")
    told = client.get(f"{place}.json?{query}").json()
    answer = client.get("/sparql", params={"query": told["query"]}, headers={"Accept": "text/csv"})
    asked = {
        (row["role"], row["otherLabel"], row["basisLabel"]):
        (int(row["findings"]), int(row["works"]))
        for row in csv.DictReader(io.StringIO(answer.text, newline=""))
    }  # fmt: skip
    shown = {
        (row["role"], row["construct"], row["basis"]): (row["findings"], row["works"])
        for row in told["rows"]
        if row["basis"] != "all"
    }
    assert asked == shown != {}


def test_what_is_said_of_a_construct_is_told_by_kind() -> None:
    found = ConstructText.of(
        VOC + "x",
        [
            FactRow("label", "X"),
            FactRow("synonym", "ex"),
            FactRow("neighbour", VOC + "y", "Y", "Not Y."),
            FactRow("neighbour", VOC + "y", "Y", "Not Y."),
        ],
    )
    assert (found.name.label, found.values["synonym"], found.is_absence) == ("X", ("ex",), False)
    ((thing, note),) = found.things["neighbour"]
    assert (thing.path, note) == ("/constructs/y", "Not Y.")
