"""Estimates as the page looks them up."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.server.pages.effect_estimates import GROUPS, EstimateRow, estimates, pairs
from smegraph.server.pages.findings import choice, short
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import engine_of
from tests.server.pages.direction_release import write_estimates_release


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return Lookup(engine_of(write_estimates_release(tmp_path_factory.mktemp("estimates"))))


def found(lookup: Lookup, by: str = "", *pairs: tuple[str, str]) -> dict[str, EstimateRow]:
    async def asked() -> list[EstimateRow]:
        return await estimates(lookup, await choice(lookup, pairs), by)

    return {short(row.iri).removeprefix("estimate-"): row for row in asyncio.run(asked())}


def test_an_estimate_has_what_it_takes_to_weight_it(lookup: Lookup) -> None:
    rows = found(lookup)
    assert {*rows} == {"b0", "b1", "b2", "b3", "full", "r1", "none", "turned"}
    one = rows["full"].estimate()
    assert (one.statistic, one.value, one.error) == ("standardized-coefficient", 0.25, 0.1)
    assert (one.n, one.controls, one.is_adjusted, one.place) == (103, 1, True, (4, "Table 1"))
    assert short(one.sample) == "sample-s0"
    assert rows["none"].error is None


def test_an_estimate_for_an_opposite_is_turned_and_twice_turned_is_not(lookup: Lookup) -> None:
    rows = found(lookup)
    assert rows["turned"].is_turned  # finding c: use raises mistrust
    assert not rows["b0"].is_turned


def test_a_choice_of_findings_is_one_of_estimates(lookup: Lookup) -> None:
    assert {*found(lookup, "", ("effect", "trust"))} == {"turned"}


def test_groups_are_what_findings_concern(lookup: Lookup) -> None:
    rows = found(lookup, "country", ("effect", "sales"))
    assert (rows["b0"].groups, rows["b3"].groups) == ("China", "Italy")
    assert "country" in GROUPS


def test_pairs_with_estimates_are_told_by_samples(lookup: Lookup) -> None:
    async def asked() -> list[tuple[str, str, str, int, int]]:
        rows = await pairs(lookup, await choice(lookup, ()), 9)
        return [(short(r.cause), short(r.effect), r.kind, r.estimates, r.samples) for r in rows]

    beta = "standardized regression coefficient"
    assert asyncio.run(asked()) == [
        ("platform-use", "sales", beta, 6, 5),
        ("platform-use", "sales", "Pearson correlation", 1, 1),
        ("platform-use", "trust", beta, 1, 1),
    ]
