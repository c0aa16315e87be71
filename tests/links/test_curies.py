"""CURIEs and IRIs, both ways."""

from __future__ import annotations

import pytest

from smegraph.links.curies import Fault, compact, expand, is_iri

MAP = {
    "ex": "https://example.org/",
    "exa": "https://example.org/a/",
    "gn": "https://sws.geonames.org/",
}


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("ex:b", "https://example.org/b"),
        ("gn:660013/", "https://sws.geonames.org/660013/"),
        ("ex:a:b", "https://example.org/a:b"),
        ("skos:Concept", "http://www.w3.org/2004/02/skos/core#Concept"),
    ],
)
def test_curie_stands_for_its_iri(curie: str, iri: str) -> None:
    assert expand(curie, MAP) == iri


@pytest.mark.parametrize("cell", ["https://example.org/a/b", "<https://example.org/a/b>"])
def test_whole_iri_is_refused_with_its_curie(cell: str) -> None:
    found = expand(cell, MAP)
    assert isinstance(found, Fault)
    assert (found.kind, found.remedy) == ("iri-for-curie", "Write exa:b.")


@pytest.mark.parametrize("cell", ["ex:", ":b", "b", "ex:a<b", "1:b"])
def test_what_is_no_curie_is_refused(cell: str) -> None:
    found = expand(cell, MAP)
    assert isinstance(found, Fault)
    assert found.kind == "curie"


def test_the_longest_namespace_makes_the_curie() -> None:
    assert compact("https://example.org/a/b", MAP) == "exa:b"
    assert compact("urn:a", MAP) is None


@pytest.mark.parametrize(
    ("text", "sound"),
    [("https://a.org", True), ("urn:a", True), ("https://", False), ("a b", False), ("a", False)],
)
def test_iris_are_absolute(text: str, sound: bool) -> None:
    assert is_iri(text) is sound
