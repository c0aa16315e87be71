"""A service that is killed at any moment keeps all that it answered, and no half of an update."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from smegraph.server.dataset.access_tokens import TokenFile

ROOT = Path(__file__).parents[2]
# `make storm` kills a service more often, among more updates.
UPDATES, KILLS = 200, 5
MANY_UPDATES, MANY_KILLS = 1000, 20
LONGEST_WAIT = 0.02  # An update takes about a millisecond, putting a graph about ten.
PUT_EVERY = 4
LINES = 100


def command(folder: Path) -> list[str]:
    """What serves a dataset and prints its address."""
    smegraph = [sys.executable, "-m", "smegraph", "serve"]
    return [*smegraph, "--dataset", str(folder), "--writable", "--port", "0"]


def answers(http: httpx.Client) -> bool:
    with suppress(httpx.TransportError):
        return http.options("/sparql").status_code == 204
    return False


@dataclass
class Service:
    """A real service, which can be killed with all its processes and started again."""

    folder: Path
    token: str
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> httpx.Client:
        process = subprocess.Popen(
            command(self.folder), cwd=ROOT, text=True, stdout=subprocess.PIPE,
            start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        self.processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, "the service does not start"
        address = next(word for word in line.split() if word.startswith("http://"))
        headers = {"Authorization": f"Bearer {self.token}"}
        http = httpx.Client(base_url=address, headers=headers, timeout=60)
        until = time.monotonic() + 60
        while not answers(http):
            assert time.monotonic() < until, "the service does not answer"
            time.sleep(0.02)
        return http

    def kill(self) -> None:
        """Kill the service and all that it has started, at one moment."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[-1].pid, signal.SIGKILL)

    def wait(self) -> None:
        self.processes[-1].communicate(timeout=60)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    folder = tmp_path / "dataset"
    started = Service(folder, TokenFile(folder).create(["update", "graph-store"]))
    yield started
    started.kill()
    started.wait()


def update(number: int) -> str:
    """Count on, say three things of the number, and carry the ball to the other graph."""
    here, there = f"<urn:side:{number % 2}>", f"<urn:side:{(number + 1) % 2}>"
    return f"""
        DELETE {{ GRAPH <urn:count> {{ <urn:c> <urn:is> ?old }} }}
        INSERT {{ GRAPH <urn:count> {{ <urn:c> <urn:is> {number} }} }}
        WHERE {{ OPTIONAL {{ GRAPH <urn:count> {{ <urn:c> <urn:is> ?old }} }} }} ;
        INSERT DATA {{ GRAPH <urn:log> {{ <urn:n:{number}> <urn:a> 1 ; <urn:b> 2 ; <urn:c> 3 }} }} ;
        DELETE {{ GRAPH {there} {{ <urn:ball> ?p ?o }} }}
        INSERT {{ GRAPH {here} {{ <urn:ball> <urn:lies> <urn:here> }} }}
        WHERE {{ OPTIONAL {{ GRAPH {there} {{ <urn:ball> ?p ?o }} }} }}
    """


def document(number: int) -> str:
    return "".join(f"<urn:line:{line}> <urn:of> {number} .\n" for line in range(LINES))


def send(http: httpx.Client, number: int) -> None:
    """Return when the change is answered as made."""
    if number % PUT_EVERY:
        made = http.post(
            "/sparql",
            content=update(number),
            headers={"Content-Type": "application/sparql-update"},
        )
    else:
        made = http.put(
            "/graphs?graph=urn:document",
            content=document(number),
            headers={"Content-Type": "text/turtle"},
        )
    assert made.status_code in (201, 204), made.text


def ask(http: httpx.Client, query: str) -> list[list[str]]:
    answer = http.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.text.splitlines()[1:]]


@dataclass
class Expected:
    """What a client knows: what was answered, and what was sent and perhaps was not made."""

    updates: set[int] = field(default_factory=set)
    document: int | None = None
    in_doubt: int | None = None

    def answered(self, number: int) -> None:
        if number % PUT_EVERY:
            self.updates.add(number)
        else:
            self.document = number

    def check(self, http: httpx.Client) -> None:
        """Every answered change is there, no half of one, and the one in doubt wholly or not."""
        if self.in_doubt is not None and self._was_made(http, self.in_doubt):
            self.answered(self.in_doubt)
        self.in_doubt = None
        log = ask(http, "SELECT ?n (COUNT(*) AS ?c) { GRAPH <urn:log> { ?n ?p ?o } } GROUP BY ?n")
        assert {tuple(row) for row in log} == {(f"urn:n:{n}", "3") for n in self.updates}
        if not self.updates:
            return
        newest = max(self.updates)
        assert ask(http, "SELECT ?n { GRAPH <urn:count> { ?s ?p ?n } }") == [[str(newest)]]
        ball = ask(http, "SELECT ?g { GRAPH ?g { <urn:ball> ?p ?o } }")
        assert ball == [[f"urn:side:{newest % 2}"]]
        if self.document is not None:
            lines = ask(http, DOCUMENT)
            assert lines == [[str(self.document), str(LINES)]]

    def _was_made(self, http: httpx.Client, number: int) -> bool:
        if number % PUT_EVERY:
            return bool(ask(http, f"SELECT ?p {{ GRAPH <urn:log> {{ <urn:n:{number}> ?p ?o }} }}"))
        return [row[0] for row in ask(http, DOCUMENT)] == [str(number)]


DOCUMENT = "SELECT ?n (COUNT(*) AS ?c) { GRAPH <urn:document> { ?s ?p ?n } } GROUP BY ?n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("updates", "kills"),
    [(UPDATES, KILLS), pytest.param(MANY_UPDATES, MANY_KILLS, marks=pytest.mark.timed)],
)
def test_a_killed_service_keeps_what_it_answered(
    service: Service, updates: int, kills: int
) -> None:
    chance = random.Random(20_260_704)
    fatal = set(chance.sample(range(updates), kills))
    expected, http = Expected(), service.start()
    for number in range(updates):
        if number not in fatal:
            send(http, number)
            expected.answered(number)
            continue
        killer = threading.Timer(chance.uniform(0, LONGEST_WAIT), service.kill)
        killer.start()
        try:
            send(http, number)
            expected.answered(number)
        except httpx.TransportError:
            expected.in_doubt = number
        killer.join()
        service.wait()
        http.close()
        http = service.start()
        expected.check(http)
    expected.check(http)
    assert len(service.processes) == kills + 1
    assert expected.document is not None
    assert len(expected.updates) >= updates - updates // PUT_EVERY - kills
    http.close()
