"""Two sides are compared graph by graph; headers and labels of blank nodes do not count."""

from __future__ import annotations

from smegraph.namespaces import GRAPH
from smegraph.publishing.difference import compare
from smegraph.publishing.sides import Side
from tests.publishing.conftest import OLD, side


def test_a_side_and_itself_say_the_same(old: Side) -> None:
    again = side(OLD.replace('owl:versionInfo "1"', 'owl:versionInfo "7"'))
    assert compare(old, again).is_empty


def test_statements_are_counted_by_graph(old: Side, new: Side) -> None:
    found = compare(old, new).graphs
    counts = {
        graph.removeprefix(GRAPH): (len(d.added), len(d.removed)) for graph, d in found.items()
    }
    # The restriction is another one (4 statements), and there is one axiom more (6).
    assert counts == {"meta": (0, 0), "one": (6, 5), "ontology": (4 + 6 + 4, 4)}
    assert (found[GRAPH + "one"].before, found[GRAPH + "one"].after) == (10, 11)


def test_a_graph_of_one_side_alone_is_all_new_or_all_gone(old: Side) -> None:
    more = side(OLD + "graph:two { id:a a sme:Firm . }")
    assert compare(old, more).added == 1
    assert compare(more, old).removed == 1
