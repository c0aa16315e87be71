"""What a pool decides: who gets which worker, who goes on with the next query, who does not."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.engine.errors import (
    Overloaded,
    ResultTooLarge,
)
from smegraph.server.workers.job import Job
from smegraph.server.workers.sandbox import LOW_PRIORITY, LOWEST_PRIORITY
from tests.server.loops import in_loop, until
from tests.server.workers.played import QUICK, SLOW, played


@in_loop
async def test_a_worker_goes_on_with_the_next_query(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        for text in ("first", "second"):
            asked = play.pool.submit(QUICK)
            assert await worker.request() == QUICK.text
            worker.answer(text)
            answer = await asked
            assert (answer.body, answer.worker) == (text.encode(), worker.pid)
        assert len(play.workers) == 1


@in_loop
async def test_a_worker_that_is_due_for_recycling_answers_and_gives_way_to_a_fresh_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        worker.answer("last", due=True)
        assert (await asked).body == b"last"
        assert await worker.is_dismissed()
        assert play.pool.ended == {"worn": 1}
        fresh = await play.ready(2)
        asked = play.pool.submit(QUICK)
        await fresh.request()
        fresh.answer("more")
        assert (await asked).worker == fresh.pid


@in_loop
async def test_a_failure_recycles_as_an_answer_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        worker.tell("fail", "ResultTooLarge", 1000, True, 0.0)
        with pytest.raises(ResultTooLarge, match="1000 bytes"):
            await asked
        assert play.pool.ended == {"worn": 1}


@in_loop
async def test_a_worker_is_reniced_for_a_slow_query_and_takes_no_quick_one_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        play.know_as_slow(SLOW)
        asked = play.pool.submit(SLOW)
        await worker.request()
        assert play.forkserver.niceness == [(worker.pid, LOW_PRIORITY)]
        worker.answer("slow")
        assert (await asked).body == b"slow"
        assert [*play.pool.states()] == ["rested", "idle"]
        fresh = await play.ready(2)
        play.know_as_quick(QUICK)
        quick = play.pool.submit(QUICK)
        await fresh.request()
        fresh.answer("quick")
        assert (await quick).worker == fresh.pid


@in_loop
async def test_the_next_slow_query_gets_the_worker_that_had_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, heavy=2) as play:
        worker = await play.warm()
        for text in ("one", "two"):
            asked = play.pool.submit(SLOW)
            assert play.pool._supervisor.heavy() == 1
            await worker.request()
            worker.answer(text, seconds=0.1)
            assert (await asked).worker == worker.pid
        assert play.forkserver.niceness == [(worker.pid, LOW_PRIORITY)]
        assert play.pool.ended == {}


@in_loop
@pytest.mark.parametrize("short_runs", [False, True])
async def test_a_query_of_an_unknown_shape_gets_a_rested_worker_unless_a_short_one_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, short_runs: bool
) -> None:
    async with played(monkeypatch, tmp_path, short=2) as play:
        await play.warm()
        await play.ready(3)
        play.know_as_quick(QUICK)
        asked = [play.pool.submit(QUICK)] if short_runs else []
        asked.append(play.pool.submit(QueryRequest("ASK { ?unknown ?of ?shape }")))
        found = sorted(play.pool.states())
        assert found == (["rested", "short", "short"] if short_runs else ["heavy", "idle", "idle"])
        for future in asked:
            future.cancel()


@in_loop
@pytest.mark.parametrize(
    ("on_warm", "seconds", "slow"),
    [
        (False, 0.009, False),
        (False, 0.011, True),
        (True, 0.003, True),  # On another worker it may take longer.
        (True, 0.001, False),
    ],
)
async def test_how_long_a_shape_takes_is_learned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, on_warm: bool, seconds: float, slow: bool
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.warm() if on_warm else await play.ready(1)
        asked = play.pool.submit(SLOW)
        await worker.request()
        worker.answer("now", seconds=seconds)
        await asked
        future = asyncio.get_running_loop().create_future()
        assert play.pool._queues.is_slow(Job(SLOW, future, 0.0, 0.0, 0.0)) is slow


@in_loop
async def test_a_slow_query_that_waits_gets_the_worker_that_has_finished_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.warm()
        first = play.pool.submit(SLOW)
        second = play.pool.submit(SLOW)
        assert play.pool.waiting == 1
        for asked, text in ((first, "one"), (second, "two")):
            await worker.request()
            worker.answer(text, seconds=0.1)
            assert ((await asked).worker, (await asked).body) == (worker.pid, text.encode())


@in_loop
async def test_no_more_workers_rest_than_there_are_slots(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=3) as play:
        for number in (1, 2, 3):
            await play.ready(number)
        play.know_as_slow(SLOW)
        asked = [play.pool.submit(SLOW) for _ in range(2)]
        working = [found.number for found in play.pool._supervisor.working()]
        for number in working:
            await play.workers[number - 1].request()
            play.workers[number - 1].answer("slow", seconds=1.0)
        await asyncio.gather(*asked)
        assert [*play.pool.states()].count("rested") == 1
        assert play.pool.ended == {"finished": 1}


@in_loop
async def test_a_second_worker_with_copies_gives_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=2) as play:
        workers = [await play.ready(1), await play.ready(2)]
        asked = [play.pool.submit(QUICK) for _ in workers]
        for worker in workers:
            await worker.request()
            worker.answer("", due=None)
            worker.tell("measured", False, 2**30)
        await asyncio.gather(*asked)
        await until(lambda: [*play.pool.states()].count("rested") == 1)
        await until(lambda: play.pool.ended == {"worn": 1})


@in_loop
@pytest.mark.parametrize(
    ("own", "due", "states"),
    [(2**30, False, ["rested", "idle"]), (2**20, False, ["idle"]), (2**20, True, ["idle"])],
)
async def test_a_worker_is_free_only_when_it_has_measured_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own: int, due: bool, states: list[str]
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        worker.answer("answer", due=None)
        assert (await asked).body == b"answer"
        assert [*play.pool.states()] == ["short"]
        worker.tell("measured", due, own)
        await until(lambda: [*play.pool.states()] == states)
        assert play.pool.ended == ({"worn": 1} if due else {})


@in_loop
async def test_the_last_free_worker_is_not_for_a_slow_query(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=2) as play:
        await play.ready(1)
        await play.ready(2)
        play.know_as_slow(SLOW)
        slow = [play.pool.submit(SLOW) for _ in range(2)]
        assert [*play.pool.states()].count("idle") == 1
        assert play.pool.waiting == 1
        quick = play.pool.submit(QUICK)
        assert [*play.pool.states()].count("idle") == 0
        assert play.pool.waiting == 1
        for future in (*slow, quick):
            future.cancel()


@in_loop
async def test_a_query_that_runs_long_makes_room_for_a_worker_for_short_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, long=0.05) as play:
        worker = await play.ready(1)
        slow = play.pool.submit(SLOW)
        await worker.request()
        await until(lambda: [*play.pool.states()] == ["heavy", "idle"])
        assert play.forkserver.niceness == [(worker.pid, LOWEST_PRIORITY)]
        assert len(play.workers) == 2
        worker.answer("slow")
        assert (await slow).body == b"slow"
        assert [*play.pool.states()] == ["rested", "idle"]


@in_loop
async def test_a_second_long_query_is_stopped_and_goes_on_when_the_first_has_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=2, long=0.05) as play:
        workers = await play.ready(1), await play.ready(2)
        asked = [play.pool.submit(SLOW), play.pool.submit(QUICK)]
        texts = {await worker.request(): worker for worker in workers}
        await until(lambda: "suspended" in play.pool.states())
        stopped = [pid for pid, number in play.forkserver.signals if number == signal.SIGSTOP]
        assert stopped == [texts[QUICK.text].pid]  # The oldest keeps running.
        texts[SLOW.text].answer("first")
        await asked[0]
        await until(lambda: play.forkserver.signals[-1] == (stopped[0], signal.SIGCONT))
        texts[QUICK.text].answer("second")
        assert (await asked[1]).body == b"second"


@in_loop
async def test_one_long_query_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, short=2, suspended=0, long=0.05) as play:
        await play.ready(1)
        await play.ready(2)
        first, second = play.pool.submit(SLOW), play.pool.submit(QUICK)
        with pytest.raises(Overloaded, match="Too many long queries"):
            await second
        assert not first.done()
        first.cancel()
        assert play.pool.ended == {"crowded": 1}


@in_loop
async def test_a_query_whose_client_has_gone_leaves_the_queue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        asked = play.pool.submit(QUICK)
        assert play.pool.waiting == 1
        asked.cancel()
        await asyncio.sleep(0)
        assert play.pool.waiting == 0


@in_loop
async def test_a_query_that_nobody_came_to_in_its_time_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path) as play:
        with pytest.raises(Overloaded):
            await play.pool.answer(QueryRequest("ASK {}", timeout=0.02))


@in_loop
async def test_a_worker_goes_over_to_a_new_generation_when_its_query_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, loaded=False) as play:
        worker = await play.ready(1)
        asked = play.pool.submit(QUICK)
        await worker.request()
        play.pool.use(tmp_path, Generation("two", 0.0))
        assert play.pool.generations() == {"one", "two"}
        worker.answer("old")
        assert (await asked).generation.name == "one"
        assert play.pool.generations() == {"two"}
        asked = play.pool.submit(QUICK)
        await worker.request()
        assert worker.path == str(tmp_path)
        worker.answer("new")
        assert (await asked).generation.name == "two"
        assert play.pool.ended == {}


@in_loop
async def test_workers_that_wait_are_told_of_a_new_generation_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with played(monkeypatch, tmp_path, loaded=False) as play:
        rested = await play.warm()
        idle = await play.ready(2)
        play.pool.use(tmp_path, Generation("two", 0.0))
        play.know_as_quick(QUICK)
        for worker, request in ((rested, SLOW), (idle, QUICK)):
            asked = play.pool.submit(request)
            await worker.request()
            assert worker.path == str(tmp_path)
            worker.answer("new", seconds=0.1)
            assert (await asked).generation.name == "two"
