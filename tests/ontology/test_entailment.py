"""Axioms become rules and gaps; that both are right is shown beside HermiT, with the saturation."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.graph.premises import Premises
from smegraph.namespaces import PREFIXES, SME, VOC
from smegraph.ontology.axioms import read_axioms
from smegraph.ontology.entailment import Entailment, to_entailment
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.ontology import Ontology

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
DECLARED = """
sme:Firm a owl:Class . sme:Place a owl:Class . sme:Near a owl:Class .
sme:near a owl:ObjectProperty . sme:at a owl:ObjectProperty . sme:in a owl:ObjectProperty .
"""
BY_VALUE = """sme:Near owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( sme:Firm
    [ a owl:Restriction ; owl:onProperty sme:near ; owl:hasValue voc:here ] ) ] ."""


def entailment(turtle: str) -> Entailment:
    parsed = ox.parse(input=HEAD + DECLARED + turtle, format=ox.RdfFormat.TURTLE)
    return to_entailment(read_axioms(quad.triple for quad in parsed))


def test_a_rule_gives_what_is_not_there_yet_and_says_what_it_reads() -> None:
    (rule,) = entailment("sme:near rdfs:domain sme:Firm .").rules
    assert rule.name == "SubClassOf((sme:near some owl:Thing)) sme:Firm"
    assert (rule.reads, rule.adds) == ({f"{SME}near"}, f"{SME}Firm")
    head = f"?x a <{SME}Firm> ."
    assert rule.text == (
        f"CONSTRUCT {{ {head} }} WHERE {{ ?x <{SME}near> ?v0 . FILTER NOT EXISTS {{ {head} }} }}"
    )


def test_a_definition_by_an_individual_has_rules_both_ways_and_no_gap() -> None:
    found = entailment(BY_VALUE)
    assert {rule.adds.removeprefix(SME) for rule in found.rules} == {"Near", "Firm", "near"}
    assert found.gaps == ()
    assert found.nominals == {f"{VOC}here"}


def test_what_must_exist_is_a_gap() -> None:
    some = "[ a owl:Restriction ; owl:onProperty sme:near ; owl:someValuesFrom sme:Place ]"
    found = entailment(f"sme:Firm rdfs:subClassOf {some} .")
    assert found.rules == ()
    assert [gap.name for gap in found.gaps] == [
        "SubClassOf(sme:Firm) (sme:near some sme:Place), and not seen to be"
    ]


def test_every_query_has_a_name_and_is_sparql(ontology: Ontology) -> None:
    found = to_entailment(read_axioms(Premises(ontology).statements))
    assert len(found.rules) > 400
    store = ox.Store()
    for name, text in found.queries:
        assert name
        store.query(text)


def test_same_axioms_give_the_same_queries_in_any_order(ontology: Ontology) -> None:
    statements = Premises(ontology).statements
    first, again = (to_entailment(read_axioms(s)) for s in (statements, reversed(statements)))
    assert first == again


@pytest.mark.parametrize(
    "added",
    [
        "sme:near owl:inverseOf sme:at .",
        "sme:at owl:inverseOf sme:near .",
        "sme:near rdfs:subPropertyOf sme:at . sme:at owl:inverseOf sme:in .",
        "sme:at owl:propertyChainAxiom ( sme:in sme:near ) ; owl:inverseOf sme:in .",
    ],
)
def test_the_individual_of_a_definition_from_which_a_way_leads_back_is_refused(added: str) -> None:
    with pytest.raises(UnsupportedAxiom, match="and back"):
        entailment(BY_VALUE + added)


def test_what_is_said_of_everything_is_refused() -> None:
    with pytest.raises(UnsupportedAxiom, match="everything"):
        entailment("owl:Thing a owl:Class ; rdfs:subClassOf sme:Firm .")
