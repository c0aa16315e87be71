"""Counts of what the service does, written as Prometheus and OpenMetrics have them."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Literal

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from smegraph.server.engine.engine import Generation
from smegraph.version import __version__

# Seconds.
BUCKETS: Final = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
)  # fmt: skip
_BOUNDS: Final = (*map(str, BUCKETS), "+Inf")

# The operations and outcomes that get series of their own; all others count as "other", so that
# no request can make the exposition grow.
_OPERATIONS: Final = frozenset(
    {"query", "update", "graph-store", "description", "page", "protocol"}
)
_MOST_OUTCOMES: Final = 64

Labels = tuple[str, ...]
Value = float | Mapping[Labels, float]
Kind = Literal["gauge", "counter"]


@dataclass(slots=True)
class _Tally:
    """What is counted for the requests of one operation."""

    buckets: list[int] = field(default_factory=lambda: [0] * len(_BOUNDS))
    seconds: float = 0.0
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Source:
    """A number that someone else keeps, asked for when the metrics are."""

    name: str
    help: str
    read: Callable[[], Value]
    kind: Kind
    labels: Labels

    def metric(self) -> Metric:
        family = GaugeMetricFamily if self.kind == "gauge" else CounterMetricFamily
        found = family(self.name, self.help, labels=self.labels)
        value = self.read()
        values = value if isinstance(value, Mapping) else {(): value}
        for labels, number in values.items():
            found.add_metric(labels, number)
        return found


class Metrics(Collector):
    """The counts of one service. Everything but the reading belongs to the event loop's thread."""

    def __init__(self) -> None:
        """Start to count."""
        self._tallies: dict[str, _Tally] = {}
        self._cache: dict[str, int] = dict.fromkeys(("hit", "miss", "shared", "bypass"), 0)
        self._sources: list[_Source] = []
        self._generation: Callable[[], Generation] | None = None
        self._started = time.monotonic()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def observe(
        self,
        operation: str,
        status: int,
        seconds: float,
        *,
        sent: int = 0,
        cache: str = "",
        outcome: str = "ok",
    ) -> None:
        """Count one request; `sent` is in bytes, and status 0 stands for no response at all."""
        tally = self._tallies.get(operation) or self._tally(operation)
        tally.buckets[bisect_left(BUCKETS, seconds)] += 1
        tally.seconds += seconds
        tally.sent += sent
        tally.statuses[status] = tally.statuses.get(status, 0) + 1
        if cache in self._cache:
            self._cache[cache] += 1
        if outcome != "ok":
            self._count_outcome(tally, outcome)

    def _tally(self, operation: str) -> _Tally:
        known = operation if operation in _OPERATIONS else "other"
        return self._tallies.setdefault(known, _Tally())

    def _count_outcome(self, tally: _Tally, outcome: str) -> None:
        known = outcome in tally.outcomes or len(tally.outcomes) < _MOST_OUTCOMES
        key = outcome if known else "other"
        tally.outcomes[key] = tally.outcomes.get(key, 0) + 1

    def follow(self, generation: Callable[[], Generation]) -> None:
        """Tell which state of the data is served, and since when there is that state."""
        self._generation = generation

    def add_source(
        self,
        name: str,
        text: str,
        read: Callable[[], Value],
        *,
        kind: Kind = "gauge",
        labels: Labels = (),
    ) -> None:
        """Take a number that someone else keeps: `read` is called whenever the metrics are read.

        With `labels`, `read` returns a number for each tuple of their values, such as
        `{("idle",): 2, ("busy",): 1}`.
        """
        self._sources.append(_Source(name, text, read, kind, labels))

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return the metrics and their Content-Type: OpenMetrics when it is asked for, else text.

        Only the media type is taken from the Accept header, never its version, which the library
        would write into the response.
        """
        asked = "application/openmetrics-text" in accept.lower()
        encoder, media_type = choose_encoder(
            "application/openmetrics-text; version=1.0.0" if asked else ""
        )
        return encoder(self._registry), media_type

    def describe(self) -> Iterable[Metric]:
        """Return nothing: no name is known before it is collected."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield every family with its samples of now."""
        yield from self._of_requests()
        yield from self._of_cache()
        yield from self._of_service()
        for source in list(self._sources):
            yield source.metric()

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "smegraph_http_requests", "Requests by their status.", labels=("operation", "status")
        )
        outcomes = CounterMetricFamily(
            "smegraph_http_failures", "Requests that did not end well.",
            labels=("operation", "outcome"),
        )  # fmt: skip
        seconds = HistogramMetricFamily(
            "smegraph_http_request_duration_seconds", "From the request to the response's end.",
            labels=("operation",),
        )  # fmt: skip
        sent = CounterMetricFamily(
            "smegraph_http_response_bytes", "Bytes of responses' bodies.", labels=("operation",)
        )
        for operation, tally in list(self._tallies.items()):
            for status, count in list(tally.statuses.items()):
                requests.add_metric((operation, str(status)), count)
            for outcome, count in list(tally.outcomes.items()):
                outcomes.add_metric((operation, outcome), count)
            counts = map(float, accumulate(tally.buckets))
            seconds.add_metric((operation,), list(zip(_BOUNDS, counts, strict=True)), tally.seconds)
            sent.add_metric((operation,), tally.sent)
        yield from (requests, outcomes, seconds, sent)

    def _of_cache(self) -> Iterator[Metric]:
        cache = CounterMetricFamily(
            "smegraph_cache_requests", "Queries by what the cache had.", labels=("state",)
        )
        for state, count in self._cache.items():
            cache.add_metric((state,), count)
        yield cache

    def _of_service(self) -> Iterator[Metric]:
        yield InfoMetricFamily("smegraph_build", "The software.", {"version": __version__})
        uptime = time.monotonic() - self._started
        yield GaugeMetricFamily("smegraph_uptime_seconds", "Since the service started.", uptime)
        if self._generation is not None:
            now = self._generation()
            yield InfoMetricFamily("smegraph_generation", "The data served.", {"name": now.name})
            yield GaugeMetricFamily(
                "smegraph_generation_modified_timestamp_seconds", "When it changed.", now.modified
            )
