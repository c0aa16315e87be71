"""Which terms are a dataset's own, and which of them a wrong one was meant to be."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from smegraph.namespaces import ID, PREFIXES, SME, VOC
from smegraph.store.own_terms import OwnTerms

HEAD = "".join(f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items())
OURS = """
voc:social-media-use a sme:Construct ; skos:prefLabel "use"@en .
id:finding-1 a sme:Finding ; sme:cause voc:social-media-use .
id:finding-0a1b2c3d a sme:Finding .
"""
THEIRS = "".join(f"<http://example.org/p/{n}> a foaf:Person ; foaf:name '{n}' .\n" for n in "abcd")


def own(turtle: str, limit: int = 1000) -> OwnTerms:
    store = Store()
    store.load(HEAD + turtle, format=RdfFormat.TURTLE)
    return OwnTerms.of(store, union=True, limit=limit)


def test_the_namespaces_of_smegraph_are_own_where_there_are_terms_of_them() -> None:
    assert set(own(OURS).namespaces) == {SME, VOC, ID}


def test_another_dataset_owns_the_namespace_of_what_it_describes() -> None:
    assert own(THEIRS).namespaces == ("http://example.org/p/",)


def test_a_namespace_with_little_of_what_is_described_is_not_own() -> None:
    few = "<http://example.com/one> a foaf:Person ."
    assert own(THEIRS + few).namespaces == ("http://example.org/p/",)


def test_an_empty_dataset_owns_nothing() -> None:
    assert own("").namespaces == ()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        (SME + "couse", SME + "cause"),
        (SME + "Cause", SME + "cause"),
        (VOC + "social-media", VOC + "social-media-use"),
        (SME + "social-media-use", VOC + "social-media-use"),
        (SME + "x", None),
        (SME, None),
        (SME + "c" * 1000, None),
        (ID + "finding-0a1b2c3e", None),
        ("http://example.org/cause", None),
    ],
)
def test_a_wrong_term_was_meant_to_be_the_nearest_one(wrong: str, meant: str | None) -> None:
    assert own(OURS).meant(wrong) == meant


def test_of_a_large_dataset_the_namespaces_are_known_and_no_names() -> None:
    found = own(OURS, limit=3)
    assert set(found.namespaces) == {SME, VOC, ID}
    assert found.meant(SME + "couse") is None


def test_a_dataset_with_terms_within_terms_owns_nothing() -> None:
    nested = "id:a rdf:reifies <<( id:b sme:hidden id:c )>> ."
    assert own(OURS + nested).namespaces == ()


def test_terms_of_named_graphs_are_found_without_a_stored_union() -> None:
    store = Store()
    store.load(HEAD + OURS, format=RdfFormat.TURTLE)
    quads = [*store]
    store.clear()
    name = quads[0].predicate
    store.extend(Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)
    assert OwnTerms.of(store, union=True, limit=1000).meant(SME + "couse") == SME + "cause"
