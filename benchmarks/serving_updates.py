"""Queries after updates, of two graphs that have a triple in common and whose union is asked."""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from measure import BenchmarkError
from serving_graph import BASE, firm_year, firm_year_label
from serving_http import Connection, Reply
from serving_quads import graph_name, halves
from serving_queries import TABLE, point, posted, request
from serving_writable import Writable, writable

WRITERS, READERS = 16, 4
_PATIENCE = 15.0  # seconds until an answer; then it counts as none
_GRAPHS = (graph_name(0), graph_name(1))


@dataclass(frozen=True)
class UpdatePlan:
    """How much to measure.

    Attributes:
        triples: in both graphs together.
        updates: one after the other, a query after each, as far as the budget goes.
        budget: seconds of updates and queries, after which no more are sent; two are always.
        seconds: how long writers and readers are at work at once.
    """

    triples: int
    updates: int
    budget: float
    seconds: float


@dataclass
class Updates:
    """Seconds of updates and of queries; what failed by its HTTP status, 0 being no answer in time.

    Attributes:
        loading: of both graphs.
        update: of each update that was sent alone.
        next_query: of the query at once after it.
        readers: of queries while others write.
        writers: of the updates meanwhile.
        failed: queries without the right answer, and updates not done, by moment and status.
    """

    loading: float = 0.0
    update: list[float] = field(default_factory=list)
    next_query: list[float] = field(default_factory=list)
    readers: list[float] = field(default_factory=list)
    writers: list[float] = field(default_factory=list)
    failed: dict[str, dict[int, int]] = field(default_factory=dict)


def measure_updates(work: Path, plan: UpdatePlan, idle: float) -> Updates:
    """Load two graphs into a new writable dataset, and write to it."""
    print("updates ...", file=sys.stderr)
    data = halves(work, plan.triples)
    with writable(work, dict(zip(_GRAPHS, data.files, strict=True))) as dataset:
        result = Updates(dataset.loading)
        time.sleep(idle)
        writing = _Writing(dataset, data.firm_years, result)
        writing.one_after_the_other(plan)
        time.sleep(idle)
        print("writers and readers at once ...", file=sys.stderr)
        writing.at_once(plan.seconds)
    return result


class _Writing:
    """Updates and queries; no text is sent twice."""

    def __init__(self, dataset: Writable, firm_years: int, result: Updates) -> None:
        self._server, self._token, self._result = dataset.server, dataset.token, result
        self._firm_years = firm_years
        self._numbers = itertools.count()
        self._failed: Counter[tuple[str, int]] = Counter()

    def one_after_the_other(self, plan: UpdatePlan) -> None:
        """Send an update and then a query for what it has changed, over two kept connections."""
        begun = time.perf_counter()
        with self._connection() as writer, self._connection() as reader:
            for number in itertools.islice(self._numbers, plan.updates):
                if number > 1 and time.perf_counter() - begun > plan.budget:
                    break
                self._update(writer, number, "update", self._result.update)
                self._query(reader, number, _note(number), "next query", self._result.next_query)
        self._keep_failures()

    def at_once(self, seconds: float) -> None:
        """Let writers and readers work side by side; each ends with the answer it waits for."""
        until = time.perf_counter() + seconds
        tasks = [self._write] * WRITERS + [self._read] * READERS
        with ThreadPoolExecutor(len(tasks)) as pool:
            for done in [pool.submit(task, until) for task in tasks]:
                done.result()
        self._keep_failures()

    def _write(self, until: float) -> None:
        with self._connection() as connection:
            while time.perf_counter() < until:
                self._update(connection, next(self._numbers), "writers", self._result.writers)

    def _read(self, until: float) -> None:
        with self._connection() as connection:
            while time.perf_counter() < until:
                number = next(self._numbers)
                label = firm_year_label(number % self._firm_years)
                self._query(connection, number, label, "readers", self._result.readers)

    def _update(self, connection: Connection, number: int, moment: str, into: list[float]) -> None:
        graph = _GRAPHS[number % len(_GRAPHS)]
        note = f'<{self._subject(number)}> <{BASE}ontology#note> "{_note(number)}"'
        body = f"INSERT DATA {{ GRAPH <{graph}> {{ {note} }} }}".encode()
        sent = posted(self._server.path, body, "application/sparql-update", self._token)
        reply = _exchange(connection, sent)
        into.append(reply.seconds)
        if reply.status not in (200, 204):
            self._failed[moment, reply.status] += 1

    def _query(
        self, connection: Connection, number: int, wanted: str, moment: str, into: list[float]
    ) -> None:
        text = f"{point(self._subject(number))}\n# {number}"
        reply = _exchange(connection, request(self._server.path, text, TABLE))
        into.append(reply.seconds)
        if reply.status != 200 or wanted.encode() not in reply.body:
            self._failed[moment, reply.status] += 1

    def _subject(self, number: int) -> str:
        return firm_year(number % self._firm_years)

    def _connection(self) -> contextlib.closing[Connection]:
        return contextlib.closing(Connection(self._server.port, _PATIENCE))

    def _keep_failures(self) -> None:
        for (moment, status), times in self._failed.items():
            self._result.failed.setdefault(moment, {})[status] = times


def _exchange(connection: Connection, sent: bytes) -> Reply:
    """Return the answer; where the server ends the connection there is none."""
    begun = time.perf_counter()
    try:
        return connection.exchange(sent)
    except (BenchmarkError, OSError):
        connection.close()
        return Reply(time.perf_counter() - begun, 0, b"")


def _note(number: int) -> str:
    return f"Note no. {number:07}"
