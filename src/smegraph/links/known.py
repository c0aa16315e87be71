"""What there is here that can be linked, and what kind of thing each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from smegraph.namespaces import BASE, OWL, RDF, SKOS
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.ontology.tables import table
from smegraph.ontology.terms import TYPE

Kind = Literal["concept", "class", "property", "case firm", "thing"]

# A firm that a study examines, which stays as anonymous as its document has it.
_CASE_FIRMS: Final = (Path(__file__).parent / "queries" / "case-firms.rq").read_text("utf-8")
((_CASE_FIRM, CASE_IN),) = table(_CASE_FIRMS)
_KINDS: Final[Mapping[str, Kind]] = {
    SKOS + "Concept": "concept",
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
    RDF + "Property": "property",
    _CASE_FIRM: "case firm",
}


@dataclass(frozen=True)
class Known:
    """The things that links may be about.

    Attributes:
        kinds: of each thing what it is, by its IRI.
        former: the terms that are deprecated.
        types: the classes of each thing, the wider ones too.
    """

    kinds: Mapping[str, Kind]
    former: frozenset[str] = frozenset()
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, ontology: Ontology, facts: Iterable[str]) -> Known:
        """Return what an ontology declares and what facts are about.

        Args:
            ontology: the ontology.
            facts: statements of the sheets in N-Quads or N-Triples lines.
        """
        told = [*ontology.triples(MODULES, VOCABULARY), *_typing(facts)]
        types: dict[str, set[str]] = {}
        cases: set[str] = set()
        for triple in told:
            if not isinstance(triple.subject, ox.NamedNode):
                continue
            if not triple.subject.value.startswith(BASE):
                continue  # Terms of others are declared, too.
            if triple.predicate.value == CASE_IN:
                cases.add(triple.subject.value)
            elif triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode):
                above = ontology.superclasses(triple.object.value)
                types.setdefault(triple.subject.value, set()).update(above)
        kinds = {iri: _kind(classes, iri in cases) for iri, classes in types.items()}
        deprecated = ontology.store.quads_for_pattern(
            None, ox.NamedNode(OWL + "deprecated"), ox.Literal(True)
        )
        former = {q.subject.value for q in deprecated if isinstance(q.subject, ox.NamedNode)}
        whole = {iri: frozenset(classes) for iri, classes in types.items()}
        return cls(kinds, frozenset(former), whole)


def _kind(classes: set[str], is_case: bool) -> Kind:
    if is_case:
        return "case firm"
    return next((kind for class_, kind in _KINDS.items() if class_ in classes), "thing")


def _typing(facts: Iterable[str]) -> list[ox.Triple]:
    """Return the statements that tell what something is; most lines need not be read for that."""
    wanted = (f"<{TYPE}>", f"<{CASE_IN}>")
    lines = "".join(line for line in facts if any(name in line for name in wanted))
    return [quad.triple for quad in ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)]
