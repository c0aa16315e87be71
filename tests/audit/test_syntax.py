"""Literals as they are written, chains in an order, things without a name in trees."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.audit.syntax import TRIPLE_CHECKS
from tests.audit.conftest import HEAD

CHECKS = {check.check.name.split("/")[1]: check for check in TRIPLE_CHECKS}


def values(name: str, turtle: str) -> list[str | None]:
    """What a check finds in Turtle."""
    quads = ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return [hit.value for hit in CHECKS[name].run([quad.triple for quad in quads])]


@pytest.mark.parametrize(
    "literal",
    [
        '"127"^^xsd:byte', '"-128"^^xsd:byte', '"+7"^^xsd:positiveInteger', '"0"^^xsd:unsignedByte',
        '".5"^^xsd:decimal', '"1."^^xsd:decimal', '"-INF"^^xsd:double', '"1e3"^^xsd:float',
        '"1"^^xsd:boolean', '"2020-01-01T00:00:00"^^xsd:dateTime', '"0aFF"^^xsd:hexBinary',
        '"2020-01-01T00:00:00.5+02:00"^^xsd:dateTimeStamp', '"en-GB"^^xsd:language', '"x"^^sme:own',
    ],
)  # fmt: skip
def test_literal_of_its_datatype_passes(literal: str) -> None:
    assert values("4-lexical-form", f"id:a sme:p {literal} .") == []


@pytest.mark.parametrize(
    "literal",
    [
        '"128"^^xsd:byte', '"-129"^^xsd:byte', '"0"^^xsd:positiveInteger', '"-1"^^xsd:unsignedByte',
        '"1e3"^^xsd:decimal', '"."^^xsd:decimal', '"inf"^^xsd:double', '"1.0"^^xsd:integer',
        '"yes"^^xsd:boolean', '"2020-01-01"^^xsd:dateTime', '"0aF"^^xsd:hexBinary',
        '"2020-01-01T00:00:00"^^xsd:dateTimeStamp', '"en_GB"^^xsd:language',
    ],
)  # fmt: skip
def test_literal_of_another_form_is_found(literal: str) -> None:
    assert len(values("4-lexical-form", f"id:a sme:p {literal} .")) == 1


@pytest.mark.parametrize(
    "axioms",
    [
        "sme:p owl:propertyChainAxiom ( sme:p sme:p ) .",
        "sme:p owl:propertyChainAxiom ( sme:p sme:q ) .",
        "sme:p owl:propertyChainAxiom ( sme:q sme:p ) .",
        "sme:p owl:propertyChainAxiom ( sme:q sme:r ) . sme:q rdfs:subPropertyOf sme:r .",
    ],
)
def test_chain_that_an_order_allows_passes(axioms: str) -> None:
    assert values("11.2-regular-hierarchy", axioms) == []


@pytest.mark.parametrize(
    "axioms",
    [
        "sme:p owl:propertyChainAxiom ( sme:q sme:p sme:r ) .",
        "sme:p owl:propertyChainAxiom ( sme:q sme:r ) . sme:p rdfs:subPropertyOf sme:q .",
        "sme:p owl:propertyChainAxiom ( sme:q sme:r ) . sme:q owl:inverseOf sme:p .",
        "sme:p owl:propertyChainAxiom ( [ owl:inverseOf sme:p ] sme:r ) .",
    ],
)
def test_chain_that_needs_what_it_yields_is_found(axioms: str) -> None:
    assert values("11.2-regular-hierarchy", axioms)


def test_chains_that_need_each_other_are_found_by_name() -> None:
    axioms = """
        sme:p owl:propertyChainAxiom ( sme:q sme:r ) .
        sme:q owl:propertyChainAxiom ( sme:p sme:r ) .
    """
    assert values("11.2-regular-hierarchy", axioms) == ["p", "q"]


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ("_:a sme:p _:b . _:b sme:p _:c . id:x sme:p _:a .", 0),
        ("_:a sme:p _:b . _:a sme:q _:b .", 1),
        ("_:a sme:p _:b . _:b sme:p _:c . _:c sme:p _:a .", 1),
        ("_:a sme:p _:b . id:x sme:p _:a . id:y sme:p _:b .", 1),
    ],
    ids=["a tree", "two edges", "a circle", "two of a tree tied to names"],
)
def test_things_without_a_name_form_trees(facts: str, count: int) -> None:
    assert len(values("11.2-anonymous-forest", facts)) == count
