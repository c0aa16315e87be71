"""Vocabularies of others are read from any RDF and from OBO."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.links.errors import TargetError
from smegraph.links.target import Label
from smegraph.links.targets import read_target

TURTLE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX ex: <https://example.org/fruit/>
ex: a skos:ConceptScheme ; skos:prefLabel "Fruit"@en .
ex:1 a skos:Concept ; skos:prefLabel "Apples"@en , "Äpfel"@de ; skos:altLabel "Pomes"@en ;
  skos:broader ex:9 ; skos:definition "A fruit."@en .
ex:9 a skos:Concept ; skos:prefLabel "Fruits"@en ; skos:narrower ex:2 .
ex:2 a skos:Concept ; owl:deprecated true .
"""
EX = "https://example.org/fruit/"
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@pytest.mark.parametrize("ending", FORMATS)
def test_labels_hierarchy_and_texts_are_read_from_any_rdf(tmp_path: Path, ending: str) -> None:
    triples = [quad.triple for quad in ox.parse(TURTLE, format=ox.RdfFormat.TURTLE)]
    path = tmp_path / f"fruit.{ending}"
    path.write_bytes(ox.serialize(triples, format=FORMATS[ending]) or b"")
    found = read_target(path)
    assert set(found.labels[EX + "1"]) == {
        Label("Apples", "preferred", "en"),
        Label("Äpfel", "preferred", "de"),
        Label("Pomes", "other", "en"),
    }
    assert found.above == {EX + "1": {EX + "9"}, EX + "2": {EX + "9"}}
    assert found.texts == {EX + "1": ["A fruit."]}
    assert (found.former, EX in found.labels) == ({EX + "2"}, False)
    assert found.iris >= {EX + "1", EX + "2", EX + "9"}
    assert EX in found.schemes


def test_labels_of_skos_xl_are_read(tmp_path: Path) -> None:
    path = tmp_path / "fruit.ttl"
    path.write_text(
        """PREFIX xl: <http://www.w3.org/2008/05/skos-xl#> PREFIX ex: <https://example.org/fruit/>
        ex:1 a <http://www.w3.org/2004/02/skos/core#Concept> ; xl:prefLabel ex:l .
        ex:l a xl:Label ; xl:literalForm "Apples"@en .""",
        "utf-8",
    )
    assert read_target(path).labels == {EX + "1": [Label("Apples", "preferred", "en")]}


def test_file_that_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "fruit.ttl"
    path.write_text("<a> <b\n", "utf-8")
    with pytest.raises(TargetError, match=r"fruit\.ttl.*1"):
        read_target(path)
