"""What HermiT is not told, because rules have checked it, would not have changed its answer."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.graph.errors import ReasonerError
from smegraph.graph.hermit import find_java, has_model
from smegraph.graph.plain import PlainProperties
from smegraph.graph.premises import DECLARED
from smegraph.graph.saturate import Saturation
from smegraph.graph.triples import lines_of
from smegraph.namespaces import PREFIXES
from smegraph.ontology.axioms import read_axioms
from smegraph.ontology.entailment import to_entailment

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
ONTOLOGY = """
:A a owl:Class ; owl:disjointWith :B . :B a owl:Class . :C a owl:Class .
:Flagged a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :flag ;
    owl:hasValue true ] ; rdfs:subClassOf :B .
:Made a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :made ;
    owl:someValuesFrom :A ] .
:one a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:domain :A ; rdfs:range :A .
:many a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :A ; owl:inverseOf :of .
:of a owl:ObjectProperty .
:made a owl:ObjectProperty .
:under a owl:ObjectProperty ; rdfs:subPropertyOf :over . :over a owl:ObjectProperty .
:here a owl:ObjectProperty ; owl:inverseOf :there .
:there a owl:ObjectProperty ; rdfs:subPropertyOf :over .
:choice a owl:ObjectProperty ; rdfs:range [ a owl:Class ; owl:unionOf ( :A :B ) ] .
:name a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:domain :A ; rdfs:range xsd:string .
:note a owl:DatatypeProperty ; rdfs:range xsd:string .
:whole a owl:DatatypeProperty ; rdfs:range xsd:integer .
:flag a owl:DatatypeProperty ; rdfs:range xsd:boolean .
"""
PLAIN = {"one", "many", "of", "name", "note", "whole"}
SOUND = {
    "values": ':a :name "x" ; :note "y" , "z" ; :whole 5 ; :one :b ; :many :b , :c .',
    "the other way": ":b :of :a .",
    "one value, told twice": ":a :one :b . :a :one :b .",
}
CLASHES = {
    "the class that a domain gives": ':a a :B ; :name "x" .',
    "the class that a range gives": ":b a :B . :a :many :b .",
    "the class that an inverse gives": ":a a :B . :b :of :a .",
    "two values of one": ':a :name "x" , "y" .',
    "another datatype": ":a :whole 2.5 .",
    "a number that is none": ':a :whole "five"^^xsd:integer .',
    "a value that a definition names": ":a a :A ; :flag true .",
    # Two things are one, since a property has one value, and then have two values of another.
    "two names of one thing": ':a :one :b , :c . :b :name "x" . :c :name "y" .',
}


def _triples(turtle: str) -> list[ox.Triple]:
    text = f"{HEAD}PREFIX : <urn:> {turtle}"
    return [quad.triple for quad in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]


def _agrees(lines: list[str]) -> bool:
    """Whether HermiT takes the lines and finds a model of them."""
    try:
        return has_model(find_java(), lines)
    except ReasonerError:  # a number that is none
        return False


@pytest.fixture(scope="module")
def rules() -> Saturation:
    axioms = read_axioms(_triples(ONTOLOGY))
    return Saturation(axioms, to_entailment(axioms))


@pytest.fixture(scope="module")
def axioms() -> list[str]:
    return [*lines_of(_triples(ONTOLOGY)), *DECLARED]


def test_plain_is_what_no_other_axiom_speaks_of(rules: Saturation) -> None:
    found = PlainProperties.of(rules.axioms).names
    assert found == {f"urn:{name}" for name in PLAIN}


@pytest.mark.parametrize("name", SOUND)
def test_values_of_plain_properties_are_left_out(
    name: str, rules: Saturation, axioms: list[str]
) -> None:
    told = rules.spelt_out(lines_of(_triples(SOUND[name])))
    assert told is not None
    assert not any(f"<urn:{plain}>" in text for plain in PLAIN for text in told)
    assert _agrees([*axioms, *told])


@pytest.mark.parametrize("name", CLASHES)
def test_what_clashes_still_clashes(name: str, rules: Saturation, axioms: list[str]) -> None:
    facts = lines_of(_triples(CLASHES[name]))
    told = rules.spelt_out(facts)
    assert told is not None
    for lines in (told, facts):
        assert not _agrees([*axioms, *lines])


def test_things_with_names_are_told_apart_where_the_names_are_left_out(rules: Saturation) -> None:
    told = rules.spelt_out(lines_of(_triples(':a :name "x" . :b :note "y" .')))
    assert told is not None
    named = [text for text in told if "urn:smegraph:name" in text]
    assert named == ['<urn:a> <urn:smegraph:name> "urn:a" .\n']
