"""Whatever a request says, it is answered, refused with a reason, or ended in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote_from_bytes

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.dataset.access_tokens import TokenFile
from tests.storm.conftest import Serve, Service

# Described, and no fault: the request's own deadline has passed, while it ran (504) or while it
# waited (503), or the disk is full.
_SAID: Final = (503, 504, 507)


def no_fault(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """Hold that the service is not at fault for a refusal."""
    said = response.status_code in _SAID
    return None if said else not_a_server_error(context, response, case)


CHECKS: Final = [
    no_fault, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
STANDARD: Final = ("x-content-type-options", "cross-origin-resource-policy")
TURTLE: Final = '<http://x/a> <http://x/b> "c" , 1 ; <http://x/d> [ <http://x/e> true ] .'

fuzzing = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
described = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip


@pytest.fixture(scope="module")
def service(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service that is only read."""
    file = tmp_path_factory.mktemp("fuzzed") / "data.ttl"
    file.write_text(TURTLE)
    return serve("--dataset", file, "--timeout", "3", "--worker-memory", "128")


@pytest.fixture(scope="module")
def http(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client


@pytest.fixture(scope="module")
def writable(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client that may write, of a service that takes it."""
    folder = tmp_path_factory.mktemp("written") / "dataset"
    token = TokenFile(folder).create(["update", "graph-store"], "fuzz")
    service = serve("--dataset", folder, "--writable", "--timeout", "30")
    with service.client(headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


@schemathesis.serializer(
    "application/sparql-query", "application/sparql-update",
    *(media_type for format in GRAPH_FORMATS for media_type in format.media_types),
)  # fmt: skip
def text_as_bytes(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Send a body of a type that schemathesis does not know as it is."""
    return str(value).encode("utf-8", "replace")


def check_description(http: httpx.Client, headers: dict[str, str]) -> list[str]:
    """Ask every operation of a service what its description allows; return their names."""
    schema = schemathesis.openapi.from_url(f"{http.base_url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:

        @described
        @given(case=operation.as_strategy())
        def answers_as_described(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS, headers=headers)

        answers_as_described()
    return [operation.label for operation in operations]


def test_what_is_only_read_answers_as_its_description_says(http: httpx.Client) -> None:
    assert {"GET /sparql", "POST /sparql"} <= set(check_description(http, {}))


def test_what_is_written_answers_as_its_description_says(writable: httpx.Client) -> None:
    permission = {"Authorization": writable.headers["Authorization"]}
    found = set(check_description(writable, permission))
    assert {"POST /sparql", "PUT /graphs", "PATCH /graphs/{graph}"} <= found


def check(response: httpx.Response) -> None:
    """What holds of every answer."""
    assert response.status_code < 500 or response.status_code in _SAID, response.text
    assert all(name in response.headers for name in STANDARD), response.headers
    if response.status_code >= 400 and response.request.method != "HEAD":
        assert response.headers["content-type"].startswith("application/problem+json")
        problem = response.json()
        assert problem["status"] == response.status_code
        assert all(problem[name] for name in ("type", "title", "detail")), problem
    for secret in (b"Traceback", b"site-packages", b"/src/smegraph", b"/tmp/"):
        assert secret not in response.content


# Without what ends a header field, which the client refuses to send.
values = st.binary(max_size=200).map(lambda b: bytes(c for c in b if c >= 32 and c != 127).strip())
types = st.sampled_from([
    b"text/csv", b"application/sparql-results+json;q=0.5", b"*/*;q=0", b"text/*", b"text/turtle",
    b"gzip", b"zstd;q=0", b"identity;q=0", b"*;q=0", b"W/\"x\"", b"*", b"bytes=0-5", b"q=", b";,;",
    b"application/sparql-query", b"application/x-www-form-urlencoded; charset=utf-16",
])  # fmt: skip
fields = st.lists(types | values, max_size=5).map(lambda parts: b", ".join(parts).strip())
names = st.sampled_from([
    b"Accept", b"Accept-Encoding", b"If-None-Match", b"If-Modified-Since", b"Range", b"If-Match",
    b"If-Range", b"Origin", b"Authorization", b"Cookie", b"Content-Type", b"Content-Encoding",
    b"Forwarded", b"X-Forwarded-For", b"X-HTTP-Method-Override", b"Access-Control-Request-Method",
])  # fmt: skip
headers = st.lists(st.tuples(names, fields), max_size=6)
paths = st.sampled_from(["/sparql", "/", "/health", "/metrics", "/graphs", "/.well-known/void"])
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])


@fuzzing
@given(method=methods, path=paths, fields=headers)
def test_any_headers(
    http: httpx.Client, method: str, path: str, fields: list[tuple[bytes, bytes]]
) -> None:
    check(http.request(method, f"{path}?query=ASK%7B%7D", headers=fields))


@fuzzing
@given(fields=headers, body=st.binary(max_size=2000))
def test_any_body(http: httpx.Client, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    check(http.post("/sparql", content=body, headers=fields))


@fuzzing
@given(
    kind=st.sampled_from(["sparql-query", "sparql-update", "x-www-form-urlencoded"]),
    body=st.binary(max_size=500) | st.text(max_size=300).map(str.encode),
)
def test_any_body_of_a_type_that_is_taken(
    http: httpx.Client, writable: httpx.Client, kind: str, body: bytes
) -> None:
    for client in (http, writable):
        check(client.post("/sparql", content=body, headers={"Content-Type": f"application/{kind}"}))


parameters = st.sampled_from([
    "query", "update", "format", "timeout", "default-graph-uri", "named-graph-uri",
    "using-graph-uri", "output", "graph", "default", "x",
])  # fmt: skip


@fuzzing
@given(
    path=paths,
    pairs=st.lists(st.tuples(parameters, st.binary(max_size=30) | types), max_size=5),
)
def test_any_parameters(http: httpx.Client, path: str, pairs: list[tuple[str, bytes]]) -> None:
    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)
    check(http.get(f"{path}?query=ASK%7B%7D&{query}"))
    check(http.get(f"{path}?{query}"))


@fuzzing
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH"]),
    graph=st.text(max_size=30).map(lambda t: quote_from_bytes(t.encode())),
    kind=st.sampled_from(["text/turtle", "application/trig", "application/ld+json", "text/csv",
                          "application/rdf+xml", "multipart/form-data", "application/n-quads",
                          "multipart/form-data; boundary=x", "application/sparql-update", ""]),
    body=st.binary(max_size=200) | st.sampled_from([TURTLE.encode(), b"{}", b"--x\r\n\r\n--x--"]),
)  # fmt: skip
def test_any_graph(writable: httpx.Client, method: str, graph: str, kind: str, body: bytes) -> None:
    check(writable.request(
        method, f"/graphs?graph=http://x/{graph}", content=body, headers={"Content-Type": kind}
    ))  # fmt: skip


words = st.sampled_from([
    "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "{", "}", "(", ")", "[", "]", "*", "?s",
    "?p", "$o", ".", ";", ",", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "AS",
    "VALUES", "UNDEF", "SERVICE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "EXISTS",
    "NOT", "IN", "COUNT", "REGEX", "IF", "STR", "<http://x/b>", "<", ">", "^", "/", "|", "+", "!",
    "=", "<<", ">>", "a", "_:b", "'c'", '"c"@en', '"""', "1", "-1e400", "9" * 400, "true", "@",
    "^^", "xsd:integer", "sme:Firm", ":", "PREFIX", "BASE", "FROM", "NAMED", "#", "\n", "\\u0041",
    "\\uD800", "\\U0010FFFF", "\\U00110000", "\0", "\ufeff", "\u2028", "é", "\U0001f600",
])  # fmt: skip
soups = st.lists(words, max_size=25).map(" ".join)
patterns = soups.map(lambda soup: f"SELECT * {{ ?s ?p ?o . {soup} }}")
expressions = soups.map(lambda soup: f"SELECT ({soup} AS ?x) {{ ?s ?p ?o }}")


@settings(fuzzing, max_examples=200)
@given(query=soups | patterns | expressions | st.text(max_size=100))
def test_any_query(http: httpx.Client, query: str) -> None:
    check(http.post("/sparql", data={"query": query, "timeout": "2"}))


@fuzzing
@given(update=soups.map(lambda soup: f"INSERT DATA {{ <http://x/a> <http://x/b> {soup} }}") | soups)
def test_any_update(writable: httpx.Client, update: str) -> None:
    check(writable.post("/sparql", data={"update": update}))


DEEP: Final = 10_000
NESTED: Final = {
    "groups": ("SELECT * " + "{" * DEEP + "}" * DEEP),
    "brackets": "SELECT * { ?s ?p ?o FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }",
    "paths": "SELECT * { ?s " + "(" * DEEP + "<http://x/b>" + ")" * DEEP + " ?o }",
    "repeated paths": "SELECT * { ?s " + "(" * DEEP + "<http://x/b>" + ")*" * DEEP + " ?o }",
    "negations": "SELECT * { ?s ?p ?o FILTER(" + "!" * DEEP + "1) }",
    "lists": "SELECT * { ?s ?p " + "(" * DEEP + "1" + ")" * DEEP + " }",
    "blank nodes": "SELECT * { ?s ?p " + "[ <http://x/b> " * DEEP + "1" + "]" * DEEP + " }",
    "optionals": "SELECT * {" + "OPTIONAL { ?s ?p ?o " * DEEP + "}" * DEEP + "}",
    "filters": "SELECT * {" + "FILTER EXISTS { ?s ?p ?o " * DEEP + "}" * DEEP + "}",
    "subqueries": "SELECT * {" + "{ SELECT * {" * DEEP + "}}" * DEEP + "}",
    "functions": "SELECT (" + "STR(" * DEEP + "1" + ")" * DEEP + " AS ?x) {}",
    "unfinished groups": "SELECT * " + "{" * DEEP,
    "the deepest brackets": "SELECT (" + "(" * 500_000 + "1" + ")" * 500_000 + " AS ?x) {}",
}
LONG: Final = {
    "an alternative": "SELECT * { ?s " + "|".join(["<http://x/b>"] * DEEP) + " ?o }",
    "a disjunction": "SELECT * { ?s ?p ?o FILTER(" + "||".join(["?o = 1"] * DEEP) + ") }",
    "a union": "SELECT * {" + " UNION ".join(["{ ?s ?p 1 }"] * DEEP) + "}",
    "optionals": "SELECT * {" + "OPTIONAL { ?s <http://x/b> ?o } " * DEEP + "}",
    "a sum": "SELECT (" + "+".join("1" * DEEP) + " AS ?x) {}",
    "a list": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(100_000))) + ")) }",
    "a number": "SELECT (" + "9" * 500_000 + " + 1 AS ?x) {}",
    "a regular expression": 'ASK { ?s ?p ?o FILTER(REGEX(STR(?o), "' + "(a*)*" * 5000 + '")) }',
    "a counted one": 'ASK { FILTER(REGEX("aaa", "((a{1000}){1000}){1000}")) }',
    "a repetition": 'ASK { FILTER(STRLEN(REPLACE("' + "a" * 900_000 + '", "a", "bbbb")) > 0) }',
}


def _ask(http: httpx.Client, query: str) -> httpx.Response:
    kind = {"Content-Type": "application/sparql-query"}
    return http.post("/sparql?timeout=1", content=query, headers=kind)


def _goes_on(http: httpx.Client) -> bool:
    """Say whether another query is answered; on a busy machine the first may be late."""
    return any(http.get("/sparql?query=ASK%7B%7D").status_code == 200 for _ in range(20))


@pytest.mark.parametrize("what", NESTED)
def test_deep_nesting_is_answered_or_refused(http: httpx.Client, what: str) -> None:
    response = _ask(http, NESTED[what])
    check(response)
    assert response.status_code in (200, 400, 503, 504)
    assert _goes_on(http)


@pytest.mark.parametrize("what", LONG)
def test_long_chains_are_answered_or_refused(http: httpx.Client, what: str) -> None:
    check(_ask(http, LONG[what]))
    assert _goes_on(http)


@pytest.mark.parametrize("what", ["groups", "brackets", "filters", "the deepest brackets"])
def test_deeply_nested_update_is_carried_out_or_refused(writable: httpx.Client, what: str) -> None:
    where = NESTED[what].partition("*")[2] if "*" in NESTED[what] else f"{{ {NESTED[what]} }}"
    text = f"INSERT {{ <http://x/a> <http://x/b> 1 }} WHERE {where}"
    check(writable.post("/sparql", data={"update": text, "timeout": "1"}))
    assert writable.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 204


def test_no_error_of_our_own_was_logged(service: Service) -> None:
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    assert not [line for line in lines if line.get("trace")]
