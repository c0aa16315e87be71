"""Graphs are read on a service that takes no changes, too (Graph Store Protocol §5.2, §5.6)."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from smegraph.namespaces import GRAPH
from tests.server.conftest import GRAPHS

PATH = "/graphs?graph=" + quote(GRAPH + "study-finnish", safe="")
TRIPLES = {"Accept": "application/n-triples"}


def triples(http: httpx.Client, path: str) -> set[str]:
    response = http.get(path, headers=TRIPLES)
    assert response.status_code == 200, response.text
    return {line for line in response.text.split("\n") if line}


def test_a_named_graph_is_what_a_query_finds_in_it(service: httpx.Client) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{GRAPH}study-finnish> {{ ?s ?p ?o }} }}"
    asked = service.get("/sparql", params={"query": query}, headers=TRIPLES)
    found = triples(service, PATH)
    assert found == {line for line in asked.text.split("\n") if line}
    assert len(found) > 20


def test_the_default_graph_is_the_one_that_a_query_sees(service: httpx.Client) -> None:
    each = [triples(service, f"/graphs?graph={quote(GRAPH + name, safe='')}") for name in GRAPHS]
    assert triples(service, "/graphs?default") == set.union(*each)
    assert all(each)


def test_head_has_what_get_has_without_a_body(service: httpx.Client) -> None:
    got, head = service.get(PATH, headers=TRIPLES), service.head(PATH, headers=TRIPLES)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "vary", "content-length"):
        assert head.headers[name] == got.headers[name]
    assert got.headers["vary"] == "Accept"


def test_who_has_the_graph_is_told_so(service: httpx.Client) -> None:
    tag = service.get(PATH, headers=TRIPLES).headers["etag"]
    again = service.get(PATH, headers={**TRIPLES, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "accept", "status", "kind"),
    [
        ("/graphs?graph=urn:absent", "*/*", 404, "no-such-graph"),
        ("/graphs/absent", "*/*", 404, "no-such-graph"),
        (PATH, "image/png", 406, "not-acceptable"),
        ("/graphs", "*/*", 400, "conflicting-parameters"),
        ("/graphs?graph=no-iri", "*/*", 400, "invalid-graph-name"),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    service: httpx.Client, path: str, accept: str, status: int, kind: str
) -> None:
    response = service.get(path, headers={"Accept": accept})
    assert response.status_code == status
    assert response.json()["type"].endswith(f"/{kind}")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [PATH, "/graphs?default", "/graphs/new"])
def test_what_would_change_a_graph_is_refused(
    service: httpx.Client, method: str, path: str
) -> None:
    headers = {"Content-Type": "text/turtle", "Authorization": "Bearer any"}
    response = service.request(method, path, content="<urn:a> <urn:b> 1 .", headers=headers)
    assert response.status_code == 403
    assert response.json()["type"].endswith("/read-only")


def test_options_tells_what_goes(service: httpx.Client) -> None:
    response = service.options(PATH)
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
