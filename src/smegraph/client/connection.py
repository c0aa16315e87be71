"""A connection: queries in, Python values, frames and graphs out, whatever answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from rdflib import URIRef

from smegraph.client.backend import Backend
from smegraph.client.graphs import ShownGraph, make_graph
from smegraph.client.requests import check_form, make_request
from smegraph.client.rows import Rows
from smegraph.sparql.engine_text import without_mark

_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"


class Connection:
    """What `smegraph.connect` returns. It closes at the end of a `with` block, or by `close()`.

    The methods that ask a query take, besides its text:

    - `bindings`: values by the names of variables. A value stands wherever the variable stood,
      and can never become another part of the query. An IRI is given as `smegraph.client.IRI`
      (or `rdflib.URIRef`); a str is a string. What SELECT names cannot be bound.
    - `graphs`, `named_graphs`: IRIs of the graphs that make the default graph, and of those that
      GRAPH finds; they replace the query's own dataset (SPARQL 1.1 Protocol §2.1.4).
    - `timeout`: the seconds that a service may take; its own limit is not raised by it.

    What they return has `hints`, a tuple of sentences, but for `ask`: what a person should know of
    the query, as that a term is in no graph. Other services than smegraph's give none.

    They raise `MalformedQuery` with line and column, `WrongForm`, `InvalidBinding`, `Refused`,
    `LimitExceeded`, `DeadlineExceeded`, `Unavailable`, `ServiceFailed`, `BrokenTransfer`,
    `IncompleteAnswer` or `UnexpectedAnswer`: all of them `smegraph.client.ClientError`. There is
    never a part of an answer: it is whole, or it is an exception. A busy service (503 or 429 with
    Retry-After) is asked again up to three times, when it asks to wait at most 10 s and the time
    allows it.
    """

    def __init__(self, backend: Backend) -> None:
        """Take what answers; use `smegraph.connect` to make one."""
        self._backend = backend

    def select(
        self,
        query: str,
        bindings: Mapping[str, object] | None = None,
        *,
        graphs: str | Iterable[str] | None = None,
        named_graphs: str | Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> Rows:
        """Return the rows that a SELECT query finds."""
        request = make_request("SELECT", query, bindings, graphs, named_graphs, timeout)
        (variables, terms), hints = self._backend.table(request)
        return Rows(variables, terms, hints)

    def ask(
        self,
        query: str,
        bindings: Mapping[str, object] | None = None,
        *,
        graphs: str | Iterable[str] | None = None,
        named_graphs: str | Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Return whether an ASK query finds anything."""
        request = make_request("ASK", query, bindings, graphs, named_graphs, timeout)
        return self._backend.truth(request)

    def construct(
        self,
        query: str,
        bindings: Mapping[str, object] | None = None,
        *,
        graphs: str | Iterable[str] | None = None,
        named_graphs: str | Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> ShownGraph:
        """Return the graph that a CONSTRUCT query makes; literals keep their lexical forms."""
        request = make_request("CONSTRUCT", query, bindings, graphs, named_graphs, timeout)
        return make_graph(*self._backend.triples(request))

    def describe(
        self,
        query: str,
        bindings: Mapping[str, object] | None = None,
        *,
        graphs: str | Iterable[str] | None = None,
        named_graphs: str | Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> ShownGraph:
        """Return the graph that answers a DESCRIBE query."""
        request = make_request("DESCRIBE", query, bindings, graphs, named_graphs, timeout)
        return make_graph(*self._backend.triples(request))

    def graph(self, iri: str, *, timeout: float | None = None) -> ShownGraph:
        """Return a named graph; it is empty when there is none of that name."""
        return self.construct(_GRAPH, {"graph": URIRef(iri)}, timeout=timeout)

    def update(
        self, update: str, *, token: str | None = None, timeout: float | None = None
    ) -> None:
        """Carry out a SPARQL 1.1 Update at a writable service; it is durable on return.

        `token` is what `smegraph token --scope update` printed; None takes the connection's own.
        An update is sent once: when DeadlineExceeded or BrokenTransfer is raised, it is not known
        whether it was carried out. Raises ReadOnly, NotAuthorized, MalformedQuery and what
        queries raise.
        """
        update = without_mark(update)
        check_form(update, "UPDATE")
        self._backend.update(update, token, timeout)

    def close(self) -> None:
        """Give back what is held open; twice is no fault."""
        self._backend.close()

    def __enter__(self) -> Self:
        """Return the connection itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def __repr__(self) -> str:
        """Return what is asked."""
        return f"<smegraph connection to {self._backend.name}>"
