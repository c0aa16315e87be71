"""The OpenAPI document of the service, held against the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from pyoxigraph import RdfFormat, Store
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from smegraph.results.formats import FORMATS
from smegraph.server.endpoints.openapi import describe_endpoints
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.http.problems import KINDS, TYPES, http_error
from smegraph.server.metadata.triples import describe
from smegraph.store.embedded import EmbeddedStore
from tests.server.asgi_client import client_of
from tests.server.inprocess import InProcessEngine, surveyed

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def app_with(writable: bool) -> FastAPI:
    app = FastAPI(title="smegraph", version="1")
    app.add_exception_handler(HTTPException, http_error)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    describe_endpoints(app, writable)
    return app


@pytest.fixture(params=[False, True], ids=["read-only", "writable"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return app_with(request.param).openapi()


@contextmanager
def served() -> Iterator[httpx.Client]:
    """A client of a read-only endpoint beside a FastAPI application, as the service has them."""
    triples = Store()
    triples.load("<http://e.org/a> <http://e.org/p> 1 .", RdfFormat.TURTLE)
    store, site = EmbeddedStore(triples), app_with(False)
    facts = surveyed(store)

    async def described(scope: Scope) -> list[Any]:
        return describe(facts, "http://example.org/sparql")

    endpoint = SparqlEndpoint(InProcessEngine(store), describe=described)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = endpoint if scope["path"] == "/sparql" else site
        await chosen(scope, receive, send)

    with client_of(front) as http:
        yield http


def references(found: object) -> Iterator[str]:
    """Every reference of a document."""
    if isinstance(found, dict):
        if "$ref" in found:
            yield found["$ref"]
        for value in found.values():
            yield from references(value)
    elif isinstance(found, list):
        for value in found:
            yield from references(value)


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **schema})


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(references(document)):
        place: Any = document
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place


def members(found: object) -> Iterator[str]:
    """Every name of a member, and every text, of a document."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from members(value)
    elif isinstance(found, list):
        for value in found:
            yield from members(value)
    elif isinstance(found, str):
        yield found


def test_nothing_is_left_to_be_filled_in(document: dict[str, Any]) -> None:
    assert not [name for name in members(document) if name.startswith(("x-", "$"))
                and name != "$ref"]  # fmt: skip


def test_head_is_described_where_get_is(document: dict[str, Any]) -> None:
    for path in document["paths"].keys() - {"/health"}:
        methods = document["paths"][path]
        assert methods["head"]["responses"].keys() == methods["get"]["responses"].keys()
        assert not any("content" in told for told in methods["head"]["responses"].values())


def test_routes_of_fastapi_are_in_it_too(document: dict[str, Any]) -> None:
    assert "200" in document["paths"]["/health"]["get"]["responses"]
    assert "405" in document["paths"]["/health"]["get"]["responses"]


def test_a_read_only_service_reads_graphs_and_has_no_update() -> None:
    document = app_with(False).openapi()
    assert set(document["paths"]) == {"/health", "/sparql", "/graphs", "/graphs/{graph}"}
    for path in ("/graphs", "/graphs/{graph}"):
        assert set(document["paths"][path]) == {"get", "head", "options"}
        assert "security" not in document["paths"][path]["get"]
    assert "update" not in str(document["paths"]["/sparql"]["post"]["requestBody"])
    assert "securitySchemes" not in document["components"]


def test_what_writes_needs_a_token() -> None:
    document = app_with(True).openapi()
    assert set(document["paths"]) == {"/health", "/sparql", "/graphs", "/graphs/{graph}"}
    for method in ("get", "put", "post", "delete", "patch"):
        assert document["paths"]["/graphs"][method]["security"] == [{"token": []}]
    assert {} in document["paths"]["/sparql"]["post"]["security"]


def test_every_format_is_offered(document: dict[str, Any]) -> None:
    offered = document["paths"]["/sparql"]["get"]["responses"]["200"]["content"]
    assert {format.media_type for format in FORMATS.values()} <= offered.keys()


def test_every_kind_of_problem_is_documented(document: dict[str, Any]) -> None:
    types = str(document["components"]["responses"])
    assert all(f"{TYPES}{kind}'" in types for kind in KINDS)


def test_asking_twice_gives_the_same() -> None:
    app = app_with(True)
    assert app.openapi() == app.openapi()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_no_answer_is_undocumented(method: str) -> None:
    with served() as http:
        schema = schemathesis.openapi.from_dict(http.get("/openapi.json").json())
        base = str(http.base_url).rstrip("/")

        @settings(max_examples=60, deadline=None, derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def answered_as_documented(case: Case) -> None:
            response = case.call(base_url=base)
            case.validate_response(response, checks=CHECKS)

        given(schema["/sparql"][method].as_strategy())(answered_as_documented)()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"params": {"query": "SELECT * { ?s ?p ?o }"}}, 200),
        ({"params": {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "trig"}}, 200),
        ({"params": {"query": "ASK {}", "format": "xml"}}, 200),
        ({"headers": {"Accept": "text/turtle"}}, 200),
        ({"headers": {"Accept": "text/html"}}, 303),
        ({"params": {"query": "SELECT"}}, 400),
        ({"params": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406),
    ],
)
def test_usual_answers_are_as_documented(asked: dict[str, Any], status: int) -> None:
    with served() as http:
        document = http.get("/openapi.json").json()
        answer = http.get("/sparql", **asked)
        told = document["paths"]["/sparql"]["get"]["responses"][str(status)]
        assert answer.status_code == status
        if "$ref" in told:
            told = document["components"]["responses"][told["$ref"].rsplit("/", 1)[-1]]
        media_type = answer.headers.get("content-type", "").split(";")[0]
        assert media_type in told.get("content", {"": None})
