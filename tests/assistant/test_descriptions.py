"""A thing is described in both directions, with its places."""

from __future__ import annotations

import pytest

from smegraph.assistant.asking import Asker
from smegraph.assistant.descriptions import describe
from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.terms import Names


def test_a_concept_has_what_it_says_and_what_names_it(asker: Asker, names: Names) -> None:
    found = describe(asker, names, "psychic distance")
    assert "voc:distance" in str(found["says"]["skos:broader"]["values"])
    effects = found["is_named_by"]["sme:effect"]
    assert len(effects["values"]) == 12
    assert effects["more"] > 0


def test_a_fact_has_its_place_and_its_works(asker: Asker, names: Names) -> None:
    found = describe(asker, names, "id:finding-arnone-deprince-abstract-psychic-distance")
    assert found["places"][0]["place"] == "Abstract"
    assert found["places"][0]["document"] == "id:work-arnone-deprince"
    assert [source["label"] for source in found["sources"]] == ["Arnone & Deprince"]


def test_a_firm_has_the_places_where_it_is_mentioned(asker: Asker, names: Names) -> None:
    found = describe(asker, names, "Movy")
    assert found["places"]
    assert all(place["document"].startswith("id:work-") for place in found["places"])


def test_a_source_that_is_told_in_words_is_no_work(asker: Asker, names: Names) -> None:
    found = describe(asker, names, "sme:CodingActivity")
    assert found["says"]["dcterms:source"]["values"] == ["smegraph curators"]
    assert found["sources"] == []


def test_an_iri_that_is_in_no_graph_is_refused(asker: Asker, names: Names) -> None:
    with pytest.raises(ToolRefused, match="in no graph"):
        describe(asker, names, "voc:no-such-thing")
