"""Clients as they come: how they carry a token, and the addresses that they are given."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPDATE = {"Content-Type": "application/sparql-update"}


def password(writable: httpx.Client) -> str:
    return writable.headers["Authorization"].removeprefix("Bearer ")


def test_rdflib_sends_the_token_as_a_password(writable: httpx.Client) -> None:
    endpoint = str(writable.base_url.join("/sparql"))
    store = SPARQLUpdateStore(endpoint, endpoint, auth=("anybody", password(writable)))
    triple = (URIRef("urn:rdflib"), URIRef("urn:says"), URIRef("urn:hello"))
    store.add((*triple,), None)
    assert [found for found, _ in store.triples((triple[0], None, None))] == [triple]
    store.remove((*triple,), None)
    assert [*store.triples((triple[0], None, None))] == []


def test_http_basic_carries_the_token_but_for_another_site(
    writable: httpx.Client,
) -> None:
    given = httpx.BasicAuth("me", password(writable))
    with httpx.Client(base_url=writable.base_url, auth=given) as http:
        added = http.post("/sparql", content="INSERT DATA { <urn:curl> a <urn:c> }", headers=UPDATE)
        assert added.status_code == 204, added.text
        refused = http.post(
            "/sparql",
            content="CLEAR ALL",
            headers={**UPDATE, "Origin": "https://elsewhere.example"},
        )
        assert refused.status_code == 403


def test_the_endpoint_is_found_with_a_slash_behind_it(writable: httpx.Client) -> None:
    query = urlencode({"query": "ASK { <urn:no> a <urn:thing> }", "format": "json"})
    moved = writable.get(f"/sparql/?{query}")
    assert (moved.status_code, moved.headers["location"]) == (308, f"../sparql?{query}")
    answer = writable.get(f"/sparql/?{query}", follow_redirects=True)
    assert answer.json()["boolean"] is False
    posted = writable.post("/sparql/", content=query, headers=FORM, follow_redirects=True)
    assert posted.json()["boolean"] is False
    updated = writable.post(
        "/sparql/", content="INSERT DATA { <urn:slash> a <urn:s> }", headers=UPDATE,
        follow_redirects=True,
    )  # fmt: skip
    assert updated.status_code == 204
    assert writable.post("/sparql", content=query, headers=FORM).status_code == 200
