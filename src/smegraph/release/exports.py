"""The files of a release: the store, one Turtle file for each graph, and all graphs as TriG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from smegraph.namespaces import prefixes_used
from smegraph.ontology.terms import TYPE
from smegraph.release_files import STORE, TRIG, TURTLE


def write_exports(folder: Path, graphs: Mapping[str, Sequence[str]]) -> None:
    """Write `turtle/<graph>.ttl` and `smegraph.trig`, in one order whatever the input's.

    Subjects are sorted by their text, and in each subject its class comes first.
    """
    (folder / TURTLE).mkdir()
    quads: list[ox.Quad] = []
    iris: set[str] = set()
    for graph in sorted(graphs):
        triples = _ordered(graphs[graph])
        named = _iris(triples)
        path = folder / TURTLE / f"{graph.rsplit('/', 1)[-1]}.ttl"
        path.write_bytes(_serialise(triples, ox.RdfFormat.TURTLE, named))
        name = ox.NamedNode(graph)
        quads += [ox.Quad(t.subject, t.predicate, t.object, name) for t in triples]
        iris |= named | {graph}
    (folder / TRIG).write_bytes(_serialise(quads, ox.RdfFormat.TRIG, iris))


def _ordered(lines: Sequence[str]) -> list[ox.Triple]:
    quads = ox.parse(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return sorted((quad.triple for quad in quads), key=_place)


def _place(triple: ox.Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return (str(triple.subject), predicate != TYPE, predicate, str(triple.object))


def _iris(triples: Iterable[ox.Triple]) -> set[str]:
    """Return the IRIs that stand in statements, those of datatypes among them."""
    terms = [term for triple in triples for term in triple]
    iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return iris | {term.datatype.value for term in terms if isinstance(term, ox.Literal)}


def _serialise(
    statements: Sequence[ox.Triple] | Sequence[ox.Quad], form: ox.RdfFormat, iris: Iterable[str]
) -> bytes:
    """Turtle or TriG that is the same in every run and reads well.

    Only the prefixes in use are declared, in the order of their names (Oxigraph has an order of
    its own), and an empty line stands behind each subject.
    """
    prefixes = prefixes_used(iris)
    data = ox.serialize(statements, format=form, prefixes=prefixes)
    assert data is not None  # no output was named, so the bytes are returned
    lines = data.decode("utf-8").split("\n")  # not splitlines, which cuts inside literals
    head = sorted(lines[: len(prefixes)])
    body = [line + "\n" if line.endswith((" .", "{")) else line for line in lines[len(prefixes) :]]
    return "\n".join([*head, "", *body]).rstrip().encode("utf-8") + b"\n"


# Decision 012: docs/decisions/012-union-default-graph.md
def write_store(folder: Path, graphs: Mapping[str, Sequence[str]]) -> int:
    """Write the Oxigraph store; returns how many statements the named graphs hold.

    The default graph holds the union of all graphs, each triple once, so that a query without
    GRAPH counts a triple once that two documents state (RDF 1.1 Datasets, section 3.3).
    """
    store = ox.Store(str(folder / STORE))
    for graph in sorted(graphs):
        data = "".join(graphs[graph]).encode()
        store.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
    union = dict.fromkeys(line for graph in sorted(graphs) for line in graphs[graph])
    store.bulk_load(input="".join(union).encode(), format=ox.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    return sum(len(lines) for lines in graphs.values())
