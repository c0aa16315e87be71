"""The SPARQL service beside rdflib-endpoint and the oxigraph server, on one graph, in one run.

All are up at once and one is asked at a time, in alternating rounds, so that a busy machine weighs
on all of them. A query's text is new each time it is timed, so that no cache answers.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import BenchmarkError
from serving_engine import Engine
from serving_graph import Graph, firm_year, firm_year_label, write
from serving_http import Connection, load, rows
from serving_queries import QUERIES, TABLE, Query, point, request
from serving_report import ENGINE, NEVER_REPEATED, OURS, REPEATED, Result, marks, write_report
from serving_servers import Server, running, start_ours, start_oxigraph, start_rdflib_endpoint

CONNECTIONS = 16
_SAMPLE = 40  # subjects whose answers are compared before the load


@dataclass(frozen=True)
class Plan:
    """How much to measure.

    Attributes:
        triples: the size of the graph, at least.
        rounds: in how many rounds each query is asked, at most.
        asked: how often each server is asked in a row in a round.
        budget: seconds of answers to a query after which a server is not asked it any more; it is
            asked at least twice.
        load_rounds: rounds of load of each kind on each server.
        load_seconds: how long each of them lasts.
    """

    triples: int
    rounds: int
    asked: int
    budget: float
    load_rounds: int
    load_seconds: float


FULL = Plan(1_000_000, 40, 5, 10.0, 3, 3.0)
QUICK = Plan(50_000, 4, 5, 1.0, 2, 0.5)


def run(folder: Path, plan: Plan) -> Result:
    """Start everything, ask everything, and write every figure into `folder`/serving.json.

    Raises:
        BenchmarkError: a server fails, or the answers are not the same.
    """
    work = folder / "serving"
    graph = write(work / "graph.nt", plan.triples)
    starts = (start_ours, start_rdflib_endpoint, start_oxigraph)
    with (
        running(folder, work, graph.path, starts) as servers,
        contextlib.closing(Engine(graph.path, work / "engine.log")) as engine,
    ):
        result = Result(graph.triples)
        measure(result, servers, engine, graph, plan)
    write_report(folder / "serving.json", result, marks(result))
    return result


def measure(
    result: Result,
    servers: list[Server],
    engine: Engine,
    graph: Graph,
    plan: Plan,
    queries: Sequence[Query] = QUERIES,
    kinds: Sequence[str] = (REPEATED, NEVER_REPEATED),
) -> None:
    """Ask everything, one server after the other, and put the figures into the result."""
    for server in servers:
        result.settings[server.name] = server.settings
        result.loading[server.name] = server.loading
    result.memory["loaded"] = {server.name: server.loaded for server in servers}
    for query in queries:
        print(f"{query.name} ...", file=sys.stderr)
        result.rows[query.name] = _compare(servers, query)
        result.latency[query.name] = _ask_in_rounds(servers, engine, query, plan)
        pairs = (result.latency[query.name][name] for name in (OURS, ENGINE))
        result.overhead[query.name] = [ours - alone for ours, alone in zip(*pairs, strict=False)]
    for number in range(0, graph.firm_years, graph.firm_years // _SAMPLE):
        _compare(servers, Query("point lookup", point(firm_year(number))))
    for kind in kinds:
        print(f"point query, {kind} ...", file=sys.stderr)
        _load_in_rounds(servers, kind, graph, plan, result)
    result.memory["after the run"] = {server.name: server.memory() for server in servers}


def _compare(servers: list[Server], query: Query) -> int:
    """Return how many rows a query gives, which must be the same from every server."""
    counts: dict[str, int] = {}
    for server in servers:
        with contextlib.closing(Connection(server.port)) as connection:
            _, body = connection.ask(request(server.path, query.text, query.accept))
        counts[server.name] = rows(body, query.graph)
    if len(set(counts.values())) != 1 or 0 in counts.values():
        raise BenchmarkError(f"The servers disagree about {query.name}, in rows: {counts}")
    return counts[OURS]


def _ask_in_rounds(
    servers: list[Server], engine: Engine, query: Query, plan: Plan
) -> dict[str, list[float]]:
    """Return the seconds of each answer; who is asked first changes from round to round."""
    asked: dict[str, Callable[[str], float]] = {ENGINE: engine.ask}
    with contextlib.ExitStack() as stack:
        for server in servers:
            connection = stack.enter_context(contextlib.closing(Connection(server.port)))
            asked[server.name] = _asker(connection, server.path, query.accept)
        times: dict[str, list[float]] = {name: [] for name in asked}
        order = deque(asked)
        for turn in range(plan.rounds):
            order.rotate()
            for name, number in itertools.product(order, range(plan.asked)):
                if len(times[name]) < 2 or sum(times[name]) < plan.budget:
                    times[name].append(asked[name](f"{query.text}\n# {turn}, {number}"))
    return times


def _asker(connection: Connection, path: str, accept: str) -> Callable[[str], float]:
    return lambda text: connection.ask(request(path, text, accept))[0]


def _load_in_rounds(
    servers: list[Server], kind: str, graph: Graph, plan: Plan, result: Result
) -> None:
    """Ask for one subject over and over, or for another subject each time."""
    result.rates[kind] = {server.name: [] for server in servers}
    result.loads[kind] = {server.name: [] for server in servers}
    share = graph.firm_years // plan.load_rounds
    for turn in range(plan.load_rounds):
        numbers = range(turn * share, (turn + 1) * share)
        for server in servers:
            questions = _repeated(server) if kind == REPEATED else _others(server, numbers)
            done = load(server.port, questions, CONNECTIONS, plan.load_seconds)
            result.rates[kind][server.name].append(done.rate)
            late = done.latencies[int(len(done.latencies) * 0.99)]
            more = {"p99": late, "client busy": done.busy, "answers": float(len(done.latencies))}
            result.loads[kind][server.name].append(more)


def _repeated(server: Server) -> Iterator[tuple[bytes, bytes]]:
    text = request(server.path, point(firm_year(0)), TABLE)
    return itertools.repeat((text, firm_year_label(0).encode()))


def _others(server: Server, numbers: range) -> Iterator[tuple[bytes, bytes]]:
    """Requests for many subjects, made before they are needed: a template is quicker than quote."""
    before, _, after = request(server.path, point(firm_year(0)), TABLE).partition(b"0000000")
    return iter([(b"%b%07d%b" % (before, n, after), firm_year_label(n).encode()) for n in numbers])
