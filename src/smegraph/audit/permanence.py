"""No IRI that was published disappears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from smegraph.audit.errors import Unavailable
from smegraph.audit.findings import Check, Hit
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.errors import SmegraphError
from smegraph.graph.triples import iri_of, is_blank, subject_of
from smegraph.ontology.ontology import MODULES, VOCABULARY
from smegraph.ontology.versions import TERMS_LIST, THINGS_LIST, VERSIONS, read_list

_SOURCE: Final = "docs/decisions/081-published-releases.md"


# Decision 081: docs/decisions/081-published-releases.md
def _lost_terms(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    published = read_list(inputs.ontology.folder / VERSIONS / TERMS_LIST)
    there = {
        triple.subject.value
        for triple in (inputs.ontology.triples(MODULES, VOCABULARY) if published else ())
        if isinstance(triple.subject, ox.NamedNode)
    }
    return _gone(published, there)


def _lost_things(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    published = read_list(inputs.project.data / THINGS_LIST)
    if not published:
        return iter(())
    graphs = inputs.graphs
    if isinstance(graphs, SmegraphError):
        raise Unavailable(f"The graphs cannot be made: {graphs}")
    lines = (text for own in (graphs.triples, graphs.headers) for of in own.values() for text in of)
    return _gone(published, {iri_of(s) for text in lines if not is_blank(s := subject_of(text))})


def _gone(published: Iterable[str], there: set[str]) -> Iterator[Hit]:
    return (Hit(ox.NamedNode(iri)) for iri in published if iri not in there)


PERMANENT_TERMS: Final = (
    EngineCheck(
        Check(
            "project/term-disappeared",
            "A term that was published and is no more",
            "error",
            _SOURCE,
            "Keep it with owl:deprecated and dcterms:isReplacedBy, in modules/deprecated.ttl or "
            "vocabulary/replaced-concepts.ttl.",
        ),
        _lost_terms,
    ),
)
PERMANENT_THINGS: Final = (
    EngineCheck(
        Check(
            "project/thing-disappeared",
            "A thing that was published and is no more",
            "error",
            _SOURCE,
            "Say in vocabulary/replaced-things.ttl what took its place (dcterms:isReplacedBy), or "
            "why there is nothing (skos:changeNote).",
        ),
        _lost_things,
    ),
)
