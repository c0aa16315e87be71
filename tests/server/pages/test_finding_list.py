"""The list of findings: each with its works and its place, chosen by the address."""

from __future__ import annotations

import pytest

from tests.server.pages.conftest import Outline, Visitor, site_of
from tests.server.pages.evidence_release import write_evidence_release


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(site_of(write_evidence_release(tmp_path_factory.mktemp("evidence"))))


def rows(visitor: Visitor, state: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = visitor.get(f"/findings.json{state}").json()["rows"]
    return found


def test_a_finding_stands_with_evidence_works_and_place(visitor: Visitor) -> None:
    (row,) = rows(visitor, "?hedged=yes")
    assert row == {
        "finding": "https://w3id.org/smegraph/id/finding-b", "statement": "What b says",
        "cause": "platform use", "sign": "positive", "effect": "trust",
        "basis": "literature statement", "hedged": True, "works": "Cited (1999); Two (2021)",
        "document": "Two (2021)", "place": "section b",
    }  # fmt: skip
    page = visitor.get("/findings?hedged=yes").text
    assert "with a reserve" in page
    assert "1 finding of 2 works" in page


def test_what_a_document_says_of_an_opposite_is_shown_as_it_says_it(visitor: Visitor) -> None:
    (row,) = rows(visitor, "?sign=negative")
    assert (row["effect"], row["sign"]) == ("mistrust", "positive")


def test_text_of_the_graph_is_text(visitor: Visitor) -> None:
    assert "sales &lt;abroad&gt;" in visitor.get("/findings").text


def test_the_page_leads_to_things_and_to_the_same_as_data(visitor: Visitor) -> None:
    links = Outline(visitor.get("/findings?basis=primary-data").text).links
    assert {"/id/finding-a", "/vocab/trust", "/id/work-one"} <= {*links}
    assert "/findings.csv?basis=primary-data" in links


def test_what_is_chosen_without_a_field_can_be_taken_away(visitor: Visitor) -> None:
    page = visitor.get("/findings?effect=trust&basis=primary-data")
    assert "/findings?basis=primary-data" in Outline(page.text).links
    assert 'name="effect" value="trust"' in page.text


def test_an_empty_choice_says_so_and_leads_on(visitor: Visitor) -> None:
    page = visitor.get("/findings?sign=negative&basis=literature-statement")
    assert page.status_code == 200
    assert "No finding meets all of this." in page.text


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1.5", "9" * 30])
def test_a_page_that_there_is_not_is_refused(visitor: Visitor, number: str) -> None:
    told = visitor.get(f"/findings?page={number}", accept="text/html")
    assert told.status_code == 400
    assert "<h1>A parameter has a value that there is not</h1>" in told.text


def test_what_goes_wrong_is_a_page_for_people_and_a_problem_for_programs(visitor: Visitor) -> None:
    told = visitor.get("/nope", accept="text/html")
    assert (told.status_code, told.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert visitor.get("/nope").headers["content-type"] == "application/problem+json"
    refused = visitor.get("/findings.csv?bsis=x", accept="text/html")
    assert refused.json()["detail"].endswith('Did you mean "basis"?')
