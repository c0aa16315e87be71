"""What is exported: a release, one of its graphs, what is told about a concept, an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from smegraph.export.errors import ExportError
from smegraph.export.source import Result, Source
from smegraph.graph.header import CURATORS, DATASET, LICENSE, VERSION
from smegraph.namespaces import BASE, DCTERMS, GRAPH, ONTOLOGY, PREFIXES, PROV, SKOS, VOID
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.terms import LABEL, TYPE
from smegraph.release.crosswalks import crosswalk
from smegraph.sparql.errors import QueryRefused
from smegraph.suggest import near

_QUERIES: Final = Path(__file__).parent / "queries"
_ABOUT: Final = (_QUERIES / "about.rq").read_text("utf-8")
_STUDIES: Final = (_QUERIES / "studies.rq").read_text("utf-8")
_CLOSE: Final = 3  # concepts that a message proposes


@dataclass(frozen=True)
class Extract:
    """A part of a release.

    Attributes:
        title: what it is, for people.
        header: what is said of the file; it stands first.
        triples: yields its statements, each once, without graphs and without the header.
        graphs: yields the statements of each of its graphs, by IRI; of an answer, there is none.
    """

    title: str
    header: Sequence[ox.Triple]
    triples: Callable[[], Iterable[ox.Triple]]
    graphs: Mapping[str, Callable[[], Iterable[ox.Triple]]] = field(default_factory=dict)


class Release:
    """A release, from which parts are taken."""

    def __init__(self, store: Source, version: str) -> None:
        """Take the store of a release, or what answers in its place, and its name."""
        self.store, self.version = store, version

    def whole(self) -> Extract:
        """Return all of it: each graph with its header, or the union of them."""
        header = self._about(DATASET)
        graphs = {graph: self._reader(graph) for graph in self.store.graph_names()}
        union = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        return Extract(
            "smegraph", header, lambda: _without(header, self._constructed(union)), graphs
        )

    def graph(self, name: str) -> Extract:
        """Return one graph by its IRI or by the last part of it.

        Raises:
            ExportError: there is no such graph.
        """
        names = self.store.graph_names()
        iri = name if name in names else GRAPH + name.removeprefix("graph:")
        if iri not in names:
            known = [one.removeprefix(GRAPH) for one in names]
            raise ExportError(f'There is no graph "{name}"; there are {", ".join(known)}.', "graph")
        header = self._about(iri)
        title = self._text(iri, DCTERMS + "title") or iri
        read = self._reader(iri)
        return Extract(title, header, lambda: _without(header, read()), {iri: read})

    def study(self, key: str) -> Extract:
        """Return the graph of one study by its key.

        Raises:
            ExportError: there is no such study.
        """
        keys = sorted(row[0].removeprefix(GRAPH) for row in self._rows(_STUDIES))
        if key not in keys:
            raise ExportError(f'There is no study "{key}"; there are {", ".join(keys)}.', "study")
        return self.graph(key)

    def ontology(self) -> Extract:
        """Return the classes and properties in one file, which is an ontology and nothing else."""
        graph = GRAPH + "ontology"
        title = self._text(ONTOLOGY, DCTERMS + "title") or ONTOLOGY
        read = self._reader(graph)
        return Extract(title, (), lambda: _without(self._about(graph), read()))

    def about(self, name: str) -> Extract:
        """Return all facts on a concept and on all below it, with what they name.

        Facts come with their works and those works' authors, journals and places, with the places
        in the texts, and with links to other vocabularies.

        Args:
            name: an IRI, a prefixed name, the last part of one, or a label.

        Raises:
            ExportError: no concept is called so, or several are.
        """
        concept = self._concept(name)
        text = _ABOUT.replace("?about", f"<{concept}>")
        title = f"What studies report on {self._text(concept, LABEL) or concept}"
        return Extract(title, self._made(title), lambda: self._constructed(text))

    def crosswalk(self, name: str) -> Extract:
        """Return all of it in the words of another vocabulary, such as schema.org.

        Raises:
            ReleaseError: there is no crosswalk of that name.
        """
        title = f"smegraph in the words of {name}"
        triples = crosswalk(ontology_dir(), name, self.store)
        return Extract(title, self._made(title), lambda: triples)

    def query(self, text: str) -> Extract:
        """Return the answer to a CONSTRUCT or DESCRIBE query.

        Raises:
            ExportError: it is no such query.
        """
        title = "An answer of smegraph"
        self._constructed(text)  # what is wrong with it is told before a file is begun
        return Extract(title, self._made(title), lambda: self._constructed(text))

    def solutions(self, text: str) -> ox.QuerySolutions:
        """Return the answer to a SELECT query.

        Raises:
            ExportError: it is no such query.
        """
        result = self._asked(text)
        if not isinstance(result, ox.QuerySolutions):
            raise ExportError("A table is made of a SELECT query; this is another one.", "query")
        return result

    def is_select(self, text: str) -> bool:
        """Whether a query is a SELECT query."""
        return isinstance(self._asked(text), ox.QuerySolutions)

    def _asked(self, text: str) -> Result:
        try:
            return self.store.query(text)
        except QueryRefused as error:
            raise ExportError(str(error), "query") from error

    def _constructed(self, text: str) -> Iterable[ox.Triple]:
        result = self._asked(text)
        if isinstance(result, ox.QuerySolutions | ox.QueryBoolean):
            raise ExportError(
                "A graph is made of a CONSTRUCT or DESCRIBE query; a SELECT query fits csv and "
                "parquet.",
                "format",
            )
        return result

    def _rows(self, text: str) -> list[tuple[str, ...]]:
        return [tuple(term.value for term in row) for row in self.solutions(text)]

    def _reader(self, graph: str) -> Callable[[], Iterable[ox.Triple]]:
        return lambda: self.store.triples(graph)

    def _about(self, thing: str) -> list[ox.Triple]:
        """Return what is said of a graph, or of the dataset, in the graph itself."""
        graph = thing if thing in self.store.graph_names() else GRAPH + "meta"
        return [*self.store.triples(graph, thing)]

    def _text(self, thing: str, predicate: str) -> str:
        found = self._rows(f"SELECT ?text {{ <{thing}> <{predicate}> ?text }} ORDER BY ?text")
        return found[0][0] if found else ""

    def _concept(self, name: str) -> str:
        prefix, _, local = name.strip("<>").partition(":")
        iri = PREFIXES[prefix] + local if prefix in PREFIXES else name.strip("<>")
        found: dict[str, list[str]] = {}
        query = f"""SELECT DISTINCT ?c ?label {{ ?c a skos:Concept ; ?p ?label
            VALUES ?p {{ rdfs:label <{SKOS}prefLabel> <{SKOS}altLabel> }} }} ORDER BY ?c"""
        for concept, label in self._rows(query):
            for key in {concept, concept.rsplit("/", 1)[-1], label.casefold()}:
                if concept not in found.setdefault(key, []):
                    found[key].append(concept)
        meant = found.get(iri) or found.get(name) or found.get(name.casefold()) or []
        if len(meant) > 1:
            several = ", ".join(meant)
            raise ExportError(f'"{name}" names several concepts: {several}. Give one IRI.', "about")
        if not meant:
            close = near(name, found, count=_CLOSE)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            raise ExportError(f'No concept is called "{name}".{hint}', "about")
        return meant[0]

    def _made(self, title: str) -> list[ox.Triple]:
        """Return the header of a file that is made for whoever asks: its node has no name."""
        node = ox.BlankNode("export")
        citation = f"{CURATORS}: {title}. In: smegraph, release {self.version}. {BASE}"
        said = (
            (TYPE, ox.NamedNode(VOID + "Dataset")),
            (DCTERMS + "title", ox.Literal(title)),
            (DCTERMS + "license", ox.NamedNode(LICENSE)),
            (DCTERMS + "creator", ox.Literal(CURATORS)),
            (DCTERMS + "bibliographicCitation", ox.Literal(citation)),
            (VERSION, ox.Literal(self.version)),
            (PROV + "wasDerivedFrom", ox.NamedNode(DATASET)),
            (DCTERMS + "source", ox.NamedNode(DATASET)),
        )
        return [ox.Triple(node, ox.NamedNode(name), value) for name, value in said]


def _without(some: Iterable[ox.Triple], triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    left_out = {*some}
    return (triple for triple in triples if triple not in left_out)
