"""What HermiT is told beside the facts of a study: the axioms, and which things differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from smegraph.graph.triples import iri_of, line, lines_of, named, predicate_of
from smegraph.namespaces import OWL, RDF, RDFS, SKOS
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.ontology.terms import TYPE

_KEY = named(f"{OWL}hasKey")
# A functional property that gives each concept a value of its own, so that no two of them are one.
# HermiT answers as to an owl:AllDifferent over them, which has it compare each with each.
NAME = "urn:smegraph:name"
DECLARED = tuple(
    line(named(NAME), named(TYPE), named(f"{OWL}{kind}"))
    for kind in ("DatatypeProperty", "FunctionalProperty")
)


class Logical(list[str]):
    """Lines that say something to the reasoner, sorted, each once: so they are sorted once."""


@dataclass(frozen=True)
class Premises:
    """The ontology as HermiT gets it.

    Attributes:
        ontology: terms and vocabulary.
    """

    ontology: Ontology

    # Decision 007: docs/decisions/007-no-keys-for-hermit.md
    @cached_property
    def axioms(self) -> list[str]:
        """The ontology's own statements in N-Triples, sorted, without annotations and keys.

        HermiT needs 50 s for the `owl:hasKey` of 300 facts and 5 s without; keys hold by
        construction, since the IRI of a fact is made from them and a second row with one key is
        refused before.
        """
        return [text for text in lines_of(self.statements) if _KEY not in text]

    @cached_property
    def statements(self) -> list[ox.Triple]:
        """The ontology's triples, without annotations."""
        said = self.ontology.triples(MODULES, VOCABULARY)
        return [triple for triple in said if str(triple.predicate) not in self._annotations]

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The IRIs of all concepts of the vocabulary."""
        known = self.ontology.concepts()
        return frozenset(iri for iri, types in known if f"{SKOS}Concept" in types)

    @cached_property
    def _annotations(self) -> frozenset[str]:
        pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "AnnotationProperty"))
        declared = {str(quad.subject) for quad in self.ontology.store.quads_for_pattern(*pattern)}
        built_in = {f"<{RDFS}{name}>" for name in ("label", "comment", "isDefinedBy", "seeAlso")}
        return frozenset(declared | built_in | {named(f"{OWL}deprecated")})

    def logical(self, facts: Iterable[str]) -> Logical:
        """Return the lines that say something to the reasoner, sorted, each once."""
        if isinstance(facts, Logical):
            return facts
        annotations = self._annotations
        return Logical(sorted({text for text in facts if predicate_of(text) not in annotations}))

    # Decision 049: docs/decisions/049-consistency-by-hermit.md
    def telling_apart(self, iris: Iterable[str]) -> list[str]:
        """Return the axioms, and that those of the individuals which are concepts all differ."""
        names = names_of(named(iri) for iri in self.concepts.intersection(iris))
        return [*self.axioms, *DECLARED, *names] if names else self.axioms


def names_of(terms: Iterable[str]) -> list[str]:
    """Return a name for each thing, sorted: lines of N-Triples by which no two of them are one."""
    return [line(term, named(NAME), f'"{iri_of(term)}"') for term in sorted(terms)]


def all_different(individuals: Iterable[str], name: str) -> list[str]:
    """Return an `owl:AllDifferent` axiom over IRIs, in N-Triples (OWL 2 RDF mapping, table 1)."""
    members = sorted(individuals)
    if len(members) < 2:
        return []
    head = f"_:different-{name}"
    lines = [
        line(head, named(TYPE), named(f"{OWL}AllDifferent")),
        line(head, named(f"{OWL}distinctMembers"), f"{head}-0"),
    ]
    for number, member in enumerate(members):
        rest = f"{head}-{number + 1}" if number + 1 < len(members) else named(f"{RDF}nil")
        lines.append(line(f"{head}-{number}", named(f"{RDF}first"), named(member)))
        lines.append(line(f"{head}-{number}", named(f"{RDF}rest"), rest))
    return lines
