"""The update tests of the W3C's SPARQL 1.1 Protocol suite, by their names."""

from __future__ import annotations

from urllib.parse import quote, unquote

import httpx
import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

DATA = "http://kasei.us/2009/09/sparql/data/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPDATE = {"Content-Type": "application/sparql-update"}
QUERY = {"Content-Type": "application/sparql-query"}
PROLOGUE = """PREFIX dc: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
"""
THREE_GRAPHS = f"""DROP ALL ;
INSERT DATA {{
    GRAPH <{DATA}data1.rdf> {{ <{DATA}data1.rdf> a foaf:Document }}
    GRAPH <{DATA}data2.rdf> {{ <{DATA}data2.rdf> a foaf:Document }}
    GRAPH <{DATA}data3.rdf> {{ <{DATA}data3.rdf> a foaf:Document }}
}} ;
"""


def using(*parameters: tuple[str, int]) -> str:
    named = (f"{name}={quote(f'{DATA}data{n}.rdf', safe='')}" for name, n in parameters)
    return "/sparql?" + "&".join(named)


def update(service: httpx.Client, address: str, text: str) -> None:
    response = service.post(address, content=text, headers=UPDATE)
    assert response.status_code in (200, 204), response.text


def is_true(service: httpx.Client, query: str) -> bool:
    response = service.post("/sparql", content=query, headers=QUERY)
    assert response.status_code == 200, response.text
    return response.json()["boolean"] is True


def is_refused(response: httpx.Response, status: int) -> bool:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code == status


def first_two_only(graph: str) -> str:
    """Ask whether a graph has what came of the first two documents, and nothing of the third."""
    kind = "a <http://purl.org/dc/terms/BibliographicResource>"
    return f"""ASK {{
        GRAPH <{graph}> {{ <{DATA}data1.rdf> {kind} . <{DATA}data2.rdf> {kind} }}
        FILTER NOT EXISTS {{ GRAPH <{graph}> {{ <{DATA}data3.rdf> {kind} }} }}
    }}"""


def test_update_dataset_default_graph(writable: httpx.Client) -> None:
    graph = "http://example.org/protocol-update-dataset-test/"
    text = f"""{PROLOGUE}CLEAR ALL ;
    INSERT DATA {{ GRAPH <{DATA}data1.rdf> {{ <{DATA}data1.rdf> a foaf:Document }} }} ;
    INSERT {{ GRAPH <{graph}> {{ ?s a dc:BibliographicResource }} }} WHERE {{ ?s a foaf:Document }}
    """
    update(writable, using(("using-graph-uri", 1)), text)
    kind = "<http://purl.org/dc/terms/BibliographicResource>"
    assert is_true(writable, f"ASK {{ GRAPH <{graph}> {{ <{DATA}data1.rdf> a {kind} }} }}")


def test_update_dataset_default_graphs(writable: httpx.Client) -> None:
    graph = "http://example.org/protocol-update-dataset-graphs-test/"
    text = f"""{PROLOGUE}{THREE_GRAPHS}
    INSERT {{ GRAPH <{graph}> {{ ?s a dc:BibliographicResource }} }} WHERE {{ ?s a foaf:Document }}
    """
    update(writable, using(("using-graph-uri", 1), ("using-graph-uri", 2)), text)
    assert is_true(writable, first_two_only(graph))


def test_update_dataset_named_graphs(writable: httpx.Client) -> None:
    graph = "http://example.org/protocol-update-dataset-named-graphs-test/"
    text = f"""{PROLOGUE}{THREE_GRAPHS}
    INSERT {{ GRAPH <{graph}> {{ ?s a dc:BibliographicResource }} }}
    WHERE {{ GRAPH ?g {{ ?s a foaf:Document }} }}
    """
    update(writable, using(("using-named-graph-uri", 1), ("using-named-graph-uri", 2)), text)
    assert is_true(writable, first_two_only(graph))


def test_update_dataset_full(writable: httpx.Client) -> None:
    graph = "http://example.org/protocol-update-dataset-full-test/"
    text = f"""{PROLOGUE}{THREE_GRAPHS}
    INSERT {{ GRAPH <{graph}> {{ ?s <http://example.org/in> ?in }} }}
    WHERE {{
        {{ GRAPH ?g {{ ?s a foaf:Document }} BIND(?g AS ?in) }}
        UNION
        {{ ?s a foaf:Document . BIND("default" AS ?in) }}
    }}"""
    update(writable, using(("using-graph-uri", 1), ("using-named-graph-uri", 2)), text)
    query = f"""ASK {{
        GRAPH <{graph}> {{
            <{DATA}data1.rdf> <http://example.org/in> "default" .
            <{DATA}data2.rdf> <http://example.org/in> <{DATA}data2.rdf>
        }}
        FILTER NOT EXISTS {{ GRAPH <{graph}> {{ <{DATA}data3.rdf> ?p ?o }} }}
    }}"""
    assert is_true(writable, query)


def test_update_post_form(writable: httpx.Client) -> None:
    update(
        writable, "/sparql", "INSERT DATA { GRAPH <http://e/g> { <http://e/s> a <http://e/C> } }"
    )
    response = writable.post("/sparql", content="update=CLEAR+ALL", headers=FORM)
    assert response.status_code in (200, 204), response.text
    assert is_true(writable, "ASK { FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }")


def test_update_post_direct(writable: httpx.Client) -> None:
    update(
        writable, "/sparql", "INSERT DATA { GRAPH <http://e/g> { <http://e/s> a <http://e/C> } }"
    )
    update(writable, "/sparql", "CLEAR ALL")
    assert is_true(writable, "ASK { FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }")


def test_update_base_uri(writable: httpx.Client) -> None:
    graph, triple = "http://example.org/protocol-base-test/", "<http://e/s> <http://e/p>"
    text = f"CLEAR SILENT GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{ {triple} <test> }} }}"
    update(writable, "/sparql", text)
    query = f"SELECT ?o {{ GRAPH <{graph}> {{ {triple} ?o }} }}"
    response = writable.post("/sparql", content=query, headers=QUERY)
    [row] = response.json()["results"]["bindings"]
    assert row["o"]["type"] == "uri"
    assert row["o"]["value"].endswith("/test")
    assert "://" in row["o"]["value"]


def test_bad_update_get(writable: httpx.Client) -> None:
    assert is_refused(writable.get("/sparql?update=CLEAR%20ALL"), 405)


def test_bad_multiple_updates(writable: httpx.Client) -> None:
    content = "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"
    assert is_refused(writable.post("/sparql", content=content, headers=FORM), 400)


def test_bad_update_wrong_media_type(writable: httpx.Client) -> None:
    headers = {"Content-Type": "text/plain"}
    assert is_refused(writable.post("/sparql", content="CLEAR NAMED", headers=headers), 415)


def test_bad_update_missing_form_type(writable: httpx.Client) -> None:
    assert is_refused(writable.post("/sparql", content=b"update=CLEAR%20NAMED"), 415)


def test_bad_update_non_utf8(writable: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-update; charset=UTF-16"}
    body = "CLEAR NAMED".encode("utf-16")
    assert is_refused(writable.post("/sparql", content=body, headers=headers), 400)


def test_bad_update_syntax(writable: httpx.Client) -> None:
    response = writable.post("/sparql", content="update=CLEAR%20XYZ", headers=FORM)
    assert is_refused(response, 400)


def test_bad_update_dataset_conflict(writable: httpx.Client) -> None:
    text = """PREFIX foaf: <http://xmlns.com/foaf/0.1/>
    WITH <http://example/addresses>
    DELETE { ?person foaf:givenName 'Bill' }
    INSERT { ?person foaf:givenName 'William' }
    WHERE { ?person foaf:givenName 'Bill' }
    """
    address = "/sparql?using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople"
    assert is_refused(writable.post(address, content=text, headers=UPDATE), 400)


def test_bad_update_form_body_missing(writable: httpx.Client) -> None:
    """From the suite of SPARQL 1.2: the update of a form stands in its body."""
    response = writable.post("/sparql?update=CLEAR%20ALL", content="", headers=FORM)
    assert is_refused(response, 400)


@pytest.mark.parametrize("marks", ["%EF%BB%BF", "%EF%BB%BF%EF%BB%BF"])
def test_a_byte_order_mark_is_dropped_on_every_way_in(writable: httpx.Client, marks: str) -> None:
    """No test of the W3C; the character would be no SPARQL."""
    text = unquote(marks) + "INSERT DATA { <http://e/bom> <http://e/p> 1 }"
    for content, headers in ((f"update={quote(text)}", FORM), (text, UPDATE)):
        response = writable.post("/sparql", content=content.encode(), headers=headers)
        assert response.status_code == 204, response.text
        assert is_true(writable, "ASK { <http://e/bom> <http://e/p> 1 }")
        update(writable, "/sparql", "DELETE DATA { <http://e/bom> <http://e/p> 1 }")


def test_rdflib_commits_several_updates_in_one(writable: httpx.Client) -> None:
    address = f"{writable.base_url}/sparql"
    store = SPARQLUpdateStore(
        address,
        address,
        autocommit=False,
        headers={"Authorization": writable.headers["Authorization"]},
    )
    store.update("INSERT DATA { a:x a:y 1 }", initNs={"a": "urn:a:"})
    store.update("INSERT DATA { a:x a:y 2 }", initNs={"a": "urn:a:"})
    store.update("INSERT DATA { a:x a:y 3 }", initNs={"a": "urn:b:"})
    store.commit()
    for triple in ("<urn:a:x> <urn:a:y> 1", "<urn:a:x> <urn:a:y> 2", "<urn:b:x> <urn:b:y> 3"):
        assert is_true(writable, f"ASK {{ {triple} }}")


def test_an_update_with_several_prologues_is_all_or_nothing(writable: httpx.Client) -> None:
    text = "INSERT DATA { <urn:half> <urn:p> 1 } ; PREFIX h: <urn:h:> DROP GRAPH h:none"
    response = writable.post("/sparql", content=text, headers=UPDATE)
    assert response.status_code == 400, response.text
    assert "Nothing was changed" in response.text
    assert is_true(writable, "ASK { FILTER NOT EXISTS { <urn:half> ?p ?o } }")
