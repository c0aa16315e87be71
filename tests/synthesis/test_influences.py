"""Pairs, the figure of one construct, and chains, from values that can be done by hand."""

from __future__ import annotations

from smegraph.synthesis.influences import (
    WIDTH,
    Pair,
    chains,
    fan,
    ranked,
    shortened,
)


def pair(cause: str, effect: str, works: int = 1, primary: int = 0, **directions: int) -> Pair:
    found = directions or {"positive": works}
    return Pair(cause, effect, found, sum(found.values()), works, primary_works=primary)


def test_the_direction_of_a_pair_is_what_its_findings_share() -> None:
    assert pair("a", "b", positive=2, unsigned=3).direction == "positive"
    assert pair("a", "b", positive=2, negative=1).direction == "mixed"
    assert pair("a", "b", unsigned=1).direction == "unsigned"
    assert pair("a", "b", negative=1, positive=0).direction == "negative"


def test_pairs_with_primary_data_come_first_then_those_with_most_works() -> None:
    found = ranked([pair("a", "x"), pair("b", "x", 5), pair("c", "x", 2, 1)])
    assert [one.cause for one in found] == ["c", "b", "a"]


def test_what_acts_stands_to_the_left_and_what_is_acted_on_to_the_right() -> None:
    drawn = fan([pair("a", "x")], [pair("x", "b", 3, 1)], {"a": "Alpha"}, {("x", "b"): "note"})
    (left,), (right,) = drawn.acting, drawn.acted
    assert left.x < drawn.box[0] < drawn.box[0] + drawn.box[2] < right.x < WIDTH
    assert (left.label, right.label, right.note) == ("Alpha", "b", "note")
    assert (left.is_dashed, right.is_dashed) == (True, False)
    assert left.width < right.width
    assert left.text_x < left.x
    assert right.text_x > right.x


def test_only_the_first_pairs_are_drawn_and_the_others_are_counted() -> None:
    drawn = fan([pair(f"c{number}", "x") for number in range(20)], [], {}, {}, most=6)
    assert (len(drawn.acting), drawn.more_acting, drawn.acted, drawn.more_acted) == (6, 14, (), 0)
    assert all(0 < ray.y < drawn.height for ray in drawn.acting)
    assert len({ray.y for ray in drawn.acting}) == 6


def test_the_width_of_a_line_has_an_end() -> None:
    few, many = (fan([pair("a", "x", works)], [], {}, {}).acting[0].width for works in (50, 500))
    assert few == many


def test_a_long_label_is_cut_at_a_word() -> None:
    assert shortened("bundling of social media capabilities with foreign partners", 30) == (
        "bundling of social media…"
    )
    assert shortened("short", 30) == "short"


def test_chains_have_at_most_three_steps_and_short_ones_come_first() -> None:
    first = [pair("x", "y"), pair("x", "a", 2), pair("x", "b")]
    middle = [pair("a", "b"), pair("b", "a")]
    last = [pair("x", "y"), pair("a", "y", 3), pair("b", "y")]
    found, count = chains(first, middle, last)
    names = ["".join([one.steps[0].cause, *(step.effect for step in one.steps)]) for one in found]
    assert names == ["xy", "xay", "xby", "xaby", "xbay"]
    assert count == 5
    assert found[1].weakest == 2


def test_no_chain_leads_through_its_beginning_or_its_end() -> None:
    first = [pair("x", "a"), pair("x", "x"), pair("x", "y")]
    middle = [pair("a", "x"), pair("a", "a"), pair("a", "y")]
    last = [pair("a", "y"), pair("y", "y")]
    found, count = chains(first, middle, last)
    assert ["".join(step.effect for step in one.steps) for one in found] == ["y", "ay"]
    assert count == 2


def test_only_the_first_chains_are_returned_and_all_are_counted() -> None:
    first = [pair("x", f"m{number}") for number in range(9)]
    last = [pair(f"m{number}", "y") for number in range(9)]
    found, count = chains(first, [], last, most=4)
    assert (len(found), count) == (4, 9)
