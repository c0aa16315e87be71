"""The W3C's tests of the SPARQL 1.1 Graph Store HTTP Protocol, by their names.

w3c/rdf-tests, sparql/sparql11/http-rdf-update, and two of graph-store-protocol; the payloads are
written anew. They run in the suite's order, since each builds on those before it.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from smegraph.server.dataset.access_tokens import TokenFile
from tests.server.conftest import answering

TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
ACCEPT = {"Accept": "text/turtle"}
HEAD = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix v: <http://www.w3.org/2006/vcard/ns#> .
"""
ALICE = HEAD + '[] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .'


def card(name: str, iri: str, more: str = "") -> str:
    return f'{HEAD}<{iri}> a foaf:Person ; {more} foaf:businessCard [ a v:VCard ; v:fn "{name}" ] .'


class Suite:
    """The store under test, and what the tests leave to those after them."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.store = str(http.base_url).rstrip("/") + "/graphs"
        self.person = f"{self.store}/person/1"
        self.new = ""

    def put(self, path: str, body: str, content_type: dict[str, str] = TURTLE) -> int:
        return self.http.put(path, content=body, headers=content_type).status_code

    def holds(self, path: str, expected: str) -> None:
        """GET gives the graph in Turtle, with the same triples up to blank nodes."""
        response = self.http.get(path, headers=ACCEPT)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/turtle")
        assert canonical(response.text) == canonical(expected)


def canonical(turtle: str) -> pyoxigraph.Dataset:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(turtle, format=RdfFormat.TURTLE))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    folder = tmp_path_factory.mktemp("graph-store")
    token = TokenFile(folder).create(["graph-store"])
    with answering(dataset=folder, writable=True) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield Suite(http)


def test_put__initial_state(suite: Suite) -> None:
    assert suite.put("/graphs/person/1.ttl", card("John Doe", suite.person)) == 201


def test_get_of_put__initial_state(suite: Suite) -> None:
    graph = httpx.QueryParams({"graph": f"{suite.store}/person/1.ttl"})
    suite.holds(f"/graphs?{graph}", card("John Doe", suite.person))


def test_put__graph_already_in_store(suite: Suite) -> None:
    """The suite addresses /person/1 here, and has put /person/1.ttl before."""
    assert suite.put("/graphs/person/1.ttl", card("Jane Doe", suite.person)) == 204


def test_get_of_put__graph_already_in_store(suite: Suite) -> None:
    suite.holds("/graphs/person/1.ttl", card("Jane Doe", suite.person))


def test_put__default_graph(suite: Suite) -> None:
    assert suite.put("/graphs?default", ALICE) == 201


def test_get_of_put__default_graph(suite: Suite) -> None:
    suite.holds("/graphs?default", ALICE)


def test_put__mismatched_payload(suite: Suite) -> None:
    """Turtle comes under another name. (The manifest has lost it, and says text/turtle.)"""
    wrong = {"Content-Type": "application/rdf+xml"}
    assert suite.put("/graphs?default", card("Jane Doe", suite.person), wrong) == 400
    suite.holds("/graphs?default", ALICE)


def test_put__empty_graph(suite: Suite) -> None:
    """Of the suite's first edition; so is the next."""
    assert suite.put("/graphs/person/2.ttl", "") == 201


def test_get_of_put__empty_graph(suite: Suite) -> None:
    suite.holds("/graphs/person/2.ttl", "")


def test_delete__existing_graph(suite: Suite) -> None:
    assert suite.http.delete("/graphs/person/2.ttl").status_code == 200


def test_get_of_delete__existing_graph(suite: Suite) -> None:
    assert suite.http.get("/graphs/person/2.ttl").status_code == 404


def test_delete__nonexistent_graph(suite: Suite) -> None:
    assert suite.http.delete("/graphs/person/2.ttl").status_code == 404


def test_post__existing_graph(suite: Suite) -> None:
    body = f'{HEAD}<{suite.person}> foaf:name "Jane Doe" .'
    response = suite.http.post("/graphs/person/1.ttl", content=body, headers=TURTLE)
    assert response.status_code == 200


def test_get_of_post__existing_graph(suite: Suite) -> None:
    merged = card("Jane Doe", suite.person, 'foaf:name "Jane Doe" ;')
    suite.holds("/graphs/person/1.ttl", merged)


def test_post__multipart_formdata(suite: Suite) -> None:
    files = {
        f"{name}.ttl": (f"{name}.ttl", f'{HEAD}<{suite.person}> foaf:{name} "{value}" .', type_)
        for name, value, type_ in (
            ("familyName", "Doe", "text/turtle; charset=utf-8"),
            ("givenName", "Jane", "text/turtle; charset=utf-8"),
        )
    }
    assert suite.http.post("/graphs/person/1.ttl", files=files).status_code == 200


def test_get_of_post__multipart_formdata(suite: Suite) -> None:
    names = 'foaf:name "Jane Doe" ; foaf:familyName "Doe" ; foaf:givenName "Jane" ;'
    suite.holds("/graphs/person/1.ttl", card("Jane Doe", suite.person, names))


def test_post__create__new_graph(suite: Suite) -> None:
    response = suite.http.post("/graphs", content=ALICE, headers=TURTLE)
    assert response.status_code == 201
    suite.new = response.headers["location"]
    assert suite.new.startswith(f"{suite.store}/")


def test_get_of_post__create__new_graph(suite: Suite) -> None:
    suite.holds(suite.new, ALICE)


def test_get_of_post__after_noop(suite: Suite) -> None:
    """A POST of nothing changes nothing. (The suite has lost the POST.)"""
    assert suite.http.post(suite.new, content="", headers=TURTLE).status_code == 200
    suite.holds(suite.new, ALICE)


def test_head_on_an_existing_graph(suite: Suite) -> None:
    response = suite.http.head("/graphs/person/1.ttl", headers=ACCEPT)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/turtle")
    assert int(response.headers["content-length"]) > 0


def test_head_on_a_nonexisting_graph(suite: Suite) -> None:
    assert suite.http.head("/graphs/person/4.ttl").status_code == 404


def test_put_get_uri_pct_encoded_indirect(suite: Suite) -> None:
    """The parameter is decoded once: %31 in it is the digit one."""
    iri = "http://www.example/gsp/person/1.ttl"
    assert suite.put(f"/graphs?{httpx.QueryParams(graph=iri)}", card("John", iri)) == 201
    suite.holds("/graphs?graph=http://www.example/gsp/person/%31.ttl", card("John", iri))


def test_put_get_uri_pct_encoded_twice(suite: Suite) -> None:
    """%2531 is %31 once decoded, and so part of another graph's name."""
    twice = "/graphs?graph=http://www.example/gsp/person/%2531.ttl"
    assert suite.http.get(twice).status_code == 404
