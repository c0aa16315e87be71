"""The shapes as one Turtle file: what checks the facts, and what others may check theirs with."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from smegraph.graph.header import CURATORS, LICENSE, VERSION
from smegraph.graph.triples import line, named
from smegraph.namespaces import BASE, DCTERMS, OWL, PREFIXES, RDF, SHEET, XSD
from smegraph.ontology.ontology import SHAPES, Ontology
from smegraph.release.turtle_text import readable_turtle
from smegraph.sheets.literals import literal

IRI: Final = BASE + "shapes"
_TITLE: Final = "The smegraph shapes: what a sheet of a study may hold (SHACL)"


# Decision 084: docs/decisions/084-questions-and-partitions.md
def shapes_turtle(ontology: Ontology, release: str) -> str:
    """Return all shapes below one header, in one order (SHACL, W3C 2017).

    Args:
        ontology: what the shapes belong to.
        release: the name of the release, which the header states.
    """
    header = ox.parse(input="".join(_header(release)), format=ox.RdfFormat.N_TRIPLES)
    return readable_turtle(
        ontology.triples(SHAPES),
        (quad.triple for quad in header),
        prefixes={**PREFIXES, "sheet": SHEET},
    )


def _header(release: str) -> list[str]:
    def said(property_: str, text: str) -> str:
        return line(named(IRI), named(property_), literal(text, XSD + "string"))

    return [
        line(named(IRI), named(RDF + "type"), named(OWL + "Ontology")),
        line(named(IRI), named(DCTERMS + "license"), named(LICENSE)),
        said(DCTERMS + "title", _TITLE),
        said(DCTERMS + "creator", CURATORS),
        said(DCTERMS + "bibliographicCitation", f"{CURATORS}: {_TITLE}. smegraph {release}. {IRI}"),
        said(VERSION, release),
    ]
