"""Class expressions are read as they are meant, or refused by what they say."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES, SME, VOC, XSD
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.expressions import (
    AllOf,
    AnyOf,
    AtLeast,
    Expression,
    HasIndividual,
    HasLiteral,
    Named,
    Some,
    SomeLiteral,
    SomeNumber,
    Statements,
    parts_of,
    read_expression,
)

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
HEAD += "sme:sign a owl:ObjectProperty . sme:count a owl:DatatypeProperty .\n"
FIRM, PLACE = Named(SME + "Firm"), Named(SME + "Place")


def read(turtle: str) -> tuple[Expression, Statements]:
    """The expression that stands for `sme:Defined`, and what is left beside it."""
    parsed = ox.parse(input=f"{HEAD} sme:Defined rdfs:subClassOf {turtle} .",
                      format=ox.RdfFormat.TURTLE)  # fmt: skip
    statements = Statements.of(quad.triple for quad in parsed)
    (node,) = statements.take_all(ox.NamedNode(SME + "Defined")).values()
    return read_expression(node[0], statements), statements


def restriction(text: str) -> str:
    return f"[ a owl:Restriction ; {text} ]"


SIGN, COUNT = "owl:onProperty sme:sign ;", "owl:onProperty sme:count ;"


def range_of(facets: str, datatype: str = "xsd:nonNegativeInteger") -> str:
    values = f"[ a rdfs:Datatype ; owl:onDatatype {datatype} ; owl:withRestrictions ( {facets} ) ]"
    return restriction(f"{COUNT} owl:someValuesFrom {values}")


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("sme:Firm", FIRM),
        ("[ a owl:Class ; owl:intersectionOf ( sme:Firm sme:Place ) ]", AllOf((FIRM, PLACE))),
        ("[ a owl:Class ; owl:unionOf ( sme:Firm sme:Place ) ]", AnyOf((FIRM, PLACE))),
        (restriction(f"{SIGN} owl:someValuesFrom sme:Firm"), Some(SME + "sign", FIRM)),
        (restriction(f"{SIGN} owl:hasValue voc:up"), HasIndividual(SME + "sign", VOC + "up")),
        (
            restriction(f"{SIGN} owl:onClass sme:Firm ; owl:minQualifiedCardinality 2"),
            AtLeast(2, SME + "sign", FIRM),
        ),
        (restriction(f"{COUNT} owl:hasValue true"), HasLiteral(SME + "count", ox.Literal(True))),
        (restriction(f"{COUNT} owl:someValuesFrom rdfs:Literal"), SomeLiteral(SME + "count")),
        (
            restriction(f"{COUNT} owl:someValuesFrom xsd:integer"),
            SomeNumber(SME + "count", XSD + "integer", ()),
        ),
        (
            range_of("[ xsd:minInclusive 10 ] [ xsd:maxExclusive 50 ]"),
            SomeNumber(
                SME + "count", XSD + "nonNegativeInteger", (("<", "50"), (">=", "10"))
            ),
        ),
        (
            range_of("[ xsd:minExclusive 0.5 ]", "xsd:decimal"),
            SomeNumber(SME + "count", XSD + "decimal", ((">", "0.5"),)),
        ),
    ],
)  # fmt: skip
def test_a_known_form_is_read_and_nothing_of_it_is_left(turtle: str, expected: Expression) -> None:
    found, statements = read(turtle)
    assert found == expected
    assert {triple.predicate.value for triple in statements.left()} <= {
        PREFIXES["rdf"] + "type"
    }  # the two declarations


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("[ a owl:Class ; owl:complementOf sme:Firm ]", "owl:complementOf"),
        ("[ a owl:Class ; owl:oneOf ( voc:up voc:down ) ]", "owl:oneOf"),
        (restriction(f"{SIGN} owl:allValuesFrom sme:Firm"), "owl:allValuesFrom"),
        (restriction(f"{SIGN} owl:hasSelf true"), "owl:hasSelf"),
        (restriction(f"{SIGN} owl:maxCardinality 1"), "owl:maxCardinality"),
        (restriction(f"{SIGN} owl:cardinality 1"), "owl:cardinality"),
        (restriction(f"{SIGN} owl:minCardinality 2"), "owl:minCardinality"),
        (
            restriction(f"{SIGN} owl:onClass sme:Firm ; owl:qualifiedCardinality 2"),
            "owl:qualifiedCardinality",
        ),
        (restriction(f"{SIGN} owl:someValuesFrom sme:Firm ; owl:hasValue voc:up"), "owl:hasValue"),
        (restriction("owl:onProperty [ owl:inverseOf sme:sign ] ; owl:hasValue voc:up"),
         "owl:hasValue"),
        (restriction("owl:onProperty sme:undeclared ; owl:hasValue voc:up"), "owl:hasValue"),
        (restriction(f"{SIGN} owl:someValuesFrom sme:Firm, sme:Place"), "2 values"),
        (restriction(f"{COUNT} owl:allValuesFrom xsd:integer"), "owl:allValuesFrom"),
        (restriction(f"{COUNT} owl:hasValue 5"), "owl:hasValue"),
        (restriction(f"{COUNT} owl:someValuesFrom xsd:dateTime"), "xsd:dateTime"),
        (range_of('[ xsd:pattern "a" ]'), "xsd:pattern"),
        (range_of("[ xsd:minInclusive 1e3 ]"), "xsd:minInclusive"),
        (range_of("[ xsd:minInclusive 99999999999999999999 ]"), "xsd:minInclusive"),
        (range_of("[ xsd:minInclusive 1 ]", "xsd:double"), "xsd#double|XMLSchema#double"),
        ("[ a owl:Class ; owl:intersectionOf [ rdf:first sme:Firm ] ]", "a list"),
    ],
)  # fmt: skip
def test_any_other_form_is_refused_by_what_it_says(turtle: str, said: str) -> None:
    with pytest.raises(UnsupportedAxiom, match=said):
        read(turtle)


def test_the_parts_of_an_expression_are_all_that_it_holds() -> None:
    inner = Some("urn:p", AtLeast(2, "urn:q", FIRM))
    assert list(parts_of(AllOf((PLACE, AnyOf((inner,)))))) == [
        AllOf((PLACE, AnyOf((inner,)))), PLACE, AnyOf((inner,)), inner,
        AtLeast(2, "urn:q", FIRM), FIRM,
    ]  # fmt: skip
