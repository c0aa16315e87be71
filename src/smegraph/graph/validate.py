"""SHACL: the shapes of the ontology hold for the graph of every study (pySHACL).

The sheets are checked against the same shapes when they are read; this second look sees the graph
itself, with every constraint that SHACL Core knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from smegraph.errors import Problem
from smegraph.graph.errors import ShapeError
from smegraph.graph.shape_targets import ShapeTargets
from smegraph.graph.triples import (
    iri_of,
    is_blank,
    lines_of,
    memberships,
    named,
    parts,
    predicate_of,
)
from smegraph.memo import Entry
from smegraph.namespaces import RDF, RDFS, SH, XSD
from smegraph.ontology.ontology import MODULES, SHAPES, VOCABULARY, Ontology
from smegraph.ontology.terms import LABEL

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]

# SHACL, section 2.3.2: what says nothing to a validator. pySHACL looks at each of them all the
# same, for every node that it validates.
_SILENT: Final = frozenset(
    named(SH + name) for name in ("defaultValue", "description", "group", "name", "order")
)

# SHACL Core, by how it reaches into data: types and classes above, lists, and the properties that
# shapes name. With anything else (sh:closed, SPARQL) a shape may look at all that data say.
_CORE: Final = """
    and class datatype deactivated disjoint equals flags hasValue in languageIn lessThan
    lessThanOrEquals maxCount maxExclusive maxInclusive maxLength message minCount minExclusive
    minInclusive minLength node nodeKind not or path pattern property qualifiedMaxCount
    qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint severity targetClass
    targetNode targetObjectsOf targetSubjectsOf uniqueLang xone
    alternativePath inversePath oneOrMorePath zeroOrMorePath zeroOrOnePath
"""
_REACHING: Final = frozenset(named(SH + name) for name in _CORE.split())
_ALWAYS: Final = frozenset(
    map(named, (RDF + "type", RDF + "first", RDF + "rest", RDFS + "subClassOf", LABEL))
)

_STRING: Final = f"{XSD}string"  # which rdflib leaves out, as its reader does


@dataclass(frozen=True)
class ShapeValidator:
    """The shapes, ready to validate one dataset after the other.

    Attributes:
        ontology: classes, vocabulary and shapes.
        cache: a folder in which clean results are kept by the hash of their input.
    """

    ontology: Ontology
    cache: Path | None = None

    def validate(self, name: str, facts: Sequence[str], context: Iterable[str]) -> list[Problem]:
        """Validate the graph of one dataset; warnings are returned.

        Args:
            name: the dataset, for messages.
            facts: its triples in N-Triples lines.
            context: what the facts refer to (reference data, other studies), in N-Triples lines.

        Raises:
            ShapeError: a shape is violated; every violation is named.
        """
        own = sorted({*facts, *context})
        kept = Entry.of(
            self.cache,
            ".json",
            ["2"],
            own,
            sorted(facts),
            self._concepts,
            self._shapes,
            self._terms,
        )
        known = kept.read()
        if known is not None:
            return [Problem(**values) for values in json.loads(known)]
        problems = self._run(name, own, self._members(facts))
        violations = [problem for problem in problems if problem.severity == "error"]
        if violations:
            listing = "\n".join(f"  {problem.sentence()}" for problem in violations)
            raise ShapeError(f"{name}: the graph breaks its shapes:\n{listing}")
        kept.write(json.dumps([problem.to_json() for problem in problems]))
        return problems

    @cached_property
    def _terms(self) -> list[str]:
        return lines_of(self.ontology.triples(MODULES))

    @cached_property
    def _concepts(self) -> list[str]:
        return lines_of(self.ontology.triples(VOCABULARY))

    @cached_property
    def _shapes(self) -> list[str]:
        return lines_of(self.ontology.triples(SHAPES))

    @cached_property
    def _ontology_triples(self) -> list[Triple]:
        """Ontology and vocabulary, as far as the shapes can reach into them."""
        said = [*self._terms, *self._concepts]
        return list(_triples(text for text in said if self._can_reach(predicate_of(text))))

    @cached_property
    def _validating(self) -> list[str]:
        """The shapes without what says nothing to a validator."""
        return [text for text in self._shapes if _is_validating(predicate_of(text))]

    @cached_property
    def _targets(self) -> ShapeTargets:
        return ShapeTargets(list(_triples(self._validating)))

    @cached_property
    def _reached(self) -> frozenset[str] | None:
        """The properties at which the shapes may look; None for any."""
        used = {predicate_of(text) for text in self._validating}
        if any(iri_of(name).startswith(SH) for name in used - _REACHING):
            return None
        return _ALWAYS.union(parts(text)[2] for text in self._validating)

    def _can_reach(self, predicate: str) -> bool:
        return self._reached is None or predicate in self._reached

    def _run(
        self, name: str, data: Iterable[str], members: Mapping[str, Sequence[str]]
    ) -> list[Problem]:
        from rdflib import Namespace
        from rdflib.namespace import RDF as TERMS

        facts = _parsed(data, self._ontology_triples)
        suspects = self._with_results(name, facts, members)
        if suspects is None:
            return []
        report = _report(name, facts, self._targets.whole(suspects))
        sh = Namespace(SH)
        problems = []
        for result in report.subjects(TERMS.type, sh.ValidationResult):
            focus = report.value(result, sh.focusNode)
            severe = report.value(result, sh.resultSeverity) == sh.Violation
            message = report.value(result, sh.resultMessage)
            path = report.value(result, sh.resultPath)
            value = report.value(result, sh.value)
            problems.append(
                Problem(
                    file=name,
                    kind="shape",
                    message=f"<{focus}> {_label(facts, focus)}: {message}",
                    column=str(path).rsplit("#", 1)[-1] if path else None,
                    value=str(value) if value is not None else None,
                    severity="error" if severe else "warning",
                )
            )
        return sorted(problems, key=lambda problem: (problem.message, problem.column or ""))

    def _members(self, facts: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of the named things that facts put into each class or below it."""
        members: dict[str, list[str]] = {}
        for subject, class_ in memberships(facts):
            if not is_blank(subject):
                for above in self.ontology.superclasses(class_):
                    members.setdefault(above, []).append(iri_of(subject))
        return members

    # Decision 090: docs/decisions/090-shapes-in-parts.md
    def _with_results(
        self, name: str, facts: Graph, members: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Sequence[str]] | None:
        """Return the members of classes that have results, found in a quicker way than these.

        All members are returned where shapes may look at more than their parts tell, and None where
        nothing has a result.
        """
        from rdflib import URIRef

        shapes = self._targets.in_parts
        if shapes is None or self._reached is None:
            return members
        marks = list(self._targets.marks(members))
        facts.addN((*mark, facts) for mark in marks)
        report = _report(name, facts, shapes)
        for mark in marks:
            facts.remove(mark)
        found = set(map(str, report.objects(None, URIRef(f"{SH}focusNode"))))
        if not found:
            return None
        return {of: [node for node in nodes if node in found] for of, nodes in members.items()}


def _report(name: str, facts: Graph, shapes: Iterable[Triple]) -> Graph:
    """Return what pySHACL says of facts."""
    import pyshacl  # slow to import, and not needed when nothing changed
    from rdflib import Graph

    graph = Graph()
    graph.addN((*triple, graph) for triple in shapes)
    _, report, _ = pyshacl.validate(facts, shacl_graph=graph, allow_warnings=True)
    if not isinstance(report, Graph):
        raise ShapeError(f"{name}: pySHACL could not read the shapes: {report!r}")
    return report


def _is_validating(predicate: str) -> bool:
    """Whether a statement of a shape with this predicate can matter to a validator."""
    return iri_of(predicate).startswith((SH, RDF, RDFS)) and predicate not in _SILENT


def _parsed(lines: Iterable[str], beside: Iterable[Triple] = ()) -> Graph:
    """Return a graph of its own that holds the lines and the triples."""
    from rdflib import Graph

    graph = Graph()
    graph.addN((*triple, graph) for triple in beside)
    graph.addN((*triple, graph) for triple in _triples(lines))
    return graph


def _triples(lines: Iterable[str]) -> Iterator[Triple]:
    """Yield the triples of N-Triples lines as rdflib has them.

    Its own reader takes three times as long: it reads each term anew, wherever it stands.
    """
    terms: dict[object, Node] = {}
    data = "".join(lines).encode()
    for quad in ox.parse(input=data, format=ox.RdfFormat.N_TRIPLES):
        for term in quad.triple:
            if term not in terms:
                terms[term] = _to_rdflib(term)
        yield terms[quad.subject], terms[quad.predicate], terms[quad.object]


def _to_rdflib(term: object) -> Node:
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)  # RDF 1.1 has no other
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return Literal(term.value, datatype=None if datatype == _STRING else URIRef(datatype))


def _label(graph: object, focus: object) -> str:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

    assert isinstance(graph, Graph)
    label = graph.value(focus, URIRef(LABEL)) if isinstance(focus, Node) else None
    return f"({label})" if label else ""
