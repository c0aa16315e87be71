"""Vocabularies and ontologies of others, read for what can be linked to: labels and hierarchy.

Any RDF (Turtle, RDF/XML, JSON-LD, N-Triples and others, packed too) and OBO.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.links.errors import TargetError
from smegraph.links.obo import read_obo
from smegraph.links.target import Label, Role, Target
from smegraph.namespaces import DCTERMS, OWL, PREFIXES, RDF, RDFS, SKOS, namespace_of
from smegraph.store.errors import SourceError
from smegraph.store.loading import load_files
from smegraph.store.sources import find_source

_XL: Final = "http://www.w3.org/2008/05/skos-xl#"
_OBO: Final = "http://www.geneontology.org/formats/oboInOwl#"
_PURL: Final = "http://purl.obolibrary.org/obo/"
_HTTP_SCHEMA: Final = "http://schema.org/"
LABELS: Final[Mapping[str, Role]] = {
    SKOS + "prefLabel": "preferred",
    RDFS + "label": "preferred",
    PREFIXES["schema"] + "name": "preferred",
    _HTTP_SCHEMA + "name": "preferred",
    SKOS + "altLabel": "other",
    SKOS + "hiddenLabel": "other",
    PREFIXES["schema"] + "alternateName": "other",
    _HTTP_SCHEMA + "alternateName": "other",
    _OBO + "hasExactSynonym": "other",
    _PURL + "IAO_0000118": "other",
    _OBO + "hasBroadSynonym": "loose",
    _OBO + "hasNarrowSynonym": "loose",
    _OBO + "hasRelatedSynonym": "loose",
}
_LONG_LABELS: Final[Mapping[str, Role]] = {
    _XL + "prefLabel": "preferred",
    _XL + "altLabel": "other",
}
_TEXTS: Final = (
    SKOS + "definition",
    SKOS + "scopeNote",
    RDFS + "comment",
    DCTERMS + "description",
    _PURL + "IAO_0000115",
)
_UP: Final = (SKOS + "broader", RDFS + "subClassOf", RDFS + "subPropertyOf")
_DOWN: Final = (SKOS + "narrower",)
_NO_CONCEPTS: Final = (
    OWL + "Ontology",
    SKOS + "ConceptScheme",
    SKOS + "Collection",
    SKOS + "OrderedCollection",
    _XL + "Label",
)
_PROPERTIES: Final = (
    RDF + "Property",
    OWL + "ObjectProperty",
    OWL + "DatatypeProperty",
    OWL + "AnnotationProperty",
)


def read_target(path: Path) -> Target:
    """Return what a file of RDF or OBO holds.

    Raises:
        TargetError: it cannot be read.
    """
    if path.suffix.lower() == ".obo":
        return read_obo(path)
    store = ox.Store()
    try:
        load_files(find_source(path), store)
    except SourceError as error:
        places = "; ".join(str(fault) for fault in error.faults[:3])
        raise TargetError(f"{path} cannot be read: {places or error}") from error
    return _target_of(store, path.name)


def _target_of(store: ox.Store, name: str) -> Target:
    found = Target(name)
    types = _pairs(store, (RDF + "type",))
    apart, concepts = set[str](), set[str]()
    for subject, class_ in types:
        if class_ in _NO_CONCEPTS:
            apart.add(subject)
        elif class_ == SKOS + "Concept":
            concepts.add(subject)
        elif class_ in _PROPERTIES:
            found.properties.add(subject)
    for subject, label in (*_labels(store), *_long_labels(store)):
        # Beside concepts, what describes their vocabulary is nothing to link to.
        if subject not in apart and (not concepts or subject in concepts):
            found.labels[subject].append(label)
    for subject, above in _pairs(store, _UP):
        found.above[subject].add(above)
    for above, subject in _pairs(store, _DOWN):
        found.above[subject].add(above)
    for predicate in _TEXTS:
        for quad in _quads(store, predicate):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.texts[quad.subject.value].append(quad.object.value)
    former = store.quads_for_pattern(None, ox.NamedNode(OWL + "deprecated"), ox.Literal(True))
    found.former = {q.subject.value for q in former if isinstance(q.subject, ox.NamedNode)}
    found.iris = {subject for subject, _ in types} | set(found.labels)
    found.schemes = {namespace_of(iri.rstrip("/")) for iri in found.iris}
    return found


def _quads(store: ox.Store, predicate: str) -> Iterator[ox.Quad]:
    return iter(store.quads_for_pattern(None, ox.NamedNode(predicate), None))


def _pairs(store: ox.Store, predicates: Iterable[str]) -> list[tuple[str, str]]:
    return [
        (quad.subject.value, quad.object.value)
        for predicate in predicates
        for quad in _quads(store, predicate)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    ]


def _labels(store: ox.Store) -> Iterator[tuple[str, Label]]:
    for predicate, role in LABELS.items():
        for quad in _quads(store, predicate):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                language = quad.object.language or ""
                yield quad.subject.value, Label(quad.object.value, role, language)


def _long_labels(store: ox.Store) -> Iterator[tuple[str, Label]]:
    """Yield the labels of SKOS-XL, which are things of their own."""
    forms = {q.subject: q.object for q in _quads(store, _XL + "literalForm")}
    for predicate, role in _LONG_LABELS.items():
        for quad in _quads(store, predicate):
            form = forms.get(quad.object) if not isinstance(quad.object, ox.Literal) else None
            if isinstance(quad.subject, ox.NamedNode) and isinstance(form, ox.Literal):
                yield quad.subject.value, Label(form.value, role, form.language or "")
