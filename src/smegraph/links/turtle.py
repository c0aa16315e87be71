"""Links in plain Turtle, for those who have them: `data/links/*.ttl`.

The file itself (`<>`) is described with DCMI terms; every other statement is a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.errors import Problem
from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import OBJECT, OWL_SAME_AS, PREDICATE, PREDICATES, SUBJECT
from smegraph.namespaces import BASE, DCTERMS, OWL, PREFIXES, RDF, shorten
from smegraph.sheets.table import decode
from smegraph.suggest import did_you_mean

_DESCRIBES: Final[Mapping[str, str]] = {
    DCTERMS + "license": "license",
    DCTERMS + "title": "mapping_set_title",
    DCTERMS + "description": "mapping_set_description",
    DCTERMS + "creator": "creator_label",
    DCTERMS + "issued": "mapping_date",
    OWL + "versionInfo": "mapping_set_version",
}
_IGNORED: Final = (RDF + "type",)  # of the file itself


def read_turtle(path: Path, shown: str) -> MappingSet:
    """Return a Turtle file of links with all that is wrong with it.

    Raises:
        OSError: the file cannot be read.
    """
    found = MappingSet(path, shown, prefixes=dict(PREFIXES))
    found.metadata["mapping_set_id"] = (BASE + "mappings/" + found.name,)
    text = decode(path.read_bytes(), shown)
    if isinstance(text, Problem):
        found.problems.append(text)
        return found
    try:
        quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=found.iri))
    except SyntaxError as error:
        message = f"The file is not Turtle: {error.args[0]}."
        remedy = "Correct it at the place that is named."
        found.problems.append(
            Problem(shown, error.lineno, None, "turtle-syntax", message, None, remedy)
        )
        return found
    for quad in quads:
        _take(found, quad.triple)
    if not found.value("license"):
        message, remedy = "The set has no licence.", "Write <> dcterms:license <…> ."
        found.problems.append(Problem(shown, None, None, "no-license", message, None, remedy))
    return found


def _take(found: MappingSet, triple: ox.Triple) -> None:
    """Take one statement: it describes the file, is a link, or is an error."""
    predicate = triple.predicate.value
    if triple.subject == ox.NamedNode(found.iri):
        if predicate in _DESCRIBES and isinstance(triple.object, ox.NamedNode | ox.Literal):
            name = _DESCRIBES[predicate]
            found.metadata[name] = (*found.metadata.get(name, ()), triple.object.value)
        elif predicate not in _IGNORED:
            _tell(found, triple, "unknown-entry", "says nothing that a set of links has",
                  f"The file is described by {', '.join(map(shorten, _DESCRIBES))}.")  # fmt: skip
    elif predicate == OWL_SAME_AS:
        _tell(found, triple, "owl-same-as", "would make all that either says true of both",
              "Write skos:exactMatch of concepts, else schema:sameAs.")  # fmt: skip
    elif predicate not in PREDICATES:
        names = [shorten(one) for one in PREDICATES]
        remedy = did_you_mean(shorten(predicate), names, f"A link has one of {', '.join(names)}.")
        _tell(found, triple, "unknown-predicate", "is no link", remedy)
    elif not isinstance(triple.subject, ox.NamedNode) or not isinstance(
        triple.object, ox.NamedNode
    ):
        _tell(found, triple, "no-iri", "does not lead from an IRI to an IRI", "Name both.")
    else:
        ends = (triple.subject.value, predicate, triple.object.value)
        cells = dict(zip((SUBJECT, PREDICATE, OBJECT), ends, strict=True))
        found.links.append(Link(None, *ends, cells))


def _tell(found: MappingSet, triple: ox.Triple, kind: str, message: str, remedy: str) -> None:
    words = " ".join(
        shorten(term.value) if isinstance(term, ox.NamedNode) else str(term) for term in triple
    )
    text = f'"{words}" {message}.'
    found.problems.append(Problem(found.shown, None, None, kind, text, words, remedy))
