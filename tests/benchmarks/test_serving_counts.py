"""What the benchmark knows of counts, beside what the engine's own union says."""

from __future__ import annotations

import contextlib
from pathlib import Path

from serving_counts import numbers
from serving_engine import Engine
from serving_quads import write


def test_a_count_and_its_groups_are_read() -> None:
    one = b'{"results": {"bindings": [{"n": {"value": "3"}}]}}'
    two = b'{"results": {"bindings": [{"p": {"value": "urn:a"}, "n": {"value": "2"}}]}}'
    assert numbers(one) == {"": 3}
    assert numbers(two) == {"urn:a": 2}


def test_the_engine_counts_a_triple_in_each_graph_of_its_union(tmp_path: Path) -> None:
    graph = write(tmp_path / "graph.nq", 2_000, 100, 100)
    with contextlib.closing(Engine(graph.path, tmp_path / "log", "--union")) as engine:
        text = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
        assert numbers(engine.answer(text)) == graph.lines_by_predicate
        assert engine.ask(text) > 0
