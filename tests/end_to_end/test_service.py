"""From sheets to answers over HTTP: build, serve, ask, stop."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conftest import Release

if TYPE_CHECKING:
    from tests.conftest import Checkout

Service = tuple[subprocess.Popen[str], str]
SHARES = """SELECT ?firm ?year ?percent { ?x sme:ofFirm/rdfs:label ?firm ; sme:year ?year ;
    sme:exportIntensity ?percent } ORDER BY ?firm ?year"""


@pytest.fixture(scope="module")
def client(service: Service) -> httpx.Client:
    return httpx.Client(base_url=service[1], timeout=60)


def test_query_without_prefix_declarations_is_answered(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": SHARES}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert list(csv.reader(io.StringIO(answer.text)))[1:] == [
        ["Firm A", "2018", "40"], ["Firm A", "2019", "70"],
        ["Firm B", "2018", "17"], ["Firm B", "2019", "11"],
    ]  # fmt: skip


def test_what_the_reasoner_inferred_is_answered(client: httpx.Client) -> None:
    query = "SELECT ?name { ?x a sme:OutgrewMicroFirm ; rdfs:label ?name }"
    found = client.post("/sparql", data={"query": query}).json()["results"]["bindings"]
    assert [row["name"]["value"] for row in found] == ["Firm B"]


def test_answer_tells_which_document_says_so(client: httpx.Client) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?x a sme:MarketPresence } } ORDER BY ?g"
    found = client.get("/sparql", params={"query": query, "format": "csv"}).text.split()
    assert found[1:] == ["https://w3id.org/smegraph/graph/arnone-deprince"]


def test_health_tells_release_and_size(client: httpx.Client, released: Release) -> None:
    ((quads,),) = released.ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert client.get("/health").json() == {
        "status": "ok", "version": released.path.name, "quads": int(quads),
    }  # fmt: skip


def test_malformed_query_is_refused_with_its_position(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT ?x {\n  ?x a sme:Firm ;;; }}"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (2, 22)
    assert problem["detail"].startswith("Line 2, column 22: ")


def test_page_lists_every_question_of_the_release(client: httpx.Client, released: Release) -> None:
    page = client.get("/ask").text
    asked = len(list((released.path / "questions").glob("*/*.rq")))
    assert page.count("data-query=") == asked > 0


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_service_told_to_stop_stops(checkout: Checkout, built: Path, stop: signal.Signals) -> None:
    with checkout.start("serve", "--out", built, "--port", "0") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("smegraph serves http://127.0.0.1:")
        process.send_signal(stop)
        out, err = process.communicate(timeout=60)
    assert out == ""
    events = [json.loads(line)["event"] for line in err.splitlines()]
    assert events == ["start", "ready", "stop"]
    assert process.returncode == 0


def test_service_goes_over_to_a_new_release_without_a_failed_request(
    small_workplace: Checkout,
) -> None:
    workplace, former = small_workplace, Release.current(small_workplace.build)
    sheet = workplace.data / "studies" / "finnish-software" / "firms.csv"
    sheet.write_text(sheet.read_text("utf-8").replace("Firm B", "Firm Bee"), "utf-8")
    with workplace.start("serve", "--port", "0") as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[2]
        versions, statuses = set(), set()
        with workplace.start("build", "--no-reason") as build, httpx.Client(timeout=60) as http:
            deadline = time.monotonic() + 1800
            new = ""
            while new not in versions and time.monotonic() < deadline:
                answer = http.get(f"{address}sparql", params={"query": SHARES, "format": "csv"})
                statuses.add((answer.status_code, answer.text.count("Firm A")))
                versions.add(http.get(f"{address}health").json()["version"])
                time.sleep(0.02)  # leaves the cores to the build
                if build.poll() is not None:
                    new = Release.current(workplace.build).path.name
            build.communicate()
        assert new != former.path.name
        assert versions == {former.path.name, new}
        assert statuses == {(200, 2)}
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_serving_without_a_release_says_how_to_make_one(checkout: Checkout, tmp_path: Path) -> None:
    done = checkout.run("serve", "--out", tmp_path, "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "`smegraph build` makes one" in done.stderr
