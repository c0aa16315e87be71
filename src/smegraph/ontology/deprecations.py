"""Terms that nothing uses any more, and what takes their place (OWL 2, section 5.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from smegraph.namespaces import DCTERMS, OWL
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.terms import TYPE

_DEPRECATED = ox.NamedNode(f"{OWL}deprecated")
_REPLACED = f"{DCTERMS}isReplacedBy"


# Decision 062: docs/decisions/062-names-that-change.md
def replacements(ontology: Ontology) -> dict[str, str]:
    """Return the IRI that replaces each deprecated term, by the term's, sorted."""
    found = {}
    for quad in ontology.store.quads_for_pattern(None, _DEPRECATED, None, None):
        if isinstance(quad.subject, ox.NamedNode):
            new = ontology.value(quad.subject, _REPLACED)
            if isinstance(new, ox.NamedNode):
                found[quad.subject.value] = new.value
    return dict(sorted(found.items()))


def update_text(ontology: Ontology, replaced: Mapping[str, str]) -> str:
    """Return a SPARQL update that puts terms into the place of those that they replace.

    It changes what uses a term, in every graph: a property where it stands as one, any other term
    where it is an object. What describes the deprecated term stays.
    """
    operations: list[str] = []
    for old, new in replaced.items():
        is_property = _is_property(ontology, old)
        operations += _operations(f"<{old}>", f"<{new}>", is_property=is_property)
    return " ;\n".join(operations)


def _operations(old: str, new: str, *, is_property: bool) -> Iterator[str]:
    before = f"?s {old} ?o" if is_property else f"?s ?p {old}"
    after = f"?s {new} ?o" if is_property else f"?s ?p {new}"
    yield f"DELETE {{ GRAPH ?g {{ {before} }} }} INSERT {{ GRAPH ?g {{ {after} }} }}\n" + (
        f"WHERE {{ GRAPH ?g {{ {before} }} }}"
    )
    # The default graph may be the union of the others, in which nothing can be changed.
    yield f"DELETE {{ {before} }} INSERT {{ {after} }}\n" + (
        f"WHERE {{ {before} FILTER NOT EXISTS {{ GRAPH ?any {{ {before} }} }} }}"
    )


def _is_property(ontology: Ontology, iri: str) -> bool:
    kinds = {f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")}
    types = ontology.objects(ox.NamedNode(iri), TYPE)
    return any(isinstance(term, ox.NamedNode) and term.value in kinds for term in types)
