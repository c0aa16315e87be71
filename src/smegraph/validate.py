"""SHACL: the shapes of the ontology hold for the graph of every study (pySHACL).

The sheets are checked against the same shapes when they are read; this second look sees the graph
itself, with every constraint that SHACL Core knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from smegraph.cache import entry
from smegraph.errors import Problem, ShapeError
from smegraph.frame import LABEL, SH
from smegraph.ontology import MODULES, SHAPES, VOCABULARY, Ontology


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
    terms = sorted(f"{triple} .\n" for triple in ontology.triples(MODULES))
    shapes = sorted(f"{triple} .\n" for triple in ontology.triples(SHAPES))
    concepts = sorted(f"{triple} .\n" for triple in ontology.triples(VOCABULARY))
    data = sorted({*facts, *context, *concepts})
    kept = entry(cache, ".json", ["1"], data, shapes, terms)
    known = kept.read()
    if known is not None:
        return [Problem(**values) for values in json.loads(known)]
    own = sorted({fact.split(" ", 1)[0][1:-1] for fact in facts})
    problems = _run(name, own, data, shapes, terms)
    violations = [problem for problem in problems if problem.severity == "error"]
    if violations:
        listing = "\n".join(f"  {problem.sentence()}" for problem in violations)
        raise ShapeError(f"{name}: the graph breaks its shapes:\n{listing}")
    kept.write(json.dumps([problem.to_json() for problem in problems]))
    return problems


def _run(
    name: str,
    own: Sequence[str],
    data: Sequence[str],
    shapes: Sequence[str],
    terms: Sequence[str],
) -> list[Problem]:
    import pyshacl  # slow to import, and not needed when nothing changed
    from rdflib import Graph, Namespace, URIRef
    from rdflib.namespace import RDF

    def graph(lines: Sequence[str]) -> Graph:
        return Graph().parse(data="".join(lines), format="nt")

    facts = graph(data)
    _, report, _ = pyshacl.validate(
        facts,
        shacl_graph=graph(shapes),
        ont_graph=graph(terms),
        focus_nodes=[URIRef(iri) for iri in own],  # not the context, which others answer for
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


def _label(graph: object, focus: object) -> str:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

    assert isinstance(graph, Graph)
    label = graph.value(focus, URIRef(LABEL)) if isinstance(focus, Node) else None
    return f"({label})" if label else ""
