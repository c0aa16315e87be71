"""Queries that are sent ahead: to whom, and what becomes of them when things go another way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.engine.errors import Overloaded, WorkerLost
from smegraph.server.workers import queues as queues_module
from smegraph.server.workers import supervisor as supervisor_module
from tests.server.loops import in_loop, until
from tests.server.workers.played import QUICK, SLOW, played


def instant(number: int) -> QueryRequest:
    """A query of a shape that takes next to no time."""
    return QueryRequest(f"SELECT ?o {{ <urn:{number}> ?p ?o }}")


@in_loop
async def test_an_instant_query_is_sent_ahead_to_a_worker_that_is_at_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        asked = [play.pool.submit(instant(number)) for number in range(4)]
        assert play.pool.waiting == 2
        for number in range(4):
            assert await worker.request() == instant(number).text
            if number < 3:  # The next one is there before this one is answered.
                following = await worker.next()
                assert following[1] == instant(number + 1).text
                worker._heads.insert(0, following)
            worker.answer(str(number))
            assert (await asked[number]).body == str(number).encode()
        assert [*play.pool.states()] == ["idle"]


@pytest.mark.parametrize("known", ["unknown", "quick", "slow"])
@pytest.mark.parametrize("order", [(SLOW, QUICK), (QUICK, SLOW)])
@in_loop
async def test_only_what_is_known_as_instant_is_sent_ahead(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    known: str,
    order: tuple[QueryRequest, QueryRequest],
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        if known == "quick":
            play.know_as_quick(SLOW)
        elif known == "slow":
            play.know_as_slow(SLOW)
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        asked = [play.pool.submit(request) for request in order]
        (connection,) = play.pool._supervisor.working()
        assert connection.next is None
        assert play.pool.waiting == 1
        assert await worker.request() == order[0].text
        for future in asked:
            future.cancel()


@in_loop
async def test_what_was_sent_ahead_of_a_query_that_turns_out_long_goes_to_another_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=2, long=0.05) as play:
        play.know_as_instant(QUICK)
        first, second = await play.ready(1), await play.ready(2)
        asked = [play.pool.submit(instant(number)) for number in range(3)]
        assert play.pool.waiting == 0
        texts = {await first.request(): first, await second.request(): second}
        ahead = next(found for found in play.pool._supervisor.working() if found.next)
        long, other = (first, second) if ahead.number == 1 else (second, first)
        assert await long.request() == instant(2).text
        answered = next(text for text, worker in texts.items() if worker is other)
        other.answer("other")
        assert await other.request() == instant(2).text  # It is taken back, and asked of this one.
        other.answer("two")
        assert (await asked[2]).body == b"two"
        long.answer("long", seconds=1.0)
        long.answer("two, for nobody")
        for number in (0, 1):
            body = b"other" if instant(number).text == answered else b"long"
            assert (await asked[number]).body == body
        await until(lambda: not any(play.pool._supervisor.working()))
        assert (await asked[2]).body == b"two"
        assert "client-gone" not in play.pool.ended


@pytest.mark.parametrize("end", ["due", "killed", "died"])
@in_loop
async def test_what_was_sent_ahead_to_a_worker_that_ends_is_asked_of_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str
) -> None:
    monkeypatch.setattr(supervisor_module, "_EXIT_CODE_WAIT", 0.01)
    async with played(monkeypatch, tmp_path, long=0.02) as play:
        other = QueryRequest("ASK {}")  # What its end says of its shape says nothing of theirs.
        for request in (QUICK, other):
            play.know_as_instant(request)
        worker = await play.ready(1)
        asked = [other, *map(instant, (1, 2))]
        first, ahead, waiting = map(play.pool.submit, asked)
        (connection,) = play.pool._supervisor.working()
        assert connection.next is not None
        if end == "due":
            worker.answer("first", due=True)
            assert (await first).body == b"first"
        elif end == "killed":
            first.cancel()
            await until(lambda: play.pool.ended == {"client-gone": 1})
        else:
            worker.die()
            with pytest.raises(WorkerLost):
                await first
        fresh = await play.ready(2)
        for number, future in ((1, ahead), (2, waiting)):
            assert await fresh.request() == instant(number).text
            fresh.answer(str(number))
            assert (await future).body == str(number).encode()


@in_loop
async def test_what_was_sent_ahead_and_is_not_wanted_any_more_is_answered_to_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        first, ahead = (play.pool.submit(instant(number)) for number in range(2))
        ahead.cancel()
        later = play.pool.submit(instant(2))
        for text in ("first", "nobody's", "later"):
            await worker.request()
            worker.answer(text)
        assert (await first).body == b"first"
        assert (await later).body == b"later"


@in_loop
async def test_what_was_sent_ahead_has_its_deadline_there_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        first = play.pool.submit(instant(0))
        with pytest.raises(Overloaded):
            await play.pool.answer(QueryRequest(instant(1).text, timeout=0.001))
        assert play.pool.waiting == 0
        for text in ("first", "nobody's"):
            await worker.request()
            worker.answer(text)
        assert (await first).body == b"first"
        await until(lambda: [*play.pool.states()] == ["idle"])


@in_loop
async def test_nothing_is_sent_ahead_to_a_worker_that_sees_an_earlier_generation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, loaded=False) as play:
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        asked = [play.pool.submit(instant(number)) for number in range(2)]
        play.pool.use(tmp_path, Generation("two", 0.0))
        asked += [play.pool.submit(instant(number)) for number in range(2, 4)]
        assert play.pool.waiting == 2
        for number in range(4):
            await worker.request()
            assert worker.path == (None if number < 2 else str(tmp_path))
            worker.answer(str(number))
        names = [(await future).generation.name for future in asked]
        assert names == ["one", "one", "two", "two"]


@in_loop
async def test_a_query_of_another_shape_does_not_wait_behind_instant_ones_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(queues_module, "_PATIENCE", 0.02)
    async with played(monkeypatch, tmp_path) as play:
        play.know_as_instant(QUICK)
        worker = await play.ready(1)
        flood = [play.pool.submit(instant(number)) for number in range(3)]
        other = play.pool.submit(SLOW)
        answered = 0
        while await worker.request() != SLOW.text:
            worker.answer("")
            await asyncio.sleep(0.005)
            flood.append(play.pool.submit(instant(len(flood))))
            answered += 1
            assert answered < 100
        worker.answer("other")
        assert (await other).body == b"other"
        for future in flood:
            future.cancel()


@in_loop
async def test_closing_fails_what_was_sent_ahead_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        play.know_as_instant(QUICK)
        await play.ready(1)
        asked = [play.pool.submit(instant(number)) for number in range(3)]
        await play.pool.close(0)
        for future in asked:
            with pytest.raises(Overloaded, match="stopping"):
                await future
