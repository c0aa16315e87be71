"""A worker as the service knows it: what goes over its connection, how long it has worked."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.workers import connection as connection_module
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.forkserver_client import PendingWorker
from smegraph.server.workers.job import Job, decode_request
from smegraph.server.workers.messages import Unpacker, pack
from tests.server.loops import in_loop, until

GENERATION = Generation("one", 0.0)


class Side:
    """The service's side of a worker, and what it was told."""

    def __init__(self) -> None:
        mine, self.peer = socket.socketpair()
        self.messages: list[tuple[list[Any], bytes]] = []
        self.losses = 0
        pending = PendingWorker(3, mine, os.memfd_create("worker"))
        self.connection = WorkerConnection(pending, GENERATION, self.take, self.lose)

    def take(self, connection: WorkerConnection, head: list[Any], body: bytes) -> None:
        assert connection is self.connection
        self.messages.append((head, body))

    def lose(self, connection: WorkerConnection) -> None:
        assert connection is self.connection
        self.losses += 1

    async def connect(self) -> None:
        loop, pending = asyncio.get_running_loop(), self.connection.pending
        await loop.create_unix_connection(lambda: self.connection, sock=pending.socket)


@asynccontextmanager
async def connected() -> AsyncIterator[Side]:
    side = Side()
    await side.connect()
    try:
        yield side
    finally:
        side.connection.close()
        side.connection.pending.stderr_tail()
        side.peer.close()


def job(text: str = "ASK {}") -> Job:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    return Job(QueryRequest(text), future, 0.0, 10.0, 10.0)


# -------------------------------------------------------------------------------------- queries


def test_a_query_is_on_its_way_before_the_task_goes_on() -> None:
    async def work() -> None:
        async with connected() as side:
            side.peer.setblocking(False)
            side.connection.send(job("SELECT * { ?s ?p ?o }"))
            ((head, body),) = Unpacker().feed(side.peer.recv(4096))
            assert decode_request(head).text == "SELECT * { ?s ?p ?o }"
            assert body == b""

    # On the service's loop, as a loop is free to write when the task waits.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


@in_loop
async def test_a_query_larger_than_the_socket_takes_arrives_whole_and_before_the_next() -> None:
    async with connected() as side:
        text = "ASK {} #" + "x" * 4_000_000
        side.peer.setblocking(False)
        side.connection.send(job(text))
        begun = side.peer.recv(1 << 16)  # So there is room for the next, which must not pass it.
        side.connection.send(job("ASK { ?s ?p ?o }"))
        unpacker, found = Unpacker(), []
        unpacker.feed(begun)
        while len(found) < 2:
            data = await asyncio.get_running_loop().sock_recv(side.peer, 1 << 18)
            found += [decode_request(head).text for head, _ in unpacker.feed(data)]
        assert found == [text, "ASK { ?s ?p ?o }"]


@in_loop
async def test_each_message_is_passed_on_once_wherever_the_stream_is_cut() -> None:
    async with connected() as side:
        stream = pack(["ready", 1]) + pack(["end", 2, False], b"\x00body")
        for byte in stream:
            side.connection.data_received(bytes([byte]))
        assert side.messages == [(["ready", 1], b""), (["end", 2, False], b"\x00body")]


@in_loop
async def test_what_the_worker_sends_comes_over_the_socket() -> None:
    async with connected() as side:
        side.peer.send(pack(["ready", 7]))
        await until(lambda: side.messages)
        assert side.messages == [(["ready", 7], b"")]


# ----------------------------------------------------------------------------------------- ends


@in_loop
async def test_a_new_one_is_neither_ready_nor_lost_and_has_the_number_of_its_request() -> None:
    async with connected() as side:
        found = side.connection
        assert (found.number, found.pid, found.exit_code) == (3, 0, None)
        assert not any((found.ready, found.heavy, found.reniced, found.suspended, found.lost))


@in_loop
async def test_the_death_of_the_peer_is_told_once_with_the_query_still_there() -> None:
    async with connected() as side:
        side.connection.job = lost = job()
        side.peer.close()
        await until(lambda: side.losses)
        await asyncio.sleep(0)
        assert side.losses == 1
        assert side.connection.lost
        assert side.connection.job is lost


@in_loop
async def test_half_a_message_of_a_dead_peer_is_no_message() -> None:
    async with connected() as side:
        side.peer.send(pack(["whole", "csv"], b"x" * 100)[:-1])
        side.peer.close()
        await until(lambda: side.losses)
        assert side.messages == []


@in_loop
async def test_a_query_to_a_peer_that_has_died_is_no_error_here() -> None:
    async with connected() as side:
        side.peer.close()
        side.connection.send(job())
        await until(lambda: side.losses)


@in_loop
async def test_closing_lets_the_worker_end_by_itself() -> None:
    async with connected() as side:
        side.peer.setblocking(False)
        side.connection.close()
        assert await asyncio.get_running_loop().sock_recv(side.peer, 1) == b""
        assert side.connection.closed


@in_loop
async def test_one_that_is_closed_before_it_is_connected_closes_then() -> None:
    side = Side()
    side.connection.close()
    await side.connect()
    side.peer.setblocking(False)
    assert await asyncio.get_running_loop().sock_recv(side.peer, 1) == b""
    await until(lambda: side.losses)


# ----------------------------------------------------------------------------------------- time


@in_loop
async def test_without_a_query_or_before_its_start_no_time_has_passed() -> None:
    async with connected() as side:
        assert side.connection.run_time(100.0) == 0.0
        side.connection.job = job()
        assert side.connection.run_time(100.0) == 0.0


class Processor:
    """What the system tells of a process: the seconds that it has run."""

    def __init__(self, *readings: float | None) -> None:
        self._readings = [*readings]

    def __call__(self, pid: int) -> float | None:
        return self._readings.pop(0)


@pytest.mark.parametrize(
    ("waited", "readings", "ran"),
    [
        pytest.param(0.004, (), 0.004, id="too short to be measured"),
        pytest.param(0.2, (None,), 0.2, id="nobody tells"),
        pytest.param(0.2, (50.0,), 0.005, id="the first reading"),
        pytest.param(3.0, (50.0,), 2.0, id="waiting counts as work after a second"),
    ],
)
@in_loop
async def test_a_query_has_worked_as_long_as_the_processor_has(
    monkeypatch: pytest.MonkeyPatch, waited: float, readings: tuple[float | None, ...], ran: float
) -> None:
    monkeypatch.setattr(connection_module, "processor_time", Processor(*readings))
    async with connected() as side:
        side.connection.job = job()
        side.connection.job.started = 100.0
        assert side.connection.run_time(100.0 + waited) == pytest.approx(ran)


@in_loop
async def test_what_the_worker_used_for_former_queries_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection_module, "processor_time", Processor(50.0, 50.3, 7.0, 7.1))
    async with connected() as side:
        for now, ran in ((100.1, 0.005), (100.5, 0.305)):
            side.connection.job = side.connection.job or job()
            side.connection.job.started = 100.0
            assert side.connection.run_time(now) == pytest.approx(ran)
        side.connection.job = job()
        side.connection.job.started = 200.0
        assert side.connection.run_time(200.1) == pytest.approx(0.005)
        assert side.connection.run_time(200.5) == pytest.approx(0.105)
