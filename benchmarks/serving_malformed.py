"""What malformed queries of a mebibyte leave behind in memory."""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from serving_graph import SEED, firm_year
from serving_http import Connection
from serving_quads import write
from serving_queries import TABLE, point, posted, request
from serving_servers import ours
from serving_starts import settle

_SPARQL = "application/sparql-query"
_GRAPHS, _TRIPLES = 1_000, 20_000
_USUAL = 200  # queries before the memory is read for the first time
_TOKENS = ("?x", "<urn:y>", "}", ")", "SELECT", "12", "'a'", ";", "{", "FILTER", "^^", "@en", "||")


@dataclass(frozen=True)
class Malformed:
    """Memory in MiB, and what was answered to each kind of query.

    Attributes:
        before: after usual queries, and some idle seconds.
        after: after the malformed ones, and as many idle seconds.
        idle: how many.
        statuses: those of HTTP, by the kind of query.
        seconds: until each was answered, by the kind of query.
    """

    size: int
    before: float
    after: float
    idle: float
    statuses: dict[str, list[int]]
    seconds: dict[str, list[float]]


def kinds(size: int) -> dict[str, str]:
    """Malformed queries of exactly so many bytes."""
    chance = random.Random(SEED)
    garbage = " ".join(chance.choice(_TOKENS) for _ in range(size // 2))
    return {
        "parentheses": _filled("SELECT * { ?s ?p ?o FILTER(", "(", size),
        "braces": _filled("SELECT * ", "{", size),
        "open string": _filled('SELECT * { ?s ?p "', "a", size),
        "garbage": garbage[:size],
        "FILTER chain": _filled("SELECT * { ?s ?p ?o FILTER(?o = 0", " || ?o = 1", size),
    }


def _filled(begin: str, more: str, size: int) -> str:
    return (begin + more * (size // len(more)))[:size]


def send_malformed(work: Path, size: int, times: int, idle: float) -> Malformed:
    """Send every kind of them some times, to a service with a small graph that has been used."""
    graph = write(work / "small.nq", _TRIPLES, _GRAPHS)
    found = kinds(size)
    statuses: dict[str, list[int]] = {name: [] for name in found}
    seconds: dict[str, list[float]] = {name: [] for name in found}
    with ours(graph.path, work) as server:
        with contextlib.closing(Connection(server.port)) as connection:
            for number in range(_USUAL):
                connection.ask(request(server.path, point(firm_year(number)), TABLE))
        settle(server, idle)
        before = server.memory()
        print("malformed queries ...", file=sys.stderr)
        with contextlib.closing(Connection(server.port)) as connection:
            for name, text in _in_turn(found, times):
                reply = connection.exchange(posted(server.path, text.encode(), _SPARQL))
                statuses[name].append(reply.status)
                seconds[name].append(reply.seconds)
        time.sleep(idle)
        after = server.memory()
    return Malformed(size, before, after, idle, statuses, seconds)


def _in_turn(found: dict[str, str], times: int) -> Iterator[tuple[str, str]]:
    """Every kind so often; no text is sent twice."""
    for turn in range(times):
        for name, text in found.items():
            begin = f"#{turn}\n"
            yield name, begin + text[: len(text) - len(begin)]
