"""At which path an own IRI is answered, and which IRI is answered at a path."""

from __future__ import annotations

import pytest

from smegraph.namespaces import BASE, SHAPES, SME, VOC
from smegraph.server import addresses
from smegraph.server.pages.iris import (
    SUFFIXES,
    iri_at,
    path_of,
    plain_name,
    property_name,
    without_suffix,
)


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (BASE + "id/firm-cuberdon", "/id/firm-cuberdon"),
        (VOC + "networking", "/vocab/networking"),
        (SME + "Firm", "/ontology/terms/Firm"),
        (BASE + "ontology", "/ontology"),
        (BASE + "ontology/0.1.0", "/ontology/0.1.0"),
        (BASE + "graph/reference/class/City", "/graph/reference/class/City"),
        (SHAPES + "Firm", "/shapes#Firm"),
        (BASE + "id/é x", "/id/%C3%A9%20x"),
        (BASE + "problem/not-found", "/problem/not-found"),
        (BASE + "elsewhere/not-found", None),
        (BASE, None),
        ("https://example.org/id/x", None),
        ("https://w3id.org/smegraphs/id/x", None),
    ],
)
def test_an_own_iri_has_a_path_and_another_has_none(iri: str, path: str | None) -> None:
    assert path_of(iri) == path


@pytest.mark.parametrize("path", ["/id/a", "/ontology", "/ontology/terms/Firm", "/graph/x/class/Y"])
def test_the_iri_at_a_path_is_answered_at_that_path(path: str) -> None:
    assert path_of(iri_at(path)) == path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/id/a.ttl", ("/id/a", "ttl")),
        ("/id/a.b.jsonld", ("/id/a.b", "jsonld")),
        ("/ontology/0.1.0", ("/ontology/0.1.0", None)),
        ("/ontology/0.1.0.html", ("/ontology/0.1.0", "html")),
        ("/id/a.pdf", ("/id/a.pdf", None)),
        ("/id/.ttl", ("/id/.ttl", None)),
    ],
)
def test_a_suffix_is_one_of_the_forms(path: str, found: tuple[str, str | None]) -> None:
    assert without_suffix(path) == found


def test_names_without_a_label_can_be_read() -> None:
    assert plain_name("http://www.w3.org/2004/02/skos/core#Concept") == "skos:Concept"
    assert property_name("http://www.w3.org/2000/01/rdf-schema#subClassOf") == "sub class of"
    assert property_name("http://www.w3.org/1999/02/22-rdf-syntax-ns#type") == "is a"
    assert property_name("http://example.org/p") == "http://example.org/p"


def test_the_documents_with_suffixes_are_paths_of_the_service() -> None:
    for name in ("ontology", "shapes", "dataset"):
        assert {name, *(f"{name}.{suffix}" for suffix in SUFFIXES)} <= addresses.OWN_PATHS
