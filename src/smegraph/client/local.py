"""The backend in this process: a store that is only read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from smegraph.client.backend import Hints
from smegraph.client.errors import (
    ClientError,
    MalformedQuery,
    ReadOnly,
    Refused,
    ServiceFailed,
    WrongForm,
)
from smegraph.client.requests import Request, Table
from smegraph.sparql import errors as sparql_errors
from smegraph.sparql.errors import QueryRefused
from smegraph.sparql.result import QueryResult
from smegraph.store.embedded import EmbeddedStore

# The kinds are those that the service tells (`smegraph.server.http.problems`).
_ERRORS: Final[Mapping[type[QueryRefused], tuple[type[ClientError], str]]] = {
    sparql_errors.MalformedQuery: (MalformedQuery, "malformed-query"),
    sparql_errors.UpdateRefused: (ReadOnly, "read-only"),
    sparql_errors.FederationRefused: (Refused, "federation-refused"),
    sparql_errors.UnsupportedFunction: (Refused, "unsupported-function"),
    sparql_errors.InvalidGraphName: (Refused, "invalid-graph-name"),
}


class LocalBackend:
    """A store of this process (see `Backend`)."""

    def __init__(self, store: EmbeddedStore, name: str) -> None:
        """Take an open store, and what a person calls it."""
        self._store: EmbeddedStore | None = store
        self.name = name

    def table(self, request: Request) -> tuple[Table, Hints]:
        """Return the variables and the rows of a SELECT, and the hints for it."""
        with _errors():
            result = self._ask(request)
            if not isinstance(result, QuerySolutions):
                raise WrongForm("This is no SELECT query.")
            names = tuple(variable.value for variable in result.variables)
            rows = [tuple(solution) for solution in result]
            return (names, rows), self._hints(request)

    def truth(self, request: Request) -> bool:
        """Return the answer to an ASK."""
        with _errors():
            result = self._ask(request)
            if not isinstance(result, QueryBoolean):
                raise WrongForm("This is no ASK query.")
            return bool(result)

    def triples(self, request: Request) -> tuple[list[Triple], Hints]:
        """Return the triples of a CONSTRUCT or DESCRIBE, and the hints for it."""
        with _errors():
            result = self._ask(request)
            if not isinstance(result, QueryTriples):
                raise WrongForm("This is no CONSTRUCT or DESCRIBE query.")
            return list(result), self._hints(request)

    def update(self, text: str, token: str | None, timeout: float | None) -> None:
        """Refuse: what is opened as files is only read."""
        raise ReadOnly(
            f"{self.name} is only read. `smegraph serve --dataset DIR --writable` takes updates, "
            "and smegraph.connect takes its address.",
            kind="read-only",
        )

    def close(self) -> None:
        """Let go of the store."""
        self._store = None

    def _hints(self, request: Request) -> Hints:
        return self._store.hints(request.text) if self._store is not None else ()

    def _ask(self, request: Request) -> QueryResult:
        if self._store is None:
            raise ClientError("This connection is closed.")
        if request.timeout is not None:
            raise ClientError(
                "A query in this process cannot be stopped, so it takes no timeout. "
                "`smegraph serve` stops queries, and smegraph.connect takes its address."
            )
        return self._store.query(
            request.text, default_graphs=request.graphs, named_graphs=request.named_graphs
        )


@contextmanager
def _errors() -> Iterator[None]:
    """Raise errors of the store, which come while results are computed, as those of a client."""
    try:
        with sparql_errors.EngineErrors():
            yield
    except QueryRefused as error:
        raise _error(error) from error


def _error(error: QueryRefused) -> ClientError:
    kind, name = _ERRORS.get(type(error), (ServiceFailed, "internal-error"))
    members: dict[str, object] = {}
    if isinstance(error, sparql_errors.MalformedQuery):
        found = error.diagnosis
        members = {"line": found.line, "column": found.column, "expected": list(found.expected)}
    return kind(str(error), kind=name, members=members)
