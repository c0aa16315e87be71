"""The annotations that make the sheets of studies of shapes, as a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from smegraph.namespaces import DCTERMS, OWL, RDFS, SHEET, SKOS
from smegraph.ontology.locate import ontology_dir
from smegraph.server.pages.iris import DATASET

SHEET_DOCUMENT: Final = SHEET.removesuffix("#")
_FILE: Final = "sheet.ttl"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A property of shapes, or one of its values: its anchor, its label and what it means."""

    anchor: str
    label: str
    definition: str


def read_annotations() -> list[Triple]:
    """Return the annotations that came with smegraph.

    Raises OntologyError where there is no ontology, OSError where it has no such file.
    """
    path = ontology_dir() / _FILE
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


def with_version(triples: Iterable[Triple], version: str) -> list[Triple]:
    """Return annotations with the release of which their document is a part."""
    document = NamedNode(SHEET_DOCUMENT)
    part_of = NamedNode(DCTERMS + "isPartOf")
    return [
        *triples,
        Triple(document, NamedNode(OWL + "versionInfo"), Literal(version)),
        Triple(document, part_of, NamedNode(DATASET)),
    ]


def annotation_terms(triples: Iterable[Triple]) -> list[Annotation]:
    """Return the annotations by label, properties (in lower case) first."""
    texts: dict[str, dict[str, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            found = texts.setdefault(triple.subject.value, {})
            found[triple.predicate.value] = triple.object.value
    terms = [
        Annotation(
            iri.removeprefix(SHEET),
            told.get(RDFS + "label", iri.removeprefix(SHEET)),
            told.get(SKOS + "definition", ""),
        )
        for iri, told in texts.items()
        if iri.startswith(SHEET)
    ]
    return sorted(terms, key=lambda term: (term.anchor[:1].isupper(), term.label))
