"""What was measured of the SPARQL service, the marks it has to meet, and the table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from serving_engine import Engine
from serving_queries import JOIN
from table import columns, number

OURS, RDFLIB, OXIGRAPH = "smegraph", "rdflib-endpoint", "oxigraph"
ENGINE = Engine.name
REPEATED, NEVER_REPEATED = "repeated", "never repeated"
_JOIN_FACTOR = 10.0
_OVERHEAD = 0.001
# Of the answers per second of the oxigraph server; 4 000 where it makes 30 000.
_SHARES = {REPEATED: 1 / 2, NEVER_REPEATED: 4_000 / 30_000}


@dataclass
class Result:
    """Every figure, by what was asked and by who was asked.

    Attributes:
        latency: seconds of each answer.
        overhead: seconds of each of our answers less those of the engine in the same round.
        rates: answers per second of each round.
        loads: more of the same rounds: the 99th percentile in seconds, and how busy the client was.
        memory: MiB after loading and after the run.
    """

    triples: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    loading: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    latency: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    overhead: dict[str, list[float]] = field(default_factory=dict)
    rates: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    loads: dict[str, dict[str, list[dict[str, float]]]] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)

    def latencies(self, query: str) -> dict[str, float]:
        """The median seconds of a query, by who was asked."""
        return {name: statistics.median(found) for name, found in self.latency[query].items()}

    def throughput(self, kind: str) -> dict[str, float]:
        """The median answers per second, by who was asked."""
        return {name: statistics.median(found) for name, found in self.rates[kind].items()}


@dataclass(frozen=True)
class Mark:
    """Something that has to hold; `figure` and `wanted` are in words."""

    what: str
    figure: str
    wanted: str
    met: bool

    def sentence(self) -> str:
        """The mark on one line."""
        return f"{'met    ' if self.met else 'NOT MET'}  {self.what}: {self.figure}, {self.wanted}"


def write_report(path: Path, result: Result, met: Sequence[Mark]) -> None:
    """Write every figure, and the marks, into a file of JSON."""
    report = asdict(result) | {"marks": [asdict(mark) for mark in met]}
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def marks(result: Result) -> list[Mark]:
    """All marks, in the order of the table."""
    found = []
    for query in result.latency:
        found += [_faster(result, query), overhead(result, query)]
    return found + [throughput(result, kind, _SHARES[kind]) for kind in result.rates]


def _faster(result: Result, query: str) -> Mark:
    times = result.latencies(query)
    factor = times[RDFLIB] / times[OURS]
    wanted, met = f"faster than {RDFLIB}", factor > 1
    if query == JOIN:
        wanted, met = f"at least {_JOIN_FACTOR:.0f}× as fast as {RDFLIB}", factor >= _JOIN_FACTOR
    return Mark(query, f"{factor:.1f}×", wanted, met)


def overhead(result: Result, query: str) -> Mark:
    """What the service adds to the engine's own time."""
    seconds = statistics.median(result.overhead[query])
    wanted = f"at most {milliseconds(_OVERHEAD)} over {ENGINE}"
    return Mark(query, f"{milliseconds(seconds)} over it", wanted, seconds <= _OVERHEAD)


def throughput(result: Result, kind: str, share: float) -> Mark:
    """Answers per second beside those of the oxigraph server."""
    rates = result.throughput(kind)
    wanted = f"at least {share:.1%} of {OXIGRAPH}’s, {number(share * rates[OXIGRAPH])}/s"
    figure = f"{number(rates[OURS])}/s, {rates[OURS] / rates[OXIGRAPH]:.1%}"
    return Mark(f"point query, {kind}", figure, wanted, rates[OURS] >= share * rates[OXIGRAPH])


def render(result: Result) -> str:
    """The table, and below it the marks; they are meant for a million triples."""
    head = ("", OURS, RDFLIB, OXIGRAPH, ENGINE, "over it", "")
    servers = (OURS, RDFLIB, OXIGRAPH)
    lines = [*_latency_lines(result), *load_lines(result, servers), *memory_lines(result, servers)]
    cells = [(*line[:-1], *[""] * (len(head) - len(line)), line[-1]) for line in lines]
    settings = (f"{name}: {text}" for name, text in result.settings.items())
    told = [f"{number(result.triples)} triples in the default graph.", *settings]
    verdicts = [mark.sentence() for mark in marks(result)]
    return "\n".join([*told, "", columns(head, cells), "", *verdicts])


def _latency_lines(result: Result) -> list[tuple[str, ...]]:
    found = []
    for query in result.latency:
        times = result.latencies(query)
        shown = (milliseconds(times[name]) for name in (OURS, RDFLIB, OXIGRAPH, ENGINE))
        over = milliseconds(statistics.median(result.overhead[query]))
        found.append((query, *shown, over, f"{result.rows[query]} rows; median latency"))
    return found


def load_lines(result: Result, servers: Sequence[str]) -> list[tuple[str, ...]]:
    """A line for each kind of load: its name, a figure for each server, and a note."""
    found = []
    for kind in result.rates:
        rates = result.throughput(kind)
        shown = (f"{number(rates[name])}/s" for name in servers)
        found.append((f"point query, {kind}", *shown, "16 connections"))
    return found


def memory_lines(result: Result, servers: Sequence[str]) -> list[tuple[str, ...]]:
    """A line for each moment: its name, a figure for each server, and a note."""
    return [
        (
            f"memory, {moment}",
            *(f"{number(found[name])} MiB" for name in servers),
            "PSS of all processes",
        )
        for moment, found in result.memory.items()
    ]


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, in words."""
    return f"{seconds * 1000:.2f} ms"
