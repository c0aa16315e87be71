"""Namespaces and prefixes: an IRI is shortened where a prefix fits, and reads back the same."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.namespaces import ID, ONTOLOGY, PREFIXES, RDFS, SME, VOC, prefixes_used, shorten


def test_no_two_prefixes_are_one_namespace() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_every_namespace_ends_where_names_begin() -> None:
    assert [name for name in PREFIXES.values() if name[-1] not in "#/"] == []


def test_prefixes_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PREFIXES["sme"] = "urn:other"  # type: ignore[index]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_shortened_iri_is_the_same_iri_for_a_parser(prefix: str) -> None:
    iri = f"{PREFIXES[prefix]}name"
    assert shorten(iri) == f"{prefix}:name"
    (quad,) = ox.parse(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}> <urn:s> <urn:p> {shorten(iri)} .",
        format=ox.RdfFormat.TURTLE,
    )
    assert quad.object == ox.NamedNode(iri)


@pytest.mark.parametrize(
    "iri",
    [SME, ONTOLOGY, f"{ID}firm/part", f"{VOC}a#b", "urn:x", "http://example.org/", ""],
    ids=["a namespace", "no name in one", "a longer path", "another fragment", "a URN",
         "an unknown one", "nothing"],
)  # fmt: skip
def test_an_iri_that_no_prefix_fits_stays_whole(iri: str) -> None:
    assert shorten(iri) == f"<{iri}>"


def test_the_prefixes_of_some_iris_are_those_in_use_in_the_usual_order() -> None:
    used = prefixes_used([RDFS + "label", f"{ID}a", f"{ID}b", "http://example.org/c", SME + "Firm"])
    assert list(used.items()) == [("sme", SME), ("id", ID), ("rdfs", RDFS)]


def test_a_namespace_that_only_begins_an_iri_is_not_in_use() -> None:
    assert prefixes_used([f"{ID}firm/part", "urn:x"]) == {}
