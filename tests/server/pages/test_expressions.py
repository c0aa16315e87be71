"""Class expressions in words."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from smegraph.server.pages.expressions import Expressions, Words
from smegraph.server.pages.things import named
from tests.server.conftest import HEAD


def words(turtle: str) -> str:
    """What an expression says that stands behind `urn:it a`."""
    quads = parse(HEAD + f"<urn:it> <urn:is> {turtle} .", RdfFormat.TURTLE)
    triples = [quad.triple for quad in quads]
    (term,) = [triple.object for triple in triples if triple.subject == NamedNode("urn:it")]
    return plain(Expressions(triples, named).words(term))


def plain(found: Words) -> str:
    return "".join(word if isinstance(word, str) else word.label for word in found)


SOME = "[ a owl:Restriction ; owl:onProperty sme:uses ; owl:someValuesFrom sme:Platform ]"
NEXT = f"[ a owl:Class ; owl:unionOf ( sme:Firm {SOME} ) ]"


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("sme:Firm", "sme:Firm"),
        ('"text"', "text"),
        (SOME, "sme:uses some sme:Platform"),
        ("[ owl:onProperty sme:uses ; owl:hasValue 3 ]", "sme:uses value 3"),
        ("[ owl:onProperty sme:uses ; owl:allValuesFrom sme:A ]", "sme:uses only sme:A"),
        (
            "[ owl:onProperty sme:uses ; owl:minQualifiedCardinality 2 ; owl:onClass sme:A ]",
            "sme:uses min 2 sme:A",
        ),
        ("[ owl:onProperty sme:uses ; owl:maxCardinality 1 ]", "sme:uses max 1"),
        ("[ owl:onProperty [ owl:inverseOf sme:uses ] ; owl:hasSelf true ]",
         "inverse sme:uses Self"),
        (NEXT, "sme:Firm or (sme:uses some sme:Platform)"),
        (f"[ owl:intersectionOf ( sme:A {NEXT} ) ]",
         "sme:A and (sme:Firm or (sme:uses some sme:Platform))"),
        ("[ owl:complementOf sme:A ]", "not sme:A"),
        ("[ owl:oneOf ( id:a id:b ) ]", "{ id:a, id:b }"),
        ("[ owl:unknown sme:A ]", "…"),
    ],
)  # fmt: skip
def test_an_expression_is_told_in_words(turtle: str, expected: str) -> None:
    assert words(turtle) == expected


def test_an_expression_within_itself_ends() -> None:
    turtle = "<urn:it> <urn:is> _:a . _:a owl:complementOf _:a ."
    triples = [quad.triple for quad in parse(HEAD + turtle, RdfFormat.TURTLE)]
    assert plain(Expressions(triples, named).words(triples[0].object)).endswith("…" + ")" * 20)


def test_a_list_that_runs_in_a_circle_ends() -> None:
    turtle = "<urn:it> <urn:is> _:a . _:a rdf:first sme:A ; rdf:rest _:a ."
    triples = [quad.triple for quad in parse(HEAD + turtle, RdfFormat.TURTLE)]
    (head,) = [t.object for t in triples if t.subject == NamedNode("urn:it")]
    assert len([*Expressions(triples, named).items(head)]) == 1
