"""What the endpoint says of itself to who asks it for RDF without a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx
import pytest
import rdflib
from pyoxigraph import NamedNode, Store, Triple
from starlette.types import Scope

from smegraph.namespaces import PREFIXES
from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.store.embedded import EmbeddedStore
from tests.server.bare import serving as bare_server
from tests.server.endpoints.test_query import problem
from tests.server.inprocess import InProcessEngine

TYPE, SERVICE = PREFIXES["rdf"] + "type", PREFIXES["sd"] + "Service"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def describe(scope: Scope) -> Sequence[Triple]:
    """Say that the address is that of a service."""
    subject = NamedNode("http://" + dict(scope["headers"])[b"host"].decode() + scope["path"])
    return [Triple(subject, NamedNode(TYPE), NamedNode(SERVICE))]


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    endpoint = SparqlEndpoint(InProcessEngine(EmbeddedStore(Store())), describe=describe)
    with bare_server(endpoint) as http:
        yield http


@pytest.mark.parametrize("media_type", [None, *(found.media_type for found in GRAPH_FORMATS)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_description_comes_in_every_format(
    service: httpx.Client, media_type: str | None
) -> None:
    response = service.get("/sparql", headers={"Accept": media_type or "*/*"})
    assert response.status_code == 200
    found = response.headers["content-type"].partition(";")[0]
    assert found == (media_type or "text/turtle")
    dataset = rdflib.Dataset().parse(data=response.content, format=found)
    [(subject, _, kind, _)] = dataset.quads()
    assert str(subject) == f"{service.base_url}/sparql".replace("//sparql", "/sparql")
    assert str(kind) == SERVICE


def test_turtle_declares_the_prefixes_that_it_uses(service: httpx.Client) -> None:
    assert f"@prefix sd: <{PREFIXES['sd']}> ." in service.get("/sparql").text


def test_a_browser_is_sent_to_the_page(service: httpx.Client) -> None:
    response = service.get("/sparql", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["location"]) == (303, "./")
    assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_head_has_the_headers_of_get(service: httpx.Client) -> None:
    got, head = service.get("/sparql"), service.head("/sparql")
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == got.headers[name]


def test_who_has_the_description_is_told_so(service: httpx.Client) -> None:
    tag = service.get("/sparql").headers["etag"]
    assert service.get("/sparql", headers={"If-None-Match": tag}).status_code == 304
    other = {"If-None-Match": tag, "Accept": "application/n-triples"}
    assert service.get("/sparql", headers=other).status_code == 200


def test_a_format_that_is_not_offered_is_refused(service: httpx.Client) -> None:
    response = service.get("/sparql", headers={"Accept": "text/csv"})
    found = problem(response, 406, "not-acceptable")
    assert found["offered"] == [format.media_type for format in GRAPH_FORMATS]


@pytest.mark.parametrize("address", ["/sparql?query=", "/sparql?format=turtle"])
def test_parameters_without_a_query_ask_for_no_description(
    service: httpx.Client, address: str
) -> None:
    problem(service.get(address), 400, "missing-query")


def test_a_post_without_a_query_asks_for_no_description(service: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    problem(service.post("/sparql", content="", headers=headers), 400, "missing-query")
