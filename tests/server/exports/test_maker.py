"""Exports are made by processes that end with their limits, and with who waits for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.engine.errors import (
    MemoryExceeded,
    Overloaded,
    ResultTooLarge,
)
from smegraph.server.exports.errors import ExportTooSlow
from smegraph.server.exports.maker import ExportLimits, ExportMaker
from smegraph.server.exports.wanted import Wanted, wanted
from smegraph.store.embedded import EmbeddedStore
from tests.server.inprocess import InProcessEngine

GRAPH = wanted([("graph", "study-finnish"), ("format", "nquads")])


class StuckEngine(InProcessEngine):
    """An engine that never answers; it tells when it was asked, and when that was given up."""

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store)
        self.asked, self.given_up = asyncio.Event(), asyncio.Event()

    async def answer(self, request: QueryRequest) -> Answer:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()
        raise AssertionError


def made(store: EmbeddedStore, what: Wanted, limits: ExportLimits) -> bytes:
    async def run() -> bytes:
        maker = ExportMaker(InProcessEngine(store), "1.2.3", limits)
        with await maker.make(what, "none", "") as file:
            return file.read()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def store(release: Path) -> EmbeddedStore:
    return EmbeddedStore(release / "store")


def test_an_export_is_written_without_a_store(store: EmbeddedStore) -> None:
    lines = made(store, GRAPH, ExportLimits()).decode().splitlines()
    assert len(lines) == len([*store.triples("https://w3id.org/smegraph/graph/study-finnish")])


def test_an_export_is_no_larger_than_it_may_be(store: EmbeddedStore) -> None:
    with pytest.raises(ResultTooLarge):
        made(store, GRAPH, ExportLimits(largest=500))


def test_a_process_takes_no_more_memory_than_it_may(store: EmbeddedStore) -> None:
    many = "CONSTRUCT { [] ?p ?o } { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }"
    with pytest.raises(MemoryExceeded):
        made(store, wanted([("query", many)]), ExportLimits(memory=2**20))


def test_an_export_ends_at_its_deadline_and_gives_up_its_query(store: EmbeddedStore) -> None:
    async def run() -> bool:
        engine = StuckEngine(store)
        maker = ExportMaker(engine, "1", ExportLimits(timeout=60.0))
        task = asyncio.create_task(maker.make(GRAPH, "none", ""))
        await engine.asked.wait()
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled() and engine.given_up.is_set()

    assert asyncio.run(run())
    with pytest.raises(ExportTooSlow, match=r"after 0\.01 s"):
        made(store, GRAPH, ExportLimits(timeout=0.01))


def test_who_comes_when_too_many_wait_is_told_so(store: EmbeddedStore) -> None:
    with pytest.raises(Overloaded):
        made(store, GRAPH, ExportLimits(waiting=0))
