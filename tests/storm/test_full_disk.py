"""A full disk costs what needs room, tells so, and is over when there is room again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.storm.conftest import ROOT, Service, serving

UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
SMEGRAPH = [sys.executable, "-m", "smegraph"]
SIZE = 48  # MiB
COUNTED = "SELECT (COUNT(*) AS ?n) { ?n a <urn:Change> }"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Put a file on a disk that leaves so many MiB."""
    ballast = disk / "ballast"
    ballast.write_bytes(bytes((SIZE - left) * 2**20))
    return ballast


@contextmanager
def writing(folder: Path, dataset: Path, *arguments: str) -> Iterator[tuple[httpx.Client, Service]]:
    """A service on a dataset, and a client that may change it."""
    folder.mkdir(exist_ok=True)
    command = ["token", "--dataset", str(dataset), "--scope", "update", "--scope", "graph-store"]
    done = subprocess.run([*SMEGRAPH, *command], check=True, capture_output=True, text=True)
    header = {"Authorization": f"Bearer {done.stdout.strip()}"}
    with (
        serving(folder, "--dataset", dataset, "--writable", *arguments) as service,
        service.client(headers=header) as http,
    ):
        yield http, service


def change(http: httpx.Client, number: int, statements: int) -> httpx.Response:
    """Send an update that leaves one change and so many further statements."""
    rest = " ".join(f'<urn:c{number}> <urn:p{i}> "{"x" * 50}{number}" .' for i in range(statements))
    text = f"INSERT DATA {{ <urn:c{number}> a <urn:Change> . {rest} }}"
    return http.post("/sparql", content=text, headers=UPDATE)


def counted(http: httpx.Client) -> int:
    """Return how many changes a query sees."""
    found = http.get("/sparql", params={"query": COUNTED}, headers={"Accept": "text/csv"})
    assert found.status_code == 200, found.text
    return int(found.text.split()[1])


def refused(response: httpx.Response) -> bool:
    """Say whether there was too little room; anything else than that or success is a fault."""
    if response.is_success:
        return False
    assert response.status_code == 507, response.text
    assert response.json()["type"].endswith("/insufficient-storage")
    assert str(ROOT) not in response.text
    return True


def fill_by_changes(http: httpx.Client) -> int:
    """Send changes until there is no room, and some more; return how many were answered."""
    answered, refusals = 0, 0
    for number in range(500):
        if refused(change(http, number, 2000)):
            refusals += 1
        else:
            answered += 1
        if refusals == 5:
            return answered
    raise AssertionError("the disk was never full")


def test_nothing_is_changed_when_the_disk_is_nearly_full(tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    with writing(tmp_path / "1", dataset) as (http, _):
        assert change(http, 1, 5).status_code == 204
        assert http.put("/graphs/a", content="<urn:a> a <urn:b> .", headers=TURTLE).is_success
    with writing(tmp_path / "2", dataset, "--keep-free", str(10**9)) as (http, _):
        assert refused(change(http, 2, 5))
        assert refused(http.put("/graphs/a", content="", headers=TURTLE))
        assert refused(http.post("/graphs", content="<urn:a> a <urn:c> .", headers=TURTLE))
        assert refused(http.delete("/graphs/a"))
        assert refused(http.patch("/graphs/a", content="CLEAR DEFAULT", headers=UPDATE))
        assert counted(http) == 1
        assert len(http.get("/graphs/a", headers={"Accept": "text/plain"}).text.splitlines()) == 1


@pytest.mark.parametrize("kept", [12, 0])
def test_changes_go_on_when_there_is_room_again(tmp_path: Path, disk: Path, kept: int) -> None:
    """With room kept free queries go on; without any, what was answered may wait for room."""
    ballast = fill(disk, 22)
    with writing(tmp_path, disk / "dataset", "--keep-free", str(kept)) as (http, service):
        answered = fill_by_changes(http)
        assert answered > 2
        if kept:
            assert counted(http) == answered
        large = "".join(f"<urn:s{i}> <urn:p> {i} .\n" for i in range(100_000))
        assert refused(http.put("/graphs/a", content=large, headers=TURTLE))
        assert not [*(disk / "dataset" / "uploads").iterdir()]
        ballast.unlink()
        # A connection on which a body was refused half-way may be closed at any moment.
        with service.client(headers={"Authorization": http.headers["Authorization"]}) as fresh:
            for number in range(1000, 1010):
                assert change(fresh, number, 5).status_code == 204
            # One of those that were refused may have been made.
            assert counted(fresh) in range(answered + 10, answered + 12)
            assert fresh.put("/graphs/a", content="<urn:a> a <urn:b> .", headers=TURTLE).is_success


def test_what_was_answered_is_there_after_a_full_disk_and_a_kill(
    tmp_path: Path, disk: Path
) -> None:
    ballast = fill(disk, 12)
    with writing(tmp_path / "1", disk / "dataset", "--keep-free", "0") as (http, _):
        answered = fill_by_changes(http)  # Its end is a SIGKILL.
    ballast.unlink()
    with writing(tmp_path / "2", disk / "dataset", "--keep-free", "0") as (http, _):
        assert counted(http) in range(answered, answered + 2)
        assert change(http, 1000, 5).status_code == 204


def test_service_on_a_full_disk_says_why_it_does_not_start(disk: Path) -> None:
    fill(disk, 0)
    command = ["serve", "--dataset", str(disk / "dataset"), "--writable", "--port", "0"]
    done = subprocess.run(
        [*SMEGRAPH, *command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "There is no room on the disk" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_large_result_breaks_off_and_a_small_one_comes(
    tmp_path: Path, triples: Path, disk: Path
) -> None:
    ballast = fill(disk, 1)
    pairs = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT "
    with (
        serving(tmp_path, "--dataset", triples, "--spool", disk / "spool") as service,
        service.client(headers={"Accept": "text/csv"}) as http,
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            http.get("/sparql", params={"query": pairs + "200000"})
        assert http.get("/sparql", params={"query": pairs + "10"}).status_code == 200
        ballast.unlink()
        assert http.get("/sparql", params={"query": pairs + "200000"}).status_code == 200
        assert not [path for path in (disk / "spool").rglob("*") if path.is_file()]
