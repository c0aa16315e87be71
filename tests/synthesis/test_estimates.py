"""Which estimates are combined, and why the rest are not."""

from __future__ import annotations

from dataclasses import replace
from math import atanh, log, sqrt

import pytest

from smegraph.synthesis.errors import NotCombined
from smegraph.synthesis.estimates import CONVERSIONS, RULES, Estimate, Rule, select

BETA = Estimate("b", "s", "standardized-coefficient", 0.3, error=0.1, n=103)
R = Estimate("r", "t", "pearson-correlation", 0.3, n=103)


def test_a_correlation_becomes_fishers_z() -> None:
    (kept,) = select([R], "pearson-correlation").kept
    assert (kept.value, kept.error) == (pytest.approx(atanh(0.3)), pytest.approx(0.1))


def test_one_kind_of_number_at_a_time() -> None:
    found = select([R, BETA], "pearson-correlation", names={BETA.statistic: "beta"})
    assert [one.estimate.key for one in found.kept] == ["r"]
    assert found.left == ((BETA, "another kind of number: beta"),)


def test_coefficients_count_as_correlations_only_by_the_named_conversion() -> None:
    found = select([R, BETA], "pearson-correlation", conversion="peterson-brown")
    values = {one.estimate.key: one.value for one in found.kept}
    assert values == {"r": pytest.approx(atanh(0.3)), "b": pytest.approx(atanh(0.35))}
    negative = replace(BETA, value=-0.3)
    (kept,) = select([negative], "pearson-correlation", conversion="peterson-brown").kept
    assert kept.value == pytest.approx(atanh(-0.3))
    steep = replace(BETA, value=0.51)
    ((_, why),) = select([steep], "pearson-correlation", conversion="peterson-brown").left
    assert "Peterson & Brown" in why
    assert all("(2005)" in told for told in CONVERSIONS.values()) or "2005" in str(CONVERSIONS)


def test_a_reversed_measure_turns_the_estimate() -> None:
    (plain,) = select([replace(BETA, is_turned=True)], BETA.statistic).kept
    assert plain.value == -0.3
    (kept,) = select(
        [replace(BETA, is_turned=True)], "pearson-correlation", conversion="peterson-brown"
    ).kept
    assert kept.value == pytest.approx(atanh(-0.3))  # of the construct itself β is -0.3


def test_a_ratio_is_taken_as_its_logarithm_with_the_error_of_its_interval() -> None:
    told = Estimate("o", "s", "odds-ratio", 2.0, low=1.0, high=4.0, level=95)
    (kept,) = select([told], "odds-ratio").kept
    assert kept.value == pytest.approx(log(2))
    assert kept.error == pytest.approx(log(4) / 2 / 1.959964, rel=1e-6)


def test_an_interval_gives_a_standard_error_where_none_is_printed() -> None:
    told = replace(BETA, error=None, low=0.1, high=0.5, level=90)
    (kept,) = select([told], BETA.statistic).kept
    assert kept.error == pytest.approx(0.2 / 1.644854, rel=1e-6)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (replace(BETA, error=None), "no standard error and no interval"),
        (replace(BETA, error=0.0), "no number above 0"),
        (replace(R, n=None), "number of cases is not told"),
        (replace(R, n=3), "below 4"),
        (replace(R, value=1.0), "no Fisher’s z"),
        (replace(R, statistic="odds-ratio"), "no interval"),
        (replace(R, statistic="odds-ratio", value=-1.0), "above 0"),
        (Estimate("o", "s", "odds-ratio", 2, low=0, high=4, level=95), "above 0"),
    ],
)
def test_what_cannot_be_weighted_is_left_out_with_the_reason(one: Estimate, why: str) -> None:
    found = select([one], one.statistic)
    assert found.kept == ()
    assert why in found.left[0][1]


def test_numbers_that_tell_no_size_are_refused() -> None:
    with pytest.raises(NotCombined, match="no size of an effect"):
        select([R], "t-statistic")


@pytest.mark.parametrize(("rule", "expected"), [("adjusted", "full"), ("first", "bare")])
def test_one_estimate_for_each_sample_by_the_rule(rule: Rule, expected: str) -> None:
    told = [
        replace(BETA, key="later", controls=4, is_adjusted=True, place=(30, "")),
        replace(BETA, key="full", controls=4, is_adjusted=True, place=(20, "")),
        replace(BETA, key="bare", place=(10, "")),
        replace(BETA, key="part", controls=9, is_part=True, place=(1, "")),
    ]
    for order in (told, told[::-1]):
        found = select(order, BETA.statistic, rule=rule)
        assert [one.estimate.key for one in found.kept] == [expected]
        assert len(found.left) == 3
    assert RULES[rule]


def test_two_papers_on_one_sample_count_once() -> None:
    told = [replace(BETA, key="a"), replace(BETA, key="b"), replace(BETA, key="c", sample="u")]
    found = select(told, BETA.statistic)
    assert [one.estimate.sample for one in found.kept] == ["s", "u"]
    assert sqrt(len(found.left)) == 1
