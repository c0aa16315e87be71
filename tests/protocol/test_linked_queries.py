"""The queries of docs/linked-queries.md, across two services: another smegraph, and Virtuoso."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.protocol import virtuoso as debian
from tests.server.conftest import HEAD, answering

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "linked-queries.md").read_text("utf-8")
WIKIDATA, OURS, OTHER = (
    "https://query.wikidata.org/sparql",
    "http://127.0.0.1:8000/sparql",
    "http://127.0.0.1:8001/sparql",
)
QUERIES = {
    int(number): query
    for number, query in re.findall(r"^## (\d)\..*?^```sparql\n(.*?)^```", TEXT, re.M | re.S)
}
MODULES = Path(os.environ.get("OUTSIDE_NODE_MODULES", ROOT / "tools" / "node" / "node_modules"))
PROGRAMS = MODULES / ".bin"

# Findings and their countries as a release has them, and links as `graph/mappings` does.
FINDINGS = """
voc:social-media-use a skos:Concept ; rdfs:label "social media use" .
voc:social-media-use-speed a skos:Concept ; skos:broader voc:social-media-use .
id:place-finland a sme:Country, schema:Country ; rdfs:label "Finland" .
id:place-china a sme:Country, schema:Country ; rdfs:label "China" .
id:work-a a sme:Work, schema:CreativeWork ; rdfs:label "A (2020)" ;
    sme:studiesCountry id:place-finland ; schema:spatialCoverage id:place-finland .
id:work-b a sme:Work, schema:CreativeWork ; rdfs:label "B (2021)" ; cito:cites id:work-a ;
    sme:studiesCountry id:place-china ; schema:spatialCoverage id:place-china .
id:finding-1 a sme:Finding ; sme:cause voc:social-media-use ; sme:foundBy id:work-a ;
    sme:statement "It furthers growth." .
id:finding-2 a sme:Finding ; sme:effect voc:social-media-use-speed ; sme:foundBy id:work-a ;
    sme:statement "It is sped up." .
id:finding-3 a sme:Finding ; sme:cause voc:social-media-use ; sme:foundBy id:work-b ;
    sme:statement "It lowers distance." .
id:finding-4 a sme:Finding ; sme:cause voc:exports ; sme:foundBy id:work-b ;
    sme:statement "It is about something else." .
"""
LINKS = """
id:place-finland schema:sameAs <https://sws.geonames.org/660013/>, wd:Q33 .
id:place-china schema:sameAs <https://sws.geonames.org/1814991/>, wd:Q148 .
"""
COUNTRIES = """
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
wd:Q33 wdt:P31 wd:Q3624078 ; wdt:P1082 5536146 ; rdfs:label "Finland"@en, "Suomi"@fi .
wd:Q148 wdt:P31 wd:Q3624078 ; wdt:P1082 1442965000 ; rdfs:label "China"@en .
wd:Q34 wdt:P31 wd:Q3624078 ; wdt:P1082 10551707 ; rdfs:label "Sweden"@en .
id:finding-x a sme:Finding ; sme:cause voc:social-media-use ; sme:foundBy id:work-x ;
    sme:statement "It costs time." .
id:work-x a sme:Work ; rdfs:label "X (2022)" .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("linked")


def graph(name: str, turtle: str) -> str:
    prefixes, rest = re.findall(r"^@prefix.*$", turtle, re.M), re.sub(r"@prefix.*\n", "", turtle)
    return "\n".join(prefixes) + f"\ngraph:{name} {{ {rest} }}\n"


@contextmanager
def serving(folder: Path, name: str, turtle: str, links: str, *may_call: str) -> Iterator[str]:
    """A smegraph service; gives its endpoint."""
    file = folder / f"{name}.trig"
    file.write_text(HEAD + graph("study", turtle) + (graph("mappings", links) if links else ""))
    with answering(dataset=file, allow_service=may_call) as http:
        yield f"{http.base_url}/sparql"


@pytest.fixture(scope="module")
def second(folder: Path) -> Iterator[str]:
    with serving(folder, "second", COUNTRIES, "") as address:
        yield address


@pytest.fixture(scope="module")
def foreign(folder: Path) -> Iterator[str]:
    """Virtuoso with the same data."""
    if not debian.INSTALLED:
        pytest.skip("there is no virtuoso-t and isql-vt (Debian: virtuoso-opensource-7)")
    (folder / "virtuoso").mkdir()
    with debian.virtuoso(folder / "virtuoso", HEAD + COUNTRIES) as address:
        yield address


@pytest.fixture(scope="module", params=["second", "foreign"])
def other(request: pytest.FixtureRequest) -> str:
    """Another service: smegraph, then Virtuoso."""
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture(scope="module")
def ours(folder: Path, other: str) -> Iterator[str]:
    """Our service, which may call the other one."""
    name = f"ours-{other.rpartition(':')[2].partition('/')[0]}"
    with serving(folder, name, FINDINGS, LINKS, other) as address:
        yield address


def ask(endpoint: str, query: str, **addresses: str) -> list[list[str]]:
    """The rows of an answer, with the addresses of the documentation replaced."""
    for known, name in ((WIKIDATA, "wikidata"), (OURS, "ours"), (OTHER, "other")):
        query = query.replace(f"<{known}>", f"<{addresses.get(name, known)}>")
    answer = httpx.post(
        endpoint, data={"query": query}, headers={"Accept": "text/csv"}, timeout=120
    )
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def test_the_documentation_has_five_queries() -> None:
    assert [*QUERIES] == [1, 2, 3, 4, 5]


def test_findings_on_social_media_come_with_names_and_numbers_of_the_other(
    ours: str, other: str
) -> None:
    assert ask(ours, QUERIES[1], wikidata=other) == [
        ["Finland", "5536146", "https://sws.geonames.org/660013/", "2"],
        ["China", "1442965000", "https://sws.geonames.org/1814991/", "1"],
    ]


def test_two_collections_are_asked_as_one(ours: str, other: str) -> None:
    rows = ask(ours, QUERIES[3], other=other)
    assert rows == [
        ["here", "A (2020)", "It furthers growth."],
        ["here", "B (2021)", "It lowers distance."],
        ["there", "X (2022)", "It costs time."],
    ]


def test_nothing_is_called_that_is_not_allowed(folder: Path, second: str) -> None:
    with serving(folder, "closed", FINDINGS, LINKS) as closed:
        query = QUERIES[1].replace(WIKIDATA, second)
        answer = httpx.post(closed, data={"query": query}, timeout=60)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/federation-refused")


def test_another_smegraph_asks_ours(folder: Path) -> None:
    with (
        serving(folder, "asked", FINDINGS, LINKS) as asked,
        serving(folder, "asking", COUNTRIES, "", asked) as asking,
    ):
        assert ask(asking, QUERIES[2], ours=asked) == [["Finland", "A (2020)"]]


def test_virtuoso_asks_ours(folder: Path, foreign: str) -> None:
    with serving(folder, "asked-by-virtuoso", FINDINGS, LINKS) as asked:
        assert ask(foreign, QUERIES[2], ours=asked) == [["Finland", "A (2020)"]]


def test_words_of_others_suffice(folder: Path) -> None:
    with serving(folder, "words", FINDINGS, LINKS) as endpoint:
        assert ask(endpoint, QUERIES[4]) == [["China", "1", "0"], ["Finland", "1", "1"]]


def node(program: str, *arguments: str) -> list[str]:
    """The command that runs a program of tools/node, or of the Node.js beside it."""
    if not (PROGRAMS / program).exists():
        pytest.skip(f"{program} is not there: npm install --prefix tools/node")
    found = shutil.which("node", path=os.environ.get("SMEGRAPH_NODE_PATH")) or "node"
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    if [*map(int, version.stdout.strip("v\n").split("."))] < [22, 19]:
        pytest.skip(f"Node.js is {version.stdout.strip()}; these programs need 22.19")
    return [found, str((PROGRAMS / program).resolve()), *arguments]


@pytest.mark.slow
def test_comunica_asks_two_services_at_once(folder: Path, second: str) -> None:
    command = node("comunica-sparql")
    with serving(folder, "comunica", FINDINGS, LINKS) as endpoint:
        done = subprocess.run(
            [*command, endpoint, second, "-q", QUERIES[5], "-t", "text/csv"],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[1:] == [["A (2020)", "5536146"], ["B (2021)", "1442965000"]], done.stderr


@pytest.mark.slow
def test_trifid_shows_a_thing_as_a_page_and_as_turtle(folder: Path) -> None:
    command = node("trifid")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with serving(folder, "trifid", FINDINGS, LINKS) as endpoint:
        options = ["--port", str(port), "--sparql-endpoint-url", endpoint]
        options += ["--dataset-base-url", "https://w3id.org/smegraph/"]
        with (folder / "trifid.log").open("wb") as log:
            process = subprocess.Popen([*command, *options], stdout=log, stderr=log)
        try:
            page = patiently(lambda: show(port, "text/html"))
            turtle = show(port, "text/turtle")
        finally:
            process.kill()
            process.wait()
    assert page.headers["content-type"].startswith("text/html")
    assert "It furthers growth." in page.text
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert "It furthers growth." in turtle.text


def show(port: int, media_type: str) -> httpx.Response:
    address = f"http://127.0.0.1:{port}/id/finding-1"
    return httpx.get(address, headers={"Accept": media_type}, timeout=60)


def patiently(get: Callable[[], httpx.Response]) -> httpx.Response:
    deadline = time.monotonic() + 120
    while True:
        try:
            return get()
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "Trifid does not start in time"
            time.sleep(0.5)
