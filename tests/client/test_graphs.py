"""Triples become a graph of rdflib with nothing lost."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from smegraph.client import UnexpectedAnswer
from smegraph.client.graphs import make_graph

A, B = NamedNode("http://a/"), NamedNode("http://b/")
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (Literal("x"), rdflib.Literal("x")),
        (Literal("x", language="fi"), rdflib.Literal("x", lang="fi")),
        (
            Literal("01", datatype=NamedNode(XSD + "integer")),
            rdflib.Literal("01", datatype=rdflib.URIRef(XSD + "integer"), normalize=False),
        ),
    ],
)
def test_a_literal_keeps_form_language_and_datatype(
    literal: Literal, expected: rdflib.Literal
) -> None:
    (found,) = make_graph([Triple(A, B, literal)]).objects()
    assert (str(found), found) == (str(expected), expected)


def test_a_blank_node_stays_one_node() -> None:
    graph = make_graph([Triple(BlankNode("x"), A, B), Triple(B, A, BlankNode("x"))])
    (subject,) = graph.subjects(object=rdflib.URIRef("http://b/"))
    assert list(graph.objects(rdflib.URIRef("http://b/"))) == [subject]


def test_the_prefixes_are_those_of_every_query() -> None:
    assert dict(make_graph([]).namespaces())["sme"] == rdflib.URIRef(
        "https://w3id.org/smegraph/ontology#"
    )


def test_a_triple_inside_of_a_triple_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="no place for a triple"):
        make_graph([Triple(A, B, Triple(A, B, A))])
