"""The graph about the graphs: VoID (W3C Note 2011), DCMI terms and PROV-O for each named graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from smegraph.graph.triples import (
    iri_of,
    line,
    memberships,
    named,
    parts,
    predicate_of,
    subject_of,
)
from smegraph.namespaces import BASE, DCTERMS, ID, ONTOLOGY, PROV, RDF, SME, VOID, XSD
from smegraph.ontology.ontology import local_name
from smegraph.ontology.terms import FACT, LABEL, REPORTED_IN
from smegraph.sheets.literals import literal
from smegraph.version import __version__

DATASET = BASE + "dataset"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"

TITLES = {
    "ontology": "The smegraph ontology: classes and properties",
    "vocabulary": "The controlled vocabularies",
    "reference": "Places, channels and other things that studies share",
    "inferred": "What the reasoner HermiT infers",
    "derived": "What the rules compute and shorten",
    "meta": "The description of the graphs",
}


def describe(graphs: Mapping[str, Sequence[str]], studies: Mapping[str, str]) -> list[str]:
    """Describe every named graph and the dataset that they form.

    Args:
        graphs: N-Triples lines by graph IRI.
        studies: the study's IRI for each graph that holds one.

    Returns:
        N-Triples lines, sorted; they hold no time, so that the same input gives the same bytes.
    """
    activity, agent = f"<{ID}activity-build>", f"<{ID}software-smegraph>"
    lines = [
        _line(f"<{DATASET}>", "type", f"<{VOID}Dataset>"),
        _line(f"<{DATASET}>", DCTERMS + "title", literal("smegraph", XSD + "string")),
        _line(f"<{DATASET}>", DCTERMS + "license", f"<{LICENSE}>"),
        _line(f"<{DATASET}>", VOID + "triples", _number(sum(map(len, graphs.values())))),
        _line(activity, "type", f"<{PROV}Activity>"),
        _line(activity, LABEL, literal("smegraph build", XSD + "string")),
        _line(activity, PROV + "used", f"<{ONTOLOGY}>"),
        _line(activity, PROV + "wasAssociatedWith", agent),
        _line(agent, "type", f"<{PROV}SoftwareAgent>"),
        _line(agent, LABEL, literal(f"smegraph {__version__}", XSD + "string")),
    ]
    labels = _labels(graphs, set(studies.values()))
    for graph, triples in graphs.items():
        lines += _graph(graph, triples, studies.get(graph), labels, activity)
    return sorted(lines)


def _graph(
    graph: str,
    triples: Sequence[str],
    study: str | None,
    labels: Mapping[str, str],
    activity: str,
) -> list[str]:
    node = f"<{graph}>"
    title = TITLES.get(graph.rsplit("/", 1)[-1]) or labels.get(study or "") or graph
    lines = [
        _line(node, "type", f"<{VOID}Dataset>"),
        _line(node, "type", f"<{PROV}Entity>"),
        _line(node, DCTERMS + "title", literal(title, XSD + "string")),
        _line(node, DCTERMS + "isPartOf", f"<{DATASET}>"),
        _line(node, DCTERMS + "license", f"<{LICENSE}>"),
        _line(node, PROV + "wasGeneratedBy", activity),
        _line(node, VOID + "triples", _number(len(triples))),
        _line(node, VOID + "entities", _number(len(set(map(subject_of, triples))))),
        _line(f"<{DATASET}>", VOID + "subset", node),
    ]
    if study:
        lines.append(_line(node, PROV + "wasDerivedFrom", f"<{study}>"))
        facts = sum(1 for triple in triples if predicate_of(triple) == named(REPORTED_IN))
        lines.append(_line(node, PROV + "hadPrimarySource", f"<{study}>"))
        lines += _partition(node, FACT, facts)
    for class_, count in sorted(_classes(triples).items()):
        lines += _partition(node, class_, count)
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


def _labels(graphs: Mapping[str, Sequence[str]], studies: set[str]) -> dict[str, str]:
    """Return the labels of the studies, by IRI."""
    found: dict[str, str] = {}
    for triples in graphs.values():
        for triple in triples:
            if named(LABEL) not in triple:  # most lines need not be taken apart
                continue
            subject, predicate, _ = parts(triple)
            if predicate == named(LABEL) and iri_of(subject) in studies:
                (quad,) = ox.parse(input=triple, format=ox.RdfFormat.N_TRIPLES)
                found[iri_of(subject)] = quad.object.value
    return found


def _line(subject: str, predicate: str, value: str) -> str:
    name = RDF + "type" if predicate == "type" else predicate
    return line(subject, named(name), value)


def _number(value: int) -> str:
    return literal(str(value), XSD + "integer")
