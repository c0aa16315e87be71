"""A worker in a thread: what it tells, and when it asks for a fresh process."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from smegraph.server.engine.engine import QueryRequest
from smegraph.server.workers import sandbox
from smegraph.server.workers.errors import decode
from smegraph.server.workers.job import encode_request
from smegraph.server.workers.messages import pack, receive
from smegraph.server.workers.worker import Opener, Worker, WorkerLimits
from smegraph.sparql.errors import MalformedQuery, QueryFailed
from smegraph.store.embedded import EmbeddedStore

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    found = Store()
    found.extend(Quad(NamedNode(f"urn:s{n}"), NamedNode("urn:p"), Literal(n)) for n in range(100))
    return EmbeddedStore(found)


class Service:
    """The service's side of a worker."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def ask(self, text: str) -> tuple[list[Any], bytes]:
        """Send a query, and return the first message that comes back."""
        request = QueryRequest(text, table_format="csv")
        self.tell(encode_request(request))
        return self.hear()

    def tell(self, head: list[Any]) -> None:
        self._connection.sendall(pack(head))

    def hear(self) -> tuple[list[Any], bytes]:
        """The next message, without the seconds that its end tells."""
        message = receive(self._connection)
        assert message is not None
        head, body = message
        if head[0] in ("whole", "end", "fail"):
            assert 0 <= head.pop() < 60
        return head, body


@contextmanager
def working(store: EmbeddedStore | Opener, spool: Path, limits: WorkerLimits) -> Iterator[Service]:
    mine, its = socket.socketpair()
    open = (lambda _: store) if isinstance(store, EmbeddedStore) else store
    worker = Worker(its, open, limits, spool)
    thread = threading.Thread(target=worker.run)
    thread.start()
    service = Service(mine)
    try:
        assert service.hear() == (["ready", os.getpid()], b"")
        yield service
    finally:
        mine.close()
        thread.join(30)
        its.close()
        assert not thread.is_alive(), "it does not end with its connection"


LIMITS = WorkerLimits(result=2**30)


def test_a_small_result_comes_whole(store: EmbeddedStore, tmp_path: Path) -> None:
    with working(store, tmp_path, LIMITS) as service:
        assert service.ask(COUNT) == (["whole", "csv", "identity", False], b"n\r\n100\r\n")


def test_a_large_result_goes_to_a_file_that_is_told_as_it_grows(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    with working(store, tmp_path, LIMITS) as service:
        (kind, format, encoding, name), _ = service.ask(ALL)
        assert (kind, format, encoding) == ("start", "csv", "identity")
        sizes = []
        while (message := service.hear()[0])[0] == "more":
            sizes.append(message[1])
        assert message == ["end", False]
        assert sizes == sorted(set(sizes))
        assert (tmp_path / name).stat().st_size == sizes[-1]


def test_a_refusal_is_told_and_the_worker_goes_on(store: EmbeddedStore, tmp_path: Path) -> None:
    with working(store, tmp_path, LIMITS) as service:
        (kind, name, content, due), _ = service.ask("SELECT * {")
        assert (kind, due) == ("fail", False)
        assert isinstance(decode(name, content), MalformedQuery)
        assert service.ask(COUNT)[0][0] == "whole"


def test_a_result_beyond_the_limit_is_a_failure(store: EmbeddedStore, tmp_path: Path) -> None:
    with working(store, tmp_path, WorkerLimits(result=100)) as service:
        assert service.ask(ALL)[0][:3] == ["fail", "ResultTooLarge", 100]


def test_the_last_query_of_a_life_asks_for_a_fresh_process(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    with working(store, tmp_path, WorkerLimits(result=2**30, queries=3)) as service:
        assert [service.ask(COUNT)[0][-1] for _ in range(3)] == [False, False, True]


def test_refusals_count_as_queries_of_a_life(store: EmbeddedStore, tmp_path: Path) -> None:
    with working(store, tmp_path, WorkerLimits(result=2**30, queries=2)) as service:
        assert [service.ask("SELECT")[0][-1] for _ in range(2)] == [False, True]


def test_one_that_has_been_given_many_pages_measures_itself_behind_its_answer(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, sizes = (
        iter([0, 4096, 4097, 4097, 4097, 9000, 9000]),
        iter([10_000, *[11_000] * 2, *[11_001] * 2]),
    )
    monkeypatch.setattr(sandbox, "page_faults", lambda: next(pages))
    monkeypatch.setattr(sandbox, "resident_memory", lambda: next(sizes))
    monkeypatch.setattr(sandbox, "own_memory", lambda: 77)
    with working(store, tmp_path, WorkerLimits(result=2**30, growth=1000)) as service:
        assert service.ask(COUNT)[0][-1] is False
        assert service.ask(COUNT)[0][-1] is None
        assert service.hear() == (["measured", False, 77], b"")
        assert service.ask(COUNT)[0][-1] is False
        assert service.ask(COUNT)[0][-1] is None
        assert service.hear() == (["measured", True, 77], b"")


@pytest.mark.parametrize(
    ("error", "kind"),
    [(OSError(28, "No space left on device"), "InsufficientStorage"), (OSError(5, "x"), None)],
)
def test_a_result_that_cannot_be_written_is_told_and_a_fresh_process_asked_for(
    store: EmbeddedStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    kind: str | None,
) -> None:
    def fail(self: Path, mode: str, **options: Any) -> BinaryIO:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    with working(store, tmp_path, LIMITS) as service:
        (told, name, content, due), _ = service.ask(ALL)
        assert (told, due) == ("fail", True)
        assert name == (kind or QueryFailed.__name__)
        assert str(content)


def test_a_query_that_has_no_memory_left_asks_for_a_fresh_process(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("smegraph.server.workers.worker.evaluate", fail)
    with working(store, tmp_path, LIMITS) as service:
        assert service.ask(COUNT)[0] == ["fail", "MemoryError", None, True]


def test_it_opens_the_folder_that_it_was_told_last_when_it_is_asked(tmp_path: Path) -> None:
    opened = []

    def open(folder: str | None) -> EmbeddedStore:
        opened.append(folder)
        found = Store()
        found.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(str(folder))))
        return EmbeddedStore(found)

    folder = "SELECT ?o { ?s ?p ?o }"
    with working(open, tmp_path, LIMITS) as service:
        assert service.ask(folder)[1] == b"o\r\nNone\r\n"
        for path in ("/one", "/two"):
            service.tell(["open", path])
        assert service.ask(folder)[1] == b"o\r\n/two\r\n"
        assert service.ask(folder)[1] == b"o\r\n/two\r\n"
    assert opened == [None, "/two"]


def test_a_folder_that_holds_no_store_fails_the_query_and_no_more(tmp_path: Path) -> None:
    def open(folder: str | None) -> EmbeddedStore:
        return EmbeddedStore(Store() if folder is None else folder)

    with working(open, tmp_path, LIMITS) as service:
        service.tell(["open", str(tmp_path / "nothing")])
        kind, name, content, due = service.ask(COUNT)[0]
        assert (kind, name, due) == ("fail", QueryFailed.__name__, False)
        assert "The data cannot be opened" in str(content)


@pytest.mark.parametrize(
    ("text", "growth", "given_back"),
    [(COUNT, 0, 0), (COUNT, 2**25, 0), (COUNT, 2**25 + 1, 1), ("SELECT", 1, 1)],
)
def test_of_what_was_freed_little_is_kept_and_of_a_refused_query_nothing(
    store: EmbeddedStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    growth: int,
    given_back: int,
) -> None:
    calls: list[None] = []
    sizes = iter([0, growth, growth])
    monkeypatch.setattr(sandbox, "page_faults", iter(range(0, 10**6, 10**4)).__next__)
    monkeypatch.setattr(sandbox, "resident_memory", lambda: next(sizes))
    monkeypatch.setattr(sandbox, "give_back_memory", lambda: calls.append(None))
    with working(store, tmp_path, LIMITS) as service:
        assert service.ask(text)[0][-1] is None
        assert service.hear()[0][0] == "measured"
        assert len(calls) == given_back


def test_it_settles_while_it_waits_and_goes_on_after_a_query(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[int] = []
    asked, go_on = threading.Event(), threading.Event()

    def collapse(address: int) -> bool:
        put.append(address)
        if len(put) == 2:
            asked.set()
            assert go_on.wait(30)
        return True

    monkeypatch.setattr(sandbox, "huge_page_ranges", lambda: [4, 3, 2, 1])
    monkeypatch.setattr(sandbox, "collapse", collapse)
    with working(store, tmp_path, LIMITS) as service:
        service.tell(["settle"])
        assert asked.wait(30)
        service.tell(encode_request(QueryRequest(COUNT, table_format="csv")))
        go_on.set()
        assert service.hear()[0][0] == "whole"
        until = time.monotonic() + 30
        while len(put) < 4 and time.monotonic() < until:
            time.sleep(0.01)
        assert put == [1, 2, 3, 4]


def test_memory_that_settling_takes_is_no_growth(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = [0]
    monkeypatch.setattr(sandbox, "resident_memory", lambda: memory[0])
    monkeypatch.setattr(sandbox, "huge_page_ranges", lambda: [1])
    monkeypatch.setattr(sandbox, "collapse", lambda address: memory.__setitem__(0, 2**30))
    monkeypatch.setattr(sandbox, "page_faults", iter(range(0, 10**6, 10**4)).__next__)
    with working(store, tmp_path, LIMITS) as service:
        service.tell(["settle"])
        until = time.monotonic() + 30
        while not memory[0] and time.monotonic() < until:
            time.sleep(0.01)
        assert service.ask(COUNT)[0][-1] is None
        assert service.hear()[0][:2] == ["measured", False]


def test_it_looks_a_few_times_and_then_sleeps_until_a_query_comes(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []
    monkeypatch.setattr(os, "sched_yield", lambda: looks.append(None))
    with working(store, tmp_path, LIMITS) as service:
        time.sleep(0.1)
        assert len(looks) <= 16
        assert service.ask(COUNT)[1] == b"n\r\n100\r\n"


def test_hints_come_before_the_answer(tmp_path: Path) -> None:
    found = Store()
    found.extend(Quad(NamedNode(f"urn:s/{n}"), NamedNode("urn:p"), Literal(n)) for n in range(9))
    with working(EmbeddedStore(found), tmp_path, LIMITS) as service:
        hint = "`<urn:s/x>` is in no graph."
        assert service.ask("SELECT ?o { <urn:s/x> <urn:p> ?o }")[0] == ["hints", hint]
        assert service.hear()[0] == ["whole", "csv", "identity", False]
        large = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(4))
        assert service.ask(f"SELECT * {{ {{ {large} }} UNION {{ <urn:s/x> ?p0 ?o0 }} }}")[0] == [
            "hints", hint,
        ]  # fmt: skip
        assert service.hear()[0][0] == "start"
        while service.hear()[0][0] == "more":
            pass


def test_to_make_hints_is_no_part_of_the_time_of_a_query(tmp_path: Path) -> None:
    class Slow(EmbeddedStore):
        def hints(self, text: str) -> tuple[str, ...]:
            begun = time.process_time()
            while time.process_time() - begun < 0.2:
                pass
            return ()

        def has_no_hints(self, text: str) -> bool:
            return False

    mine, its = socket.socketpair()
    worker = Worker(its, lambda _: Slow(Store()), LIMITS, tmp_path)
    thread = threading.Thread(target=worker.run)
    thread.start()
    receive(mine)
    mine.sendall(pack(encode_request(QueryRequest("ASK {}"))))
    message = receive(mine)
    mine.close()
    thread.join(30)
    its.close()
    assert message is not None
    assert message[0][-1] < 0.2
