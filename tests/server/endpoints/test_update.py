"""The SPARQL 1.1 Protocol's update operation: its parameters, its refusals, who may update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.dataset.interface import UpdateRequest
from smegraph.server.endpoints.access import TokenAccess
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.engine.errors import Overloaded
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import MalformedQuery
from smegraph.store.embedded import EmbeddedStore
from tests.server.bare import serving as bare_server
from tests.server.endpoints.test_query import FORM, QUERY, problem
from tests.server.inprocess import InProcessEngine

UPDATE = "application/sparql-update"
INSERT = "INSERT DATA { <http://e/s> <http://e/p> 1 }"


class StoreWriter:
    """Updates a store in memory, and keeps what it was asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.requests: list[UpdateRequest] = []
        self.is_busy = False

    async def update(self, request: UpdateRequest) -> None:
        self.requests.append(request)
        if self.is_busy:
            raise Overloaded(5)
        try:
            self._store.update(request.text)
        except SyntaxError as error:
            raise MalformedQuery(Diagnosis(2, 16, "}", ("IRI",), "")) from error


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def writer(store: Store) -> StoreWriter:
    return StoreWriter(store)


@pytest.fixture
def service(store: Store, writer: StoreWriter, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client with a token for updates."""
    endpoint = SparqlEndpoint(
        InProcessEngine(EmbeddedStore(store)),
        writer=writer,
        access=TokenAccess(tmp_path),
        query_limit=1000,
        update_limit=10_000,
        timeout=30,
    )
    token = TokenFile(tmp_path).create(["update"])
    with bare_server(endpoint) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def direct(service: httpx.Client, text: str | bytes, **parameters: str) -> httpx.Response:
    headers = {"Content-Type": UPDATE}
    return service.post("/sparql", params=parameters, content=text, headers=headers)


def test_an_update_is_answered_without_a_body(service: httpx.Client, store: Store) -> None:
    response = direct(service, INSERT)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert len(store) == 1


def test_an_update_by_form(service: httpx.Client, store: Store) -> None:
    assert service.post("/sparql", data={"update": INSERT}).status_code == 204
    assert len(store) == 1


def test_the_dataset_of_an_update_reaches_the_writer(
    service: httpx.Client, writer: StoreWriter
) -> None:
    names = ["http://e/1", "http://e/2"]
    data = {"update": INSERT, "using-graph-uri": names, "using-named-graph-uri": "http://e/3"}
    service.post("/sparql", data=data)
    params = {"using-graph-uri": names, "using-named-graph-uri": "http://e/3"}
    service.post("/sparql", params=params, content=INSERT, headers={"Content-Type": UPDATE})
    direct(service, INSERT)
    with_dataset = UpdateRequest(INSERT, tuple(names), ("http://e/3",))
    assert writer.requests == [with_dataset, with_dataset, UpdateRequest(INSERT)]


def test_an_empty_update_changes_nothing_and_is_legal(service: httpx.Client, store: Store) -> None:
    assert direct(service, "").status_code == 204
    assert service.post("/sparql", data={"update": ""}).status_code == 204
    assert len(store) == 0


def test_a_timeout_may_only_lower_the_limit(service: httpx.Client, writer: StoreWriter) -> None:
    direct(service, INSERT, timeout="2.5")
    direct(service, INSERT, timeout="31")
    assert [found.timeout for found in writer.requests] == [2.5, None]
    problem(direct(service, INSERT, timeout="never"), 400, "invalid-timeout")


def test_a_malformed_update_is_told_where_it_is_wrong(service: httpx.Client) -> None:
    found = problem(direct(service, "INSERT DATA {\n  <http://e/s> }"), 400, "malformed-update")
    assert (found["line"], found["column"], found["expected"]) == (2, 16, ["IRI"])


def test_what_keeps_the_writer_from_it_is_told(service: httpx.Client, writer: StoreWriter) -> None:
    writer.is_busy = True
    response = direct(service, INSERT)
    problem(response, 503, "overloaded")
    assert response.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"query": "ASK {}", "update": INSERT}, "conflicting-parameters"),
        ({"update": [INSERT, INSERT]}, "repeated-parameter"),
        ({"using-graph-uri": "http://e/"}, "missing-update"),
        ({"update": INSERT, "default-graph-uri": "http://e/"}, "conflicting-parameters"),
        ({"update": INSERT, "format": "json"}, "conflicting-parameters"),
        ({"query": "ASK {}", "using-graph-uri": "http://e/"}, "conflicting-parameters"),
        ({"update": INSERT, "uptade": INSERT}, "unknown-parameter"),
        ({}, "missing-query"),
    ],
)
def test_parameters_that_do_not_go_together(
    service: httpx.Client, store: Store, parameters: dict[str, str], kind: str
) -> None:
    headers = {"Content-Type": FORM}
    problem(service.post("/sparql", data=parameters, headers=headers), 400, kind)
    assert len(store) == 0


SELECT = "# ?\nPREFIX e: <http://e/> SELECT * { ?s ?p ?o }"
UPDATES = [INSERT, "PREFIX e: <http://e/> DELETE WHERE { ?s ?p ?o }", "drop all", "INSERT {"]


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_that_is_sent_as_a_query_is_told_how_to_send_it(
    service: httpx.Client, store: Store, update: str
) -> None:
    by_query = {"Content-Type": "application/sparql-query"}
    for response in (
        service.get("/sparql", params={"query": update}),
        service.post("/sparql", data={"query": update}),
        service.post("/sparql", content=update, headers=by_query),
    ):
        found = problem(response, 400, "malformed-query")
        assert "This is an update: send it as `update` by POST to /sparql" in str(found["detail"])
    assert len(store) == 0


def test_a_query_that_is_sent_as_an_update_is_told_how_to_send_it(service: httpx.Client) -> None:
    for response in (
        direct(service, SELECT),
        service.post("/sparql", data={"update": SELECT}),
        service.get("/sparql", params={"update": SELECT}),
    ):
        found = problem(response, 400, "malformed-update")
        assert "This is a query" in str(found["detail"])
        assert "send it as `query`" in str(found["detail"])


def test_an_update_in_the_address_is_refused(service: httpx.Client, store: Store) -> None:
    get = service.get("/sparql", params={"update": INSERT})
    problem(get, 405, "method-not-allowed")
    assert get.headers["allow"] == "POST, OPTIONS"
    problem(direct(service, "", update=INSERT), 400, "conflicting-parameters")
    problem(direct(service, INSERT, query="ASK {}"), 400, "conflicting-parameters")
    form = {"params": {"update": INSERT}, "headers": {"Content-Type": FORM}}
    problem(service.post("/sparql", content="", **form), 400, "conflicting-parameters")  # type: ignore[arg-type]
    assert len(store) == 0


@pytest.mark.parametrize("token", [None, "Bearer none", "Basic eDp5"])
def test_without_a_token_nothing_is_changed_and_queries_go_on(
    service: httpx.Client, store: Store, token: str | None
) -> None:
    del service.headers["Authorization"]
    if token:
        service.headers["Authorization"] = token
    for response in (direct(service, INSERT), service.post("/sparql", data={"update": INSERT})):
        problem(response, 401, "unauthorized")
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert len(store) == 0
    assert service.post("/sparql", data={"query": "ASK {}"}).status_code == 200


def test_a_token_for_something_else_is_forbidden(
    service: httpx.Client, store: Store, tmp_path: Path
) -> None:
    other = TokenFile(tmp_path).create(["graph-store"])
    service.headers["Authorization"] = f"Bearer {other}"
    problem(direct(service, INSERT), 403, "forbidden")
    assert len(store) == 0


def test_only_who_may_update_may_send_much(service: httpx.Client, store: Store) -> None:
    long = INSERT + "#" + "x" * 5_000
    assert direct(service, long).status_code == 204
    assert service.post("/sparql", data={"update": long}).status_code == 204
    problem(direct(service, "#" * 10_001), 413, "body-too-large")
    del service.headers["Authorization"]
    problem(direct(service, long), 401, "unauthorized")
    problem(service.post("/sparql", data={"update": long}), 413, "body-too-large")
    response = service.post("/sparql", content="#" * 1001, headers={"Content-Type": QUERY})
    problem(response, 413, "body-too-large")


def test_what_may_be_posted_is_told(service: httpx.Client) -> None:
    options = service.options("/sparql")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert options.headers["accept-post"] == f"{QUERY}, {FORM}, {UPDATE}"
    assert "Authorization" in options.headers["access-control-allow-headers"]
    response = service.post("/sparql", content="x", headers={"Content-Type": "text/plain"})
    found = problem(response, 415, "unsupported-media-type")
    assert found["supported"] == [QUERY, FORM, UPDATE]


def test_a_service_that_anyone_may_change_cannot_be_made(writer: StoreWriter) -> None:
    with pytest.raises(ValueError, match="who may send them"):
        SparqlEndpoint(InProcessEngine(EmbeddedStore(Store())), writer=writer)


@pytest.mark.parametrize(
    ("header", "done"),
    [
        ({"If-Match": '"x"'}, False),
        ({"If-None-Match": "*"}, False),
        ({"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, False),
        ({"If-Match": "*"}, True),
        ({"If-None-Match": '"x"'}, True),
    ],
)
def test_an_update_is_not_carried_out_against_a_condition(
    service: httpx.Client, store: Store, header: dict[str, str], done: bool
) -> None:
    """RFC 9110 §13.1.1."""
    headers = {"Content-Type": UPDATE, **header}
    response = service.post("/sparql", content=INSERT, headers=headers)
    if done:
        assert response.status_code == 204
    else:
        problem(response, 412, "precondition-failed")
    assert len(store) == done
