"""What the service counts, and how it is written for Prometheus."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from smegraph import __version__
from smegraph.server.engine.engine import Generation
from smegraph.server.monitoring.metrics import BUCKETS, Metrics

if TYPE_CHECKING:
    from tests.conftest import Hold

LATENCY = "smegraph_http_request_duration_seconds"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def value(metrics: Metrics, name: str, /, **labels: str) -> float | None:
    """The value of a series, read from the exposition; None when there is none."""
    text = metrics.exposition()[0].decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if (sample.name, sample.labels) == (name, labels):
                return float(sample.value)
    return None


def test_requests_are_counted_by_operation_and_status(metrics: Metrics) -> None:
    metrics.observe("query", 200, 0.1, sent=10)
    metrics.observe("query", 200, 0.1, sent=5)
    metrics.observe("query", 400, 0.1)
    asked = "smegraph_http_requests_total"
    assert value(metrics, asked, operation="query", status="200") == 2
    assert value(metrics, asked, operation="query", status="400") == 1
    assert value(metrics, "smegraph_http_response_bytes_total", operation="query") == 15


def test_durations_fall_into_cumulative_buckets(metrics: Metrics) -> None:
    for seconds in (0.0004, 0.0005, 0.3, 100.0):
        metrics.observe("query", 200, seconds)
    found = [
        value(metrics, LATENCY + "_bucket", operation="query", le=bound)
        for bound in ("0.0005", "0.25", "0.5", "30.0", "+Inf")
    ]
    assert found == [2, 2, 3, 3, 4]
    assert value(metrics, LATENCY + "_count", operation="query") == 4
    assert value(metrics, LATENCY + "_sum", operation="query") == pytest.approx(100.3009)


def test_buckets_reach_the_deadline() -> None:
    assert list(BUCKETS) == sorted(BUCKETS)
    assert BUCKETS[-1] == 30


@pytest.mark.parametrize("state", ["hit", "miss", "shared"])
def test_the_cache_is_counted(metrics: Metrics, state: str) -> None:
    metrics.observe("query", 200, 0.1, cache=state)
    assert value(metrics, "smegraph_cache_requests_total", state=state) == 1


def test_what_went_wrong_is_counted_by_its_kind(metrics: Metrics) -> None:
    metrics.observe("query", 504, 30, outcome="deadline-exceeded")
    metrics.observe("query", 200, 1)
    name = "smegraph_http_failures_total"
    assert value(metrics, name, operation="query", outcome="deadline-exceeded") == 1
    assert value(metrics, name, operation="query", outcome="ok") is None


def test_no_request_can_make_it_grow(metrics: Metrics) -> None:
    for number in range(500):
        metrics.observe(f"operation {number}", 200, 0.1, outcome=f"outcome {number}")
    text = metrics.exposition()[0].decode()
    assert value(metrics, "smegraph_http_requests_total", operation="other", status="200") == 500
    assert len(text.splitlines()) < 250


def test_others_numbers_are_read_when_they_are_asked_for(metrics: Metrics) -> None:
    states: dict[tuple[str, ...], float] = {("idle",): 2}
    metrics.add_source("smegraph_workers", "Workers.", lambda: states, labels=("state",))
    metrics.add_source("smegraph_cache_evictions", "Results.", lambda: 7, kind="counter")
    states[("busy",)] = 1
    assert value(metrics, "smegraph_workers", state="idle") == 2
    assert value(metrics, "smegraph_workers", state="busy") == 1
    assert value(metrics, "smegraph_cache_evictions_total") == 7


def test_it_tells_version_data_and_uptime(metrics: Metrics) -> None:
    metrics.follow(lambda: Generation("da0fc29aa337", 1_700_000_000.5))
    assert value(metrics, "smegraph_build_info", version=__version__) == 1
    assert value(metrics, "smegraph_generation_info", name="da0fc29aa337") == 1
    assert value(metrics, "smegraph_generation_modified_timestamp_seconds") == 1_700_000_000.5
    assert 0 <= (value(metrics, "smegraph_uptime_seconds") or -1) < 3600
    assert (value(metrics, "process_resident_memory_bytes") or 0) > 2**20


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/plain;version=0.0.4"])
def test_text_is_what_everybody_gets(metrics: Metrics, accept: str) -> None:
    body, content_type = metrics.exposition(accept)
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert list(text_string_to_metric_families(body.decode()))


# What Prometheus sends, and what would like to break a parser or a header.
@pytest.mark.parametrize("version", ["1.0.0", "0.0.1", "9", "abc", "1.0.0\r\nX: y", "", "'"])
def test_openmetrics_is_there_when_asked_for(metrics: Metrics, version: str) -> None:
    metrics.observe("query", 200, 0.1)
    body, content_type = metrics.exposition(f"application/openmetrics-text; version={version}")
    assert content_type.startswith("application/openmetrics-text; version=1.0.0; charset=utf-8")
    assert "\r" not in content_type
    names = {family.name for family in parse_openmetrics(body.decode())}
    assert {"smegraph_http_requests", LATENCY, "smegraph_uptime_seconds"} <= names


def test_every_series_says_what_it_is(metrics: Metrics) -> None:
    metrics.observe("query", 200, 0.1)
    for family in text_string_to_metric_families(metrics.exposition()[0].decode()):
        assert family.documentation
        assert family.type != "unknown"
        assert family.name.startswith(("smegraph_", "process_", "python_"))


@pytest.mark.timed
def test_counting_takes_little_time(metrics: Metrics, hold: Hold) -> None:
    began = time.process_time()
    for _ in range(10_000):
        metrics.observe("query", 200, 0.1, sent=10, cache="miss")
    hold("the count of a request", (time.process_time() - began) / 10_000, 50e-6)
