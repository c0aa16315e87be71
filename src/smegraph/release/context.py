"""The JSON-LD context of the graph: short names of its classes, properties and concepts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from smegraph.namespaces import OWL, PREFIXES, RDFS, SME, VOC, XSD, shorten
from smegraph.ontology.terms import LABEL, TYPE

_NAME: Final = re.compile(r"[A-Za-z][\w-]*")
_CLASSES: Final = (OWL + "Class", RDFS + "Class")
_LINKS: Final = OWL + "ObjectProperty"
_VALUES: Final = OWL + "DatatypeProperty"
_NOTES: Final = OWL + "AnnotationProperty"
_RANGE: Final = RDFS + "range"


# Decision 079: docs/decisions/079-exports.md
def context_of(ontology: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple]) -> dict[str, Any]:
    """Return a JSON-LD 1.1 context for the terms of an ontology and a vocabulary's concepts.

    Terms of the ontology and concepts go by the last part of their IRIs, `label` is `rdfs:label`,
    and all else by a prefix. Values of object properties are names; those of a datatype property
    have the datatype that its range says (JSON-LD 1.1, sections 4.1 and 4.2).
    """
    kinds, ranges = _described(ontology)
    terms: dict[str, Any] = {"label": LABEL}
    for iri in sorted(kinds):
        name = iri.removeprefix(SME) if iri.startswith(SME) else shorten(iri)
        if name.startswith("<") or (iri.startswith(SME) and not _NAME.fullmatch(name)):
            continue
        terms[name] = _term(iri, kinds[iri], ranges[iri])
    concepts = {t.subject.value for t in vocabulary if isinstance(t.subject, ox.NamedNode)}
    for iri in sorted(one for one in concepts if one.startswith(VOC)):
        name = iri.removeprefix(VOC)
        if _NAME.fullmatch(name) and name not in PREFIXES:
            terms.setdefault(name, iri)
    return {"@version": 1.1, **PREFIXES, **{n: t for n, t in terms.items() if n not in PREFIXES}}


def _described(ontology: Iterable[ox.Triple]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the kinds and the ranges of the terms of an ontology."""
    kinds: dict[str, set[str]] = defaultdict(set)
    ranges: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in ontology:
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if predicate.value == TYPE and value.value in (*_CLASSES, _LINKS, _VALUES, _NOTES):
            kinds[subject.value].add(value.value)
        elif predicate.value == _RANGE:
            ranges[subject.value].add(value.value)
    return kinds, ranges


def _term(iri: str, kinds: set[str], ranges: set[str]) -> object:
    if _LINKS in kinds:
        return {"@id": iri, "@type": "@vocab"}
    datatypes = sorted(one for one in ranges if one.startswith(XSD) and one != XSD + "string")
    if _VALUES in kinds and len(datatypes) == 1:
        return {"@id": iri, "@type": datatypes[0]}
    return iri


def used_of(context: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the part of a context that some names need: they themselves and their prefixes."""
    wanted = {*names}
    wanted |= {name.partition(":")[0] for name in wanted if ":" in name}
    return {name: said for name, said in context.items() if name == "@version" or name in wanted}
