"""The seam between HTTP and the store: one question, one answer, whoever computes it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol, runtime_checkable

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

    def fingerprint(self, digest: str) -> bytes:
        """Return a name for all that the result depends on but the data.

        `digest` stands for the text of the query.
        """
        return f"{digest}-{_digest_of(*self.content[1:])}".encode()


@lru_cache(maxsize=256)
def _digest_of(*told: object) -> str:
    return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()


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
        worker: the process that answered (its identifier), or 0.
        computed: when it was computed, in Unix seconds.
        hints: sentences for the person who asked, of what the data have not.
    """

    format: str
    generation: Generation
    encoding: str = "identity"
    body: bytes | None = None
    parts: AsyncIterator[bytes] | None = None
    worker: int = 0
    cache: CacheState = "bypass"
    computed: float = 0.0
    hints: tuple[str, ...] = ()

    async def read(self) -> bytes:
        """Return the whole result, however it comes; raises what `parts` raise."""
        if self.body is not None:
            return self.body
        assert self.parts is not None  # An answer has one or the other.
        return b"".join([part async for part in self.parts])

    async def close(self) -> None:
        """Give up what is not read yet; reading to the end, or closing twice, is no fault."""
        close = getattr(self.parts, "aclose", None)
        if close is not None:
            await close()


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
