"""Terms are found by their names, also where these are misspelt."""

from __future__ import annotations

import pytest

from smegraph.assistant.errors import ToolRefused
from smegraph.assistant.terms import Names
from smegraph.namespaces import ID, SME, VOC


def found(names: Names, text: str, kind: str | None = None) -> list[str]:
    return [one["term"] for one in names.find(text, kind)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("psychic distance", "voc:psychic-distance"),
        ("Psychc Distanse", "voc:psychic-distance"),
        ("Linkdin", "id:channel-linkedin"),
        ("finding", "sme:Finding"),
    ],
)
def test_a_term_is_found_by_its_name_in_any_spelling(names: Names, text: str, term: str) -> None:
    assert term in found(names, text)


def test_the_same_name_comes_before_others_that_hold_its_words(names: Names) -> None:
    first, *others = names.find("trust", "concept")
    assert (first["term"], first["match"]) == ("voc:trust", "same name")
    assert "has these words" in {one["match"] for one in others}


def test_only_terms_of_the_kind_that_is_asked_for_are_found(names: Names) -> None:
    assert {one["kind"] for one in names.find("finding", "class")} == {"class"}


def test_a_concept_comes_with_its_definition(names: Names) -> None:
    assert names.find("psychic distance")[0]["definition"].endswith(".")


def test_nothing_alike_is_no_error(names: Names) -> None:
    assert names.find("zzzzqqqq") == []


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("voc:psychic-distance", VOC + "psychic-distance"),
        (f"<{SME}Finding>", SME + "Finding"),
        ("LinkedIn", ID + "channel-linkedin"),
        ("PSYCHIC DISTANCE", VOC + "psychic-distance"),
    ],
)
def test_iri_prefixed_name_and_label_name_the_thing(names: Names, text: str, iri: str) -> None:
    assert names.resolve(text) == iri


def test_a_wrong_name_is_told_with_near_ones(names: Names) -> None:
    with pytest.raises(ToolRefused, match=r"Did you mean 'psychic distance' \(voc:psychic-dist"):
        names.resolve("psychic distanc")


def test_what_is_no_iri_never_becomes_part_of_a_query(names: Names) -> None:
    with pytest.raises(ToolRefused):
        names.resolve("http://x> } DROP ALL #")
