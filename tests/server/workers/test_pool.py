"""Worker processes: answers, deadlines, memory, clients that go, deaths, queues."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import platform
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smegraph.server.engine.cache import CachingEngine
from smegraph.server.engine.engine import Generation, QueryRequest
from smegraph.server.engine.errors import (
    AnswerBroken,
    DeadlineExceeded,
    MemoryExceeded,
    NotAccepted,
    Overloaded,
    QueryTooComplex,
    ResultTooLarge,
    WorkerLost,
)
from smegraph.server.workers.connection import WorkerConnection
from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.pool import Pool, PoolSettings
from smegraph.sparql.errors import FederationRefused, MalformedQuery
from tests.server.loops import until

if TYPE_CHECKING:
    from tests.conftest import Hold

GENERATION = Generation("one", 1_700_000_000.0)

# Joins that never end and need no memory, and a sort that needs ever more of it.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def asking(text: str, **more: Any) -> QueryRequest:
    return QueryRequest(text, table_format="csv", **more)


@pytest.fixture(scope="session")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand statements as N-Quads."""
    file = tmp_path_factory.mktemp("pool") / "data.nq"
    file.write_text(
        "".join(
            f"<http://x/s{i}> <http://x/p{i % 7}> "
            f'"{i}"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
            for i in range(2000)
        )
    )
    return file


Starter = Callable[..., Any]


@pytest.fixture
def pooled(quads: Path, tmp_path: Path) -> Starter:
    """Starts a pool, of which every worker waits, and ends it.

    Named values are settings of the pool or of its forkserver.
    """

    @asynccontextmanager
    async def start(**named: Any) -> AsyncIterator[Pool]:
        fields = ForkserverSettings.__dataclass_fields__
        own = {key: named.pop(key) for key in [*named] if key in fields}
        settings = PoolSettings(**{"short": 2, "heavy": 1, "suspended": 2, "rest": 600, **named})
        forkserver = ForkserverSettings(
            **{
                "parent": os.getpid(), "loader": ("cat", str(quads)), "stored_union": True,
                "spool": str(tmp_path), "memory": 2**30, "result": 2**30, **own,
            }
        )  # fmt: skip
        pool = Pool(forkserver, settings, GENERATION)
        await pool.start()
        try:
            if forkserver.loader:
                await until(lambda: len(pool._supervisor.idle) == settings.short)
            yield pool
        finally:
            await pool.close(0)

    return start


def forkserver(pool: Pool) -> int:
    """The process that holds the store."""
    return pool._supervisor.forkserver.pid


def children(pid: int) -> set[int]:
    """The processes below a process, zombies left out."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(stat[1]) == pid and stat[0] != "Z":
                found |= {int(entry.name)} | children(int(entry.name))
    return found


def state(pid: int) -> str:
    """What a process does: "R" when it computes, "T" when it was stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def overdue(worker: WorkerConnection) -> None:
    """Let the time of the query be over on which a worker is."""
    assert worker.job is not None
    worker.job.deadline = 0.0


def run(work: Awaitable[None]) -> None:
    """Run a test's coroutine on a loop of its own."""
    asyncio.run(work)  # type: ignore[arg-type]


COUNT = asking("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def point(number: int) -> QueryRequest:
    return asking(f"SELECT ?o {{ <http://x/s{number}> ?p ?o }}")


def test_a_short_answer_comes_whole_with_its_worker_and_generation(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            answer = await pool.answer(COUNT)
            assert answer.body == b"n\r\n2000\r\n"
            assert (answer.format, answer.encoding) == ("csv", "identity")
            assert answer.generation == GENERATION
            assert answer.worker in children(forkserver(pool))

    run(work())


def test_many_at_once_are_each_answered_with_their_own(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            answers = await asyncio.gather(*(pool.answer(point(i)) for i in range(100)))
            assert [a.body for a in answers] == [f"o\r\n{i}\r\n".encode() for i in range(100)]

    run(work())


def page_faults(pid: int) -> int:
    """How many pages a process has been given or has copied so far."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[7])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have other areas")
def test_what_a_worker_allocates_lies_apart_from_the_store(pooled: Starter, tmp_path: Path) -> None:
    """In the gaps between the store's nodes it would lie on shared pages, each copied at first."""
    file = tmp_path / "many.nq"
    with file.open("w") as out:
        out.writelines(
            f'<http://x/s{n // 5}> <http://x/p{n % 5}> "{n:0{n % 60}}" .\n' for n in range(150_000)
        )

    async def work() -> None:
        async with pooled(loader=("cat", str(file)), short=1) as pool:
            text = "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) { VALUES ?s { %s } ?s ?p ?o } GROUP BY ?p"
            asked = asking(text % " ".join(f"<http://x/s{n * 61}>" for n in range(400)))
            for _ in range(5):
                first = await pool.answer(asked)
            before = page_faults(first.worker)
            for _ in range(100):
                answer = await pool.answer(asked)
            assert answer.worker == first.worker
            assert page_faults(first.worker) - before < 500  # in one area it is 2300

    run(work())


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (asking("SELECT * {"), MalformedQuery),
        (asking("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), FederationRefused),
        (QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }", graph_format=None), NotAccepted),
    ],
)
def test_a_refusal_comes_as_what_the_store_raised(
    pooled: Starter, request_: QueryRequest, error: type[Exception]
) -> None:
    async def work() -> None:
        async with pooled() as pool:
            with pytest.raises(error) as raised:
                await pool.answer(request_)
            assert str(raised.value)
            assert (await pool.answer(COUNT)).body

    run(work())


@pytest.mark.parametrize("timeout", [None, 20.0])
def test_a_refused_query_is_held_by_nothing(pooled: Starter, timeout: float | None) -> None:
    """Nor by a circle of an error and the frames that it came through, which are collected late."""

    async def work() -> None:
        async with pooled() as pool:
            engine = CachingEngine(pool, 2**20)
            gc.disable()
            try:
                for number in range(3):
                    request = QueryRequest(f"SELECT {{ circle {number}", timeout=timeout)
                    with contextlib.suppress(MalformedQuery):
                        await engine.answer(request)
                del request
                await asyncio.sleep(0.05)  # until the callbacks of what has ended have run
                held = [o for o in gc.get_objects() if isinstance(o, QueryRequest)]
                assert [found.text for found in held if "circle" in found.text] == []
            finally:
                gc.enable()

    run(work())


def test_a_runaway_is_ended_at_its_deadline_and_its_process_too(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(timeout=600) as pool:
            with pytest.raises(DeadlineExceeded, match=r"0\.4 s"):
                await asyncio.wait_for(pool.answer(asking(RUNAWAY, timeout=0.4)), 60)
            await until(lambda: len(children(forkserver(pool))) == 2)  # fresh workers
            assert (await pool.answer(COUNT)).body

    run(work())


def test_a_request_cannot_raise_the_service_s_time(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(timeout=0.3) as pool:
            with pytest.raises(DeadlineExceeded, match=r"0\.3 s"):
                await pool.answer(asking(RUNAWAY, timeout=99))

    run(work())


@pytest.mark.parametrize("backtrace", ["0", "1"])
def test_a_query_that_needs_too_much_memory_fails_alone(
    pooled: Starter, monkeypatch: pytest.MonkeyPatch, backtrace: str
) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", backtrace)  # The engine may say much more than why.

    async def work() -> None:
        async with pooled(memory=128 * 2**20, timeout=600) as pool:
            hog = asyncio.ensure_future(pool.answer(asking(HOG)))
            while not hog.done():
                assert (await pool.answer(COUNT)).body == b"n\r\n2000\r\n"
                await asyncio.sleep(0.05)
            with pytest.raises(MemoryExceeded, match="128 MiB"):
                await hog

    run(work())


def test_a_query_whose_client_has_gone_is_ended(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            task = asyncio.ensure_future(pool.answer(asking(RUNAWAY)))
            await until(lambda: bool([*pool._supervisor.working()]))
            task.cancel()
            await until(lambda: pool.ended.get("client-gone") == 1)
            await until(lambda: len(children(forkserver(pool))) == 2)

    run(work())


def test_a_worker_that_dies_takes_its_own_query_only(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            task = asyncio.ensure_future(pool.answer(asking(RUNAWAY)))
            await until(lambda: bool([*pool._supervisor.working()]))
            (connection,) = pool._supervisor.working()
            os.kill(connection.pid, signal.SIGKILL)
            with pytest.raises(WorkerLost):
                await task
            assert (await pool.answer(COUNT)).body
            assert pool.ended == {"died": 1}

    run(work())


def test_a_query_too_deep_for_the_stack_is_told_so(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            nested = "SELECT * " + "{" * 100_000 + "}" * 100_000
            with pytest.raises(QueryTooComplex):
                await pool.answer(asking(nested))
            assert (await pool.answer(COUNT)).body
            assert pool.ended == {"stack": 1}

    run(work())


def test_a_query_of_ten_thousand_levels_is_answered(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            nested = "SELECT * " + "{" * 10_000 + "}" * 10_000
            answer = await pool.answer(asking(nested))
            assert answer.body is not None
            assert answer.body.count(b"\n") == 2  # the names, and one solution

    run(work())


def test_quick_queries_do_not_wait_behind_slow_ones_of_a_known_shape(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(timeout=600, suspended=0, heavy=1) as pool:
            await pool.answer(point(0))
            with pytest.raises((DeadlineExceeded, Overloaded)):
                await pool.answer(asking(f"{RUNAWAY} # first", timeout=0.5))
            slow = [
                asyncio.ensure_future(pool.answer(asking(f"{RUNAWAY} # {i}"))) for i in range(50)
            ]
            await asyncio.sleep(0)
            assert (await pool.answer(point(1))).body == b"o\r\n1\r\n"
            refused = [task.exception() for task in slow if task.done()]
            assert all(isinstance(error, Overloaded) for error in refused)  # None has had its time.
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    run(work())


def test_a_stopped_worker_that_had_finished_is_ended(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            pid = (await pool.answer(COUNT)).worker
            (connection,) = [c for c in pool._supervisor.connections.values() if c.pid == pid]
            pool._supervisor.make_heavy(connection)
            pool._supervisor.suspend(connection)
            pool._supervisor.retire(connection, "finished")
            await until(lambda: pid not in children(forkserver(pool)))

    run(work())


def test_an_answer_that_fails_before_its_first_part_says_why(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            answer = await pool.answer(asking(LARGE))
            (connection,) = pool._supervisor.working()
            assert connection.job is not None
            connection.job.fail(Overloaded(5))
            assert answer.parts is not None
            with pytest.raises(Overloaded):
                await anext(answer.parts)
            await answer.close()

    run(work())


def test_the_process_that_holds_the_store_is_replaced_when_it_dies(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            os.kill(forkserver(pool), signal.SIGKILL)
            await until(lambda: not pool.ready)
            answer = await pool.answer(COUNT)
            assert answer.body == b"n\r\n2000\r\n"
            assert pool.ready

    run(work())


def test_a_large_result_comes_in_parts_and_whole(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            text = "SELECT * { ?a ?b ?c . ?d <http://x/p1> ?f }"
            answer = await pool.answer(asking(text))
            assert answer.body is None
            assert answer.parts is not None
            size = lines = 0
            async for part in answer.parts:
                size += len(part)
                lines += part.count(b"\n")
            assert lines == 2000 * 286 + 1

    run(work())


def test_a_slow_reader_holds_no_worker(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(suspended=6) as pool:
            text = "SELECT * { ?a <http://x/p1> ?c . ?d <http://x/p2> ?f }"
            slow = [await pool.answer(asking(text)) for _ in range(6)]
            await until(lambda: not any(pool._supervisor.working()))
            assert (await pool.answer(COUNT)).body
            for answer in slow:
                assert answer.parts is not None
                lines = [part.count(b"\n") async for part in answer.parts]
                assert sum(lines) == 286 * 286 + 1

    run(work())


def test_nothing_of_a_large_result_is_left_on_the_disk(pooled: Starter, tmp_path: Path) -> None:
    async def work() -> None:
        async with pooled() as pool:
            answer = await pool.answer(asking(LARGE))
            assert [*tmp_path.iterdir()] == []
            await answer.close()
            await until(lambda: not any(pool._supervisor.working()))
            assert pool.ended.get("client-gone") == 1
            assert [*tmp_path.iterdir()] == []

    run(work())


def test_a_result_beyond_the_limit_is_broken_off(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(result=10_000_000) as pool:
            answer = await pool.answer(asking(LARGE))
            assert answer.parts is not None
            with pytest.raises(AnswerBroken, match="10000000 bytes"):
                async for _ in answer.parts:
                    pass
        async with pooled(result=1000) as pool:
            with pytest.raises(ResultTooLarge):
                await pool.answer(asking("SELECT * { ?a ?b ?c }"))

    run(work())


def ask_beside_heavy_ones(pooled: Starter, waiting: float) -> list[float]:
    """Return the seconds that each of many short queries takes while heavy ones are at work."""
    took = []

    async def work() -> None:
        async with pooled(suspended=20, timeout=600) as pool:
            texts = [f"{RUNAWAY} # {i}" for i in range(12)]
            heavy = [asyncio.ensure_future(pool.answer(asking(text))) for text in texts]
            await asyncio.sleep(waiting)
            for i in range(200):
                begun = time.perf_counter()
                assert (await pool.answer(point(i))).body == f"o\r\n{i}\r\n".encode()
                took.append(time.perf_counter() - begun)
            assert not any(task.done() for task in heavy)
            for task in heavy:
                task.cancel()
            await asyncio.gather(*heavy, return_exceptions=True)

    run(work())
    return took


def test_short_queries_are_not_starved_by_heavy_ones(pooled: Starter) -> None:
    assert len(ask_beside_heavy_ones(pooled, 0)) == 200


@pytest.mark.timed
def test_short_queries_do_not_wait_for_heavy_ones(pooled: Starter, hold: Hold) -> None:
    took = ask_beside_heavy_ones(pooled, 1)
    hold("every second answer beside heavy queries", sorted(took)[100], 0.1)


def test_heavy_queries_beyond_the_slots_are_stopped_and_resumed(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(heavy=1, timeout=600) as pool:
            first = asyncio.ensure_future(pool.answer(asking(f"{RUNAWAY} # 1")))
            await until(lambda: pool._supervisor.heavy() == 1)
            second = asyncio.ensure_future(pool.answer(asking(f"{RUNAWAY} # 2")))
            await until(lambda: len(pool._supervisor.suspended) == 1)
            (stopped,) = pool._supervisor.suspended
            await until(lambda: state(stopped.pid) == "T")
            overdue(next(worker for worker in pool._supervisor.working() if worker is not stopped))
            with pytest.raises(DeadlineExceeded):
                await first
            assert not pool._supervisor.suspended
            await until(lambda: state(stopped.pid) == "R")
            overdue(stopped)
            with pytest.raises(DeadlineExceeded):
                await second

    run(work())


def test_too_many_heavy_queries_are_refused(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(heavy=1, suspended=1, timeout=600) as pool:
            tasks = [
                asyncio.ensure_future(pool.answer(asking(f"{RUNAWAY} # {i}"))) for i in range(6)
            ]
            await until(lambda: sum(task.done() for task in tasks) == 4)
            errors = [task.exception() for task in tasks if task.done()]
            assert all(isinstance(error, Overloaded) for error in errors)
            for task in tasks:
                task.cancel()

    run(work())


def test_a_query_that_was_heavy_waits_in_its_own_queue(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(heavy=1, timeout=600) as pool:
            with pytest.raises(DeadlineExceeded):
                await pool.answer(asking(RUNAWAY, timeout=0.7))
            tasks = [asyncio.ensure_future(pool.answer(asking(RUNAWAY))) for _ in range(3)]
            await until(lambda: len(pool._queues.heavy) == 2)
            assert (await pool.answer(COUNT)).body
            for task in tasks:
                task.cancel()

    run(work())


def test_a_full_queue_is_told_at_once(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled(queue=2, suspended=0) as pool:
            tasks = [asyncio.ensure_future(pool.answer(point(i))) for i in range(40)]
            results = await asyncio.gather(*tasks, return_exceptions=True)
            refused = [r for r in results if isinstance(r, Overloaded)]
            assert refused
            assert all(r.retry_after > 0 for r in refused)
            assert len(refused) < 40

    run(work())


def test_workers_are_replaced_after_their_time(pooled: Starter, monkeypatch: Any) -> None:
    async def work() -> None:
        async with pooled(short=1) as pool:
            seen = set()
            for _ in range(20_200 // 100):
                answers = await asyncio.gather(*(pool.answer(point(i)) for i in range(100)))
                assert [answer.body for answer in answers] == [
                    f"o\r\n{i}\r\n".encode() for i in range(100)
                ]
                seen.update(answer.worker for answer in answers)
            assert len(seen) == 2
            assert pool.ended == {"worn": 1}

    run(work())


def test_a_store_that_cannot_be_loaded_is_told_with_the_loader_s_words(pooled: Starter) -> None:
    async def work() -> None:
        before = children(os.getpid())
        script = "import sys; sys.stderr.write('data.ttl, line 3: no'); sys.exit(1)"
        with pytest.raises(PoolFailed, match=r"data\.ttl, line 3: no"):
            async with pooled(loader=("python3", "-c", script)):
                pass
        assert children(os.getpid()) <= before

    run(work())


def test_closing_leaves_no_process_and_answers_what_runs(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            started = {forkserver(pool), *children(forkserver(pool))}
            tasks = [asyncio.ensure_future(pool.answer(point(i))) for i in range(20)]
            await asyncio.sleep(0)
            await pool.close(60)
            assert len([t for t in tasks if (await t).body]) == 20
            with pytest.raises(Overloaded, match="stopping"):
                await pool.answer(COUNT)
        await until(lambda: not started & children(os.getpid()))

    run(work())


def test_workers_have_no_network(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            if not pool.isolated:
                pytest.skip("this system grants no network namespace")
            answer = await pool.answer(COUNT)
            interfaces = Path(f"/proc/{answer.worker}/net/dev").read_text().splitlines()[2:]
            assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]

    run(work())


def test_workers_on_folders_see_the_folder_that_is_in_use(pooled: Starter, tmp_path: Path) -> None:
    import pyoxigraph as ox

    folders = []
    for number in (1, 2):
        store = ox.Store(str(tmp_path / f"store{number}"))
        for i in range(number):
            store.add(
                ox.Quad(ox.NamedNode(f"http://x/{i}"), ox.NamedNode("http://p"), ox.Literal(i))
            )
        store.flush()
        folders.append(tmp_path / f"store{number}")
        del store

    async def work() -> None:
        async with pooled(loader=(), stored_union=False) as pool:
            for number, folder in enumerate(folders, 1):
                pool.use(folder, Generation(f"g{number}", 0.0))
                answers = await asyncio.gather(*(pool.answer(COUNT) for _ in range(4)))
                assert {a.body for a in answers} == {f"n\r\n{number}\r\n".encode()}
                assert {a.generation.name for a in answers} == {f"g{number}"}
            await until(lambda: pool.generations() == {"g2"})

    run(work())


def test_deadlines_hold_while_a_pool_is_closing(pooled: Starter) -> None:
    async def work() -> None:
        async with pooled() as pool:
            task = asyncio.ensure_future(pool.answer(asking(RUNAWAY, timeout=0.5)))
            await asyncio.sleep(0.05)
            await asyncio.wait_for(pool.close(600), 60)
            with pytest.raises(DeadlineExceeded):
                await task

    run(work())
