"""The service's side of a forkserver; the real ones are in test_pool.py."""

from __future__ import annotations

import os
import socket

import pytest

from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.forkserver_client import ForkserverClient, PendingWorker
from tests.server.loops import in_loop, until

SETTINGS = ForkserverSettings(
    parent=os.getpid(), loader=(), stored_union=False, spool=".", memory=2**30, result=2**30,
    services=("http://example.org/sparql",), base="http://example.org/",
)  # fmt: skip


def pending() -> PendingWorker:
    mine, its = socket.socketpair()
    its.close()
    return PendingWorker(1, mine, os.memfd_create("worker"))


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("written", "tail"),
    [
        (b"", ""),
        (b"it failed", "it failed"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (b"a" * 3000 + b"b" * 3000, "a" * 1000 + "b" * 1000),
    ],
)
def test_the_tail_of_standard_error_is_its_beginning_and_its_end(written: bytes, tail: str) -> None:
    worker = pending()
    os.write(worker.stderr, written)
    assert worker.stderr_tail() == tail
    worker.socket.close()


def test_the_tail_can_be_read_once_and_is_closed_then() -> None:
    worker = pending()
    descriptor = worker.stderr
    os.write(descriptor, b"it failed")
    worker.stderr_tail()
    assert worker.stderr_tail() == ""
    assert not is_open(descriptor)
    worker.socket.close()


@in_loop
async def test_a_client_without_a_forkserver_starts_no_worker_and_leaves_no_descriptor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def create(name: str) -> int:
        made.append(memfd_create(name))
        return made[-1]

    memfd_create = os.memfd_create
    monkeypatch.setattr(os, "memfd_create", create)
    client = ForkserverClient(SETTINGS, print, print, print)
    with pytest.raises(PoolFailed, match="has ended"):
        client.start_worker()
    assert [is_open(descriptor) for descriptor in made] == [False]


@in_loop
async def test_without_a_forkserver_a_signal_or_a_priority_is_no_fault() -> None:
    client = ForkserverClient(SETTINGS, print, print, print)
    client.signal(1 << 23, 9)
    client.renice(1 << 23)
    client.stop()
    assert client.pid == 0


@in_loop
async def test_a_forkserver_tells_of_the_start_and_the_end_of_its_workers() -> None:
    started: list[tuple[int, int]] = []
    ended: list[tuple[int, int]] = []
    lost: list[bool] = []
    client = ForkserverClient(
        SETTINGS,
        lambda *told: started.append(told),
        lambda *told: ended.append(told),
        lambda: lost.append(True),
    )
    assert await client.start() == (0, False)  # SERVICE needs the network.
    worker = client.start_worker()
    await until(lambda: started)
    ((number, pid),) = started
    assert number == worker.number
    worker.close()
    await until(lambda: ended)
    assert ended == [(pid, 0)]
    os.kill(client.pid, 9)
    await until(lambda: lost)
    assert client.pid == 0
