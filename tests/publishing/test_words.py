"""A difference is told in words."""

from __future__ import annotations

import json

from smegraph.namespaces import ID, SME
from smegraph.publishing.difference import compare
from smegraph.publishing.sides import Side
from smegraph.publishing.words import Value, as_text, in_words, to_json
from tests.publishing.conftest import OLD, side


def test_new_things_and_those_that_are_gone_have_class_and_label(old: Side, new: Side) -> None:
    words = in_words(compare(old, new))
    assert {(t.iri, t.label, t.kind) for t in words.added} == {
        (ID + "finding-b", "New.", "finding"),
        (SME + "by", "by", "owl:ObjectProperty"),
    }
    assert [(t.label, t.kind) for t in words.removed] == [("Gone", "firm")]


def test_a_change_names_property_before_and_after(old: Side, new: Side) -> None:
    changed = {c.thing.iri: c.values for c in in_words(compare(old, new)).changed}
    assert changed[ID + "firm-x"] == (Value("sme:count", ("1",), ("2",)),)
    (expression,) = changed[SME + "Firm"]
    assert (expression.property, expression.before) == ("rdfs:subClassOf", expression.after)


def test_a_deprecated_term_has_its_successor(old: Side, new: Side) -> None:
    (one,) = in_words(compare(old, new)).deprecated
    assert (one.thing.iri, one.successor) == (SME + "of", SME + "by")


def test_a_finding_with_another_sign_or_hedge_is_told_apart(old: Side, new: Side) -> None:
    (change,) = in_words(compare(old, new)).findings
    assert change.thing.iri == ID + "finding-a"
    assert {v.property: (v.before, v.after) for v in change.values} == {
        "sign": (("voc:negative",), ("voc:positive",)),
        "hedged": (("false",), ("true",)),
    }


def test_axioms_about_several_things_are_counted(old: Side, new: Side) -> None:
    assert in_words(compare(old, new)).axioms == (1, 0)


def test_what_is_computed_is_no_change_of_a_thing(old: Side) -> None:
    more = side(OLD + "graph:derived { id:firm-x sme:p 1 }")
    assert in_words(compare(old, more)).changed == ()


def test_text_says_all_of_it(old: Side, new: Side) -> None:
    difference = compare(old, new)
    text = as_text(difference, in_words(difference))
    for said in (
        "From old to new: 20 statements more, 9 less.",
        "  graph:one: +6 -5 (10 before, 11 now)",
        "  firm: 1\n    Gone [id:firm-gone]",
        "  of [sme:of]: use sme:by",
        "    sign: voc:negative → voc:positive",
        "Axioms about several things: 1 new, 0 gone.",
    ):
        assert said in text


def test_text_shows_a_few_of_a_kind_unless_all_are_asked_for(old: Side) -> None:
    firms = " ".join(f"id:firm-{n} a sme:Firm ." for n in range(5))
    difference = compare(old, side(OLD + f"graph:two {{ {firms} }}"))
    words = in_words(difference)
    assert "and 3 more (--all)" in as_text(difference, words, 2)
    assert "--all" not in as_text(difference, words, None)


def test_two_sides_that_say_the_same_are_said_to(old: Side) -> None:
    difference = compare(old, old)
    assert "say the same" in as_text(difference, in_words(difference))


def test_json_has_graphs_and_words(old: Side, new: Side) -> None:
    difference = compare(old, new)
    found = json.loads(json.dumps(to_json(difference, in_words(difference))))
    assert (found["old"], found["new"], found["same"]) == ("old", "new", False)
    assert found["findings"][0]["thing"]["iri"] == ID + "finding-a"
