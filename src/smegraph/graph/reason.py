"""The reasoner's gate: HermiT, through owlready2, accepts the facts of a study or refuses them.

What it infers is returned as N-Triples. Before HermiT runs, literals are held against the datatype
map of OWL 2 (Structural Specification, section 4), because HermiT stops at any other datatype
without naming the fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import owlready2
import pyoxigraph as ox

from smegraph.graph.errors import InconsistencyError, ReasonerError
from smegraph.graph.explain import find_clash
from smegraph.graph.hermit import ask_hermit, find_java, has_model
from smegraph.graph.inferences import MEMBERS, PROPERTIES, impossible, new_statements, statements
from smegraph.graph.triples import line, lines_of, named, predicate_of
from smegraph.memo import Entry
from smegraph.namespaces import OWL, RDF, RDFS, XSD
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.ontology.terms import TYPE

_KEY = named(f"{OWL}hasKey")
# OWL 2 Structural Specification, sections 4.1 to 4.7.
_XSD_TYPES = """
    string boolean decimal integer double float nonNegativeInteger nonPositiveInteger
    positiveInteger negativeInteger long int short byte unsignedLong unsignedInt unsignedShort
    unsignedByte normalizedString token language Name NCName NMTOKEN hexBinary base64Binary
    anyURI dateTime dateTimeStamp
"""
DATATYPE_MAP = frozenset(
    [XSD + name for name in _XSD_TYPES.split()]
    + [RDF + "PlainLiteral", RDF + "XMLLiteral", RDF + "langString", RDFS + "Literal"]
    + [OWL + "real", OWL + "rational"]
)

_CLASH = "These facts cannot all be true under the ontology:"


@dataclass
class Reasoner:
    """The ontology, ready to reason over studies.

    Attributes:
        ontology: terms and vocabulary, which are part of every run.
        cache: a folder in which results are kept by the hash of their input; None keeps none.
    """

    ontology: Ontology
    cache: Path | None = None

    # Decision 007: docs/decisions/007-no-keys-for-hermit.md
    @cached_property
    def axioms(self) -> list[str]:
        """The ontology's own statements in N-Triples, sorted, without annotations and keys.

        HermiT needs 50 s for the `owl:hasKey` of 300 facts and 5 s without; keys hold by
        construction, since the IRI of a fact is made from them and a second row with one key is
        refused before.
        """
        lines = lines_of(self.ontology.triples(MODULES, VOCABULARY))
        return [text for text in lines if not self.is_annotation(text) and _KEY not in text]

    @cached_property
    def _annotations(self) -> frozenset[str]:
        pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "AnnotationProperty"))
        declared = {str(quad.subject) for quad in self.ontology.store.quads_for_pattern(*pattern)}
        built_in = ("label", "comment", "isDefinedBy", "seeAlso")
        return frozenset(declared | {f"<{RDFS}{name}>" for name in built_in})

    def is_annotation(self, text: str) -> bool:
        """Whether a line of N-Triples says nothing to the reasoner."""
        return predicate_of(text) in self._annotations

    def infer(self, study: str, facts: Iterable[str]) -> list[str]:
        """Return what follows from the ontology and the facts, in N-Triples lines, sorted.

        Args:
            study: the name under which a refusal is reported.
            facts: lines of N-Triples.

        Raises:
            InconsistencyError: the facts clash; the smallest set that does is named.
            ReasonerError: HermiT refuses the ontology, or cannot run.
        """
        lines = sorted({text for text in facts if not self.is_annotation(text)})
        kept = self._entry(lines)
        known = kept.read()
        if known is not None:
            return known.splitlines(keepends=True)
        check_datatypes(study, lines)
        inferred = self._classify(study, lines)
        kept.write("".join(inferred))
        return inferred

    def prepare(self) -> None:
        """Read the ontology once, before several threads ask."""
        _ = self.axioms, self._annotations, self._properties

    # Decision 008: docs/decisions/008-reasoning-by-study.md
    def check_consistent(self, name: str, facts: Iterable[str]) -> None:
        """Refuse facts that have no model; what follows from them is not asked.

        Args:
            name: the name under which a refusal is reported.
            facts: lines of N-Triples.

        Raises:
            InconsistencyError: the facts clash; the smallest set that does is named.
            ReasonerError: HermiT cannot run.
        """
        lines = sorted({text for text in facts if not self.is_annotation(text)})
        kept = Entry.of(self.cache, ".txt", ["consistent", owlready2.VERSION], self.axioms, lines)
        if kept.read() is not None:
            return
        java = find_java()
        if not has_model(java, [*self.axioms, *lines]):
            clash = find_clash(java, self.axioms, lines)
            raise InconsistencyError(name, clash, _CLASH)
        kept.write("consistent\n")

    def _classify(self, study: str, facts: Sequence[str]) -> list[str]:
        java = find_java()
        known = [*self.axioms, *facts]
        code, output = ask_hermit(java, known, *MEMBERS)
        if code and "Inconsistent ontology" in output:
            clash = find_clash(java, self.axioms, facts)
            raise InconsistencyError(study, clash, _CLASH)
        if code:
            raise ReasonerError(_refusal(output))
        if names := impossible(output):
            raise ReasonerError(f"No thing can be a member of {', '.join(sorted(names))}.")
        inferred = [*statements(output), *self._properties]
        return new_statements(inferred, known, self.ontology.superclasses)

    @cached_property
    def _properties(self) -> list[str]:
        """The hierarchies of properties, which no fact changes."""
        kept = Entry.of(self.cache, ".nt", ["properties", owlready2.VERSION], self.axioms)
        known = kept.read()
        if known is None:
            code, output = ask_hermit(find_java(), self.axioms, *PROPERTIES)
            if code:
                raise ReasonerError(_refusal(output))
            known = "".join(statements(output))
            kept.write(known)
        return known.splitlines(keepends=True)

    def _entry(self, facts: Sequence[str]) -> Entry:
        return Entry.of(self.cache, ".nt", [f"2 {owlready2.VERSION}"], self.axioms, facts)


_NON_SIMPLE = re.compile(r"Non-simple property '([^']+)'")


def _refusal(message: str) -> str:
    """HermiT's complaint without its stack trace."""
    if match := _NON_SIMPLE.search(message):
        return (
            f"{match.group(1)} follows from a chain or is transitive, so that OWL 2 DL does not "
            "let a cardinality, a functional or a disjointness axiom speak of it "
            "(Structural Specification, section 11.2)."
        )
    lines = [line for line in message.splitlines() if not line.lstrip().startswith("at ")]
    return "HermiT refuses the ontology: " + " ".join(" ".join(lines).split())[:600]


_LITERAL_TYPE = re.compile(r'"\^\^<([^>]+)> \.$')


def check_datatypes(study: str, facts: Iterable[str]) -> None:
    """Refuse literals of datatypes that OWL 2 does not know.

    Raises:
        InconsistencyError: with every such fact.
    """
    wrong = []
    for fact in facts:
        match = _LITERAL_TYPE.search(fact.rstrip())
        if match and match.group(1) not in DATATYPE_MAP:
            wrong.append(fact.rstrip())
    if wrong:
        reason = "These facts have values of a datatype that OWL 2 DL does not know:"
        raise InconsistencyError(study, wrong, reason)


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
