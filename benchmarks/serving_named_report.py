"""What was measured of the service on many named graphs, the marks to meet, and the table."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from serving_counts import Count
from serving_malformed import Malformed
from serving_report import (
    ENGINE,
    NEVER_REPEATED,
    OURS,
    OXIGRAPH,
    Mark,
    Result,
    load_lines,
    memory_lines,
    milliseconds,
    overhead,
    throughput,
)
from serving_servers import OXIGRAPH_IN_MEMORY
from serving_updates import READERS, WRITERS, Updates
from serving_virtuoso import NAME as VIRTUOSO
from table import columns, number

_HEAVY = 0.020  # seconds of the engine alone
_HEAVY_FACTOR = 1.2
_FIRST_FACTOR = 2.0
LOADED, AFTER = "loaded", "after the run"
_MEMORY = {LOADED: 520.0, AFTER: 1150.0}  # MiB
_SHARE = 0.3
_NEXT_QUERY = 0.100
_WHILE_WRITING = 0.250
_LEFT_BEHIND = 20.0  # MiB


@dataclass
class NamedResult(Result):
    """The figures of `Result`, whose graph is the union of named ones, and those of this form.

    Attributes:
        graphs: how many named graphs there are.
        idle: seconds that a service is left alone before its memory or its first answer counts.
        quartiles: of the seconds of each query, by who was asked.
        first: seconds of a query that was the first after a start and the idle seconds.
        counts: those over unions of graphs that share triples.
        updates: queries after updates.
        malformed: memory after malformed queries.
    """

    graphs: int = 0
    idle: float = 0.0
    quartiles: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    updates: Updates = field(default_factory=Updates)
    malformed: Malformed | None = None


def quartiles(seconds: Sequence[float]) -> list[float]:
    """The first quartile, the median and the third.

    >>> quartiles([1, 2, 3, 4, 5])
    [2.0, 3.0, 4.0]
    """
    return statistics.quantiles(seconds, n=4, method="inclusive")


def percentile(seconds: Sequence[float], part: float) -> float:
    """The value that such a part of them does not exceed.

    >>> percentile([4, 2, 1, 3], 0.99)
    4
    """
    return sorted(seconds)[min(int(len(seconds) * part), len(seconds) - 1)]


def marks(result: NamedResult) -> list[Mark]:
    """All marks, in the order of the table."""
    found = []
    for query in result.latency:
        if result.latencies(query)[ENGINE] > _HEAVY:
            found += [_near_engine(result, query), _not_slower(result, query)]
        else:
            found.append(overhead(result, query))
    found += [_first(result, query) for query in result.first]
    found += [
        _memory(moment, result.memory[moment][OURS], most)
        for moment, most in _MEMORY.items()
        if moment in result.memory
    ]
    found += [_count(count) for count in result.counts]
    if NEVER_REPEATED in result.rates:
        found.append(throughput(result, NEVER_REPEATED, _SHARE))
    if result.updates.next_query:
        found.append(_next_query(result.updates))
    if result.updates.readers:
        found.append(_while_writing(result.updates))
    if result.malformed:
        found.append(_left_behind(result.malformed))
    return found


def _near_engine(result: Result, query: str) -> Mark:
    times = result.latencies(query)
    factor = times[OURS] / times[ENGINE]
    wanted = f"at most {_HEAVY_FACTOR:.1f}× the time of {ENGINE}"
    return Mark(query, f"{factor:.2f}×", wanted, factor <= _HEAVY_FACTOR)


def _not_slower(result: Result, query: str) -> Mark:
    times = result.latencies(query)
    wanted = f"not slower than {OXIGRAPH}’s {milliseconds(times[OXIGRAPH])}"
    return Mark(query, milliseconds(times[OURS]), wanted, times[OURS] <= times[OXIGRAPH])


def _first(result: NamedResult, query: str) -> Mark:
    seconds, alone = result.first[query], result.latencies(query)[ENGINE]
    what = f"{query}, first after a start and {result.idle:.0f} s"
    wanted = f"at most {_FIRST_FACTOR:.0f}× the time of {ENGINE}"
    figure = f"{milliseconds(seconds)}, {seconds / alone:.2f}×"
    return Mark(what, figure, wanted, seconds <= _FIRST_FACTOR * alone)


def _memory(moment: str, found: float, most: float) -> Mark:
    wanted = f"at most {number(most)} MiB"
    return Mark(f"memory, {moment}", f"{number(found)} MiB", wanted, found <= most)


def _count(count: Count) -> Mark:
    what = f"{count.query} over {number(count.statements)} statements of {count.dataset}"
    figure = number(count.ours) if count.status == 200 else f"status {count.status}"
    wanted = f"{number(count.triples)} triples are in them ({ENGINE}: {number(count.engine)})"
    return Mark(what, figure, wanted, count.right)


def _next_query(updates: Updates) -> Mark:
    seconds, failed = statistics.median(updates.next_query), updates.failed.get("next query", {})
    figure = f"{milliseconds(seconds)}, median of {len(updates.next_query)}{_told(failed)}"
    wanted = f"at most {milliseconds(_NEXT_QUERY)}"
    return Mark("point query after an update", figure, wanted, _held(seconds, _NEXT_QUERY, failed))


def _while_writing(updates: Updates) -> Mark:
    seconds, failed = percentile(updates.readers, 0.99), updates.failed.get("readers", {})
    what = f"point query, {READERS} readers beside {WRITERS} writers"
    figure = f"{milliseconds(seconds)}, p99 of {len(updates.readers)}{_told(failed)}"
    wanted = f"at most {milliseconds(_WHILE_WRITING)}"
    return Mark(what, figure, wanted, _held(seconds, _WHILE_WRITING, failed))


def _held(seconds: float, most: float, failed: Mapping[int, int]) -> bool:
    return seconds <= most and not failed


def _told(failed: Mapping[int, int]) -> str:
    """What failed, in words; status 200 is a wrong answer.

    >>> _told({504: 2, 0: 1})
    ' (failed: 2 by 504, 1 by silence)'
    """
    named = {0: "silence", 200: "a wrong answer"}
    told = (f"{times} by {named.get(status, status)}" for status, times in failed.items())
    return f" (failed: {', '.join(told)})" if failed else ""


def _left_behind(malformed: Malformed) -> Mark:
    more = malformed.after - malformed.before
    sent = sum(map(len, malformed.statuses.values()))
    what = f"memory after {sent} malformed queries of {number(malformed.size)} bytes"
    answered = sorted({status for found in malformed.statuses.values() for status in found})
    figure = f"{number(malformed.before)} → {number(malformed.after)} MiB"
    figure += f" (answered {', '.join(map(str, answered))})"
    return Mark(what, figure, f"at most {_LEFT_BEHIND:.0f} MiB more", more <= _LEFT_BEHIND)


def render(result: NamedResult) -> str:
    """The table, and below it the marks; they are meant for a million triples."""
    servers = [
        name for name in (OURS, OXIGRAPH, OXIGRAPH_IN_MEMORY, VIRTUOSO) if name in result.loading
    ]
    head = ("", *servers, ENGINE, "")
    lines = [
        *load_lines(result, servers),
        *memory_lines(result, servers),
        _loading(result, servers),
    ]
    cells = [
        *(_latency(result, query, (*servers, ENGINE)) for query in result.latency),
        *((*line[:-1], "", line[-1]) for line in lines),
    ]
    settings = (f"{name}: {text}" for name, text in result.settings.items())
    told = [
        f"{number(result.triples)} triples in {number(result.graphs)} named graphs, their union as "
        "default graph.",
        *settings,
        *_updates(result.updates),
    ]
    verdicts = [mark.sentence() for mark in marks(result)]
    return "\n".join([*told, "", columns(head, cells), "", *verdicts])


def _updates(updates: Updates) -> list[str]:
    if not updates.update:
        return []
    alone = milliseconds(statistics.median(updates.update))
    failed = {moment: _told(updates.failed.get(moment, {})) for moment in ("update", "writers")}
    return [
        f"updates: {len(updates.update)} by themselves, {alone} each{failed['update']}; "
        f"{len(updates.writers)} by {WRITERS} writers at once{failed['writers']}"
    ]


def _latency(result: NamedResult, query: str, names: Sequence[str]) -> tuple[str, ...]:
    shown = (_spread(result.latency[query][name]) for name in names)
    return (query, *shown, f"{number(result.rows[query])} rows; median (quartiles)")


def _spread(seconds: Sequence[float]) -> str:
    """The median and the quartiles.

    >>> _spread([0.001, 0.002, 0.003, 0.004, 0.005])
    '3.00 ms (2.00–4.00)'
    """
    low, middle, high = quartiles(seconds)
    return f"{milliseconds(middle)} ({low * 1000:.2f}–{high * 1000:.2f})"


def _loading(result: Result, servers: Sequence[str]) -> tuple[str, ...]:
    return ("loading", *(f"{result.loading[name]:.1f} s" for name in servers), "from N-Quads")
