"""The query tests of the W3C's SPARQL 1.1 Protocol suite, by their names."""

from __future__ import annotations

from urllib.parse import quote, unquote

import httpx
import pytest
import rdflib

DATA = "http://kasei.us/2009/09/sparql/data/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
BOTH_DEFAULT = f"ASK {{ <{DATA}data1.rdf> a ?type . <{DATA}data2.rdf> a ?type . }}"
BOTH_NAMED = (
    f"ASK {{ GRAPH ?g1 {{ <{DATA}data1.rdf> a ?type }} GRAPH ?g2 {{ <{DATA}data2.rdf> a ?type }} }}"
)


def graphs(parameter: str, *numbers: int) -> str:
    return "&".join(f"{parameter}={quote(f'{DATA}data{n}.rdf', safe='')}" for n in numbers)


def is_true(response: httpx.Response) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/sparql-results+json"
    return response.json()["boolean"] is True


def is_refused(response: httpx.Response, status: int) -> bool:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code == status


def is_rdf(response: httpx.Response) -> bool:
    assert response.status_code == 200, response.text
    media_type = response.headers["content-type"].partition(";")[0]
    rdflib.Graph().parse(data=response.text, format=media_type)
    return True


def test_query_post_form(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 0)
    assert is_true(endpoint.post(address, content="query=ASK%20%7B%7D", headers=FORM))


def test_query_dataset_default_graphs_get(endpoint: httpx.Client) -> None:
    dataset = graphs("default-graph-uri", 1, 2)
    assert is_true(endpoint.get(f"/sparql?query={quote(BOTH_DEFAULT)}&{dataset}"))


def test_query_dataset_default_graphs_post(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 1, 2)
    assert is_true(endpoint.post(address, content=BOTH_DEFAULT, headers=DIRECT))


def test_query_dataset_named_graphs_post(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("named-graph-uri", 1, 2)
    assert is_true(endpoint.post(address, content=BOTH_NAMED, headers=DIRECT))


def test_query_dataset_named_graphs_get(endpoint: httpx.Client) -> None:
    dataset = graphs("named-graph-uri", 1, 2)
    assert is_true(endpoint.get(f"/sparql?query={quote(BOTH_NAMED)}&{dataset}"))


def test_query_dataset_full(endpoint: httpx.Client) -> None:
    dataset = graphs("default-graph-uri", 3) + "&" + graphs("named-graph-uri", 1, 2)
    query = BOTH_NAMED.replace("{", f"{{ <{DATA}data3.rdf> a ?type", 1)
    assert is_true(endpoint.post(f"/sparql?{dataset}", content=query, headers=DIRECT))


def test_query_multiple_dataset(endpoint: httpx.Client) -> None:
    """The suite's own address joins both graphs to one name (`%26`); here they are two."""
    query = BOTH_NAMED.replace("{", f"FROM <{DATA}data3.rdf> {{", 1)
    address = "/sparql?" + graphs("named-graph-uri", 1, 2)
    assert is_true(endpoint.post(address, content=query, headers=DIRECT))


def test_query_get(endpoint: httpx.Client) -> None:
    dataset = graphs("default-graph-uri", 0)
    assert is_true(endpoint.get(f"/sparql?query=ASK%20%7B%7D&{dataset}"))


def test_query_content_type_select(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 0)
    response = endpoint.post(address, content="SELECT (1 AS ?value) {}", headers=DIRECT)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert [row["value"]["value"] for row in response.json()["results"]["bindings"]] == ["1"]


def test_query_content_type_ask(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 0)
    assert is_true(endpoint.post(address, content="ASK {}", headers=DIRECT))


def test_query_content_type_describe(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 0)
    assert is_rdf(endpoint.post(address, content="DESCRIBE <http://example.org/>", headers=DIRECT))


def test_query_content_type_construct(endpoint: httpx.Client) -> None:
    address = "/sparql?" + graphs("default-graph-uri", 0)
    query = "CONSTRUCT { <s> <p> 1 } WHERE {}"
    assert is_rdf(endpoint.post(address, content=query, headers=DIRECT))


def test_query_post_direct(endpoint: httpx.Client) -> None:
    assert is_true(endpoint.post("/sparql", content="ASK {}", headers=DIRECT))


def test_bad_query_method(endpoint: httpx.Client) -> None:
    address = "/sparql?query=ASK%20%7B%7D&" + graphs("default-graph-uri", 0)
    assert is_refused(endpoint.put(address, headers=FORM), 405)


def test_bad_multiple_queries(endpoint: httpx.Client) -> None:
    address = "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"
    assert is_refused(endpoint.get(address), 400)


def test_bad_query_wrong_media_type(endpoint: httpx.Client) -> None:
    headers = {"Content-Type": "text/plain"}
    assert is_refused(endpoint.post("/sparql", content="ASK {}", headers=headers), 415)


def test_bad_query_missing_form_type(endpoint: httpx.Client) -> None:
    assert is_refused(endpoint.post("/sparql", content=b"query=ASK%20%7B%7D"), 415)


def test_bad_query_missing_direct_type(endpoint: httpx.Client) -> None:
    assert is_refused(endpoint.post("/sparql", content=b"ASK {}"), 415)


def test_bad_query_non_utf8(endpoint: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=UTF-16"}
    body = "ASK {}".encode("utf-16")
    assert is_refused(endpoint.post("/sparql", content=body, headers=headers), 400)


def test_bad_query_syntax(endpoint: httpx.Client) -> None:
    assert is_refused(endpoint.get("/sparql?query=ASK%20%7B"), 400)


@pytest.mark.parametrize("marks", ["%EF%BB%BF", "%EF%BB%BF%EF%BB%BF"])
def test_a_byte_order_mark_is_dropped_on_every_way_in(endpoint: httpx.Client, marks: str) -> None:
    """No test of the W3C; the character would be no SPARQL."""
    query = unquote(marks) + "ASK {}"
    assert is_true(endpoint.get(f"/sparql?query={quote(query)}"))
    assert is_true(endpoint.post("/sparql", content=f"query={quote(query)}", headers=FORM))
    assert is_true(endpoint.post("/sparql", content=query.encode(), headers=DIRECT))


def test_a_byte_order_mark_within_a_query_is_a_fault(endpoint: httpx.Client) -> None:
    for query in ("ASK \ufeff{}", " \ufeffASK {}"):
        assert is_refused(endpoint.get(f"/sparql?query={quote(query)}"), 400)
        assert is_refused(endpoint.post("/sparql", content=query.encode(), headers=DIRECT), 400)
