"""Terms of results: any label is a blank node's, and what is no term is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from smegraph.client.terms import NoTerm, blank_node, make_term

LABELS = ["b0", "t12:3", "nodeID://b10046", "a b", "", "ü", "b.", "-", "_:b0", "label-6220"]
ODD = ["\n", "\ud800"]


@pytest.mark.parametrize("label", [*LABELS, *ODD])
def test_any_text_is_a_label_and_gives_one_node(label: str) -> None:
    assert blank_node(label) == blank_node(label)
    assert f"{BlankNode(blank_node(label).value)}" == str(blank_node(label))


@given(st.sets(st.text(st.characters(), max_size=6), min_size=2, max_size=4))
def test_two_labels_give_two_nodes(labels: set[str]) -> None:
    assert len({blank_node(label) for label in labels}) == len(labels)


def test_what_looks_like_a_label_that_was_written_anew_is_another_node() -> None:
    odd = blank_node("a b")
    assert blank_node(odd.value) != odd


def test_a_label_that_turtle_takes_stays_as_it_is() -> None:
    assert blank_node("b0.1") == BlankNode("b0.1")


@pytest.mark.parametrize(
    ("told", "term"),
    [
        ({"type": "uri", "value": "http://a/é"}, NamedNode("http://a/é")),
        ({"type": "literal", "value": " x "}, Literal(" x ")),
        ({"type": "literal", "value": "x", "xml:lang": ""}, Literal("x")),
        ({"type": "literal", "value": "x", "datatype": None}, Literal("x")),
        ({"type": "literal", "value": "x", "xml:lang": "en-GB"}, Literal("x", language="en-GB")),
        (
            {"type": "typed-literal", "value": "x", "datatype": "http://d"},
            Literal("x", datatype=NamedNode("http://d")),
        ),
        (
            {
                "type": "triple",
                "value": {
                    "subject": {"type": "bnode", "value": "a b"},
                    "predicate": {"type": "uri", "value": "http://p"},
                    "object": {"type": "literal", "value": "o"},
                },
            },
            Triple(blank_node("a b"), NamedNode("http://p"), Literal("o")),
        ),
    ],
)
def test_a_term_is_read(told: dict[str, object], term: object) -> None:
    assert make_term(told) == term


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"type": "uri", "value": "http://a b"}, "'http://a b' is no absolute IRI"),
        ({"type": "uri", "value": "http://a<b"}, "'http://a<b' is no absolute IRI"),
        ({"type": "uri", "value": "page"}, "'page' is no absolute IRI"),
        ({"type": "uri", "value": ""}, "'' is no absolute IRI"),
        ({"type": "literal", "value": "x", "datatype": "a b"}, "'a b' is no absolute IRI"),
        ({"type": "literal", "value": "x", "xml:lang": "en_US"}, "language tag 'en_US'"),
        ({"type": "literal", "value": "x", "xml:lang": "en", "datatype": "http://d"}, "has both"),
        ({"type": "literal", "value": "x", "its:dir": "up", "xml:lang": "en"}, "is none"),
        ({"type": "literal", "value": 5}, "5, which is no text"),
        ({"type": "literal", "value": "\ud800"}, "half of a character"),
        ({"type": "uri", "value": "http://a/\ud800"}, "half of a character"),
        ({"type": "literal", "value": "x", "xml:lang": "\ud800"}, "half of a character"),
        ({"type": "literal", "value": "x", "lang": "en"}, "the member 'lang'"),
        ({"type": "thing", "value": "x"}, "'thing' is no type"),
        ({"type": "triple", "value": "x"}, "triple is 'x'"),
        ({"type": "triple", "value": {}}, "None is no term"),
        ("x", "'x' is no term"),
        (None, "None is no term"),
    ],
)
def test_what_is_no_term_is_named(told: object, why: str) -> None:
    with pytest.raises(NoTerm, match=why):
        make_term(told)


def test_a_long_text_is_named_by_its_beginning() -> None:
    with pytest.raises(NoTerm) as caught:
        make_term({"type": "uri", "value": "x" * 10_000})
    assert len(str(caught.value)) < 300
