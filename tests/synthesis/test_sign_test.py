"""The sign test: numbers done by hand, and what holds for any."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.synthesis.sign_test import SignTest, sign_test

COUNTS = st.integers(0, 400)


def test_works_without_a_direction_do_not_count() -> None:
    found = sign_test(["positive", "no-effect", "mixed", "unsigned", "nonlinear", "negative"])
    assert (found.up, found.down, found.others) == (1, 1, 4)
    assert (found.share, found.p_value) == (0.5, 1.0)


def test_no_work_with_a_direction_is_no_test() -> None:
    found = sign_test(["mixed"])
    assert (found.share, found.p_value, found.interval()) == (None, None, None)


# R: binom.test(up, up + down)$p.value; prop.test(up, up + down, correct = FALSE)$conf.int
@pytest.mark.parametrize(
    ("up", "down", "p", "low", "high"),
    [
        (7, 1, 0.0703125, 0.5291118, 0.9775825),
        (9, 0, 0.00390625, 0.7008550, 1.0),
        (0, 3, 0.25, 0.0, 0.5614970),
        (5, 5, 1.0, 0.2365931, 0.7634069),
    ],
)
def test_numbers_that_r_gives(up: int, down: int, p: float, low: float, high: float) -> None:
    found = SignTest(up, down)
    assert found.p_value == pytest.approx(p, abs=1e-7)
    assert found.interval() == pytest.approx((low, high), abs=1e-6)


@given(COUNTS, COUNTS)
def test_both_ways_are_alike(up: int, down: int) -> None:
    one, other = SignTest(up, down), SignTest(down, up)
    assert one.p_value == other.p_value
    first, second = one.interval(), other.interval()
    assert (first is None) == (second is None)
    if first and second:
        assert first == pytest.approx((1 - second[1], 1 - second[0]))


@given(COUNTS, COUNTS, st.floats(0.5, 0.999))
def test_the_share_lies_in_its_interval(up: int, down: int, level: float) -> None:
    found = SignTest(up, down)
    interval = found.interval(level)
    if interval is not None and found.share is not None:
        assert 0 <= interval[0] <= found.share <= interval[1] <= 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_p_is_the_chance_of_what_is_as_unlikely(up: int, down: int) -> None:
    """With a null of one half, twice a tail is the sum over all that is no likelier."""
    n, p = up + down, SignTest(up, down).p_value
    if n:
        as_rare = sum(comb(n, i) for i in range(n + 1) if comb(n, i) <= comb(n, up))
        assert p == pytest.approx(float(Fraction(as_rare, 2**n)))


@given(st.integers(0, 100), st.integers(0, 100))
def test_one_more_of_the_majority_is_no_weaker_evidence(up: int, down: int) -> None:
    more, fewer = max(up, down), min(up, down)
    before, after = SignTest(more, fewer).p_value, SignTest(more + 1, fewer).p_value
    assert after is not None
    assert before is None or after <= before
