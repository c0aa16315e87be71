"""What rules take for a model is one: nothing in it is forbidden, and HermiT says so too."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.graph.hermit import find_java, has_model
from smegraph.graph.premises import all_different
from smegraph.graph.saturate import Saturation
from smegraph.graph.triples import lines_of
from smegraph.namespaces import PREFIXES
from smegraph.ontology.axioms import read_axioms
from smegraph.ontology.entailment import to_entailment

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
ONTOLOGY = """
:A a owl:Class ; owl:disjointWith :B . :B a owl:Class . :C a owl:Class ; rdfs:subClassOf :A .
:D a owl:Class ; rdfs:subClassOf :E . :E a owl:Class . :F a owl:Class .
[] a owl:AllDisjointClasses ; owl:members ( :B :E :F ) .
:Made a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ;
    owl:someValuesFrom :A ] .
:Never a owl:Class ; rdfs:subClassOf owl:Nothing .
:p a owl:ObjectProperty ; rdfs:range :A . :one a owl:ObjectProperty , owl:FunctionalProperty .
:text a owl:DatatypeProperty ; rdfs:range xsd:string .
:whole a owl:DatatypeProperty ; rdfs:range xsd:integer .
:count a owl:DatatypeProperty ; rdfs:range xsd:nonNegativeInteger .
:amount a owl:DatatypeProperty ; rdfs:range xsd:decimal .
:flag a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:boolean .
:at a owl:DatatypeProperty ; rdfs:range xsd:dateTime .
:any a owl:DatatypeProperty ; rdfs:range rdfs:Literal .
:score a owl:DatatypeProperty ; rdfs:subPropertyOf :sum .
:sum a owl:DatatypeProperty , owl:FunctionalProperty .
"""
# Facts that have a model, which the rules find.
SOUND = {
    "nothing": "",
    "classes": ":x a :C , :D . :y a :B .",
    "values": ':x :text "x" ; :whole -5 , 7 ; :count 0 ; :amount -1.5 , 2 ; :any "y"@en , 3 .',
    "counted": ':x :count "7"^^xsd:nonNegativeInteger ; :whole "7"^^xsd:nonNegativeInteger .',
    "moments": """:x :at "2013-04-01T10:00:00Z"^^xsd:dateTime .
        :x :at "2013-04-01T10:00:00"^^xsd:dateTime .""",
    "one value said twice": ":x :flag true ; :score 5 ; :sum 5 .",
    "seen to exist": ":x a :Made ; :p :y .",
}  # fmt: skip
# Facts without a model.
CLASHING = {
    "disjoint": ":x a :A , :B .",
    "disjoint by what follows": ":x a :C . :x a :B .",
    "disjoint by a range": ":x :p :y . :y a :B .",
    "two of many": ":x a :D , :F .",
    "nothing is one": ":x a :Never .",
    "two values": ":x :flag true , false .",
    "two values by what follows": ":x :score 5 ; :sum 6 .",
    "a number for a text": ":x :text 5 .",
    "a language where there is none": ':x :text "x"@en .',
    "a text for a number": ':x :whole "5" .',
    "a half": ":x :whole 5.5 .",
    "below nothing": ":x :count -1 .",
    "no boolean": ":x :flag 1 .",
    "no moment": ':x :at "2013" .',
}
# Facts of which the rules say nothing, with a model or without one.
UNTOLD = {
    "two that may be one": ":x :one :y , :z .",
    "something must exist": ":x a :Made .",
    "no such whole number": ':x :whole "five"^^xsd:integer .',
    "no such count": ':x :whole "-5"^^xsd:nonNegativeInteger .',
    "no such boolean": ':x :any "yes"^^xsd:boolean .',
    "no such day": ':x :at "2013-02-30T10:00:00Z"^^xsd:dateTime .',
    "another datatype": ':x :any "1.0"^^xsd:double .',
    "too many digits": ":x :whole 99999999999999999999999 .",
    "a character that XML does not have": ':x :text "\\u0001" .',
    "a whole number with a point": ":x :whole 5.0 .",
    "things that are one": ":x owl:sameAs :y .",
}


def read(turtle: str) -> list[ox.Triple]:
    head = f"{HEAD}PREFIX : <urn:model#>\n"
    return [quad.triple for quad in ox.parse(input=head + turtle, format=ox.RdfFormat.TURTLE)]


def saturation(more: str = "") -> Saturation:
    axioms = read_axioms(read(ONTOLOGY + more))
    return Saturation(axioms, to_entailment(axioms))


@pytest.fixture(scope="module")
def rules() -> Saturation:
    return saturation()


@pytest.mark.parametrize("case", SOUND)
def test_facts_that_break_no_axiom_are_a_model(rules: Saturation, case: str) -> None:
    assert rules.is_model(lines_of(read(SOUND[case])))


def test_hermit_says_so_of_all_of_them() -> None:
    apart = (
        text.replace(":x", f":x{number}").replace(":y", f":y{number}")
        for number, text in enumerate(SOUND.values())
    )
    facts = lines_of(read(" ".join(apart)))
    assert has_model(find_java(), [*lines_of(read(ONTOLOGY)), *facts])


@pytest.mark.parametrize("case", [*CLASHING, *UNTOLD])
def test_facts_that_clash_or_are_not_understood_are_none(rules: Saturation, case: str) -> None:
    assert not rules.is_model(lines_of(read((CLASHING | UNTOLD)[case])))


def test_things_that_differ_may_not_be_one_thing(rules: Saturation) -> None:
    apart = all_different(["urn:model#x", "urn:model#y"], "some")
    assert rules.is_model(apart)
    assert not rules.is_model([text.replace("#y>", "#x>") for text in apart])


def test_what_the_ontology_says_of_individuals_counts() -> None:
    assert not saturation(":x a :A , :B .").is_model([])
    assert not saturation(':x :whole "five"^^xsd:integer .').is_model([])
    assert not saturation(":x a :A .").is_model(lines_of(read(":x a :B .")))
