"""Pairs of works that disagree, counted against all pairs."""

from __future__ import annotations

from itertools import product

import pytest

from smegraph.synthesis.disagreements import Sides


@pytest.mark.parametrize(
    ("raising", "lowering"),
    [("a", "b"), ("ab", "b"), ("ab", "ab"), ("abc", "bcd"), ("abc", "abc"), ("a", "a"), ("a", "")],
)
def test_each_pair_of_works_counts_once(raising: str, lowering: str) -> None:
    sides = Sides(len(raising), len(lowering), len({*raising} & {*lowering}))
    pairs = {frozenset(pair) for pair in product(raising, lowering)}
    assert sides.between == sum(len(pair) == 2 for pair in pairs)
    assert sides.within == sum(len(pair) == 1 for pair in pairs)
