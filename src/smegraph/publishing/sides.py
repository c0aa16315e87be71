"""The two sides of a comparison: a release, a version of one, or a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.graph.header import DATASET, META, VERSION
from smegraph.graph.triples import lines_of
from smegraph.namespaces import DCTERMS, GRAPH
from smegraph.publishing.blank_nodes import with_stable_names
from smegraph.publishing.errors import ComparisonError
from smegraph.release_files import TRIG
from smegraph.suggest import did_you_mean

DEFAULT: Final = ""  # the name of the graph of what stands in none
_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}  # fmt: skip
_OF_RELEASE: Final = (VERSION, DCTERMS + "bibliographicCitation")


@dataclass(frozen=True)
class Side:
    """What stands on one side.

    Attributes:
        name: how it was called.
        graphs: the statements of each graph as sets of N-Triples lines, by graph IRI (`DEFAULT`
            where there is none), blank nodes named by what they hold.
        headers: of each graph the lines that say what it is, in the same form; they count as no
            change.
    """

    name: str
    graphs: Mapping[str, frozenset[str]]
    headers: Mapping[str, frozenset[str]]

    def whole(self, graph: str) -> frozenset[str]:
        """Return what a graph holds, its header with it."""
        return self.graphs.get(graph, frozenset()) | self.headers.get(graph, frozenset())

    def only(self, graphs: Collection[str]) -> Side:
        """Return the same side with some of its graphs."""
        return Side(
            self.name,
            {graph: lines for graph, lines in self.graphs.items() if graph in graphs},
            {graph: lines for graph, lines in self.headers.items() if graph in graphs},
        )


def open_side(text: str, *places: Path) -> Side:
    """Return the side that somebody named.

    Args:
        text: a folder of a release, a file of RDF, or the version of a release in `places`.
        places: the folders that hold releases, each below its version.

    Raises:
        ComparisonError: there is no such thing, or it cannot be read.
    """
    path = Path(text)
    if path.is_dir():
        return _read(path / TRIG, text)
    if path.is_file():
        return _read(path, text)
    for place in places:
        if (place / text / TRIG).is_file():
            return _read(place / text / TRIG, text)
    known = sorted({f.name for place in places if place.is_dir() for f in place.iterdir()} - {""})
    there = ", ".join(name for name in known if not name.startswith("."))
    otherwise = f"There is {there}." if there else "There is no release yet."
    raise ComparisonError(
        f"{text} is no file, no folder of a release and no version of one. "
        + did_you_mean(text, known, otherwise)
    )


def _read(path: Path, name: str) -> Side:
    form = _FORMATS.get(path.suffix)
    if form is None:
        raise ComparisonError(
            f"{path} has no ending that is known: .ttl, .trig, .nt and .nq can be compared."
        )
    try:
        quads = list(ox.parse(path=str(path), format=form))
    except SyntaxError as error:
        raise ComparisonError(f"{path} cannot be read: {error}") from error
    except FileNotFoundError as error:
        raise ComparisonError(f"{path.parent} is no release: it has no {path.name}.") from error
    return side_of(name, quads)


def side_of(name: str, quads: Iterable[ox.Quad]) -> Side:
    """Return statements as a side.

    Raises:
        ComparisonError: blank nodes lead to each other in a circle.
    """
    triples: dict[str, list[ox.Triple]] = defaultdict(list)
    blank: set[str] = set()
    for quad in quads:
        graph = DEFAULT if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        triples[graph].append(quad.triple)
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            blank.add(graph)
    graphs, headers = {}, {}
    for graph, own in triples.items():
        named = with_stable_names(own) if graph in blank else own
        of_header = lines_of(triple for triple in named if _is_header(triple, graph))
        headers[graph] = frozenset(of_header)
        graphs[graph] = frozenset(lines_of(named)) - headers[graph]
    return Side(name, graphs, headers)


# Decision 072: docs/decisions/072-who-says-so.md
def _is_header(triple: ox.Triple, graph: str) -> bool:
    """Whether a statement of a graph says what the graph itself is, or the release that it is of.

    A file of triples has the header of its graph, and no graph to be about: there, what is said of
    a graph of ours is one.
    """
    subject = triple.subject
    if not isinstance(subject, ox.NamedNode):
        return False
    if graph == DEFAULT:
        return subject.value.startswith(GRAPH) and "/" not in subject.value[len(GRAPH) :]
    told = graph == META and subject.value == DATASET and triple.predicate.value in _OF_RELEASE
    return subject.value == graph or told
