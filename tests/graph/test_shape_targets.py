"""Shapes in parts find the nodes that whole shapes find."""

from __future__ import annotations

import pytest
from rdflib import Graph

from smegraph.graph.shape_targets import ShapeTargets
from smegraph.graph.validate import _report, _triples
from smegraph.namespaces import SH
from tests.graph.test_validate import triples

SHAPES = """
<urn:shape> a sh:NodeShape ; sh:targetClass sme:Firm ; sh:node <urn:provenance> ;
    sh:property <urn:name> , [ sh:path sme:year ; sh:minCount 1 ; sh:severity sh:Warning ] .
<urn:provenance> a sh:NodeShape ; sh:nodeKind sh:IRI ;
    sh:property [ sh:path sme:locator ; sh:maxCount 1 ] .
<urn:name> sh:path rdfs:label ; sh:minCount 1 ; sh:maxCount 1 .
<urn:work> a sh:NodeShape ; sh:targetClass sme:Work ; sh:property <urn:name> .
"""
FACTS = {
    "nameless": "id:a a sme:Firm ; sme:year 2013 .",
    "undated": 'id:a a sme:Firm ; rdfs:label "A" .',
    "nowhere": 'id:a a sme:Firm ; rdfs:label "A" ; sme:year 2013 ; sme:locator "1" , "2" .',
    "sound": 'id:a a sme:Firm ; rdfs:label "A" ; sme:year 2013 ; sme:locator "1" .',
}
ID = "https://w3id.org/smegraph/id/"
MEMBERS = {"https://w3id.org/smegraph/ontology#Firm": [ID + "a"]}


def targets(shapes: str) -> ShapeTargets:
    return ShapeTargets(list(_triples(triples(shapes))))


def found(shapes: ShapeTargets, facts: str, *, in_parts: bool) -> set[str]:
    """The nodes that have results."""
    graph = Graph()
    for triple in _triples(triples(facts)):
        graph.add(triple)
    if in_parts:
        for mark in shapes.marks(MEMBERS):
            graph.add(mark)
        parts = shapes.in_parts
        assert parts is not None
        report = _report("small", graph, parts)
    else:
        report = _report("small", graph, shapes.whole(MEMBERS))
    return {str(node) for _, named, node in report if str(named) == SH + "focusNode"}


OWN = "sh:nodeKind sh:BlankNode ;"


@pytest.mark.parametrize("shapes", [SHAPES, SHAPES.replace("sh:node <", OWN + " sh:node <", 1)])
@pytest.mark.parametrize("facts", FACTS)
def test_parts_find_the_nodes_that_whole_shapes_find(shapes: str, facts: str) -> None:
    looked = targets(shapes)
    whole = found(looked, FACTS[facts], in_parts=False)
    assert found(looked, FACTS[facts], in_parts=True) == whole
    assert whole == (set() if facts == "sound" and shapes is SHAPES else {ID + "a"})


OFF = "sh:deactivated true ;"


@pytest.mark.parametrize(
    "place", ["<urn:shape> a sh:NodeShape ;", "<urn:name> sh:path rdfs:label ;"]
)
def test_what_is_deactivated_finds_nothing(place: str) -> None:
    looked = targets(SHAPES.replace(place, f"{place} {OFF}"))
    for in_parts in (True, False):
        assert found(looked, FACTS["nameless"], in_parts=in_parts) == set()


def test_a_shape_that_others_refer_to_by_a_value_stays_whole() -> None:
    place = "<urn:place> sh:path sme:foreignMarket ; sh:node <urn:shape> ."
    looked = targets(f"{SHAPES} <urn:work> sh:property <urn:place> . {place}")
    facts = "id:a a sme:Work ; rdfs:label 'A' ; sme:foreignMarket id:b . id:b rdfs:label 'B' ."
    members = {"https://w3id.org/smegraph/ontology#Work": [ID + "a"]}
    graph = Graph()
    for triple in (*_triples(triples(facts)), *looked.marks(members)):
        graph.add(triple)
    assert looked.in_parts is not None
    report = _report("small", graph, looked.in_parts)
    assert ID + "a" in {str(node) for _, named, node in report if str(named) == SH + "focusNode"}


def test_members_of_no_shape_get_no_mark() -> None:
    assert (
        list(targets(SHAPES).marks({"https://w3id.org/smegraph/ontology#Place": [ID + "a"]})) == []
    )


def test_a_property_shape_that_looks_further_keeps_shapes_whole() -> None:
    inner = "<urn:name> sh:property [ sh:path sme:year ; sh:minCount 1 ] ."
    assert targets(SHAPES + inner).in_parts is None
