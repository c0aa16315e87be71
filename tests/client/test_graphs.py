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


def test_a_notebook_shows_a_table_in_which_everything_is_escaped() -> None:
    triples = [
        Triple(NamedNode("https://w3id.org/smegraph/id/firm-a"), B, Literal("<b>\n&\x1b")),
        Triple(BlankNode("x"), NamedNode("javascript:alert(1)"), Literal("7")),
    ]
    found = make_graph(triples)._repr_html_()
    assert "<th>subject</th><th>predicate</th><th>object</th>" in found
    assert '<a href="https://w3id.org/smegraph/id/firm-a">id:firm-a</a>' in found
    assert "<td>&lt;b&gt; &amp;\\x1b</td>" in found
    assert "<td>_:x</td><td>&lt;javascript:alert(1)&gt;</td><td>7</td>" in found
    assert "<p>2 triples</p>" in found


def test_a_notebook_shows_the_first_triples_of_many_in_the_same_order_each_time() -> None:
    graph = make_graph(Triple(NamedNode(f"http://a/{n:03}"), B, A) for n in reversed(range(100)))
    found = graph._repr_html_()
    assert "http://a/000" in found
    assert "http://a/019" in found
    assert "http://a/020" not in found
    assert "<p>100 triples, the first 20 shown</p>" in found


def test_a_notebook_shows_an_empty_graph_and_one_triple() -> None:
    assert "<p>0 triples</p>" in make_graph([])._repr_html_()
    assert "<p>1 triple</p>" in make_graph([Triple(A, B, A)])._repr_html_()


def test_a_notebook_shows_the_beginning_of_a_long_text() -> None:
    assert len(make_graph([Triple(A, B, Literal("x" * 10**6))])._repr_html_()) < 5000


def test_a_graph_shows_the_hints_for_its_query() -> None:
    graph = make_graph([], ("`sme:b` is in no graph.",))
    assert graph._repr_html_().endswith("<p>Hint: `sme:b` is in no graph.</p>")
    assert make_graph([]).hints == ()
