"""A release has all shapes in one file, which checks facts elsewhere as it does here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import rdflib

from smegraph.graph.shapes_file import IRI, shapes_turtle
from smegraph.ontology.ontology import SHAPES, Ontology
from smegraph.release_files import SHAPES as FILE

if TYPE_CHECKING:
    from tests.conftest import Release

FACT = """
@prefix sme: <https://w3id.org/smegraph/ontology#> .
<urn:a> a sme:Authorship .
"""


def test_release_has_all_shapes_and_says_what_they_are(
    released: Release, ontology: Ontology
) -> None:
    found = rdflib.Graph().parse(released.path / FILE)
    header = set(found.triples((rdflib.URIRef(IRI), None, None)))
    assert {p for _, p, _ in header} >= {
        rdflib.DCTERMS.license, rdflib.DCTERMS.title, rdflib.DCTERMS.bibliographicCitation,
        rdflib.OWL.versionInfo,
    }  # fmt: skip
    lines = "".join(f"{triple} .\n" for triple in ontology.triples(SHAPES))
    read = ox.Dataset(ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES))
    assert len(found) - len(header) == len(read)


def test_text_is_the_same_in_each_run_and_names_no_blank_node(ontology: Ontology) -> None:
    text = shapes_turtle(ontology, "1")
    assert text == shapes_turtle(ontology, "1")
    assert "_:" not in text


def test_shapes_find_what_is_missing(released: Release) -> None:
    shapes = rdflib.Graph().parse(released.path / FILE)
    facts = rdflib.Graph().parse(data=FACT, format="turtle")
    conforms, _, text = pyshacl.validate(facts, shacl_graph=shapes)
    assert not conforms
    assert "Result Path: sme:authorshipOf" in text
