"""What the endpoint says of itself to who asks it for RDF without a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx
import pytest
import rdflib
from fastapi import FastAPI
from pyoxigraph import NamedNode, Store, Triple, parse
from starlette.types import Scope

from smegraph.namespaces import PREFIXES
from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.endpoints.service_description import add_void
from smegraph.server.metadata.triples import WELL_KNOWN
from smegraph.store.embedded import EmbeddedStore
from tests.server.asgi_client import client_of
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


@pytest.fixture(scope="module")
def well_known() -> Iterator[httpx.Client]:
    """A client of an application that describes its dataset at `/.well-known/void`."""
    app = FastAPI()
    add_void(app, describe)
    with client_of(app) as http:
        yield http


def test_void_is_turtle_unless_asked_otherwise(well_known: httpx.Client) -> None:
    assert well_known.get(WELL_KNOWN).headers["content-type"] == "text/turtle; charset=utf-8"
    for format in GRAPH_FORMATS:
        answer = well_known.get(WELL_KNOWN, headers={"Accept": format.media_type})
        assert answer.headers["content-type"].startswith(format.media_type)
        [quad] = parse(answer.content, format.engine)  # type: ignore[call-overload]
        assert quad.object == NamedNode(SERVICE)


def test_void_by_head_has_no_body(well_known: httpx.Client) -> None:
    answer = well_known.head(WELL_KNOWN)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["vary"] == "Accept"


def test_void_in_another_format_is_refused_with_what_is_offered(well_known: httpx.Client) -> None:
    found = problem(
        well_known.get(WELL_KNOWN, headers={"Accept": "image/png"}), 406, "not-acceptable"
    )
    assert "text/turtle" in found["offered"]
