"""SHACL: the shapes of the ontology hold for the graph of every study (pySHACL).

The sheets are checked against the same shapes when they are read; this second look sees the graph
itself, with every constraint that SHACL Core knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from smegraph.errors import Problem
from smegraph.graph.errors import ShapeError
from smegraph.graph.triples import line, lines_of, memberships, named, parts
from smegraph.memo import Entry
from smegraph.namespaces import SH
from smegraph.ontology.ontology import MODULES, SHAPES, VOCABULARY, Ontology
from smegraph.ontology.terms import LABEL


def validate(
    name: str,
    facts: Sequence[str],
    ontology: Ontology,
    context: Iterable[str],
    cache: Path | None = None,
) -> list[Problem]:
    """Validate the graph of one dataset; warnings are returned.

    Args:
        name: the dataset, for messages.
        facts: its triples in N-Triples lines.
        ontology: classes, vocabulary and shapes.
        context: what the facts refer to (reference data, other studies), in N-Triples lines.
        cache: a folder in which clean results are kept by the hash of their input.

    Raises:
        ShapeError: a shape is violated; every violation is named.
    """
    terms = lines_of(ontology.triples(MODULES))
    shapes = lines_of(ontology.triples(SHAPES))
    concepts = lines_of(ontology.triples(VOCABULARY))
    data = sorted({*facts, *context, *concepts})
    kept = Entry.of(cache, ".json", ["1"], data, shapes, terms)
    known = kept.read()
    if known is not None:
        return [Problem(**values) for values in json.loads(known)]
    problems = _run(name, data, _aimed(shapes, facts, ontology), terms)
    violations = [problem for problem in problems if problem.severity == "error"]
    if violations:
        listing = "\n".join(f"  {problem.sentence()}" for problem in violations)
        raise ShapeError(f"{name}: the graph breaks its shapes:\n{listing}")
    kept.write(json.dumps([problem.to_json() for problem in problems]))
    return problems


def _run(
    name: str,
    data: Sequence[str],
    shapes: Sequence[str],
    terms: Sequence[str],
) -> list[Problem]:
    import pyshacl  # slow to import, and not needed when nothing changed
    from rdflib import Graph, Namespace
    from rdflib.namespace import RDF

    def graph(lines: Sequence[str]) -> Graph:
        return Graph().parse(data="".join(lines), format="nt")

    facts = graph(data)
    _, report, _ = pyshacl.validate(
        facts,
        shacl_graph=graph(shapes),
        ont_graph=graph(terms),
        allow_warnings=True,
    )
    if not isinstance(report, Graph):
        raise ShapeError(f"{name}: pySHACL could not read the shapes: {report!r}")
    sh = Namespace(SH)
    problems = []
    for result in report.subjects(RDF.type, sh.ValidationResult):
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


def _aimed(shapes: Iterable[str], facts: Iterable[str], ontology: Ontology) -> list[str]:
    """Aim the shapes at the nodes of the facts by name (SHACL, section 2.1.3.1), not at classes.

    The context has nodes of the same classes, which others answer for. pySHACL can be given the
    nodes to look at, but takes as long again to find each of them in its list.
    """
    members: dict[str, list[str]] = {}
    for subject, class_ in memberships(facts):
        for above in ontology.superclasses(class_):
            members.setdefault(named(above), []).append(subject)
    aimed = set()
    for text in shapes:
        shape, predicate, target = parts(text)
        if predicate != named(f"{SH}targetClass"):
            aimed.add(text)
            continue
        aimed |= {line(shape, named(f"{SH}targetNode"), node) for node in members.get(target, ())}
    return sorted(aimed)


def _label(graph: object, focus: object) -> str:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

    assert isinstance(graph, Graph)
    label = graph.value(focus, URIRef(LABEL)) if isinstance(focus, Node) else None
    return f"({label})" if label else ""
