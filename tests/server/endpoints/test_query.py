"""The SPARQL 1.1 Protocol's query operation, over real HTTP, in a service without updates."""

from __future__ import annotations

import gc
import gzip
import json
import sys
from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest
import rdflib
from backports import zstd

from smegraph.results.formats import FORMATS

NAMES = "SELECT ?name { ?firm a sme:Firm ; rdfs:label ?name } ORDER BY ?name"
EXPECTED = ["Cuberdon", "Firm A", "Firm B"]
GRAPH = "https://w3id.org/smegraph/graph/"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["name"]["value"] for row in response.json()["results"]["bindings"]]


def problem(response: httpx.Response, status: int, kind: str) -> dict[str, object]:
    """Check that a response is a problem with everything that problems must have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    found: dict[str, object] = response.json()
    assert found["type"] == f"https://w3id.org/smegraph/problem/{kind}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


def test_query_get(service: httpx.Client) -> None:
    assert names(service.get("/sparql", params={"query": NAMES})) == EXPECTED


def test_query_post_form(service: httpx.Client) -> None:
    assert names(service.post("/sparql", data={"query": NAMES})) == EXPECTED


@pytest.mark.parametrize("media_type", [QUERY, QUERY + "; charset=UTF-8"])
def test_query_post_direct(service: httpx.Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    assert names(service.post("/sparql", content=NAMES, headers=headers)) == EXPECTED


def test_query_post_direct_takes_its_dataset_from_the_address(service: httpx.Client) -> None:
    parameters = {"default-graph-uri": GRAPH + "work-arnone-deprince"}
    headers = {"Content-Type": QUERY}
    response = service.post("/sparql", params=parameters, content=NAMES, headers=headers)
    assert names(response) == ["Cuberdon"]


def test_head_has_the_headers_of_get_and_no_body(service: httpx.Client) -> None:
    got = service.get("/sparql", params={"query": NAMES})
    head = service.head("/sparql", params={"query": NAMES})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "vary", "etag", "cache-control"):
        assert head.headers[name] == got.headers[name]


def test_head_tells_of_a_refusal_without_a_body(service: httpx.Client) -> None:
    response = service.head("/sparql", params={"query": "SELEC"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["content-length"]) > 0
    assert response.content == b""


TABLES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.mark.parametrize("query", [NAMES, "ASK { ?firm a sme:Firm }"])
@pytest.mark.parametrize("name", TABLES)
def test_select_and_ask_in_every_format_by_header_and_by_parameter(
    service: httpx.Client, name: str, query: str
) -> None:
    by_header = service.get("/sparql", params={"query": query}, headers={"Accept": TABLES[name]})
    by_name = service.get(
        "/sparql", params={"query": query, "format": name}, headers={"Accept": "text/html"}
    )
    assert by_header.status_code == by_name.status_code == 200
    assert by_header.headers["content-type"].split(";")[0] == TABLES[name]
    assert by_header.headers["content-type"] == by_name.headers["content-type"]
    assert by_header.content == by_name.content != b""
    assert by_header.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { ?f sme:founded ?y }", "DESCRIBE id:firm-cuberdon"]
)
@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_construct_and_describe_in_every_format(
    service: httpx.Client, name: str, query: str
) -> None:
    response = service.get("/sparql", params={"query": query}, headers={"Accept": GRAPHS[name]})
    assert response.headers["content-type"].split(";")[0] == GRAPHS[name]
    turtle = service.get("/sparql", params={"query": query, "format": "turtle"})
    graph = rdflib.Graph().parse(data=response.content, format=GRAPHS[name])
    assert set(graph) == set(rdflib.Graph().parse(data=turtle.text, format="turtle")) != set()


def test_get_query_accept_wildcard_exclusion(service: httpx.Client) -> None:
    headers = {"Accept": "*/*, application/*;q=0"}
    table = service.get("/sparql", params={"query": NAMES}, headers=headers)
    graph = service.get("/sparql", params={"query": "DESCRIBE id:facebook"}, headers=headers)
    assert table.headers["content-type"].startswith("text/csv")
    assert graph.headers["content-type"].startswith("text/turtle")


def test_the_default_graph_is_the_union_of_all_graphs(service: httpx.Client) -> None:
    across = """SELECT ?name { ?use sme:ofFirm/rdfs:label ?name ; sme:onChannel ?channel .
                ?channel rdfs:label "Facebook" }"""
    assert names(service.get("/sparql", params={"query": across})) == ["Cuberdon"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"default-graph-uri": GRAPH + "study-finnish"}, ["Firm A", "Firm B"]),
        (
            {"default-graph-uri": [GRAPH + "study-finnish", GRAPH + "work-arnone-deprince"]},
            EXPECTED,
        ),
        ({"named-graph-uri": GRAPH + "study-finnish"}, []),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_dataset_of_the_request(
    service: httpx.Client, method: str, parameters: dict[str, object], expected: list[str]
) -> None:
    sent = {"query": NAMES, **parameters}
    place = {"params": sent} if method == "GET" else {"data": sent}
    assert names(service.request(method, "/sparql", **place)) == expected  # type: ignore[arg-type]


def test_named_graph_of_the_request_limits_graph_patterns(service: httpx.Client) -> None:
    query = "SELECT DISTINCT (STR(?g) AS ?name) { GRAPH ?g { ?s ?p ?o } }"
    sent = {"query": query, "named-graph-uri": GRAPH + "study-finnish"}
    assert names(service.get("/sparql", params=sent)) == [GRAPH + "study-finnish"]


def test_the_dataset_of_the_request_replaces_that_of_the_query(service: httpx.Client) -> None:
    query = NAMES.replace("{", "FROM graph:study-finnish {", 1)
    assert names(service.get("/sparql", params={"query": query})) == ["Firm A", "Firm B"]
    sent = {"query": query, "default-graph-uri": GRAPH + "work-arnone-deprince"}
    assert names(service.get("/sparql", params=sent)) == ["Cuberdon"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_malformed_query_is_told_where_it_is_wrong(service: httpx.Client, method: str) -> None:
    sent = {"query": "SELECT ?x WHERE {\n  ?x sme:year ?y .\n  FLITER(?y > 2018)\n}"}
    place = {"params": sent} if method == "GET" else {"data": sent}
    found = problem(service.request(method, "/sparql", **place), 400, "malformed-query")  # type: ignore[arg-type]
    assert (found["line"], found["column"], found["found"]) == (3, 3, "FLITER")
    assert "FILTER" in found["expected"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("parameters", "kind", "status"),
    [
        ([("query", "")], "missing-query", 400),
        ([("query", " ")], "missing-query", 400),
        ([("query", NAMES), ("query", NAMES)], "repeated-parameter", 400),
        ([("query", NAMES), ("default-graph", "urn:g")], "unknown-parameter", 400),
        ([("query", NAMES), ("graph-uri", "urn:g")], "unknown-parameter", 400),
        ([("query", NAMES), ("timout", "5")], "unknown-parameter", 400),
        ([("query", NAMES), ("Timeout", "5")], "unknown-parameter", 400),
        ([("query", NAMES), ("ouput", "csv")], "unknown-parameter", 400),
        ([("qeury", NAMES)], "unknown-parameter", 400),
        ([("limit", "5")], "missing-query", 400),
        ([("query", NAMES), ("timeout", "5"), ("timeout", "5")], "repeated-parameter", 400),
        ([("query", NAMES), ("timeout", "-1")], "invalid-timeout", 400),
        ([("query", NAMES), ("timeout", "nan")], "invalid-timeout", 400),
        ([("query", NAMES), ("timeout", "1e999")], "invalid-timeout", 400),
        ([("query", NAMES), ("timeout", "5 s")], "invalid-timeout", 400),
        ([("query", NAMES), ("update", "DROP ALL")], "conflicting-parameters", 400),
        ([("update", "DROP ALL"), ("update", "DROP ALL")], "repeated-parameter", 400),
        ([("query", NAMES), ("format", "yaml")], "unknown-format", 400),
        ([("query", NAMES), ("default-graph-uri", "no iri")], "invalid-graph-name", 400),
        ([("query", "SELECT (<http://e/f>(1) AS ?x) {}")], "unsupported-function", 400),
        ([("query", "INSERT DATA { id:a id:b id:c }")], "read-only", 403),
        ([("query", NAMES), ("using-graph-uri", "http://e/")], "read-only", 403),
        ([("update", "DROP ALL")], "read-only", 403),
        ([("update", NAMES)], "malformed-update", 400),
        ([("query", "SELECT * { SERVICE <http://e/> {} }")], "federation-refused", 403),
        ([("query", NAMES), ("format", "turtle")], "not-acceptable", 406),
        ([("query", "DESCRIBE id:a"), ("format", "csv")], "not-acceptable", 406),
        (
            [("query", "CONSTRUCT {?s <http://e/1> 1} {?s ?p ?o}"), ("format", "rdfxml")],
            "not-writable",
            406,
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_refusal_has_its_own_problem(
    service: httpx.Client,
    method: str,
    parameters: list[tuple[str, str]],
    kind: str,
    status: int,
) -> None:
    encoded = urlencode(parameters)
    if method == "GET":
        response = service.get(f"/sparql?{encoded}")
    else:
        headers = {"Content-Type": FORM}
        response = service.post("/sparql", content=encoded, headers=headers)
    problem(response, status, kind)


def test_the_results_of_refused_queries_are_dropped_in_their_own_thread(
    service: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    for query, name in (
        (NAMES, "turtle"),
        ("DESCRIBE id:facebook", "csv"),
        ("CONSTRUCT {?s <http://e/1> 1} {?s ?p ?o}", "rdfxml"),
        ('SELECT ("a\\u0001" AS ?x) {}', "xml"),
    ):
        for _ in range(5):
            response = service.get("/sparql", params={"query": query, "format": name})
            assert response.status_code == 406
    gc.collect()
    assert ignored == []


@pytest.mark.parametrize(
    "name",
    [
        "maxrows",
        "infer",
        "debug",
        "callback",
        "_",
        "baseURI",
        "limit",
        "queryLn",
        "CXML",
        "run",
        "é",
    ],
)
def test_what_other_services_know_is_left_out(service: httpx.Client, name: str) -> None:
    plain = service.get("/sparql", params={"query": NAMES, "format": "csv"})
    beside = service.get("/sparql", params={name: "1", "query": NAMES, "format": "csv"})
    assert (beside.status_code, beside.text) == (200, plain.text)


@pytest.mark.parametrize("timeout", ["0", "0.0", "1000000"])
def test_a_timeout_beyond_the_service_s_own_is_that(service: httpx.Client, timeout: str) -> None:
    response = service.get("/sparql", params={"query": NAMES, "timeout": timeout})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("ttl", "text/turtle"), ("nt", "application/n-triples"), ("nq", "application/n-quads"),
    ],
)  # fmt: skip
def test_formats_are_known_by_the_endings_of_files(
    service: httpx.Client, name: str, media_type: str
) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"
    response = service.get("/sparql", params={"query": query, "format": name})
    assert response.headers["content-type"].split(";")[0] == media_type


def test_an_unknown_parameter_is_named(service: httpx.Client) -> None:
    found = problem(
        service.get("/sparql", params={"query": NAMES, "fromat": "csv"}), 400, "unknown-parameter"
    )
    assert found["parameter"] == "fromat"
    assert "format" in found["known"]  # type: ignore[operator]


def test_not_acceptable_lists_what_is_offered(service: httpx.Client) -> None:
    headers = {"Accept": "text/html"}
    either = problem(
        service.get("/sparql", params={"query": NAMES}, headers=headers), 406, "not-acceptable"
    )
    assert either["offered"] == [found.media_type for found in FORMATS.values()]
    headers = {"Accept": "text/turtle"}
    table = problem(
        service.get("/sparql", params={"query": NAMES}, headers=headers), 406, "not-acceptable"
    )
    assert table["offered"] == list(TABLES.values())


@pytest.mark.parametrize(
    "media_type", ["text/plain", "", "application/json", "multipart/form-data", QUERY + "x"]
)
def test_post_of_another_media_type_is_unsupported(service: httpx.Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = service.post("/sparql", content=NAMES, headers=headers)
    found = problem(response, 415, "unsupported-media-type")
    assert found["supported"] == [QUERY, FORM]
    assert response.headers["accept-post"] == f"{QUERY}, {FORM}"


def test_post_update_read_only(service: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-update"}
    problem(service.post("/sparql", content="DROP ALL", headers=headers), 403, "read-only")
    assert names(service.get("/sparql", params={"query": NAMES})) == EXPECTED


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(service: httpx.Client, method: str) -> None:
    response = service.request(method, "/sparql", params={"query": NAMES})
    problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_what_is_not_utf_8_is_refused(service: httpx.Client) -> None:
    headers = {"Content-Type": QUERY}
    response = service.post("/sparql", content=NAMES.encode("utf-16"), headers=headers)
    problem(response, 400, "not-utf-8")
    problem(service.get("/sparql?query=ASK%7B%7D%ff"), 400, "not-utf-8")
    response = service.post("/sparql", content="query=ASK%7B%7D%ff", headers={"Content-Type": FORM})
    problem(response, 400, "not-utf-8")


@pytest.mark.parametrize("charset", ["utf-16", '"ISO-8859-1"', "latin1"])
def test_another_charset_is_refused_even_when_the_body_is_ascii(
    service: httpx.Client, charset: str
) -> None:
    headers = {"Content-Type": f"{QUERY}; charset={charset}"}
    problem(service.post("/sparql", content="ASK {}", headers=headers), 400, "not-utf-8")


@pytest.mark.parametrize("media_type", [QUERY, FORM])
def test_the_address_of_a_post_carries_no_query(service: httpx.Client, media_type: str) -> None:
    body = NAMES if media_type == QUERY else urlencode({"query": NAMES})
    for body_or_none in (body, ""):
        response = service.post(
            "/sparql",
            params={"query": NAMES},
            content=body_or_none,
            headers={"Content-Type": media_type},
        )
        problem(response, 400, "conflicting-parameters")


def test_the_dataset_of_a_form_may_stand_in_its_address_and_in_its_body(
    service: httpx.Client,
) -> None:
    name = "default-graph-uri"
    response = service.post(
        "/sparql",
        params={name: GRAPH + "study-finnish"},
        data={"query": NAMES, name: GRAPH + "work-arnone-deprince"},
    )
    assert names(response) == EXPECTED


def test_a_compressed_body_is_refused_unread(service: httpx.Client) -> None:
    headers = {"Content-Type": QUERY, "Content-Encoding": "gzip"}
    response = service.post("/sparql", content=gzip.compress(NAMES.encode()), headers=headers)
    problem(response, 415, "unsupported-encoding")
    assert response.headers["accept-encoding"] == "identity"


def test_a_get_with_a_body_is_refused(service: httpx.Client) -> None:
    response = service.request("GET", "/sparql", params={"query": NAMES}, content=b"ASK {}")
    problem(response, 400, "unexpected-body")


def test_more_parameters_than_any_query_has_are_refused(service: httpx.Client) -> None:
    response = service.post(
        "/sparql", content="query=ASK{}&" * 1001, headers={"Content-Type": FORM}
    )
    problem(response, 400, "conflicting-parameters")


def test_a_query_of_half_a_mebibyte_is_taken_as_a_form(service: httpx.Client) -> None:
    query = NAMES + "#" + " " * 2**19
    assert names(service.post("/sparql", data={"query": query})) == EXPECTED


@pytest.mark.parametrize("timeout", ["5", "0.5", "2.", ".5", "1e1", "1000000"])
def test_a_timeout_is_a_number_of_seconds(service: httpx.Client, timeout: str) -> None:
    assert names(service.get("/sparql", params={"query": NAMES, "timeout": timeout})) == EXPECTED


def test_preflight_allows_any_origin(service: httpx.Client) -> None:
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = service.options("/sparql", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].split(", ")
    assert {"*", "Authorization", "Content-Type"} <= set(allowed)


def test_a_query_with_every_kind_of_character_arrives_whole(service: httpx.Client) -> None:
    text = "é😀 + & = % ; # \\\\ 'x'"
    query = f'SELECT ?name {{ BIND("{text}" AS ?name) }}'
    expected = [text.replace("\\\\", "\\")]
    headers = {"Content-Type": QUERY}
    assert names(service.get("/sparql", params={"query": query})) == expected
    assert names(service.post("/sparql", data={"query": query})) == expected
    assert names(service.post("/sparql", content=query, headers=headers)) == expected


def test_each_answer_has_the_headers_of_every_page(service: httpx.Client) -> None:
    for query in (NAMES, "SELEC"):
        headers = service.get("/sparql", params={"query": query}).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["vary"] == "Accept, Accept-Encoding"


def test_a_repeated_request_is_answered_for_its_own_headers(service: httpx.Client) -> None:
    kinds = ["text/csv", "text/tab-separated-values", "text/csv", "text/turtle"]
    answers = [
        service.get("/sparql", params={"query": NAMES}, headers={"Accept": kind}) for kind in kinds
    ]
    assert [found.headers["content-type"].split(";")[0] for found in answers] == [
        *kinds[:3],
        "application/problem+json",
    ]
    assert answers[0].content == answers[2].content


@pytest.mark.parametrize(
    ("encoding", "decode"), [("gzip", gzip.decompress), ("zstd", zstd.decompress)]
)
def test_who_refuses_identity_gets_even_a_short_answer_encoded(
    service: httpx.Client, encoding: str, decode: Callable[[bytes], bytes]
) -> None:
    headers = {"Accept-Encoding": f"{encoding}, identity;q=0"}
    with service.stream("GET", "/sparql", params={"query": "ASK {}"}, headers=headers) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == encoding
    assert json.loads(decode(body))["boolean"] is True


def test_who_accepts_no_coding_at_all_is_refused(service: httpx.Client) -> None:
    headers = {"Accept-Encoding": "br, *;q=0"}
    response = service.get("/sparql", params={"query": NAMES}, headers=headers)
    problem(response, 406, "not-acceptable")


RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"


def test_a_timeout_ends_the_query(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": RUNAWAY, "timeout": "0.3"})
    found = problem(response, 504, "deadline-exceeded")
    assert found["seconds"] == 0.3


def test_a_repeated_query_comes_from_the_cache_with_the_same_tag(service: httpx.Client) -> None:
    query = {"query": NAMES + " # asked twice"}
    first, second = (service.get("/sparql", params=query) for _ in range(2))
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.headers["etag"] == second.headers["etag"]
    assert first.content == second.content
    assert int(second.headers["age"]) >= 0
    unchanged = service.get(
        "/sparql", params=query, headers={"If-None-Match": second.headers["etag"]}
    )
    assert unchanged.status_code == 304
