"""What those ask who keep the service up, of a service that a test makes up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import Store

from smegraph.server.engine.cache import CachingEngine
from smegraph.server.http.problems import TYPES
from smegraph.server.monitoring.metrics import Metrics
from smegraph.server.monitoring.operations import add_operations, add_sources
from smegraph.store.embedded import EmbeddedStore
from tests.server.asgi_client import client_of
from tests.server.inprocess import InProcessEngine


@dataclass
class Service:
    """A service as the operations see one."""

    ready: bool = True
    stopping: bool = False
    version: str = "1.2"
    quads: int = 7
    waiting: int = 3
    ended: Counter[str] = field(default_factory=lambda: Counter({"deadline": 2}))

    def free_bytes(self) -> Mapping[tuple[str, ...], float]:
        return {("spool",): 5.0}

    def worker_states(self) -> Iterator[str]:
        return iter(["idle", "short", "idle"])


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def http(service: Service) -> Iterator[httpx.Client]:
    app, metrics = FastAPI(), Metrics()
    add_sources(metrics, service, CachingEngine(InProcessEngine(EmbeddedStore(Store())), 100))
    add_operations(app, service, metrics)
    with client_of(app) as client:
        yield client


def test_health_tells_what_is_served(http: httpx.Client, service: Service) -> None:
    assert http.get("/health").json() == {"status": "ok", "version": "1.2", "quads": 7}
    service.quads = 0  # A store on disk is not counted.
    assert http.get("/health").json() == {"status": "ok", "version": "1.2"}


def test_a_service_that_answers_is_ready(http: httpx.Client) -> None:
    response = http.get("/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize(("stopping", "kind"), [(True, "stopping"), (False, "overloaded")])
def test_a_service_that_does_not_answer_says_why(
    http: httpx.Client, service: Service, stopping: bool, kind: str
) -> None:
    service.ready, service.stopping = False, stopping
    response = http.get("/ready")
    assert (response.status_code, response.json()["type"]) == (503, TYPES + kind)


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_probes_may_ask_by_head(http: httpx.Client, path: str) -> None:
    response = http.head(path)
    assert (response.status_code, response.content) == (200, b"")


def test_the_numbers_of_others_are_among_the_metrics(http: httpx.Client) -> None:
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(http.get("/metrics").text)
        for sample in family.samples
    }
    expected = {
        ("smegraph_workers", "idle"): 2, ("smegraph_workers", "short"): 1,
        ("smegraph_workers_ended_total", "deadline"): 2, ("smegraph_queries_waiting",): 3,
        ("smegraph_disk_free_bytes", "spool"): 5, ("smegraph_quads",): 7,
        ("smegraph_cache_entries",): 0, ("smegraph_cache_bytes",): 0,
    }  # fmt: skip
    assert expected.items() <= found.items()


def test_the_description_knows_both_forms_of_the_metrics(http: httpx.Client) -> None:
    told = http.get("/openapi.json").json()["paths"]["/metrics"]["get"]["responses"]["200"]
    assert set(told["content"]) == {"text/plain", "application/openmetrics-text"}
    for media_type in told["content"]:
        answered = http.get("/metrics", headers={"Accept": media_type}).headers["content-type"]
        assert answered.startswith(media_type)
