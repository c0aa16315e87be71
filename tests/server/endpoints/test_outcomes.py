"""What a service process says of what went wrong: to the client, and in its log."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from smegraph.server.dataset.access_tokens import TokenFile
from tests.storm.conftest import Service, serving
from tests.storm.load import COMPUTING, ENDLESS

CSV = {"Accept": "text/csv"}


@pytest.fixture(scope="module")
def triples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dataset") / "data.nt"
    file.write_text("".join(f'<urn:s{i}> <urn:p> "{i}" .\n' for i in range(3000)))
    return file


def lines(service: Service) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.log.read_text().splitlines()]


def last(service: Service, **wanted: object) -> dict[str, Any]:
    """Wait for the line of a request, and return it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for line in reversed(lines(service)):
            if line["event"] == "request" and wanted.items() <= line.items():
                return line
        time.sleep(0.05)
    raise AssertionError(lines(service)[-3:])


def breaks_off(http: httpx.Client, query: str, seconds: float) -> bool:
    """Whether an answer begins, and ends too early; on a busy machine it may not begin in time."""
    parameters = {"query": query, "timeout": str(seconds)}
    try:
        return http.get("/sparql", params=parameters, headers=CSV).status_code < 500
    except httpx.RemoteProtocolError:
        return True


@pytest.mark.parametrize(
    ("arguments", "query", "outcome"),
    [
        (("--result-limit", "1"), ENDLESS + " LIMIT 1000000", "result-too-large"),
        ((), ENDLESS, "deadline-exceeded"),
    ],
)
def test_an_answer_that_breaks_off_has_its_reason_in_the_log(
    tmp_path: Path, triples: Path, arguments: tuple[str, ...], query: str, outcome: str
) -> None:
    with serving(tmp_path, "--dataset", triples, "--timeout", "60", *arguments) as service:
        with service.client() as http:
            assert any(breaks_off(http, query, seconds) for seconds in (1, 5, 60))
        assert last(service, outcome=outcome, status=200)["operation"] == "query"
        metrics = httpx.get(f"{service.address}/metrics", timeout=60).text
        assert f'smegraph_http_failures_total{{operation="query",outcome="{outcome}"}}' in metrics


def test_a_query_that_outlasts_the_service_is_told_that_it_stops(
    tmp_path: Path, triples: Path
) -> None:
    with serving(tmp_path, "--dataset", triples, "--stop-timeout", "1") as service:
        found: list[httpx.Response] = []
        asking = threading.Thread(target=_ask(service, found))
        asking.start()
        with service.client() as http:
            while 'smegraph_workers{state="heavy"} 1.0' not in http.get("/metrics").text:
                time.sleep(0.05)
        service.process.send_signal(signal.SIGTERM)
        asking.join(60)
        assert service.process.wait(60) == 0
        told = lines(service)
    assert found[0].status_code == 503
    assert found[0].json()["type"].endswith("/stopping")
    (asked,) = [line for line in told if line.get("path") == "/sparql"]
    assert asked["outcome"] == "stopping"
    assert not [line for line in told if line["level"] == "error"]


def _ask(service: Service, found: list[httpx.Response]) -> Callable[[], None]:
    def ask() -> None:
        with service.client() as http:
            query = COMPUTING.replace("?d ?e ?f", "?d ?e ?f . ?g ?h ?i")
            found.append(http.get("/sparql", params={"query": query}, headers=CSV))

    return ask


def test_damaged_tokens_are_told_to_the_operator_in_one_line(tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    token = TokenFile(dataset).create(["update", "graph-store"])
    header = {"Authorization": f"Bearer {token}", "Content-Type": "application/sparql-update"}
    with serving(tmp_path, "--dataset", dataset, "--writable") as service:
        (dataset / "tokens.json").write_text("{bad")
        with service.client(headers=header) as http:
            answer = http.post("/sparql", content="CLEAR DEFAULT")
            assert http.get("/graphs?default").status_code == 500
            assert http.get("/ready").status_code == 200
        assert answer.status_code == 500
        assert answer.json()["type"].endswith("/tokens-unreadable")
        assert str(dataset) not in answer.text
        line = last(service, outcome="tokens-unreadable", path="/sparql")
        assert line["operation"] == "update"
        errors = [line for line in lines(service) if line["level"] == "error"]
    assert len(errors) == 2
    assert all("Put back a copy of it" in line["message"] for line in errors)
    assert not [line for line in errors if line.get("trace")]


def test_a_refused_update_counts_as_one(tmp_path: Path) -> None:
    updates = {
        "application/sparql-update": "CLEAR DEFAULT",
        "application/x-www-form-urlencoded": "update=CLEAR+DEFAULT",
    }
    with serving(tmp_path, "--dataset", tmp_path / "dataset", "--writable") as service:
        for kind, content in updates.items():
            fields = {"Content-Type": kind, "User-Agent": kind}
            with service.client() as http:
                sent = http.post("/sparql", content=content, headers=fields)
            assert sent.status_code == 401
            line = last(service, outcome="unauthorized", user_agent=kind)
            assert line["operation"] == "update"


def test_a_source_that_vanishes_is_told_and_its_data_are_served_on(
    tmp_path: Path, triples: Path
) -> None:
    file = tmp_path / "moved.nt"
    file.write_bytes(triples.read_bytes())
    with serving(tmp_path, "--dataset", file) as service:
        file.rename(tmp_path / "away.nt")
        service.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 60
        while not [line for line in lines(service) if line["event"] == "switch-failed"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        with service.client() as http:
            found = http.get("/sparql", params={"query": "ASK { <urn:s1> ?p ?o }"})
        assert found.json()["boolean"] is True
