"""The seam between HTTP and the store: one question, one answer, whoever computes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from smegraph.store.embedded import QueryRefused

Graphs = tuple[str, ...] | None
Content = tuple[str, Graphs, Graphs, str | None, str | None, str, bool]
CacheState = Literal["miss", "hit", "shared", "bypass"]


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query, its dataset, and the format for either kind of result (None: none is accepted).

    It holds plain values only, so that it can go to another process, and be the key of a cache.

    Attributes:
        encoding: the content coding that the client likes best: "identity", "gzip" or "zstd".
        timeout: seconds after which the answer is of no use; None stands for the service's own.
        strict: whether the default graph is the stored one, whatever the service's setting.
        repeatable: whether the same data give the same answer; None when nobody has looked yet.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    table_format: str | None = "json"
    graph_format: str | None = "turtle"
    encoding: str = "identity"
    timeout: float | None = None
    strict: bool = False
    repeatable: bool | None = None

    @property
    def content(self) -> Content:
        """All that the result depends on but the data."""
        return (
            self.text,
            self.default_graphs,
            self.named_graphs,
            self.table_format,
            self.graph_format,
            self.encoding,
            self.strict,
        )


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of the data: its name changes when the data does; `modified` is in Unix seconds."""

    name: str
    modified: float


@dataclass(slots=True)
class Answer:
    """A result as the client gets it: whole (`body`), or in parts as they are computed.

    Attributes:
        format: the name of the format that was used.
        encoding: the content coding that was used; short results stay "identity".
        body: the whole result; None when it comes in parts.
        parts: its parts, when there is no `body`. They come with back-pressure and raise
            AnswerBroken when the rest cannot be computed.
        rows: how many solutions or triples were written; of parts, known after the last.
        worker: the process that answered (its identifier), or 0.
        computed: when it was computed, in Unix seconds.
    """

    format: str
    generation: Generation
    encoding: str = "identity"
    body: bytes | None = None
    parts: AsyncIterator[bytes] | None = None
    rows: int | None = None
    worker: int = 0
    cache: CacheState = "bypass"
    computed: float = 0.0

    async def close(self) -> None:
        """Give up what is not read yet; reading to the end, or closing twice, is no fault."""
        close = getattr(self.parts, "aclose", None)
        if close is not None:
            await close()


class NotAccepted(QueryRefused):
    """The kind of result that the query gives is accepted in none of its formats."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        """Take the names of the formats that would do."""
        super().__init__("The query gives results that the request accepts in no format.")
        self.offered = offered


class EngineError(Exception):
    """What keeps a well-formed query from an answer; the ancestor of the reasons below."""


class DeadlineExceeded(EngineError):
    """The work was ended at its deadline."""

    def __init__(self, seconds: float) -> None:
        """Take the time that it had."""
        super().__init__(
            f"The query was ended after {seconds:g} s. Ask for less: a LIMIT, a narrower "
            "pattern, or a graph by name."
        )
        self.seconds = seconds


class MemoryExceeded(EngineError):
    """The query needed more memory than a worker may have."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(
            f"The query needed more than {limit // 2**20} MiB of memory and was ended. Group, "
            "sort or join fewer rows."
        )
        self.limit = limit


class ResultTooLarge(EngineError):
    """The result is larger than the service hands out."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(
            f"The result is larger than {limit} bytes. Ask for it in pages (ORDER BY with LIMIT "
            "and OFFSET), or download the graph."
        )
        self.limit = limit


class InsufficientStorage(EngineError):
    """There is too little room on a disk; with more of it the same would be done."""


class WorkerLost(EngineError):
    """The process that worked on the query has died for no reason that is known."""


class QueryTooComplex(EngineError):
    """The query is nested deeper, or its chains are longer, than the engine's stack allows."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "The query is nested too deeply, or joins too many parts by the same operator. Bring "
            "long lists with VALUES or IN."
        )


class Overloaded(EngineError):
    """There is no room for another query now."""

    def __init__(self, retry_after: int, why: str = "Too many queries are waiting.") -> None:
        """Take the seconds after which asking again has a chance."""
        super().__init__(f"{why} Ask again in {retry_after} s.")
        self.retry_after = retry_after


class AnswerBroken(EngineError):
    """An answer whose beginning is out already cannot be finished."""


@runtime_checkable
class Submitting(Protocol):
    """An engine that can begin without a task of its own, which every query saves."""

    def submit(self, request: QueryRequest) -> asyncio.Future[Answer]:
        """Begin to answer; raises what `Engine.answer` raises, or the future does.

        Cancelling the future ends the work.
        """


class Engine(Protocol):
    """What answers queries, in this process or in others."""

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query would see."""

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer, or raise QueryRefused or EngineError.

        Cancelling the call ends the work, unless others wait for the same answer.
        """
