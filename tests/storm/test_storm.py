"""Under everything that bad clients can do at once, a good one is served as if it were alone.

Every run has a storm in which all of that happens. `make storm` has one that lasts longer and is
timed, which takes a machine that has nothing else to do.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.storm import load, processes
from tests.storm.conftest import ROOT, Serve, Service
from tests.storm.dataset import SUBJECTS, point

if TYPE_CHECKING:
    from tests.conftest import Hold

SHORT, LONG = 3, 20  # seconds that a storm lasts at least
SHARES = {SHORT: 0.25, LONG: 1.0}  # of what a long one has at least
LEAD = 1.0  # The well-behaved client is there first, and goes last.
P99 = 0.1
ANSWERS = 25  # a second, of 50 that are asked
STOP = 10.0
PATIENCE = 60.0  # seconds until what does not come to hold is a failure
timed = pytest.mark.timed
long_storm = pytest.mark.parametrize("storm", [pytest.param(LONG, marks=timed)], indirect=True)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the figures come from /proc"),
]


@dataclass
class Figures:
    """What a service holds."""

    memory: int
    threads: dict[int, int]
    files: dict[int, int]

    @classmethod
    def of(cls, service: Service) -> Figures:
        front = service.process.pid
        lasting = {front, _store_process(service)}
        return cls(
            processes.memory(service.pids),
            {pid: processes.threads(pid) for pid in lasting},
            {pid: len(processes.files(pid)) for pid in lasting},
        )


def _store_process(service: Service) -> int:
    """The process that the workers are forked from: the front's only child."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    (pid,) = children.read_text("ascii").split()
    return int(pid)


@dataclass
class Fates:
    """What became of the questions of the well-behaved client."""

    sent: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    wrong: int = 0

    def add(self, sent: float, took: float, status: int, right: bool) -> None:
        self.sent.append(sent)
        self.took.append(took)
        self.statuses.add(status)
        self.wrong += not right

    def quantile(self, share: float) -> float:
        """The time within which so many were answered, the storm's first second left out."""
        later = [took for sent, took in zip(self.sent, self.took, strict=True) if sent > LEAD + 1]
        return sorted(later)[min(len(later) - 1, int(share * len(later)))]


@dataclass
class Storm:
    """A service after the storm, and what was seen of it before, during and after."""

    seconds: int
    service: Service
    before: Figures
    done: dict[str, int]
    missing: dict[str, int]
    fates: Fates


@pytest.fixture(scope="module", params=[SHORT, pytest.param(LONG, marks=timed)], ids="{} s".format)
def storm(serve: Serve, triples: Path, request: pytest.FixtureRequest) -> Storm:
    """Those who do harm have a deadline of their own: no time is over for the good client."""
    service = serve(
        "--dataset", triples, "--worker-memory", "128", "--stop-timeout", "3",
        "--timeout", "300", "--keep-alive", "300",
    )  # fmt: skip
    with service.client() as http:
        for number in range(SUBJECTS - 200, SUBJECTS):
            assert _asked(http, *point(number))
        http.get("/metrics")
    time.sleep(1)
    before = Figures.of(service)
    good = _start("well_behaved", service.port)
    time.sleep(LEAD)
    load_ = _start("load", service.port, request.param, 4, SHARES[request.param])
    told, fates = _said(load_), Fates()
    time.sleep(LEAD)
    for fate in _said(good):
        fates.add(*fate)
    return Storm(request.param, service, before, told["done"], told["missing"], fates)


@pytest.fixture(scope="module")
def stopped(storm: Storm) -> float:
    """The seconds that the service took to stop while it was asked for much."""
    with ExitStack() as stack:
        for query in (load.RUNAWAY, load.HOG, load.LARGE, load.ENDLESS) * 5:
            client = socket.create_connection(("127.0.0.1", storm.service.port))
            stack.enter_context(client).sendall(load.request(query))
        time.sleep(1)
        told = time.perf_counter()
        storm.service.process.send_signal(signal.SIGTERM)
        storm.service.process.wait(PATIENCE)
        return time.perf_counter() - told


def _asked(http: httpx.Client, query: str, answer: bytes) -> bool:
    found = http.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    return found.content == answer


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.storm.{script}", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def _said(process: subprocess.Popen[str]) -> Any:
    """End the input of a script, wait for its end, and return what it printed."""
    out, _ = process.communicate(timeout=900)
    assert process.returncode == 0
    return json.loads(out)


def _until(holds: Callable[[], bool]) -> bool:
    """Wait until something holds; say whether it came to hold."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _statuses(storm: Storm, kind: str) -> set[str]:
    return {name.removeprefix(f"{kind} ") for name in storm.done if name.startswith(f"{kind} ")}


def test_the_storm_took_place(storm: Storm) -> None:
    assert storm.missing == {}
    assert storm.fates.took


@long_storm
def test_well_behaved_client_waits_less_than_100_ms(storm: Storm, hold: Hold) -> None:
    hold("99 of 100 answers in a storm", storm.fates.quantile(0.99), P99)
    hold("an answer after the other in a storm", storm.seconds / len(storm.fates.took), 1 / ANSWERS)


def test_well_behaved_client_gets_no_failure_and_only_right_answers(storm: Storm) -> None:
    assert storm.fates.statuses == {200}
    assert storm.fates.wrong == 0


def test_what_cannot_be_answered_is_told_by_status(storm: Storm) -> None:
    assert _statuses(storm, "runaway") <= {"503", "504"}
    assert _statuses(storm, "hog") <= {"503", "504", "507"}
    assert _statuses(storm, "slow") <= {"200", "503", "504"}


def test_malformed_requests_fail_on_the_clients_side(storm: Storm) -> None:
    found = _statuses(storm, "broken")
    assert {"400", "414", "431"} <= found
    assert not {status for status in found if status.startswith("5")}


def test_service_is_ready_after_the_storm(storm: Storm) -> None:
    with storm.service.client() as http:
        assert http.get("/ready").status_code == 200
        assert _asked(http, *point(1))


def test_metrics_tell_why_workers_ended(storm: Storm) -> None:
    with storm.service.client() as http:
        lines = http.get("/metrics").text.splitlines()
    ended = dict(line.split() for line in lines if line.startswith("smegraph_workers_ended_total"))
    for cause in ("deadline", "memory", "client-gone"):
        assert float(ended[f'smegraph_workers_ended_total{{cause="{cause}"}}']) > 0
    assert 'smegraph_workers_ended_total{cause="died"}' not in ended


def test_memory_returns_to_where_it_was(storm: Storm) -> None:
    allowed = storm.before.memory * 1.2 + 50 * 2**20
    assert _until(lambda: processes.memory(storm.service.pids) < allowed)


def test_no_process_thread_or_file_is_left(storm: Storm) -> None:
    """But for the workers: three for short queries and two that rest, with two files for each."""
    before = storm.before

    def same() -> bool:
        now = Figures.of(storm.service)
        return (
            now.threads == before.threads
            and all(now.files[pid] <= most + 2 * 2 for pid, most in before.files.items())
            and len(storm.service.pids) <= len(before.threads) + 3 + 2
        )

    assert _until(same), (before, Figures.of(storm.service), storm.service.pids)


def test_no_result_is_left_on_the_disk(storm: Storm) -> None:
    spool = str(storm.service.spool)

    def held() -> Iterator[str]:
        yield from (str(path) for path in storm.service.spool.rglob("*") if path.is_file())
        yield from (
            name for name in processes.files(storm.service.process.pid) if name.startswith(spool)
        )

    assert _until(lambda: not [*held()]), [*held()]


def test_log_tells_of_no_error_of_our_own(storm: Storm) -> None:
    lines = [json.loads(line) for line in storm.service.log.read_text().splitlines()]
    assert not [line for line in lines if line.get("trace") or line.get("status") == 500]


def test_service_told_to_stop_ends_with_all_its_processes(storm: Storm, stopped: float) -> None:
    assert storm.service.process.returncode == 0
    assert _until(lambda: not storm.service.pids), storm.service.pids


@long_storm
def test_service_told_to_stop_ends_soon(stopped: float, hold: Hold) -> None:
    hold("the end of a service that is asked for much", stopped, STOP)
