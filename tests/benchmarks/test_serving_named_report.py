"""The marks of the service on many named graphs: where each is met, and where it is missed."""

from __future__ import annotations

import doctest

import pytest
import serving_named_report
from serving_counts import Count
from serving_malformed import Malformed
from serving_named_report import NamedResult, marks, render
from serving_report import ENGINE, NEVER_REPEATED, OURS, OXIGRAPH
from serving_updates import Updates


def asked(ours: float, oxigraph: float, engine: float) -> NamedResult:
    """A result with one query, asked three times."""
    latency = {OURS: [ours] * 3, OXIGRAPH: [oxigraph] * 3, ENGINE: [engine] * 3}
    return NamedResult(latency={"a query": latency}, overhead={"a query": [ours - engine] * 3})


def verdicts(result: NamedResult) -> list[bool]:
    return [mark.met for mark in marks(result)]


@pytest.mark.parametrize(
    ("ours", "oxigraph", "met"),
    [
        (0.120, 0.130, [True, True]),
        (0.121, 0.130, [False, True]),
        (0.120, 0.110, [True, False]),
    ],
)
def test_a_heavy_query_is_near_the_engine_and_not_slower_than_oxigraph(
    ours: float, oxigraph: float, met: list[bool]
) -> None:
    assert verdicts(asked(ours, oxigraph, 0.100)) == met


@pytest.mark.parametrize(("ours", "met"), [(0.0109, True), (0.0111, False)])
def test_a_short_query_has_a_millisecond(ours: float, met: bool) -> None:
    assert verdicts(asked(ours, 0.001, 0.010)) == [met]


@pytest.mark.parametrize(("seconds", "met"), [(0.0199, True), (0.0201, False)])
def test_the_first_query_after_a_start_has_twice_the_time(seconds: float, met: bool) -> None:
    result = asked(0.010, 0.010, 0.010)
    result.first = {"a query": seconds}
    assert verdicts(result) == [True, met]


@pytest.mark.parametrize(
    ("loaded", "after", "met"),
    [(520.0, 1150.0, [True, True]), (521.0, 1150.0, [False, True]), (1.0, 1151.0, [True, False])],
)
def test_memory_has_a_limit_for_each_moment(loaded: float, after: float, met: list[bool]) -> None:
    memory = {"loaded": {OURS: loaded}, "after the run": {OURS: after}}
    assert verdicts(NamedResult(memory=memory)) == met


@pytest.mark.parametrize(("ours", "met"), [(301.0, True), (299.0, False)])
def test_never_repeated_points_have_a_share_of_the_rate_of_oxigraph(ours: float, met: bool) -> None:
    result = NamedResult(rates={NEVER_REPEATED: {OURS: [ours], OXIGRAPH: [1000.0]}})
    assert verdicts(result) == [met]


def test_a_count_is_right_or_not() -> None:
    count = Count("COUNT", "a file", 200, 12, 10, 10, 12, True)
    wrong = Count("COUNT", "a file", 200, 12, 10, 12, 12, False)
    late = Count("COUNT", "a file", 504, 12, 10, 0, 12, False)
    result = NamedResult(counts=[count, wrong, late])
    assert verdicts(result) == [True, False, False]
    assert [mark.figure for mark in marks(result)] == ["10", "12", "status 504"]


@pytest.mark.parametrize(
    ("updates", "met"),
    [
        (Updates(next_query=[0.1, 0.1, 9.0], readers=[0.25] * 100), [True, True]),
        (Updates(next_query=[0.0, 0.2, 0.2], readers=[0.2] * 98 + [0.3] * 2), [False, False]),
        (Updates(next_query=[0.1], failed={"next query": {504: 1}}), [False]),
        (Updates(readers=[0.1], failed={"readers": {200: 1}}), [False]),
        (Updates(readers=[0.1], failed={"writers": {503: 1}}), [True]),
    ],
)
def test_queries_after_updates_have_a_limit_and_none_may_fail(
    updates: Updates, met: list[bool]
) -> None:
    assert verdicts(NamedResult(updates=updates)) == met


@pytest.mark.parametrize(("after", "met"), [(120.0, True), (120.1, False)])
def test_malformed_queries_may_leave_twenty_mebibytes(after: float, met: bool) -> None:
    malformed = Malformed(1024, 100.0, after, 5.0, {"garbage": [400, 400]}, {})
    assert verdicts(NamedResult(malformed=malformed)) == [met]


def test_a_server_that_is_not_there_has_no_column_and_a_reason() -> None:
    result = asked(0.010, 0.010, 0.010)
    result.rows, result.loading = {"a query": 7}, {OURS: 1.0, OXIGRAPH: 1.0}
    result.settings = {"virtuoso": "not measured"}
    text = render(result)
    assert "virtuoso: not measured" in text
    assert "7 rows" in text


def test_the_examples_hold() -> None:
    assert doctest.testmod(serving_named_report).failed == 0
