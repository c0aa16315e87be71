"""Results kept in memory: within their bound, never out of date, computed once for all who wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from smegraph.server.engine.cache import CachingEngine
from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import DeadlineExceeded, Overloaded
from smegraph.sparql.errors import MalformedQuery
from smegraph.store.embedded import EmbeddedStore
from tests.server.inprocess import InProcessEngine

ASK = QueryRequest("ASK {}")
MEBIBYTE = 2**20


class Gated:
    """An engine whose answers come when the test lets them, and that notes what it was asked.

    The moment at which a computation ends is what these tests are about; no real engine can be
    told it.
    """

    def __init__(self, body: bytes = b"true") -> None:
        self.generation = Generation("one", 0.0)
        self.body: bytes | None = body
        self.error: Exception | None = None
        self.open = asyncio.Event()
        self.asked: list[QueryRequest] = []
        self.cancelled = 0
        self.closed = 0

    async def answer(self, request: QueryRequest) -> Answer:
        generation = self.generation
        self.asked.append(request)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        parts = None if self.body is not None else self._parts()
        return Answer("json", generation, body=self.body, parts=parts)

    async def _parts(self) -> AsyncIterator[bytes]:
        yield b"part"

    def streaming(self) -> None:
        """From now on answer in parts, and count the answers that are closed."""
        self.body = None
        engine = self

        class Parts:
            def __aiter__(self) -> Parts:
                return self

            async def __anext__(self) -> bytes:
                raise StopAsyncIteration

            async def aclose(self) -> None:
                engine.closed += 1

        self._parts = Parts  # type: ignore[assignment, method-assign]


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


def asynchronous(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def started() -> None:
        run(test)

    started.__name__, started.__doc__ = test.__name__, test.__doc__
    return started


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


def ask(engine: CachingEngine, request: QueryRequest = ASK) -> asyncio.Task[Answer]:
    return asyncio.create_task(engine.answer(request))


@asynchronous
async def test_an_answer_is_computed_once_and_kept() -> None:
    store = Store()
    node = NamedNode("http://e/a")
    store.add(Quad(node, node, Literal("x")))
    cache = CachingEngine(InProcessEngine(EmbeddedStore(store)), MEBIBYTE)
    request = QueryRequest("SELECT * { ?s ?p ?o }")
    first, second = await cache.answer(request), await cache.answer(request)
    assert (first.cache, second.cache) == ("miss", "hit")
    assert len(json.loads(second.body or b"")["results"]["bindings"]) == 1
    assert replace(first, cache="hit") == second
    assert second.computed == first.computed > 0
    assert (cache.hits, cache.misses, cache.shared, cache.entries) == (1, 1, 0, 1)


OTHERS = [
    {"text": "ASK { }"},
    {"default_graphs": ("http://e/g",)},
    {"named_graphs": ()},
    {"table_format": "xml"},
    {"graph_format": "trig"},
    {"encoding": "gzip"},
    {"strict": True},
]


@pytest.mark.parametrize("change", OTHERS, ids=lambda change: next(iter(change)))
def test_another_request_is_another_entry(change: dict[str, Any]) -> None:
    async def test() -> None:
        engine = Gated()
        engine.open.set()
        cache = CachingEngine(engine, MEBIBYTE)
        await cache.answer(ASK)
        assert (await cache.answer(replace(ASK, **change))).cache == "miss"
        assert (await cache.answer(replace(ASK, timeout=1.0))).cache == "hit"

    run(test)


@asynchronous
async def test_what_differs_each_time_passes_by() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    request = QueryRequest("SELECT (RAND() AS ?x) {}")
    tasks = [ask(cache, request), ask(cache, request)]
    await settle()
    assert len(engine.asked) == 2
    engine.open.set()
    assert [(await task).cache for task in tasks] == ["bypass", "bypass"]
    assert cache.entries == 0


@asynchronous
async def test_many_who_ask_the_same_at_once_share_one_computation() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    tasks = [ask(cache) for _ in range(5)]
    await settle()
    assert len(engine.asked) == 1
    engine.open.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.cache for answer in answers] == ["miss", *["shared"] * 4]
    assert {answer.body for answer in answers} == {b"true"}
    assert (cache.misses, cache.shared) == (1, 4)


@asynchronous
async def test_a_cache_of_no_size_still_shares() -> None:
    engine = Gated()
    cache = CachingEngine(engine, 0)
    tasks = [ask(cache), ask(cache)]
    await settle()
    engine.open.set()
    assert [(await task).cache for task in tasks] == ["miss", "shared"]
    assert (cache.entries, cache.bytes) == (0, 0)


@asynchronous
async def test_the_work_goes_on_when_the_first_goes_away_and_ends_with_the_last() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    first, second, third = (ask(cache) for _ in range(3))
    await settle()
    first.cancel()
    third.cancel()
    await settle()
    assert engine.cancelled == 0
    second.cancel()
    await settle()
    assert engine.cancelled == 1


@asynchronous
async def test_a_newcomer_does_not_join_work_that_is_being_ended() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    first = ask(cache)
    await settle()
    first.cancel()
    await asyncio.sleep(0)
    second = ask(cache)
    await settle()
    engine.open.set()
    assert (await second).cache == "miss"
    assert (len(engine.asked), engine.cancelled) == (2, 1)


@given(st.lists(st.sampled_from(["join", "leave first", "leave last", "settle"]), max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_work_is_ended_just_when_nobody_waits(steps: list[str]) -> None:
    async def test() -> None:
        engine = Gated()
        cache = CachingEngine(engine, MEBIBYTE)
        waiting: list[asyncio.Task[Answer]] = []
        started = ended = 0
        for step in steps:
            if step == "join":
                started += not waiting
                waiting.append(ask(cache))
            elif step != "settle" and waiting:
                waiting.pop(0 if step == "leave first" else -1).cancel()
                ended += not waiting
            await settle()
            assert (len(engine.asked), engine.cancelled) == (started, ended)
        engine.open.set()
        answers = await asyncio.gather(*waiting)
        assert all(answer.body == b"true" for answer in answers)

    run(test)


@pytest.mark.parametrize("error", [Overloaded(1), DeadlineExceeded(3), MemoryError("not kept")])
def test_an_error_is_shared_and_not_kept(error: Exception) -> None:
    async def test() -> None:
        engine = Gated()
        engine.error = error
        cache = CachingEngine(engine, MEBIBYTE)
        tasks = [ask(cache), ask(cache)]
        await settle()
        engine.open.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert results == [error, error]
        engine.error = None
        assert (await cache.answer(ASK)).cache == "miss"

    run(test)


@asynchronous
async def test_a_refusal_of_the_real_store_reaches_all_who_wait() -> None:
    cache = CachingEngine(InProcessEngine(EmbeddedStore(Store())), MEBIBYTE)
    tasks = [ask(cache, QueryRequest("SELECT")) for _ in range(3)]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, MalformedQuery) for result in results)


# Seconds that the running request has, that the next one has, and whether they share.
TIMEOUTS = [
    (None, None, True),
    (None, 5.0, True),
    (5.0, 5.0, True),
    (5.0, 1.0, True),
    (5.0, 6.0, False),
    (5.0, None, False),
]


@pytest.mark.parametrize(("running", "asked", "shared"), TIMEOUTS)
def test_nobody_waits_for_work_that_has_less_time(
    running: float | None, asked: float | None, shared: bool
) -> None:
    async def test() -> None:
        engine = Gated()
        cache = CachingEngine(engine, MEBIBYTE)
        tasks = [ask(cache, replace(ASK, timeout=timeout)) for timeout in (running, asked)]
        await settle()
        assert len(engine.asked) == (1 if shared else 2)
        engine.open.set()
        await asyncio.gather(*tasks)

    run(test)


@asynchronous
async def test_one_with_less_time_gives_up_alone() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    patient, hasty = ask(cache), ask(cache, replace(ASK, timeout=0.01))
    with pytest.raises(DeadlineExceeded):
        await hasty
    assert engine.cancelled == 0
    engine.open.set()
    assert (await patient).cache == "miss"


@asynchronous
async def test_an_answer_in_parts_goes_to_one_and_the_others_get_their_own() -> None:
    engine = Gated()
    engine.streaming()
    cache = CachingEngine(engine, MEBIBYTE)
    tasks = [ask(cache) for _ in range(3)]
    await settle()
    assert len(engine.asked) == 1
    engine.open.set()
    answers = await asyncio.gather(*tasks)
    assert len({id(answer.parts) for answer in answers}) == 3
    assert (len(engine.asked), cache.entries, engine.closed) == (3, 0, 0)


@pytest.mark.parametrize("steps", range(6))
def test_an_answer_in_parts_that_nobody_reads_is_closed(steps: int) -> None:
    """The client goes away while the answer is on its way to it, at each point of that way."""

    async def test() -> None:
        engine = Gated()
        engine.streaming()
        task = ask(CachingEngine(engine, MEBIBYTE))
        await settle()
        engine.open.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await settle()
        assert engine.cancelled + engine.closed + (not task.cancelled()) == 1

    run(test)


@asynchronous
async def test_another_generation_drops_what_is_kept() -> None:
    engine = Gated()
    engine.open.set()
    cache = CachingEngine(engine, MEBIBYTE)
    await cache.answer(ASK)
    engine.generation, engine.body = Generation("two", 1.0), b"false"
    answer = await cache.answer(ASK)
    assert (answer.cache, answer.body, answer.generation.name) == ("miss", b"false", "two")
    assert (cache.entries, cache.evictions) == (1, 1)


@asynchronous
async def test_an_answer_of_an_earlier_generation_is_neither_kept_nor_shared() -> None:
    engine = Gated()
    cache = CachingEngine(engine, MEBIBYTE)
    before = ask(cache)
    await settle()
    engine.generation = Generation("two", 1.0)
    after = ask(cache)
    await settle()
    assert len(engine.asked) == 2
    engine.open.set()
    assert ((await before).generation.name, (await after).generation.name) == ("one", "two")
    hit = await cache.answer(ASK)
    assert (hit.cache, hit.generation.name) == ("hit", "two")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3000)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_more_is_held_than_allowed_and_a_hit_is_what_was_computed(
    asked: list[tuple[int, int]],
) -> None:
    async def test() -> None:
        engine = Gated()
        engine.open.set()
        cache = CachingEngine(engine, 20_000)
        bodies: dict[int, bytes] = {}
        for n, size in asked:
            engine.body = bytes([n]) * size
            answer = await cache.answer(QueryRequest(f"ASK {{ <http://e/{n}> ?p ?o }}"))
            if answer.cache == "miss":
                bodies[n] = engine.body
            assert answer.body == bodies[n]
            held = sum(len(found.body or b"") for found, _ in cache._kept.values())
            assert held <= cache.bytes <= 20_000
            assert cache.bytes == sum(cost for _, cost in cache._kept.values())

    run(test)


@asynchronous
async def test_the_least_recently_used_goes_first_and_the_largest_is_not_kept() -> None:
    engine = Gated(b"x" * 1000)
    engine.open.set()
    cache = CachingEngine(engine, 20_000)
    requests = [QueryRequest(f"ASK {{ <http://e/{n}> ?p ?o }}") for n in range(12)]
    await cache.answer(requests[0])
    for request in requests[1:]:
        await cache.answer(request)
        assert (await cache.answer(requests[0])).cache == "hit"
    assert (await cache.answer(requests[1])).cache == "miss"
    engine.body = b"x" * 2500
    large = QueryRequest("ASK { ?large ?p ?o }")
    assert [(await cache.answer(large)).cache for _ in range(2)] == ["miss", "miss"]


@asynchronous
async def test_a_kept_answer_keeps_its_hints() -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:a/b"), NamedNode("urn:p"), Literal("x")))
    cached = CachingEngine(InProcessEngine(EmbeddedStore(store)), MEBIBYTE)
    request = QueryRequest("ASK { <urn:a/c> ?p ?o }")
    answers = [await cached.answer(request) for _ in range(2)]
    assert [answer.cache for answer in answers] == ["miss", "hit"]
    assert [answer.hints for answer in answers] == [("`<urn:a/c>` is in no graph.",)] * 2
