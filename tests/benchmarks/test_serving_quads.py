"""The graph of the benchmark: what it says of itself is what is in its files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from serving_graph import firm_year_label
from serving_quads import NamedGraphs, halves, split, write

TRIPLES, GRAPHS, SHARED = 3_000, 150, 100


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> NamedGraphs:
    """A small graph set, of which some triples stand in two graphs."""
    return write(tmp_path_factory.mktemp("quads") / "graph.nq", TRIPLES, GRAPHS, SHARED)


def lines(path: Path) -> list[tuple[str, str]]:
    """The triple and the graph of each line."""
    found = (line.removesuffix(" .").rpartition(" ") for line in path.read_text().splitlines())
    return [(triple, graph) for triple, _, graph in found]


def test_triples_are_counted_once_and_statements_in_each_graph(written: NamedGraphs) -> None:
    found = lines(written.path)
    assert written.statements == len(found) == len(set(found))
    assert written.triples == len({triple for triple, _ in found}) >= TRIPLES


def test_the_counts_by_predicate_are_those_of_the_file(written: NamedGraphs) -> None:
    found = lines(written.path)
    each = Counter(triple.split(" ", 2)[1][1:-1] for triple, _ in found)
    once = Counter(triple.split(" ", 2)[1][1:-1] for triple in {triple for triple, _ in found})
    assert written.lines_by_predicate == each
    assert written.by_predicate == once


def test_every_graph_is_used_and_one_triple_in_a_hundred_is_in_two(written: NamedGraphs) -> None:
    found = lines(written.path)
    assert len({graph for _, graph in found}) == written.graphs == GRAPHS
    times = Counter(Counter(triple for triple, _ in found).values())
    assert times == {1: written.triples - times[2], 2: -(-written.triples // SHARED)}


def test_no_triple_is_shared_unless_asked_for(tmp_path: Path) -> None:
    written = write(tmp_path / "graph.nq", TRIPLES, GRAPHS)
    assert (
        written.statements == written.triples == len({triple for triple, _ in lines(written.path)})
    )


def test_the_same_arguments_give_the_same_bytes(written: NamedGraphs, tmp_path: Path) -> None:
    again = write(tmp_path / "graph.nq", TRIPLES, GRAPHS, SHARED)
    assert again.path.read_bytes() == written.path.read_bytes()


def test_a_file_is_split_into_its_graphs(tmp_path: Path) -> None:
    written = write(tmp_path / "graph.nq", TRIPLES, 2, SHARED)
    parts = {
        (line.removesuffix(" ."), f"<{graph}>")
        for graph, path in split(written.path).items()
        for line in path.read_text().splitlines()
    }
    assert parts == set(lines(written.path))


def test_the_halves_have_one_triple_in_common_and_whole_firm_years(tmp_path: Path) -> None:
    found = halves(tmp_path, TRIPLES)
    first, second = (set(path.read_text().splitlines()) for path in found.files)
    assert len(first | second) == TRIPLES
    assert len(first & second) == 1
    text = "\n".join(first | second)
    assert all(firm_year_label(number) in text for number in range(found.firm_years))
