"""A query on its way: over the socket, and to its end without an answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import Overloaded
from smegraph.server.workers.job import Job, decode_request, encode_request
from tests.server.loops import in_loop


@pytest.mark.parametrize(
    "request_",
    [
        QueryRequest("ASK {}"),
        QueryRequest("ASK {}", ("urn:g", "urn:h"), (), "csv", None, "gzip", strict=True),
        QueryRequest("ASK {}", (), None, None, "turtle", "zstd"),
    ],
)
def test_a_request_arrives_with_all_that_its_result_depends_on(request_: QueryRequest) -> None:
    arrived = decode_request(json.loads(json.dumps(encode_request(request_))))
    assert arrived.content == request_.content
    assert hash(arrived.default_graphs) == hash(request_.default_graphs)


class Reader:
    """Stands in for the spool of a large result."""

    def __init__(self, *, ended: bool) -> None:
        self.ended = ended
        self.errors: list[Exception] = []

    def fail(self, error: Exception) -> None:
        self.errors.append(error)


def job() -> Job:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    return Job(QueryRequest("ASK {}"), future, 0.0, 10.0, 10.0)


@in_loop
async def test_a_failure_reaches_who_waits_for_the_answer() -> None:
    waiting = job()
    waiting.fail(Overloaded(5))
    with pytest.raises(Overloaded):
        await waiting.future


@in_loop
async def test_a_failure_reaches_who_reads_the_answer_already() -> None:
    reading, reader = job(), Reader(ended=False)
    reading.future.set_result(Answer("csv", Generation("one", 0.0)))
    reading.spool = reader  # type: ignore[assignment]
    reading.fail(Overloaded(5))
    assert [type(error) for error in reader.errors] == [Overloaded]


@in_loop
async def test_behind_the_end_of_an_answer_nothing_fails_it() -> None:
    done, reader = job(), Reader(ended=True)
    done.future.set_result(Answer("csv", Generation("one", 0.0)))
    done.spool = reader  # type: ignore[assignment]
    done.fail(Overloaded(5))
    assert reader.errors == []


@in_loop
async def test_who_has_given_up_is_told_nothing() -> None:
    abandoned = job()
    abandoned.future.cancel()
    abandoned.fail(Overloaded(5))
    assert abandoned.future.cancelled()


@in_loop
async def test_what_stands_for_a_query_where_it_was_sent_is_wanted_by_nobody() -> None:
    found = job()
    ghost = found.for_nobody()
    assert (ghost.request, ghost.stands_for) == (found.request, found)
    assert ghost.abandoned
    assert ghost.future.cancelled()
    ghost.fail(Overloaded(5))
    assert not found.future.done()
