"""The direction of a work, by hand."""

from __future__ import annotations

import random

from smegraph.synthesis.directions import Said, directions


def test_all_of_one_sign_is_that_sign_and_several_are_mixed() -> None:
    found = directions(
        [
            Said("a", "growth", "positive", 2, 1),
            Said("a", "trust", "no-effect"),
            Said("b", "growth", "positive"),
            Said("b", "growth", "negative", 3),
            Said("c", "growth", "unsigned", 2, 2),
        ]
    )
    assert {key: one.sign for key, one in found.items()} == {
        ("a", "growth"): "positive",
        ("a", "trust"): "no-effect",
        ("b", "growth"): "mixed",
        ("c", "growth"): "unsigned",
    }
    assert found["b", "growth"].signs == (("negative", 3), ("positive", 1))
    assert [one.findings for one in found.values()] == [2, 1, 4, 2]
    assert [one.is_hedged for one in found.values()] == [False, False, False, True]


def test_the_order_of_rows_does_not_matter() -> None:
    signs = ("positive", "negative")
    rows = [Said(w, c, s) for w in "abc" for c in "xy" for s in signs if (w, s) != ("a", signs[1])]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert directions(rows) == directions(shuffled)


def test_nothing_said_is_no_direction() -> None:
    assert directions([]) == {}
