"""Counts over a union whose graphs share triples: a triple counts once, as the generator knows."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import BenchmarkError
from serving_engine import Engine
from serving_http import Connection
from serving_quads import SHARED, NamedGraphs, split, write
from serving_queries import TABLE, request
from serving_servers import Server, ours
from serving_writable import writable

_ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_BY_PREDICATE = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
_IN_A_GRAPH = 20  # triples


@dataclass(frozen=True)
class Count:
    """One comparison; the figures of a GROUP BY are the sums of its groups.

    Attributes:
        query: what is counted.
        dataset: how ours has the graphs.
        status: of the answer by ours.
        statements: of the graphs, a triple counting in each that it stands in.
        triples: those of the union, by the generator.
        ours: what ours says.
        engine: what the engine's own union says; it counts a shared triple twice.
        right: whether ours says the same as the generator, group by group.
    """

    query: str
    dataset: str
    status: int
    statements: int
    triples: int
    ours: int
    engine: int
    right: bool


def compare_counts(work: Path, sizes: Sequence[int]) -> list[Count]:
    """Ask for counts over unions of at least so many statements, where graphs share triples.

    They are in many graphs of a file, and in two graphs of a dataset that takes updates.
    """
    found = []
    for size in sizes:
        print(f"counts over {size} statements ...", file=sys.stderr)
        many = write(work / "shared.nq", size, size // _IN_A_GRAPH, SHARED)
        with ours(many.path, work) as server:
            found += _counts(server, many, work, "a file")
        two = write(work / "shared.nq", size, 2, SHARED)
        with writable(work, split(two.path)) as dataset:
            found += _counts(dataset.server, two, work, "a writable dataset")
    return found


def _counts(server: Server, graph: NamedGraphs, work: Path, dataset: str) -> list[Count]:
    """Compare ours, the engine and the generator on one graph.

    Raises:
        BenchmarkError: the engine finds neither the triples nor the statements that were written.
    """
    found = []
    with (
        contextlib.closing(Connection(server.port)) as connection,
        contextlib.closing(Engine(graph.path, work / "counts.log", "--union")) as engine,
    ):
        for name, text, once, each in (
            ("COUNT", _ALL, {"": graph.triples}, {"": graph.statements}),
            ("COUNT by predicate", _BY_PREDICATE, graph.by_predicate, graph.lines_by_predicate),
        ):
            reply = connection.exchange(request(server.path, text, TABLE))
            told = numbers(reply.body) if reply.status == 200 else {}
            alone = numbers(engine.answer(text))
            if alone not in (once, each):
                raise BenchmarkError(f"{name}: the engine finds {alone}, written were {each}")
            found.append(
                Count(
                    query=name,
                    dataset=dataset,
                    status=reply.status,
                    statements=graph.statements,
                    triples=graph.triples,
                    ours=sum(told.values()),
                    engine=sum(alone.values()),
                    right=told == once,
                )
            )
    return found


def numbers(body: bytes) -> dict[str, int]:
    """What a result in JSON says of each group; the name of the only one is empty."""
    return {
        row["p"]["value"] if "p" in row else "": int(row["n"]["value"])
        for row in json.loads(body)["results"]["bindings"]
    }
