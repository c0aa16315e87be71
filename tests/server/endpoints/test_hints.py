"""Hints in a header of the answer, over real HTTP: whole, in parts, kept, after updates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from smegraph.results.hint_field import decode_hints
from smegraph.server.dataset.access_tokens import TokenFile

NAME = "Smegraph-Hint"
UNKNOWN = "SELECT * { ?x sme:foundet ?year }"
HINT = ("`sme:foundet` is in no graph; did you mean `sme:founded`?",)
KNOWN = "SELECT * { ?x sme:founded ?year }"
LARGE = "SELECT * { { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } UNION { ?a sme:foundet ?b } }"

Serve = Callable[..., httpx.Client]


def hints(response: httpx.Response) -> tuple[str, ...]:
    assert response.status_code == 200, response.text
    return decode_hints(response.headers.get(NAME, ""))


def test_an_unknown_term_gets_its_answer_and_a_hint(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": UNKNOWN})
    assert response.json()["results"]["bindings"] == []
    assert hints(response) == HINT


def test_a_query_whose_terms_are_known_has_no_such_header(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": KNOWN})
    assert len(response.json()["results"]["bindings"]) == 2
    assert NAME not in response.headers


def test_every_way_to_ask_gets_the_hint(service: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    assert hints(service.post("/sparql", data={"query": UNKNOWN})) == HINT
    assert hints(service.post("/sparql", content=UNKNOWN, headers=direct)) == HINT
    assert hints(service.head("/sparql", params={"query": UNKNOWN})) == HINT


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?x sme:foundet ?year }",
        "CONSTRUCT { ?x a ?y } WHERE { ?x a ?y OPTIONAL { ?x sme:foundet ?year } }",
        "DESCRIBE sme:foundet",
    ],
)
def test_every_form_of_query_gets_the_hint(service: httpx.Client, query: str) -> None:
    assert hints(service.get("/sparql", params={"query": query})) == HINT


def test_a_kept_answer_carries_its_hints(service: httpx.Client) -> None:
    query = UNKNOWN + " # kept"
    first, again = (service.get("/sparql", params={"query": query}) for _ in range(2))
    assert (first.headers["x-cache"], again.headers["x-cache"]) == ("miss", "hit")
    assert hints(first) == hints(again) == HINT


def test_an_answer_in_parts_carries_hints(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": LARGE, "format": "csv"})
    assert "content-length" not in response.headers
    assert hints(response) == HINT


def test_an_unchanged_answer_tells_no_hints_anew(service: httpx.Client) -> None:
    tag = service.get("/sparql", params={"query": UNKNOWN}).headers["etag"]
    headers = {"If-None-Match": tag}
    response = service.get("/sparql", params={"query": UNKNOWN}, headers=headers)
    assert (response.status_code, NAME in response.headers) == (304, False)


def test_a_refused_query_has_no_hints(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": "SELECT * { ?x sme:foundet }"})
    assert (response.status_code, NAME in response.headers) == (400, False)


def test_in_no_graph_means_in_none_of_the_dataset(service: httpx.Client) -> None:
    graph = "https://w3id.org/smegraph/graph/work-arnone-deprince"
    response = service.get("/sparql", params={"query": KNOWN, "default-graph-uri": graph})
    assert response.json()["results"]["bindings"] == []
    assert hints(response) == ()


def test_a_hint_is_ascii_whatever_the_text(service: httpx.Client) -> None:
    query = "SELECT * { ?x ?p 'Arnone & Deprince'@en ; sme:größe ?y }"
    response = service.get("/sparql", params={"query": query})
    assert response.headers.raw
    assert all(value.isascii() for name, value in response.headers.raw)
    assert hints(response) == (
        "`'Arnone & Deprince'@en` is in no graph; the graph has `\"Arnone & Deprince\"`.",
        "`sme:größe` is in no graph.",
    )


def test_a_page_of_another_site_may_read_the_header(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": UNKNOWN}, headers={"Origin": "http://e/"})
    assert NAME in response.headers["access-control-expose-headers"].split(", ")


def test_hints_follow_the_updates_of_a_writable_dataset(serve: Serve, tmp_path: Path) -> None:
    http = serve(tmp_path, writable=True)
    token = {"Authorization": f"Bearer {TokenFile(tmp_path).create({'update'})}"}

    def update(text: str) -> None:
        assert http.post("/sparql", data={"update": text}, headers=token).status_code == 204

    def asked() -> tuple[str, ...]:
        return hints(http.get("/sparql", params={"query": UNKNOWN}))

    assert asked() == ()  # Nothing here is smegraph's.
    update("INSERT DATA { id:a sme:founded 2014 }")
    assert asked() == HINT
    update("INSERT DATA { GRAPH <urn:g> { id:a sme:foundet 2014 } }")
    assert asked() == ()
    update("INSERT DATA { sme:foundet owl:deprecated true ; dcterms:isReplacedBy sme:founded }")
    assert asked() == ("`sme:foundet` is deprecated; use `sme:founded`.",)


def test_a_dataset_of_others_gets_hints_for_what_it_describes(serve: Serve, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    file = "<http://example.org/p/anna> <http://xmlns.com/foaf/0.1/name> 'Anna' .\n"
    (folder / "people.ttl").write_text(file)
    http = serve(folder)

    def asked(query: str) -> tuple[str, ...]:
        return hints(http.get("/sparql", params={"query": query}))

    assert asked("PREFIX p: <http://example.org/p/> SELECT * { p:ana foaf:nick ?y }") == (
        "`p:ana` is in no graph; did you mean `p:anna`?",
    )
    assert asked("SELECT * { ?x sme:couse ?y }") == ()
