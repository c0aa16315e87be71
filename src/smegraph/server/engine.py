"""The seam between HTTP and the store: one question, one answer."""

from __future__ import annotations

from dataclasses import dataclass
from traceback import clear_frames
from typing import Protocol

from anyio import to_thread

from smegraph.store.embedded import EmbeddedStore, QueryRefused
from smegraph.store.results import FORMATS, formats_for, serialise


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query, its dataset, and the format for either kind of result (None: none is accepted).

    It holds plain values only, so that it can go to another process.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    table_format: str | None = "json"
    graph_format: str | None = "turtle"


@dataclass(frozen=True, slots=True)
class Answer:
    """The name of the format that was used, and the whole result in it."""

    format: str
    body: bytes


class NotAccepted(QueryRefused):
    """The kind of result that the query gives is accepted in none of its formats."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        """Take the names of the formats that would do."""
        super().__init__("The query gives results that the request accepts in no format.")
        self.offered = offered


class Engine(Protocol):
    """What answers queries, in this process or in another."""

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer, or raise what `EmbeddedStore.query` and `serialise` raise."""


class InProcessEngine:
    """Answers in a thread of this process. A query cannot be stopped once it runs."""

    def __init__(self, store: EmbeddedStore) -> None:
        """Take the store to ask."""
        self._store = store

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer without blocking the event loop."""
        return await to_thread.run_sync(answer, self._store, request)


def answer(store: EmbeddedStore, request: QueryRequest) -> Answer:
    """Evaluate a query and write its result; this is what a worker does."""
    try:
        return _answer(store, request)
    except QueryRefused as refusal:
        # Results may be dropped in their own thread only, or they leak; a trace would carry them
        # into another.
        error: BaseException | None = refusal
        while error is not None:
            clear_frames(error.__traceback__)
            error = error.__cause__
        raise


def _answer(store: EmbeddedStore, request: QueryRequest) -> Answer:
    result = store.query(
        request.text,
        default_graphs=request.default_graphs,
        named_graphs=request.named_graphs,
    )
    offered = tuple(found.name for found in formats_for(result))
    for name in (request.table_format, request.graph_format):
        if name in offered:
            return Answer(name, serialise(result, FORMATS[name]))
    raise NotAccepted(offered)
