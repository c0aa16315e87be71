"""Every axiom is read, forbids only, or is refused by name; none is passed over."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.graph.premises import Premises
from smegraph.namespaces import PREFIXES, SME
from smegraph.ontology.axioms import (
    Axioms,
    Inclusion,
    PropertyInclusion,
    PropertyRange,
    names_read,
    read_axioms,
)
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.expressions import THING, Named, Some, SomeLiteral
from smegraph.ontology.ontology import Ontology

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
DECLARED = """
sme:Firm a owl:Class . sme:Place a owl:Class .
sme:near a owl:ObjectProperty . sme:at a owl:ObjectProperty .
sme:count a owl:DatatypeProperty . sme:total a owl:DatatypeProperty .
sme:note a owl:AnnotationProperty ; rdfs:range xsd:string .
"""
FIRM, PLACE = Named(SME + "Firm"), Named(SME + "Place")
NEAR, AT, COUNT = SME + "near", SME + "at", SME + "count"


def read(turtle: str) -> Axioms:
    parsed = ox.parse(input=HEAD + DECLARED + turtle, format=ox.RdfFormat.TURTLE)
    return read_axioms(quad.triple for quad in parsed)


def test_order_of_classes_is_an_inclusion_and_an_equivalence_is_two() -> None:
    assert read("sme:Firm rdfs:subClassOf sme:Place .").inclusions == [Inclusion(FIRM, PLACE)]
    both = read("sme:Firm owl:equivalentClass sme:Place .").inclusions
    assert both == [Inclusion(FIRM, PLACE), Inclusion(PLACE, FIRM)]


def test_domain_is_the_inclusion_of_what_has_a_value() -> None:
    found = read("sme:near rdfs:domain sme:Firm . sme:count rdfs:domain sme:Firm .").inclusions
    expected = [Inclusion(Some(NEAR, Named(THING)), FIRM), Inclusion(SomeLiteral(COUNT), FIRM)]
    assert sorted(found, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("turtle", "chain", "above"),
    [
        ("sme:near rdfs:subPropertyOf sme:at .", (NEAR,), AT),
        ("sme:count rdfs:subPropertyOf sme:total .", (COUNT,), SME + "total"),
        ("sme:near a owl:TransitiveProperty .", (NEAR, NEAR), NEAR),
        ("sme:at owl:propertyChainAxiom ( sme:near sme:at ) .", (NEAR, AT), AT),
    ],
)
def test_order_of_properties_is_a_chain(turtle: str, chain: tuple[str, ...], above: str) -> None:
    assert read(turtle).properties == [PropertyInclusion(chain, above)]


def test_range_inverse_and_function_are_read() -> None:
    found = read(
        "sme:near rdfs:range sme:Place ; owl:inverseOf sme:at ; a owl:FunctionalProperty ."
    )
    assert found.ranges == [PropertyRange(NEAR, PLACE)]
    assert found.inverses == [(NEAR, AT)]
    assert found.functional == [NEAR]


def test_what_is_said_of_an_individual_is_a_fact() -> None:
    found = read('voc:x a sme:Firm ; sme:near voc:y ; sme:count "1" .')
    assert len(found.facts) == 3


@pytest.mark.parametrize(
    "turtle",
    [
        "sme:Firm owl:disjointWith sme:Place .",
        "[] a owl:AllDisjointClasses ; owl:members ( sme:Firm sme:Place ) .",
        "sme:count a owl:FunctionalProperty ; rdfs:range xsd:string .",
        "sme:Firm owl:hasKey ( sme:near ) .",
        "<urn:o> a owl:Ontology ; owl:versionInfo '1' .",
        "voc:x a owl:NamedIndividual .",
    ],
)
def test_what_only_forbids_or_declares_gives_nothing(turtle: str) -> None:
    empty, found = read(""), read(turtle)
    assert (found.inclusions, found.properties, found.ranges, found.functional, found.facts) == (
        empty.inclusions, empty.properties, empty.ranges, empty.functional, empty.facts,
    )  # fmt: skip


def test_what_forbids_is_read() -> None:
    found = read(
        """sme:Firm owl:disjointWith sme:Place . sme:Town a owl:Class .
        [] a owl:AllDisjointClasses ; owl:members ( sme:Firm sme:Town ) .
        sme:count a owl:FunctionalProperty ; rdfs:range xsd:integer , xsd:decimal ."""
    )
    firm, place, town = (SME + name for name in ("Firm", "Place", "Town"))
    assert found.disjoint == {frozenset({firm, place}), frozenset({firm, town})}
    assert found.functional_data == {COUNT}
    integer, decimal = (PREFIXES["xsd"] + name for name in ("integer", "decimal"))
    assert found.data_ranges == {COUNT: {integer, decimal}}


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("sme:Firm owl:disjointWith sme:Firm .", "owl:disjointWith"),
        ("sme:Firm owl:disjointWith owl:Thing .", "owl:disjointWith"),
        ("[] a owl:AllDisjointClasses ; owl:members ( sme:Firm sme:Firm ) .", "no member"),
        ("sme:Firm rdfs:subClassOf [ a owl:Class ; owl:unionOf () ] .", "owl:unionOf"),
        ("sme:near a owl:SymmetricProperty .", "owl:SymmetricProperty"),
        ("sme:near a owl:InverseFunctionalProperty .", "owl:InverseFunctionalProperty"),
        ("sme:near a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
        ("sme:near owl:equivalentProperty sme:at .", "owl:equivalentProperty"),
        ("sme:near owl:propertyDisjointWith sme:at .", "owl:propertyDisjointWith"),
        ("sme:near rdfs:subPropertyOf sme:undeclared .", "sme:undeclared"),
        ("sme:near rdfs:subPropertyOf owl:topObjectProperty .", "owl:topObjectProperty"),
        ("sme:at owl:propertyChainAxiom ( [ owl:inverseOf sme:near ] sme:at ) .", "sme:at|_:"),
        ("sme:Firm owl:disjointUnionOf ( sme:Place ) .", "owl:disjointUnionOf"),
        ("sme:Firm owl:complementOf sme:Place .", "owl:complementOf"),
        ("sme:Firm owl:oneOf ( voc:x ) .", "owl:oneOf"),
        ("[ a owl:Class ; owl:unionOf ( sme:Firm ) ] rdfs:subClassOf sme:Place .", "_:"),
        ("[] a owl:AllDisjointProperties ; owl:members ( sme:near sme:at ) .", "_:"),
        ("[] a owl:AllDifferent ; owl:distinctMembers ( voc:x voc:y ) .", "_:"),
        ("[] a owl:NegativePropertyAssertion ; owl:sourceIndividual voc:x .", "_:"),
        ("[] a owl:AllDisjointClasses .", "owl:AllDisjointClasses"),
        ("[] a owl:AllDisjointClasses ; owl:members ( sme:Firm [ a owl:Class ] ) .", "expressions"),
        ("voc:x owl:sameAs voc:y .", "owl:sameAs"),
        ("voc:x a [ a owl:Class ; owl:complementOf sme:Firm ] .", "rdf:type"),
        ("voc:x a sme:Undeclared .", "sme:Undeclared"),
        ("voc:x sme:undeclared voc:y .", "sme:undeclared"),
        ("voc:x sme:near 5 .", "sme:near"),
        ("voc:x sme:count voc:y .", "sme:count"),
        ("sme:count rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 ) ] .", "sme:count|_:"),
        ("sme:Years a rdfs:Datatype ; owl:equivalentClass xsd:integer .", "sme:Years"),
        ("sme:Rule a <http://www.w3.org/2003/11/swrl#Imp> .", "swrl"),
    ],
)
def test_an_axiom_of_another_form_is_refused_by_name(turtle: str, said: str) -> None:
    with pytest.raises(UnsupportedAxiom, match=said):
        read(turtle)


def test_all_of_the_ontology_is_read(ontology: Ontology) -> None:
    found = read_axioms(Premises(ontology).statements)
    assert len(found.inclusions) > 300
    assert len(found.facts) > 2000


@pytest.mark.parametrize(
    ("turtle", "read_names"),
    [
        ("sme:Firm rdfs:subClassOf sme:Place .", {"Firm"}),
        ("sme:near rdfs:subPropertyOf sme:at .", {"near"}),
        ("sme:near rdfs:domain sme:Firm .", {"near"}),
        ("sme:near rdfs:range sme:Place .", {"near"}),
        ("sme:near owl:inverseOf sme:at .", {"near", "at"}),
        ("sme:near a owl:FunctionalProperty .", {"near"}),
        ("sme:Firm owl:disjointWith sme:Place .", {"Firm", "Place"}),
        ("sme:Firm rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sme:near ; "
         "owl:someValuesFrom sme:Place ] .", {"Firm", "near", "Place"}),
    ],
)  # fmt: skip
def test_a_name_is_read_where_something_follows_from_it(turtle: str, read_names: set[str]) -> None:
    """`owl:Thing` may be among them; everything is one."""
    assert names_read(read(turtle)) - {THING} == {SME + name for name in read_names}
