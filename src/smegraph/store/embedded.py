"""Answer SPARQL queries over an Oxigraph store on this machine, without changing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from smegraph.prefixes import PREFIXES
from smegraph.store.diagnosis import Diagnosis, diagnose
from smegraph.store.tokens import calls_service, has_dataset_clause, is_update

_Graph: TypeAlias = NamedNode | BlankNode
QueryResult: TypeAlias = (
    pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples
)


class QueryRefused(Exception):
    """A query that cannot be answered: the ancestor of the reasons below."""


class MalformedQuery(QueryRefused):
    """The text is not a SPARQL 1.1 query; `diagnosis` says where and what was expected."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        """Keep the diagnosis and say it as a sentence."""
        super().__init__(diagnosis.sentence())
        self.diagnosis = diagnosis


class UpdateRefused(QueryRefused):
    """The text is a SPARQL Update, and the store is read-only."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__("This store is read-only: it answers queries and takes no updates.")


class FederationRefused(QueryRefused):
    """The query calls SERVICE, which would send parts of it to another machine."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "SERVICE is refused: a query here never reaches another machine. Ask the other "
            "service yourself and bring its answers with VALUES."
        )


class UnsupportedFunction(QueryRefused):
    """The query calls a function by an IRI that the engine does not have."""


class InvalidGraphName(QueryRefused):
    """A graph of the dataset is not given by an absolute IRI."""


class QueryFailed(QueryRefused):
    """The engine failed at a well-formed query; the cause is not the asker's."""


_UNSUPPORTED: Final = re.compile(r"The custom (?:aggregate )?function <[^>]*> is not supported")


@contextmanager
def engine_errors() -> Iterator[None]:
    """Name what the engine raises while it evaluates or serialises, lazily, a query."""
    try:
        yield
    except RuntimeError as error:
        if _UNSUPPORTED.search(str(error)):
            raise UnsupportedFunction(f"{error}.") from error
        raise QueryFailed(str(error)) from error
    except (OSError, ValueError) as error:
        raise QueryFailed(str(error)) from error


class EmbeddedStore:
    """An Oxigraph store that is only read.

    A release keeps its statements in named graphs. Its default graph, when not empty, is the
    stored union of them (`store_union`); otherwise the union is made while a query runs.

    >>> store = EmbeddedStore(Store())
    >>> bool(store.query("ASK { ?firm a sme:Firm }"))
    False
    """

    def __init__(self, source: str | Path | Store) -> None:
        """Open the store in folder `source` read-only, or take one that is open.

        Raises OSError when the folder holds no store, or one that is damaged.
        """
        try:
            self._store = source if isinstance(source, Store) else Store.read_only(str(source))
        except RuntimeError as error:  # what Oxigraph says of files that are cut short
            raise OSError(f"{source} holds a damaged store: {error}") from error
        default = self._store.quads_for_pattern(None, None, None, DefaultGraph())
        self._has_union = next(default, None) is not None

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        union: bool = True,
    ) -> QueryResult:
        """Evaluate a SPARQL 1.1 query; solutions and triples come lazily.

        `default_graphs` and `named_graphs` are IRIs and replace the query's own dataset (SPARQL
        1.1 Protocol §2.1.4); one without the other leaves the other empty. Without both, and
        without FROM, the default graph is the union of all graphs unless `union` is false.

        Raises MalformedQuery, UpdateRefused, FederationRefused, UnsupportedFunction, QueryFailed
        and InvalidGraphName.
        """
        if calls_service(text):
            raise FederationRefused
        merge, default, named = self._dataset(text, default_graphs, named_graphs, union)
        try:
            with engine_errors():
                return self._store.query(
                    text,
                    prefixes=dict(prefixes),
                    use_default_graph_as_union=merge,
                    default_graph=default,
                    named_graphs=named,
                )
        except SyntaxError as error:
            if is_update(text):
                raise UpdateRefused from error
            raise MalformedQuery(diagnose(text, prefixes, str(error))) from error

    def _dataset(
        self,
        text: str,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        union: bool,
    ) -> tuple[bool, list[NamedNode | BlankNode | DefaultGraph] | None, list[_Graph] | None]:
        """Return the engine's three dataset arguments: union, default graphs, named graphs.

        The engine's union would silently replace a dataset that the query names itself.
        """
        if default_graphs is not None or named_graphs is not None:
            return False, [*_graphs(default_graphs)], [*_graphs(named_graphs)]
        if has_dataset_clause(text):
            return False, None, None
        if self._has_union:
            return False, None if union else [], None
        return union, None, None

    def quad_count(self) -> int:
        """Return how many statements the named graphs hold (a stored union is not counted)."""
        if not self._has_union:
            return len(self._store)
        counted = self._store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(counted, pyoxigraph.QuerySolutions)
        return int(next(counted)["n"].value)

    def graph_names(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs())


def _graphs(iris: Sequence[str] | None) -> Iterator[NamedNode]:
    """Yield the graphs of a dataset given by IRIs."""
    for iri in iris or ():
        try:
            yield NamedNode(iri)
        except ValueError as error:
            raise InvalidGraphName(f"{iri!r} is not an absolute IRI: {error}.") from error


def store_union(store: Store) -> None:
    """Copy every statement of the named graphs into the default graph, once each.

    A union made while a query runs yields a triple once for every graph that states it, so that
    `COUNT(*)` counts it twice. The stored union is a set, as RDF 1.1 Datasets §3 has it, and is
    faster on disk. A release calls this last; its exports leave the default graph out.
    """
    graphs: list[_Graph] = list(store.named_graphs())
    for graph in graphs:
        quads = store.quads_for_pattern(None, None, None, graph)
        store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
