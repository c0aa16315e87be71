"""The store of a release: written anew, or as the former one with what has changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.release.former import Former
from smegraph.release_files import STORE

_COUNTS: Final = """
    SELECT ?graph (COUNT(*) AS ?count) {
        { GRAPH ?graph { ?s ?p ?o } } UNION { ?s ?p ?o }
    } GROUP BY ?graph
"""
# Where more of all statements than this stands in changed graphs, a copy saves nothing.
_WORTH_A_COPY: Final = 0.5


# Decision 012: docs/decisions/012-union-default-graph.md
def write_store(
    folder: Path,
    graphs: Mapping[str, Sequence[str]],
    digests: Mapping[str, str] | None = None,
    former: Former | None = None,
    headers: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """Write the Oxigraph store; returns how many statements the named graphs hold.

    The default graph holds the union of all graphs, each triple once, so that a query without
    GRAPH counts a triple once that two documents state (RDF 1.1 Datasets, section 3.3).

    Args:
        folder: the release.
        graphs: N-Triples lines by graph IRI.
        digests: of the lines, by graph IRI; with them graphs can be taken over.
        former: the release before this one, from which graphs with the same digest are taken.
        headers: what each graph says in this release only, by graph IRI.
    """
    path = folder / STORE
    headers = headers or {}
    whole = {graph: [*headers.get(graph, ()), *lines] for graph, lines in graphs.items()}
    if (
        former is None
        or digests is None
        or not _write_changes(path, whole, digests, former, headers)
    ):
        shutil.rmtree(path, ignore_errors=True)
        _write_all(path, whole)
    return sum(len(lines) for lines in whole.values())


def _write_all(path: Path, graphs: Mapping[str, Sequence[str]]) -> None:
    store = ox.Store(str(path))
    for graph in sorted(graphs):
        _load(store, graphs[graph], ox.NamedNode(graph))
    _load(store, _union(graphs), ox.DefaultGraph())
    store.optimize()
    store.flush()


def _union(graphs: Mapping[str, Sequence[str]]) -> Iterable[str]:
    return dict.fromkeys(line for graph in sorted(graphs) for line in graphs[graph])


def _load(store: ox.Store, lines: Iterable[str], graph: ox.NamedNode | ox.DefaultGraph) -> None:
    store.bulk_load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)


# Decision 053: docs/decisions/053-what-a-release-takes-over.md
def _write_changes(
    path: Path,
    graphs: Mapping[str, Sequence[str]],
    digests: Mapping[str, str],
    former: Former,
    headers: Mapping[str, Sequence[str]],
) -> bool:
    """Copy the former store and change what differs; False where that is not worth it or fails."""
    changed = {graph for graph in graphs if former.digests.get(graph) != digests[graph]}
    total = sum(len(lines) for lines in graphs.values())
    if sum(len(graphs[graph]) for graph in changed) > _WORTH_A_COPY * total:
        return False
    try:
        shutil.copytree(former.store, path)
        store = ox.Store(str(path))
        dropped = former.digests.keys() - graphs
        if not _change(store, {graph: graphs[graph] for graph in changed}, dropped):
            return False
        kept = {graph: (former.headers.get(graph, ()), headers.get(graph, ())) for graph in graphs}
        _exchange(store, {graph: both for graph, both in kept.items() if graph not in changed})
        store.flush()
        return _holds(store, graphs)
    except (OSError, RuntimeError):  # as of a damaged file
        return False


def _change(store: ox.Store, changed: Mapping[str, Sequence[str]], dropped: Iterable[str]) -> bool:
    """Give each changed graph what it should hold, and keep the default graph their union.

    Lines are compared as they are written. A number that is written in another way than the engine
    writes it is so removed and added again, which changes nothing.

    False for blank nodes: each load gives them new labels, so that nobody can tell which was which.
    """
    gone: list[ox.Quad] = []
    fresh: list[ox.Quad] = []
    for graph in (*changed, *dropped):
        name = ox.NamedNode(graph)
        now, before = set(changed.get(graph, ())), _held(store, name)
        if any(map(_has_blank, now ^ before)):
            return False
        gone += _quads(before - now, name)
        fresh += _quads(now - before, name)
    _replace(store, gone, fresh)
    for graph in dropped:
        store.remove_graph(ox.NamedNode(graph))
    return True


def _exchange(store: ox.Store, headers: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> None:
    """Give each graph another header: the one that it had, and the one that it gets."""
    gone: list[ox.Quad] = []
    fresh: list[ox.Quad] = []
    for graph, (before, now) in headers.items():
        name = ox.NamedNode(graph)
        gone += _quads({*before} - {*now}, name)
        fresh += _quads({*now} - {*before}, name)
    _replace(store, gone, fresh)


def _replace(store: ox.Store, gone: Sequence[ox.Quad], fresh: Sequence[ox.Quad]) -> None:
    for quad in gone:
        store.remove(quad)
    store.bulk_extend(fresh)
    store.bulk_extend(map(_unnamed, fresh))
    for quad in map(_unnamed, gone):
        found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(isinstance(other.graph_name, ox.DefaultGraph) for other in found):
            store.remove(quad)


def _held(store: ox.Store, graph: ox.NamedNode) -> set[str]:
    """Return the lines of a graph as the engine writes them."""
    data = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
    assert data is not None  # no output was named, so the bytes are returned
    return {f"{text}\n" for text in data.decode("utf-8").split("\n") if text}


def _quads(lines: Iterable[str], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    for quad in ox.parse(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _has_blank(line: str) -> bool:
    """Whether a line may hold a blank node; a text that looks like one does no harm."""
    return line.startswith("_:") or "> _:" in line


def _unnamed(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph())


def _holds(store: ox.Store, graphs: Mapping[str, Sequence[str]]) -> bool:
    """Whether each graph, and their union, has as many statements as it should."""
    rows = store.query(_COUNTS)
    assert isinstance(rows, ox.QuerySolutions)
    counted = {graph.value if graph else None: int(count.value) for graph, count in rows}
    expected: dict[str | None, int] = {graph: len(lines) for graph, lines in graphs.items()}
    expected[None] = len({line for lines in graphs.values() for line in lines})
    return counted == {graph: count for graph, count in expected.items() if count}
