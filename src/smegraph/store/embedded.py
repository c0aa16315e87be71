"""An Oxigraph store on this machine that answers SPARQL queries and is never changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from smegraph.namespaces import PREFIXES
from smegraph.sparql.dataset_clause import dataset_clause
from smegraph.sparql.diagnosis import diagnose
from smegraph.sparql.engine_text import query_texts, without_mark
from smegraph.sparql.errors import (
    EngineErrors,
    InvalidGraphName,
    MalformedQuery,
    UpdateRefused,
)
from smegraph.sparql.federation import routed
from smegraph.sparql.patterns import Patterns, patterns_of
from smegraph.sparql.result import QueryResult
from smegraph.sparql.tokens import is_update, prefixes_in
from smegraph.store.hints import Hints
from smegraph.store.rdf_merge import AnyGraph, Graph, MergeCache

# Decision 012: docs/decisions/012-union-default-graph.md
MERGE_LIMIT: Final = 500_000  # statements, which take 3 s
_HINT_LIMIT: Final = 500_000  # statements, which take 1 s
_Seen: TypeAlias = Callable[[], Patterns | None]
_NONE: Final[frozenset[Graph]] = frozenset()


@dataclass(slots=True)
class _Dataset:
    """The store to ask, and the engine's arguments: the union, or the graphs of the dataset."""

    store: Store
    union: bool = False
    default: list[AnyGraph] | None = None
    named: list[Graph] | None = None


class EmbeddedStore:
    """An Oxigraph store that is only read.

    A release keeps its statements in named graphs. Its default graph, when not empty, is the
    stored union of them (`store_union`); other people's data may have a default graph of their
    own. Unless it is stored, the union is made while a query runs.

    >>> store = EmbeddedStore(Store())
    >>> bool(store.query("ASK { ?firm a sme:Firm }"))
    False
    """

    def __init__(
        self,
        source: str | Path | Store,
        *,
        stored_union: bool | None = None,
        disjoint: bool = False,
        prefixes: Mapping[str, str] = PREFIXES,
        base: str | None = None,
        services: Collection[str] = frozenset(),
        address_of: Callable[[str], str] | None = None,
        default_graph: Literal["union", "strict"] = "union",
        merge_limit: int = MERGE_LIMIT,
        hint_limit: int = _HINT_LIMIT,
    ) -> None:
        """Open the store in folder `source` read-only, or take one that is open.

        `stored_union` says whether the default graph is the union of the named graphs; without
        it, it is taken for that when it is not empty. `disjoint` says that it is known that no
        statement stands in two graphs: the engine's own union is right then. `prefixes` need no
        declaration, and relative IRIs stand relative to `base`; without it they are errors.
        `services` are the IRIs that queries may call, and `address_of` gives the address to call in
        the place of one. `default_graph` says what a query sees that
        names no dataset: the union of all graphs, or the default graph as it is stored (which
        holds nothing when it is a stored union). A default graph of several graphs holds what two
        of them state once; with up to `merge_limit` statements it is made once for many queries.
        With up to `hint_limit` statements, hints name what a wrong term was meant to be.

        Raises OSError when the folder holds no store, or one that is damaged.
        """
        try:
            self._store = source if isinstance(source, Store) else Store.read_only(str(source))
        except RuntimeError as error:  # what Oxigraph says of files that are cut short
            raise OSError(f"{source} holds a damaged store: {error}") from error
        default = self._store.quads_for_pattern(None, None, None, DefaultGraph())
        self._has_default = next(default, None) is not None
        self._has_union = self._has_default if stored_union is None else stored_union
        self._has_named_graph = next(self._store.named_graphs(), None) is not None
        self._disjoint = disjoint
        self._strict = default_graph == "strict"
        self._services, self._address_of = frozenset(services), address_of
        self._merges = MergeCache(self._store, merge_limit)
        self._base = base
        self.prefixes = prefixes
        self._hint_limit = hint_limit

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        strict: bool = False,
    ) -> QueryResult:
        """Evaluate a SPARQL 1.1 query; solutions and triples come lazily.

        `default_graphs` and `named_graphs` are IRIs and replace the query's own dataset (SPARQL
        1.1 Protocol §2.1.4); one without the other leaves the other empty. Without both, and
        without FROM, the default graph is what the store was opened with, or the stored one when
        `strict`. `prefixes` take the place of the store's.

        Raises MalformedQuery, UpdateRefused, FederationRefused, UnsupportedFunction, QueryFailed
        and InvalidGraphName.
        """
        text = without_mark(text)
        known = self.prefixes if prefixes is None else prefixes
        for written in query_texts(text):
            asked = routed(written, self._services, self._address_of)
            try:
                with EngineErrors():
                    chosen = self._dataset(asked, known, default_graphs, named_graphs, strict)
                    return _answer(chosen, asked, self._base, known)
            except SyntaxError as error:
                message = str(error)  # The error itself would keep this call alive.
        if is_update(text):
            raise UpdateRefused
        raise MalformedQuery(diagnose(text, known, message, self._base))

    def hints(self, text: str) -> tuple[str, ...]:
        """Return what a person should know of a query that was answered; mostly nothing.

        Sentences in plain text, at most five, with terms between backticks: a term of the dataset's
        own namespaces that is in no graph, one that is deprecated, a text that is there in another
        language. "In no graph" is said of the whole dataset, whichever graphs the query names.
        """
        return self._hints.of(without_mark(text))

    def has_no_hints(self, text: str) -> bool:
        """Say whether it is soon known that there are none, as for most queries."""
        return self._hints.has_none(text)

    def prepare_hints(self) -> None:
        """Look at the store for hints now, not when the first query has an unknown term."""
        self._hints.prepare()

    @cached_property
    def _hints(self) -> Hints:
        return Hints(
            self._store,
            union=not self._has_union,
            prefixes=self.prefixes,
            base=self._base,
            limit=self._hint_limit,
        )

    def _dataset(
        self,
        text: str,
        prefixes: Mapping[str, str],
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        strict: bool,
    ) -> _Dataset:
        """Return the dataset that the request names, or the query, or the store's own."""

        def seen() -> Patterns | None:
            return patterns_of(text, prefixes)

        if default_graphs is not None or named_graphs is not None:
            return self._named(_graphs(default_graphs), _graphs(named_graphs), seen)
        if clause := dataset_clause(text, prefixes, self._base):
            return self._named(_graphs(clause.default), _graphs(clause.named), seen)
        if strict or self._strict:
            return _Dataset(self._store, default=[] if self._has_union else None)
        is_union = self._has_union or not self._has_named_graph
        return _Dataset(self._store) if is_union else self._union(text, seen)

    def _named(self, default: Sequence[AnyGraph], named: Sequence[Graph], seen: _Seen) -> _Dataset:
        """Return the dataset of the graphs named for it."""
        if len(default) > 1 and not self._disjoint:
            merged = self._merges.get(frozenset(default), frozenset(named), seen)
            if merged is not None:
                return _Dataset(merged, default=[DefaultGraph()], named=[*named])
        return _Dataset(self._store, default=[*default], named=[*named])

    def _union(self, text: str, seen: _Seen) -> _Dataset:
        """Return the dataset whose default graph holds what any graph of the store does."""
        if self._disjoint:
            return _Dataset(self._store, union=True)
        named = self._named_graphs if "graph" in text.lower() else _NONE
        merged = self._merges.get(self._all_graphs, named, seen)
        return _Dataset(merged) if merged is not None else _Dataset(self._store, union=True)

    @cached_property
    def _named_graphs(self) -> frozenset[Graph]:
        return frozenset(self._store.named_graphs())

    @cached_property
    def _all_graphs(self) -> frozenset[AnyGraph]:
        return self._named_graphs | {DefaultGraph()} if self._has_default else self._named_graphs

    def quad_count(self) -> int:
        """Return how many statements the named graphs hold (a stored union is not counted)."""
        if not self._has_union:
            return len(self._store)
        counted = self._store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(counted, pyoxigraph.QuerySolutions)
        return int(next(counted)["n"].value)

    def triples(self, graph: str, subject: str | None = None) -> Iterator[Triple]:
        """Yield the statements of a named graph as they are stored, or those on one subject."""
        about = None if subject is None else NamedNode(subject)
        for quad in self._store.quads_for_pattern(about, None, None, NamedNode(graph)):
            yield quad.triple

    def graph_names(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs())


def _answer(
    dataset: _Dataset, text: str, base: str | None, prefixes: Mapping[str, str]
) -> QueryResult:
    return dataset.store.query(
        text,
        base_iri=base,
        prefixes=prefixes_in(text, prefixes),
        use_default_graph_as_union=dataset.union,
        default_graph=dataset.default,
        named_graphs=dataset.named,
    )


def _graphs(iris: Sequence[str] | None) -> list[NamedNode]:
    """Return the graphs of a dataset given by IRIs, each once."""
    graphs: dict[NamedNode, None] = {}
    for iri in iris or ():
        try:
            graphs[NamedNode(iri)] = None
        except ValueError as error:
            raise InvalidGraphName(f"{iri!r} is not an absolute IRI: {error}.") from error
    return [*graphs]


def store_union(store: Store) -> None:
    """Copy every statement of the named graphs into the default graph, once each.

    A union made while a query runs yields a triple once for every graph that states it, so that
    `COUNT(*)` counts it twice. The stored union is a set, as RDF 1.1 Datasets §3 has it, and is
    faster on disk. A release calls this last; its exports leave the default graph out.
    """
    graphs: list[Graph] = list(store.named_graphs())
    for graph in graphs:
        quads = store.quads_for_pattern(None, None, None, graph)
        store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
