"""Blank nodes are named by what they hold and where they hang."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.publishing.blank_nodes import with_stable_names
from smegraph.publishing.errors import ComparisonError


def triples(text: str) -> list[ox.Triple]:
    head = "PREFIX : <urn:> "
    return [quad.triple for quad in ox.parse(head + text, format=ox.RdfFormat.TURTLE)]


def named(text: str) -> set[ox.Triple]:
    return set(with_stable_names(triples(text)))


def canonical(found: list[ox.Triple]) -> ox.Dataset:
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return data


def test_labels_and_order_make_no_difference() -> None:
    assert named(":a :p _:x, _:y . _:x :q 1 . _:y :q 2 .") == named(
        "_:a :q 2 . _:b :q 1 . :a :p _:a, _:b ."
    )


def test_one_more_node_leaves_the_others_their_names() -> None:
    before = named(":a :p [ :q ( 1 2 ) ] .")
    assert before < named(":a :p [ :q ( 1 2 ) ] . :b :p [ :q ( 0 ) ] . [] :q 3 .")


def test_one_value_deep_below_gives_all_nodes_above_another_name() -> None:
    before, after = named(":a :p [ :q [ :r 1 ] ] ."), named(":a :p [ :q [ :r 2 ] ] .")
    assert not before & after


def test_nodes_that_say_the_same_in_two_places_are_two() -> None:
    assert len(named(":a :p [ :q 1 ] . :b :p [ :q 1 ] .")) == 4
    assert len(named(":a :p [ :q 1 ], [ :q 1 ] .")) == 4
    assert len(named("[] :p [ :q 1 ] . [] :p [ :q 1 ] .")) == 4


def test_a_node_that_hangs_in_two_places_is_one() -> None:
    assert len(named(":a :p _:x . :b :p _:x . _:x :q 1 .")) == 3


@pytest.mark.parametrize("text", ["_:x :p _:x .", "_:x :p _:y . _:y :p _:z . _:z :p _:x ."])
def test_a_circle_is_refused(text: str) -> None:
    with pytest.raises(ComparisonError, match="in a circle"):
        named(text)


def test_a_long_list_is_named() -> None:
    assert len(named(f":a :p ( {' '.join(map(str, range(150)))} ) .")) == 301


TREES = st.recursive(
    st.sampled_from(["1", "2", ":x"]),
    lambda below: st.lists(st.tuples(st.sampled_from([":p", ":q"]), below), max_size=3).map(
        lambda pairs: "[ " + " ; ".join(f"{p} {o}" for p, o in pairs) + " ]"
    ),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from([":a", ":b"]), TREES), min_size=1, max_size=4))
def test_the_graph_is_the_same_but_for_labels(pairs: list[tuple[str, str]]) -> None:
    found = triples(" ".join(f"{s} :r {o} ." for s, o in pairs))
    again = with_stable_names(found)
    assert canonical(found) == canonical(again)
    assert set(with_stable_names(again[::-1])) == set(again)
