"""The SPARQL service on a graph of the product's own form: many named graphs, their union asked.

Beside it run the engine in process with its union switch, the oxigraph server and, where it is
installed, Virtuoso; rdflib-endpoint is too slow for this form. The queries and their rounds are as
in serving.py. Then come, with ours alone: the first slow query after a start, counts where graphs
share triples, queries after updates, and memory after malformed queries.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

import serving
from serving import Plan
from serving_counts import compare_counts
from serving_engine import Engine
from serving_malformed import send_malformed
from serving_named_report import AFTER, LOADED, NamedResult, marks, quartiles
from serving_quads import write
from serving_queries import GROUP, ORDER, QUERIES_OVER_ALL, REGEX
from serving_report import NEVER_REPEATED, write_report
from serving_servers import (
    Start,
    running,
    start_ours,
    start_oxigraph_union,
    start_oxigraph_union_in_memory,
)
from serving_starts import first_answers
from serving_updates import UpdatePlan, measure_updates
from serving_virtuoso import MISSING, NAME, installed, start_virtuoso

_SLOW = tuple(query for query in QUERIES_OVER_ALL if query.name in (GROUP, REGEX, ORDER))


@dataclass(frozen=True)
class NamedPlan:
    """How much to measure.

    Attributes:
        serving: queries, rounds and load; each server is asked all of its rounds.
        graphs: how many named graphs the triples are in.
        idle: seconds that a service is left alone before its memory or its first answer counts.
        shared: statements of the graph sets that share triples, at least.
        updates: how much to write.
        malformed: bytes of a malformed query.
        times: how often each kind of it is sent to every worker.
    """

    serving: Plan
    graphs: int
    idle: float
    shared: tuple[int, ...]
    updates: UpdatePlan
    malformed: int
    times: int


FULL = NamedPlan(
    serving=Plan(1_000_000, rounds=3, asked=5, budget=60.0, load_rounds=3, load_seconds=2.0),
    graphs=50_000,
    idle=5.0,
    shared=(20_000, 600_000),
    updates=UpdatePlan(480_000, updates=15, budget=45.0, seconds=5.0),
    malformed=2**20,
    times=2,
)
QUICK = NamedPlan(
    serving=Plan(50_000, rounds=2, asked=3, budget=10.0, load_rounds=1, load_seconds=0.5),
    graphs=2_500,
    idle=1.0,
    shared=(20_000,),
    updates=UpdatePlan(20_000, updates=5, budget=10.0, seconds=1.0),
    malformed=2**20,
    times=1,
)


def run(folder: Path, plan: NamedPlan) -> NamedResult:
    """Measure everything, and write every figure into `folder`/named-graphs.json.

    Raises:
        BenchmarkError: a server fails, or the answers are not the same.
    """
    work = folder / "named-graphs"
    graph = write(work / "graph.nq", plan.serving.triples, plan.graphs)
    result = NamedResult(graph.triples, graphs=graph.graphs, idle=plan.idle)
    starts: list[Start] = [start_ours, start_oxigraph_union, start_oxigraph_union_in_memory]
    if installed():
        starts.append(start_virtuoso)
    else:
        result.settings[NAME] = MISSING
    with (
        running(folder, work, graph.path, starts) as servers,
        contextlib.closing(Engine(graph.path, work / "engine.log", "--union")) as engine,
    ):
        time.sleep(plan.idle)
        rested = {server.name: server.memory() for server in servers}
        kinds = (NEVER_REPEATED,)
        serving.measure(result, servers, engine, graph, plan.serving, QUERIES_OVER_ALL, kinds)
    moments = (LOADED, f"{plan.idle:.0f} s later", AFTER)
    figures = (result.memory[LOADED], rested, result.memory[AFTER])
    result.memory = dict(zip(moments, figures, strict=True))
    for query, times in result.latency.items():
        result.quartiles[query] = {name: quartiles(seconds) for name, seconds in times.items()}
    result.first = first_answers(graph.path, work, _SLOW, plan.idle)
    result.counts = compare_counts(work, plan.shared)
    result.updates = measure_updates(work, plan.updates, plan.idle)
    result.malformed = send_malformed(work, plan.malformed, plan.times, plan.idle)
    write_report(folder / "named-graphs.json", result, marks(result))
    return result
