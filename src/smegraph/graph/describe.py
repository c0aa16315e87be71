"""The graph about the graphs: VoID (W3C Note 2011), DCMI terms and PROV-O for each named graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from smegraph.graph.header import BUILD, DATASET, LICENSE, Headers
from smegraph.graph.triples import (
    iri_of,
    line,
    memberships,
    named,
    predicate_of,
    subject_of,
)
from smegraph.namespaces import DCTERMS, ID, ONTOLOGY, PROV, RDF, SME, VOID, XSD
from smegraph.ontology.ontology import local_name
from smegraph.ontology.terms import FACT, LABEL, REPORTED_IN
from smegraph.sheets.literals import literal
from smegraph.version import __version__


def describe(
    graphs: Mapping[str, Sequence[str]],
    studies: Mapping[str, str],
    headers: Headers | None = None,
) -> list[str]:
    """Describe every named graph and the dataset that they form.

    Args:
        graphs: N-Triples lines by graph IRI.
        studies: the study's IRI for each graph that holds one.
        headers: what the graphs will say of themselves; made without a release when None.

    Returns:
        N-Triples lines, sorted; they hold no time, so that the same input gives the same bytes.
        `void:triples` counts the header, which a graph holds as well; nothing else does.
    """
    told = headers or Headers(graphs, studies, "")
    activity, agent = f"<{BUILD}>", f"<{ID}software-smegraph>"
    counts = {graph: len(lines) + len(told.lines[graph]) for graph, lines in graphs.items()}
    lines = [
        _line(f"<{DATASET}>", "type", f"<{VOID}Dataset>"),
        _line(f"<{DATASET}>", DCTERMS + "title", literal("smegraph", XSD + "string")),
        _line(f"<{DATASET}>", DCTERMS + "license", f"<{LICENSE}>"),
        _line(f"<{DATASET}>", VOID + "triples", _number(sum(counts.values()))),
        _line(activity, "type", f"<{PROV}Activity>"),
        _line(activity, LABEL, literal("smegraph build", XSD + "string")),
        _line(activity, PROV + "used", f"<{ONTOLOGY}>"),
        _line(activity, PROV + "wasAssociatedWith", agent),
        _line(agent, "type", f"<{PROV}SoftwareAgent>"),
        _line(agent, LABEL, literal(f"smegraph {__version__}", XSD + "string")),
    ]
    for graph, triples in graphs.items():
        lines += told.stable[graph]
        lines += _graph(graph, triples, studies.get(graph), counts[graph])
    return sorted(lines)


def _graph(graph: str, triples: Sequence[str], study: str | None, count: int) -> list[str]:
    node = f"<{graph}>"
    lines = [
        _line(node, VOID + "triples", _number(count)),
        _line(node, VOID + "entities", _number(len(set(map(subject_of, triples))))),
        _line(f"<{DATASET}>", VOID + "subset", node),
    ]
    if study:
        facts = sum(1 for triple in triples if predicate_of(triple) == named(REPORTED_IN))
        lines.append(_line(node, PROV + "hadPrimarySource", f"<{study}>"))
        lines += _partition(node, FACT, facts)
    for class_, number in sorted(_classes(triples).items()):
        lines += _partition(node, class_, number)
    return lines


def _classes(triples: Sequence[str]) -> Counter[str]:
    return Counter(class_ for _, class_ in memberships(triples) if class_.startswith(SME))


def _partition(node: str, class_: str, count: int) -> list[str]:
    part = named(f"{iri_of(node)}/class/{local_name(class_)}")
    return [
        _line(node, VOID + "classPartition", part),
        _line(part, VOID + "class", f"<{class_}>"),
        _line(part, VOID + "entities", _number(count)),
    ]


def _line(subject: str, predicate: str, value: str) -> str:
    name = RDF + "type" if predicate == "type" else predicate
    return line(subject, named(name), value)


def _number(value: int) -> str:
    return literal(str(value), XSD + "integer")
