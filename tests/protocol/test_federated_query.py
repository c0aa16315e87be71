"""SPARQL 1.1 Federated Query over real HTTP: what is allowed, what fails, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from smegraph.server.dataset.access_tokens import TokenFile
from tests.server.conftest import answering
from tests.server.other_services import (
    JSON,
    Respond,
    dead_address,
    dripping,
    never,
    other_service,
    response,
    table,
)

HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n".encode()
SERVICES: dict[str, bytes | Respond] = {
    "sound": response(table("1", "2")),
    "bnodes": response(table("nodeID://b1", "t12:3", kind="bnode")),
    "failing": response("Out of order", "text/plain", "500 Oops"),
    "page": response("<html><h1>Welcome</h1>", "text/html"),
    "silent": never,
    "dripping header": dripping(HEAD + b"X: "),
    "dripping body": dripping(HEAD + b"Content-Length: 9999\r\n\r\n{"),
}
NOT_ALLOWED = "http://127.0.0.1:9/sparql"


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(other_service(respond)).address
            for name, respond in SERVICES.items()
        }
        yield {**found, "dead": dead_address(), "unknown": "http://nowhere.invalid/sparql"}


@pytest.fixture(scope="module")
def federated(
    addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A service that may call the others."""
    file = tmp_path_factory.mktemp("federated") / "data.ttl"
    file.write_text("<http://s/> <http://p/> 1 .")
    with answering(dataset=file, workers=4, allow_service=tuple(addresses.values())) as http:
        yield http


def calling(service: str, silent: str = "") -> str:
    return f"SELECT ?o ?a {{ ?s ?p ?o SERVICE {silent}<{service}> {{ ?a ?b ?c }} }}"


def asked(http: httpx.Client, query: str, **more: str) -> httpx.Response:
    headers = {"Accept": "text/csv"}
    return http.get("/sparql", params={"query": query, **more}, headers=headers)


def check_failure(answer: httpx.Response, status: int, kind: str, service: str, why: str) -> None:
    told = answer.json()
    assert (answer.status_code, told["type"].rpartition("/")[2]) == (status, kind), answer.text
    assert told["service"] == service
    assert service in told["detail"]
    assert why in told["detail"]


def test_an_allowed_service_answers(federated: httpx.Client, addresses: dict[str, str]) -> None:
    answer = asked(federated, calling(addresses["sound"]))
    assert sorted(answer.text.split()) == ["1,1", "1,2", "o,a"]


def test_any_label_of_another_service_is_a_blank_node(
    federated: httpx.Client, addresses: dict[str, str]
) -> None:
    query = (
        f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ SERVICE <{addresses['bnodes']}> {{ ?a ?b ?c }} }}"
    )
    assert asked(federated, query).text.split() == ["n", "2"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("dead", "cannot be reached"),
        ("unknown", "cannot be reached"),
        ("failing", "answers 500 Oops: Out of order"),
        ("page", "answers with text/html"),
    ],
)
def test_a_service_that_fails_is_a_502_with_its_address_and_the_reason(
    federated: httpx.Client, addresses: dict[str, str], name: str, why: str
) -> None:
    service = addresses[name]
    answer = asked(federated, calling(service))
    check_failure(answer, 502, "called-service-failed", service, why)
    silenced = asked(federated, calling(service, "SILENT "))
    assert silenced.text.split() == ["o,a", "1,"]


def test_a_silent_service_is_a_504_that_names_it_and_not_the_deadline_of_the_query(
    federated: httpx.Client, addresses: dict[str, str]
) -> None:
    slow = [addresses[name] for name in ("silent", "dripping header", "dripping body")]
    with ThreadPoolExecutor(4) as pool:
        silenced = pool.submit(asked, federated, calling(slow[0], "SILENT "), timeout="12")
        answers = pool.map(lambda each: asked(federated, calling(each), timeout="12"), slow)
        for service, answer in zip(slow, answers, strict=True):
            check_failure(answer, 504, "called-service-slow", service, "no whole answer in the")
        assert silenced.result().text.split() == ["o,a", "1,"]


def test_a_service_that_is_not_allowed_is_refused_and_with_silent_gives_the_empty_solution(
    federated: httpx.Client, endpoint: httpx.Client
) -> None:
    for http in (federated, endpoint):
        refused = asked(http, f"SELECT * {{ SERVICE <{NOT_ALLOWED}> {{ ?a ?b ?c }} }}")
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("/federation-refused")
        silent = (
            f"SELECT ?x ?a {{ VALUES ?x {{ 1 2 }} SERVICE SILENT <{NOT_ALLOWED}> {{ ?a ?b ?c }} }}"
        )
        assert sorted(asked(http, silent).text.split()) == ["1,", "2,", "x,a"]


def test_a_call_fits_into_the_least_memory_that_a_worker_may_have(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<http://s/> <http://p/> 1 .")
    with (
        other_service(response(table(*map(str, range(20_000))))) as other,
        answering(
            dataset=tmp_path, workers=1, worker_memory=64, allow_service=(other.address,)
        ) as http,
    ):
        counted = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{other.address}> {{ ?a ?b ?c }} }}"
        for _ in range(3):
            assert asked(http, counted).text.split() == ["n", "20000"]


def test_an_update_calls_what_is_allowed_and_tells_what_fails(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    def update(silent: str, service: str) -> httpx.Response:
        text = (
            "INSERT { <http://s/> <http://p/> ?a, 'x' } "
            f"WHERE {{ SERVICE {silent}<{service}> {{ ?a ?b ?c }} }}"
        )
        headers = {"Content-Type": "application/sparql-update"}
        return http.post("/sparql", content=text, headers=headers, params={"timeout": "20"})

    allowed = tuple(addresses.values())
    with answering(dataset=tmp_path, writable=True, allow_service=allowed) as http:
        http.headers["Authorization"] = f"Bearer {TokenFile(tmp_path).create(['update'])}"
        assert update("", addresses["sound"]).status_code == 204
        failed = update("", addresses["dead"])
        check_failure(failed, 502, "called-service-failed", addresses["dead"], "cannot be reached")
        assert update("", NOT_ALLOWED).status_code == 403
        assert update("SILENT ", NOT_ALLOWED).status_code == 204
        assert update("SILENT ", addresses["dead"]).status_code == 204
        found = asked(http, "SELECT ?o { ?s ?p ?o }").text.split()
        assert sorted(found) == ["1", "2", "o", "x"]
