"""What a term stands for is what the engine says, or nothing where it refuses the term."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from smegraph.sparql.meanings import terms_meant

KNOWN = {"sme": "urn:sme:"}


def test_terms_come_in_their_order_by_what_is_declared_and_known() -> None:
    declared = "PREFIX ex: <urn:ex:> # a comment"
    texts = ["sme:a", "<b>", '"c"@en', "ex:d", "ex:d"]
    assert terms_meant(texts, declared, KNOWN, "http://e.org/x") == [
        NamedNode("urn:sme:a"),
        NamedNode("http://e.org/b"),
        Literal("c", language="en"),
        NamedNode("urn:ex:d"),
        NamedNode("urn:ex:d"),
    ]


@pytest.mark.parametrize("text", ["no:a", "<b>", "?x", "_:b"])
def test_what_the_engine_refuses_has_no_meaning(text: str) -> None:
    assert terms_meant(["sme:a", text], "", KNOWN, None) is None


def test_no_terms_tell_whether_a_prologue_is_sound() -> None:
    assert terms_meant([], "PREFIX a: <urn:a>", {}, None) == []
    assert terms_meant([], "PREFIX a: urn:a", {}, None) is None
