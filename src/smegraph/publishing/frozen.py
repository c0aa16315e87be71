"""A version of the ontology: its header, and the file that stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.namespaces import DCTERMS, ONTOLOGY, OWL, XSD, prefixes_used
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.ontology.turtle import canonical_turtle
from smegraph.publishing.blank_nodes import with_stable_names

HEADER_FILE: Final = "smegraph.ttl"
_SUBJECT: Final = ox.NamedNode(ONTOLOGY)
_COMPATIBLE: Final = OWL + "backwardCompatibleWith"
_NOT: Final = OWL + "incompatibleWith"
_CITATION: Final = DCTERMS + "bibliographicCitation"


# Decision 081: docs/decisions/081-published-releases.md
def header_text(text: str, version: str, day: date, prior: str | None, *, compatible: bool) -> str:
    """Return the ontology's header file for a version (OWL 2, sections 3.1 and 3.5).

    Args:
        text: the file as it is.
        version: the version that it should state.
        day: the day on which it is published.
        prior: the version before it; None for the first.
        compatible: whether all that followed from the version before it still does.
    """
    kept = []
    for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.TURTLE):
        triple = quad.triple
        if triple.predicate.value == _CITATION and isinstance(triple.object, ox.Literal):
            said = re.sub(r"version \d+\.\d+\.\d+", f"version {version}", triple.object.value)
            said = re.sub(r"\(\d{4}\)", f"({day.year})", said)
            kept.append(ox.Triple(triple.subject, triple.predicate, ox.Literal(said)))
        elif triple.predicate.value not in _OF_VERSION:
            kept.append(triple)
    kept += [
        _says(OWL + "versionIRI", ox.NamedNode(version_iri(version))),
        _says(OWL + "versionInfo", ox.Literal(version)),
        _says(DCTERMS + "issued", ox.Literal(day.isoformat())),
    ]
    if prior:
        before = ox.NamedNode(version_iri(prior))
        kept.append(_says(OWL + "priorVersion", before))
        kept.append(_says(_COMPATIBLE if compatible else _NOT, before))
    return _turtle(kept)


_OF_VERSION: Final = frozenset(
    {
        OWL + "versionIRI", OWL + "versionInfo", OWL + "priorVersion", _COMPATIBLE, _NOT,
        DCTERMS + "issued",
    }
)  # fmt: skip


def version_iri(version: str) -> str:
    """Return the IRI of a version of the ontology."""
    return f"{ONTOLOGY}/{version}"


def frozen_text(folder: Path) -> str:
    """Return the ontology of a folder in one file of Turtle, without its imports.

    Raises:
        OntologyError: the folder holds none.
    """
    return _turtle(Ontology.load(folder).triples(MODULES))


def _says(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(_SUBJECT, ox.NamedNode(predicate), value)


def _turtle(triples: Iterable[ox.Triple]) -> str:
    # Blank nodes are written in the order in which they come.
    given = sorted(with_stable_names(triples), key=str)
    terms = [term for triple in given for term in triple]
    iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    iris |= {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    prefixes = prefixes_used(iris - {XSD + "string"})
    data = ox.serialize(given, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    assert data is not None  # no output was named, so the bytes are returned
    return canonical_turtle(data.decode("utf-8"))
