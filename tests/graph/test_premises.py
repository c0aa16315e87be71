"""What HermiT is told beside facts: axioms without annotations and keys, and what differs."""

from __future__ import annotations

import pytest

from smegraph.graph.hermit import find_java, has_model
from smegraph.graph.premises import NAME, Premises, all_different
from smegraph.graph.triples import line, named, parts
from smegraph.namespaces import OWL, RDFS, SKOS, SME, VOC
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.terms import TYPE


@pytest.fixture(scope="module")
def premises(ontology: Ontology) -> Premises:
    return Premises(ontology)


def test_axioms_hold_no_annotation_and_no_key(premises: Premises) -> None:
    predicates = {parts(text)[1] for text in premises.axioms}
    assert named(f"{RDFS}subClassOf") in predicates
    unwanted = (f"{OWL}hasKey", f"{RDFS}label", f"{SKOS}definition", f"{SKOS}prefLabel")
    assert predicates.isdisjoint(map(named, unwanted))
    assert premises.axioms == sorted(set(premises.axioms))


def test_logical_lines_are_sorted_and_say_something(premises: Premises) -> None:
    label, fact = (
        line("<urn:a>", named(f"{RDFS}label"), '"A"'), line("<urn:a>", named(TYPE), "<urn:B>"),
    )  # fmt: skip
    assert premises.logical([label, fact, fact, label]) == [fact]


def test_concepts_among_individuals_differ_and_nothing_else(premises: Premises) -> None:
    up, down = (VOC + name for name in ("positive", "negative"))
    told = premises.telling_apart([up, down, "urn:a"])
    names = {parts(text)[0] for text in told if parts(text)[1] == named(NAME)}
    assert names == {named(up), named(down)}
    assert told[: len(premises.axioms)] == premises.axioms


def test_axioms_alone_are_told_where_no_concept_is_named(premises: Premises) -> None:
    assert premises.telling_apart(["urn:a"]) == premises.axioms


@pytest.mark.parametrize(
    ("signs", "answer"), [(["positive"], True), (["positive", "negative"], False)]
)
def test_hermit_refuses_a_finding_with_two_signs(
    premises: Premises, signs: list[str], answer: bool
) -> None:
    facts = [line("<urn:f>", named(f"{SME}sign"), named(VOC + sign)) for sign in signs]
    assert has_model(find_java(), [*premises.telling_apart(premises.concepts), *facts]) is answer
    assert has_model(find_java(), [*premises.axioms, *facts])


def test_one_thing_differs_from_nothing() -> None:
    assert all_different(["https://example.org/a"], "channels") == []


def test_logical_lines_are_sorted_once(premises: Premises) -> None:
    lines = premises.logical([line("<urn:a>", named(TYPE), "<urn:B>")])
    assert premises.logical(lines) is lines
