"""A query on its way to an answer, and how it goes over to a worker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.engine.errors import EngineError
from smegraph.server.workers.spool import Spool
from smegraph.sparql.errors import QueryRefused


@dataclass(slots=True, eq=False)
class Job:
    """A query on its way to an answer; times are those of the event loop, in seconds.

    Attributes:
        future: gets the answer, whole or as its first part is there.
        timeout: how long it may take, from `arrived` to `deadline`.
        started: when a worker was given it; 0 before.
        answered: whether the last of the answer has come.
        spool: its large result, once there is one.
        abandoned: whether nobody waits for the answer any more.
        shape: a number for its text without constants; 0 as long as nobody has asked.
        used_before: the processor time that its worker had used before it.
        hints: what the person who asked should know beside the answer.
        stands_for: the query that a worker was sent, and that was given to another.
    """

    request: QueryRequest
    future: asyncio.Future[Answer]
    arrived: float
    deadline: float
    timeout: float
    started: float = 0.0
    answer: Answer | None = None
    spool: Spool | None = None
    abandoned: bool = False
    answered: bool = False
    shape: int = 0
    used_before: float | None = None
    hints: tuple[str, ...] = ()
    stands_for: Job | None = None

    def for_nobody(self) -> Job:
        """Return what stands for this query where it was sent, but is not to be answered."""
        future = self.future.get_loop().create_future()
        future.cancel()
        return Job(
            self.request, future, self.arrived, self.deadline, self.timeout,
            abandoned=True, shape=self.shape, stands_for=self,
        )  # fmt: skip

    def fail(self, error: QueryRefused | EngineError) -> None:
        """Tell who waits for the answer, or who reads it already, that it will not come."""
        if self.spool is not None and not self.spool.ended:
            self.spool.fail(error)
        elif not self.future.done():
            self.future.set_exception(error)


def encode_request(request: QueryRequest, seconds: float | None = None) -> list[Any]:
    """Return a request as the head of a message; `seconds` is the time that is left for it."""
    return ["query", *request.content, seconds]


def decode_request(head: list[Any]) -> QueryRequest:
    """Return the request that `encode_request` made a head of; its timeout is what is left."""
    _, text, default, named, table, graph, encoding, strict, seconds = head
    return QueryRequest(
        text,
        None if default is None else tuple(default),
        None if named is None else tuple(named),
        table,
        graph,
        encoding,
        timeout=seconds,
        strict=strict,
    )
