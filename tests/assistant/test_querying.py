"""Any query that reads is answered, with the places of the facts in its answer."""

from __future__ import annotations

import pytest

from smegraph.assistant.asking import Asker
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.querying import run

FINDINGS = "SELECT ?f ?sign { ?f a sme:Finding ; sme:sign/rdfs:label ?sign } ORDER BY ?f"


def test_rows_name_things_shortly_and_have_places_and_works(asker: Asker) -> None:
    found = run(asker, FINDINGS, rows=3)
    assert len(found["rows"]) == 3
    assert found["rows"][0]["f"].startswith("id:finding-")
    assert {place["thing"] for place in found["places"]} >= {row["f"] for row in found["rows"]}
    assert found["sources"]


def test_rows_that_are_not_shown_are_counted(asker: Asker) -> None:
    found = run(asker, FINDINGS, rows=3)
    assert found["not_shown"].startswith(f"{found['count'] - 3} rows")


def test_an_answer_without_facts_says_how_to_get_places(asker: Asker) -> None:
    found = run(asker, "SELECT (COUNT(*) AS ?n) { ?f a sme:Finding }")
    assert "add the fact" in found["no_places"]
    assert "basis" in found["caution"]


def test_truth_values_and_graphs_are_answers_too(asker: Asker) -> None:
    assert run(asker, "ASK { ?f a sme:Finding }")["answer"] is True
    assert "sme:Firm" in run(asker, "CONSTRUCT { ?f a sme:Firm } { ?f a sme:Firm }")["turtle"]


def test_hints_come_with_the_answer(asker: Asker) -> None:
    assert "did you mean" in run(asker, "SELECT ?x { ?x sme:couse ?y }")["hints"][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { ?a ?b }", "Line 1, column"),
        ("DELETE WHERE { ?s ?p ?o }", "only read"),
        ("hello", "no query"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_what_is_refused_says_what_would_do(asker: Asker, text: str, said: str) -> None:
    with pytest.raises(ToolRefused, match=said):
        run(asker, text)
