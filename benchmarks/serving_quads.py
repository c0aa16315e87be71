"""The made-up graph as the product keeps one: in many named graphs, whose union is asked.

What it counts, it counts as it writes; no store is asked.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from serving_graph import ID, YEARS, Graph, firms_for, lines

SHARED = 100  # One triple of so many stands in a second graph.


@dataclass(frozen=True)
class NamedGraphs(Graph):
    """A file of N-Quads; `triples` are those of the union, where each counts once.

    Attributes:
        graphs: how many named graphs there are.
        statements: the lines of the file; a triple counts in each graph that it stands in.
        by_predicate: triples of the union for each predicate.
        lines_by_predicate: lines for each predicate.
    """

    graphs: int
    statements: int
    by_predicate: dict[str, int] = field(repr=False)
    lines_by_predicate: dict[str, int] = field(repr=False)


def graph_name(number: int) -> str:
    """The IRI of a named graph; they are numbered from 0."""
    return f"{ID}graph-{number:05}"


def write(path: Path, triples: int, graphs: int, shared: int = 0) -> NamedGraphs:
    """Write at least so many triples into so many graphs; one of `shared` goes into two of them."""
    if graphs < 2 or triples < graphs:
        raise ValueError(f"{triples} triples do not fill {graphs} graphs.")
    firms = firms_for(triples)
    once: Counter[str] = Counter()
    again: Counter[str] = Counter()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii", newline="\n") as file:
        for number, line in enumerate(lines(firms)):
            graph = number * graphs // triples % graphs
            predicate = line.split(" ", 2)[1][1:-1]
            once[predicate] += 1
            file.write(_quad(line, graph))
            if shared and not number % shared:
                again[predicate] += 1
                file.write(_quad(line, (graph + 1) % graphs))
    everything = once + again
    return NamedGraphs(
        path,
        once.total(),
        firms * len(YEARS),
        graphs,
        everything.total(),
        dict(once),
        dict(everything),
    )


def split(path: Path) -> dict[str, Path]:
    """Write each graph of a file of N-Quads into a file of N-Triples; there should be few."""
    found: dict[str, Path] = {}
    with contextlib.ExitStack() as stack, path.open(encoding="ascii") as quads:
        files: dict[str, TextIO] = {}
        for line in quads:
            triple, _, graph = line.removesuffix(" .\n").rpartition(" ")
            name = graph[1:-1]
            if name not in files:
                found[name] = path.with_name(f"{path.stem}-{len(files)}.nt")
                file = found[name].open("w", encoding="ascii", newline="\n")
                files[name] = stack.enter_context(file)
            files[name].write(f"{triple} .\n")
    return found


@dataclass(frozen=True)
class Halves:
    """Two files of N-Triples that have one triple in common, and how many firm-years are whole."""

    files: tuple[Path, Path]
    firm_years: int


def halves(folder: Path, triples: int) -> Halves:
    """Write exactly so many triples, one of them into both files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = list(itertools.islice(lines(firms_for(triples)), triples))
    middle = triples // 2
    files = folder / "first.nt", folder / "second.nt"
    for path, part in zip(files, (found[:middle], found[middle - 1 :]), strict=True):
        path.write_text("".join(part), encoding="ascii", newline="\n")
    begun = sum(1 for line in found if line.endswith("#FirmObservation> .\n"))
    return Halves(files, begun - 1)


def _quad(line: str, graph: int) -> str:
    triple = line.removesuffix(" .\n")
    return f"{triple} <{graph_name(graph)}> .\n"
