"""The reasoner's gate: HermiT, through owlready2, accepts the facts of a study or refuses them.

What it infers is returned as N-Triples. Before HermiT runs, literals are held against the datatype
map of OWL 2 (Structural Specification, section 4), because HermiT stops at any other datatype
without naming the fact.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import owlready2

from smegraph.graph.errors import InconsistencyError, ReasonerError
from smegraph.graph.explain import find_clash
from smegraph.graph.hermit import ask_hermit, find_java, has_model, refusal
from smegraph.graph.inferences import (
    HIERARCHY,
    MEMBERS,
    impossible,
    most_specific,
    new_statements,
    statements,
)
from smegraph.graph.premises import DECLARED, NAME, Premises
from smegraph.graph.saturate import Saturation
from smegraph.memo import Entry
from smegraph.namespaces import OWL, RDF, RDFS, XSD
from smegraph.ontology.axioms import read_axioms
from smegraph.ontology.entailment import to_entailment
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.ontology import Ontology

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
        gaps: the studies that HermiT classified because rules could not tell, each with why.
    """

    ontology: Ontology
    cache: Path | None = None
    gaps: dict[str, str] = field(default_factory=dict)

    @cached_property
    def premises(self) -> Premises:
        """What HermiT is told beside facts."""
        return Premises(self.ontology)

    @cached_property
    def rules(self) -> Saturation | UnsupportedAxiom:
        """The axioms as rules, or the axiom that has none: then HermiT answers for all studies."""
        try:
            axioms = read_axioms(self.premises.statements)
            return Saturation(axioms, to_entailment(axioms), self.premises.concepts)
        except UnsupportedAxiom as error:
            return error

    @cached_property
    def told(self) -> list[str]:
        """What HermiT is told beside facts, in N-Triples lines."""
        return self.premises.telling_apart(self.premises.concepts)

    @cached_property
    def told_for_order(self) -> list[str]:
        """What it is told to put classes into order: only what definitions name can matter there.

        With a name for each concept it takes twice as long, and with the facts of all concepts ten
        times.
        """
        rules = self.rules
        if isinstance(rules, UnsupportedAxiom):
            return self.premises.telling_apart(())
        without = rules.without_order()
        told = self.premises.telling_apart(rules.entailment.nominals)
        return [text for text in told if text not in without]

    def infer(self, study: str, facts: Iterable[str]) -> list[str]:
        """Return what follows from the ontology and the facts, in N-Triples lines, sorted.

        Args:
            study: the name under which a refusal is reported.
            facts: lines of N-Triples.

        Raises:
            InconsistencyError: the facts clash; the smallest set that does is named.
            ReasonerError: HermiT refuses the ontology, or cannot run.
        """
        self.gaps.pop(study, None)
        lines = self.premises.logical(facts)
        kept, gap = self._entry(".nt", lines), self._entry(".gap", lines)
        known = kept.read()
        if known is not None:
            if why := gap.read():
                self.gaps[study] = why
            return known.splitlines(keepends=True)
        self.check_consistent(study, lines)
        inferred = self._follow(study, lines)
        if why := self.gaps.get(study):
            gap.write(why)
        kept.write("".join(inferred))
        return inferred

    def prepare(self) -> None:
        """Read the ontology once, before several threads ask."""
        _ = self.told, self.hierarchy

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
        lines = self.premises.logical(facts)
        check_datatypes(name, lines)
        if not self.is_consistent(lines):
            clash = find_clash(find_java(), self.told, lines, self._is_model)
            raise InconsistencyError(name, clash, _CLASH)

    def is_consistent(self, facts: Iterable[str]) -> bool:
        """Whether ontology and facts have a model.

        Raises:
            ReasonerError: HermiT cannot run.
        """
        lines = self.premises.logical(facts)
        kept = self._consistency(lines)
        if kept.read() is not None:
            return True
        agree = self._has_model(lines)
        if agree:
            kept.write("consistent\n")
        return agree

    def _has_model(self, facts: Sequence[str]) -> bool:
        """Ask HermiT, first with what follows, which leaves it less to try."""
        rules, java, told = self.rules, find_java(), self.told
        more = rules.spelt_out(facts) if isinstance(rules, Saturation) else None
        if more and has_model(java, [*told, *DECLARED, *more]):
            return True
        return has_model(java, [*told, *facts])

    # Decision 050: docs/decisions/050-clashes-by-models.md
    def _is_model(self, facts: Sequence[str]) -> bool:
        """Whether rules see a model, so that a clash need not be looked for in these facts."""
        return isinstance(self.rules, Saturation) and self.rules.is_model(facts)

    def keep_consistent(self, facts: Iterable[str]) -> None:
        """Remember that facts have a model: more of them have one, and a part of it is theirs."""
        kept = self._consistency(self.premises.logical(facts))
        if kept.read() is None:
            kept.write("consistent\n")

    def _follow(self, study: str, facts: Sequence[str]) -> list[str]:
        """Return what follows from consistent facts: by the rules, or where they cannot, HermiT."""
        rules = self.rules
        entailed = rules.entailed(facts) if isinstance(rules, Saturation) else None
        if entailed is None:
            if isinstance(rules, Saturation):
                self.gaps[study] = rules.gap(facts)
            return self._classify(facts)
        inferred = [*most_specific(entailed, self.hierarchy), *self.hierarchy]
        return new_statements(inferred, [*self.premises.axioms, *facts], self.ontology.superclasses)

    def _classify(self, facts: Sequence[str]) -> list[str]:
        java = find_java()
        code, output = ask_hermit(java, [*self.told, *facts], *MEMBERS)
        if code:
            raise ReasonerError(refusal(output))
        refuse_impossible(output)
        inferred = [*statements(output), *self.hierarchy]
        return new_statements(inferred, [*self.premises.axioms, *facts], self.ontology.superclasses)

    @cached_property
    def hierarchy(self) -> list[str]:
        """The order of classes and of properties, which no fact changes.

        An individual that a definition names may change it: see `Saturation.entailed`.
        """
        premises = self.told_for_order
        kept = Entry.of(self.cache, ".nt", ["hierarchy", owlready2.VERSION], premises)
        known = kept.read()
        if known is None:
            code, output = ask_hermit(find_java(), premises, *HIERARCHY)
            if code:
                raise ReasonerError(refusal(output))
            refuse_impossible(output)
            known = "".join(text for text in statements(output) if NAME not in text)
            kept.write(known)
        return known.splitlines(keepends=True)

    def _consistency(self, facts: Sequence[str]) -> Entry:
        return Entry.of(self.cache, ".txt", ["consistent 2"], self._decisive, facts)

    def _entry(self, ending: str, facts: Sequence[str]) -> Entry:
        return Entry.of(self.cache, ending, ["4"], self._decisive, facts)

    @cached_property
    def _decisive(self) -> list[str]:
        """What decides an answer beside facts, as the digest of all of it."""
        rules = self.rules
        queries = rules.entailment.queries if isinstance(rules, Saturation) else ()
        decisive = (owlready2.VERSION, *self.told, *(text for _, text in queries))
        return [hashlib.sha256("\n".join(decisive).encode()).hexdigest()]


def refuse_impossible(output: str) -> None:
    """Refuse classes that can have no member, by what HermiT says of the order of classes.

    Raises:
        ReasonerError: there is one.
    """
    if names := impossible(output):
        raise ReasonerError(f"No thing can be a member of {', '.join(sorted(names))}.")


_LITERAL_TYPE = re.compile(r'"\^\^<([^>]+)> \.$')


def check_datatypes(study: str, facts: Iterable[str]) -> None:
    """Refuse literals of datatypes that OWL 2 does not know.

    Raises:
        InconsistencyError: with every such fact.
    """
    wrong = []
    for fact in facts:
        if "^^<" not in fact:  # as most
            continue
        match = _LITERAL_TYPE.search(fact.rstrip())
        if match and match.group(1) not in DATATYPE_MAP:
            wrong.append(fact.rstrip())
    if wrong:
        reason = "These facts have values of a datatype that OWL 2 DL does not know:"
        raise InconsistencyError(study, wrong, reason)
