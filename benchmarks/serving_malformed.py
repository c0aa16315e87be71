"""What malformed queries of a mebibyte leave behind in memory."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from serving_graph import SEED, firm_year
from serving_http import Connection, Reply
from serving_quads import write
from serving_queries import TABLE, point, posted, request
from serving_servers import Server, ours

_SPARQL = "application/sparql-query"
_GRAPHS, _TRIPLES = 1_000, 20_000
_AT_ONCE = (os.cpu_count() or 1) + 1  # the workers that ours has by itself
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
        "FILTERs": _filled("SELECT * { ?s ?p ?o ", "FILTER(?o = 1) ", size),
        "UNIONs": _filled("SELECT * { ", "{ ?s ?p ?o } UNION ", size),
        "triple patterns": _filled("SELECT * { ", "?s ?p ?o . ", size),
    }


def _filled(begin: str, more: str, size: int) -> str:
    return (begin + more * (size // len(more)))[:size]


def send_malformed(work: Path, size: int, times: int, idle: float) -> Malformed:
    """Send every kind of them some times, to a service with a small graph that has been used.

    As many come at once as it has workers: more would slow each other until a worker is ended for
    being slow, and its memory is gone with it.
    """
    graph = write(work / "small.nq", _TRIPLES, _GRAPHS)
    found = kinds(size)
    statuses: dict[str, list[int]] = {name: [] for name in found}
    seconds: dict[str, list[float]] = {name: [] for name in found}
    with ours(graph.path, work) as server:
        with contextlib.closing(Connection(server.port)) as connection:
            for number in range(_USUAL):
                connection.ask(request(server.path, point(firm_year(number)), TABLE))
        time.sleep(idle)
        before = server.memory()
        print("malformed queries ...", file=sys.stderr)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for turn, (name, text) in itertools.product(range(times), found.items()):
                for reply in pool.map(lambda sent: _send(server, sent), _copies(text, turn)):
                    statuses[name].append(reply.status)
                    seconds[name].append(reply.seconds)
        time.sleep(idle)
        after = server.memory()
    return Malformed(size, before, after, idle, statuses, seconds)


def _copies(text: str, turn: int) -> list[str]:
    """A text as often as it is sent at once, as long as before, and different each time."""
    begins = (f"#{turn}, {number}\n" for number in range(_AT_ONCE))
    return [begin + text[: len(text) - len(begin)] for begin in begins]


def _send(server: Server, text: str) -> Reply:
    with contextlib.closing(Connection(server.port)) as connection:
        return connection.exchange(posted(server.path, text.encode(), _SPARQL))
