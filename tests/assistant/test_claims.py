"""Claims have works by basis, and each finding its document and place."""

from __future__ import annotations

from typing import Any

import pytest

from smegraph.assistant.asking import Asker, rows_of
from smegraph.assistant.claims import claims
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.terms import Names


@pytest.fixture(scope="module")
def lowers(asker: Asker, names: Names) -> dict[str, Any]:
    """What lowers psychic distance."""
    return claims(asker, names, "psychic distance", "lowers")


def test_every_finding_has_document_and_place(lowers: dict[str, Any]) -> None:
    findings = [finding for one in lowers["relations"] for finding in one["findings"]]
    assert findings
    assert all(finding["document"] and finding["place"] for finding in findings)


def test_social_media_use_lowers_it_by_one_work_on_two_bases(lowers: dict[str, Any]) -> None:
    (relation,) = [one for one in lowers["relations"] if one["cause"] == "social media use"]
    assert (relation["works"], relation["works_by_basis"]) == (
        1,
        {"primary data": 1, "synthesis": 1},
    )
    assert {finding["document"] for finding in relation["findings"]} == {"Arnone & Deprince"}


def test_only_the_direction_that_is_asked_for_is_told(lowers: dict[str, Any]) -> None:
    assert {one["direction"] for one in lowers["relations"]} == {"lowers"}
    assert lowers["findings_by_direction"]["unclear"] > 0


def test_findings_are_those_of_a_plain_query(asker: Asker, lowers: dict[str, Any]) -> None:
    rows = rows_of(
        asker,
        """SELECT DISTINCT ?f { ?f a sme:Finding ; sme:polarSign voc:negative ;
             sme:polarEffect/skos:broader* voc:psychic-distance
             MINUS { ?f sme:restates ?other } MINUS { ?f sme:testOutcome voc:not-supported } }""",
    )
    told = {f["finding"] for one in lowers["relations"] for f in one["findings"]}
    assert len(told) == len(rows)


def test_sources_caution_and_citation_come_with_it(lowers: dict[str, Any]) -> None:
    assert "Arnone, L." in " ".join(source["citation"] for source in lowers["sources"])
    assert "basis" in lowers["caution"]
    assert "release" in lowers["cite_as"]


def test_what_a_construct_acts_on_is_told_as_well(asker: Asker, names: Names) -> None:
    found = claims(asker, names, "voc:psychic-distance", side="effects")
    assert {one["cause"] for one in found["relations"]} >= {"psychic distance"}


def test_a_long_answer_says_what_it_leaves_out(asker: Asker, names: Names) -> None:
    found = claims(asker, names, "internationalization")
    assert sum(len(one["findings"]) for one in found["relations"]) == 60
    assert "findings; ask for" in found["not_shown"]


def test_a_construct_without_findings_says_what_to_try(asker: Asker, names: Names) -> None:
    ((concept,),) = rows_of(
        asker,
        """SELECT ?c { ?c a sme:Construct ; rdfs:label ?label
             FILTER NOT EXISTS { ?f sme:polarEffect/skos:broader* ?c } } ORDER BY ?c LIMIT 1""",
    )
    with pytest.raises(ToolRefused, match="side='effects'"):
        claims(asker, names, str(concept))
