"""What those ask who keep the service up: is it alive, is it ready, what has it done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from fastapi import FastAPI, Request, Response

from smegraph.server.engine.cache import CachingEngine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.monitoring.metrics import Metrics

_EXPOSITIONS: Final[dict[str, Any]] = {
    media_type: {"schema": {"type": "string"}}
    for media_type in ("text/plain", "application/openmetrics-text")
}


class Served(Protocol):
    """What the operations tell of a service (`smegraph.server.service.Service`)."""

    stopping: bool
    ended: Counter[str]

    @property
    def ready(self) -> bool:
        """Whether queries are answered now."""

    @property
    def version(self) -> str:
        """The name of the state that is served."""

    @property
    def quads(self) -> int:
        """The number of statements in memory."""

    @property
    def waiting(self) -> int:
        """The number of queries that wait for a worker."""

    def free_bytes(self) -> Mapping[tuple[str, ...], float]:
        """Return the bytes that are left on each disk, by what it is for."""

    def worker_states(self) -> Iterator[str]:
        """Yield what each worker does."""


def add_operations(app: FastAPI, service: Served, metrics: Metrics) -> None:
    """Add `/health`, `/ready` and `/metrics`."""

    @app.head("/health", include_in_schema=False)
    @app.get("/health")
    async def health() -> dict[str, str | int]:
        """Say that the service answers, from which state of the data, and how much that holds."""
        told: dict[str, str | int] = {"status": "ok", "version": service.version}
        return told | ({"quads": service.quads} if service.quads else {})

    @app.head("/ready", include_in_schema=False)
    @app.get("/ready")
    async def ready() -> Response:
        """Say whether queries are answered now: 200, or 503 while they are not."""
        if not service.ready:
            problem = HttpProblem("stopping" if service.stopping else "overloaded", "Not ready.")
            return problem.response()
        return Response('{"status":"ready"}', media_type="application/json")

    @app.head("/metrics", include_in_schema=False)
    @app.get("/metrics", response_class=Response, responses={200: {"content": _EXPOSITIONS}})
    async def measured(request: Request) -> Response:
        """Tell what the service has done, in the form of Prometheus or of OpenMetrics."""
        body, content_type = metrics.exposition(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type})


def add_sources(metrics: Metrics, service: Served, cache: CachingEngine) -> None:
    """Let the metrics read the numbers that pool and cache keep."""

    def by_cause() -> Mapping[tuple[str, ...], float]:
        return {(cause,): count for cause, count in service.ended.items()}

    def workers() -> Mapping[tuple[str, ...], float]:
        return {(state,): count for state, count in Counter(service.worker_states()).items()}

    metrics.add_source("smegraph_workers", "Worker processes by state.", workers, labels=("state",))
    metrics.add_source(
        "smegraph_workers_ended", "Worker processes that have ended, by cause.", by_cause,
        kind="counter", labels=("cause",),
    )  # fmt: skip
    metrics.add_source(
        "smegraph_queries_waiting", "Queries that wait for a worker.", lambda: service.waiting
    )
    metrics.add_source(
        "smegraph_disk_free_bytes", "Room on the disk.", service.free_bytes, labels=("disk",)
    )
    metrics.add_source("smegraph_quads", "Statements in memory.", lambda: service.quads)
    metrics.add_source("smegraph_cache_bytes", "Bytes of kept results.", lambda: cache.bytes)
    metrics.add_source("smegraph_cache_entries", "Results that are kept.", lambda: cache.entries)
