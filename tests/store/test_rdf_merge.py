"""The merge of several graphs: each statement once, made once, and only where it is needed."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from smegraph.store.rdf_merge import AnyGraph, MergeCache

G, H, I, EMPTY = (NamedNode(f"urn:{name}") for name in ("g", "h", "i", "empty"))  # noqa: E741
DATA = """
<urn:only-default> <urn:p> 1 . <urn:everywhere> <urn:p> 1 .
<urn:g> { <urn:everywhere> <urn:p> 1 . <urn:only-g> <urn:p> 1 }
<urn:h> { <urn:everywhere> <urn:p> 1 . <urn:only-h> <urn:p> 1 }
<urn:i> { <urn:only-i> <urn:p> 1 }
"""


@pytest.fixture
def store() -> Store:
    found = Store()
    found.load(DATA, RdfFormat.TRIG)
    found.add_graph(EMPTY)
    return found


def subjects(store: Store | None, graph: AnyGraph) -> list[str]:
    assert store is not None
    return sorted(quad.subject.value for quad in store.quads_for_pattern(None, None, None, graph))


def test_what_two_graphs_state_is_in_their_merge_once(store: Store) -> None:
    merged = MergeCache(store, 100).get(frozenset({G, H}), frozenset())
    assert subjects(merged, DefaultGraph()) == ["urn:everywhere", "urn:only-g", "urn:only-h"]


def test_the_default_graph_can_be_one_of_them(store: Store) -> None:
    merged = MergeCache(store, 100).get(frozenset({DefaultGraph(), G}), frozenset())
    assert subjects(merged, DefaultGraph()) == ["urn:everywhere", "urn:only-default", "urn:only-g"]


def test_named_graphs_lie_beside_the_merge_empty_ones_too(store: Store) -> None:
    merged = MergeCache(store, 100).get(frozenset({G, H}), frozenset({I, EMPTY}))
    assert subjects(merged, I) == ["urn:only-i"]
    assert merged is not None
    assert set(merged.named_graphs()) == {I, EMPTY}


@pytest.mark.parametrize("graphs", [{G}, {G, I}, {DefaultGraph(), I}, {G, EMPTY}, set()])
def test_where_no_statement_is_in_two_graphs_no_merge_is_needed(
    store: Store, graphs: set[AnyGraph]
) -> None:
    assert MergeCache(store, 100).get(frozenset(graphs), frozenset()) is None


def test_blank_nodes_name_graphs_as_well() -> None:
    store = Store()
    store.load("_:g { <urn:a> <urn:p> 1 } _:h { <urn:a> <urn:p> 1 }", RdfFormat.TRIG)
    graphs = frozenset(store.named_graphs())
    assert all(isinstance(graph, BlankNode) for graph in graphs)
    assert subjects(MergeCache(store, 100).get(graphs, frozenset()), DefaultGraph()) == ["urn:a"]


@pytest.mark.parametrize(("limit", "merges"), [(4, True), (3, False)])
def test_graphs_with_more_statements_than_the_limit_are_not_merged(
    store: Store, limit: int, merges: bool
) -> None:
    found = MergeCache(store, limit).get(frozenset({G, H}), frozenset())
    assert (found is not None) == merges


def test_named_graphs_count_towards_twice_the_limit(store: Store) -> None:
    both = frozenset({G, H})
    assert MergeCache(store, 4).get(both, both) is not None
    store.load("<urn:j> { <urn:a> <urn:p> 1, 2, 3, 4, 5 }", RdfFormat.TRIG)
    assert MergeCache(store, 4).get(both, frozenset({NamedNode("urn:j")})) is None


def test_a_merge_is_made_once_and_the_least_used_is_dropped(store: Store) -> None:
    merges = MergeCache(store, 100)
    both = frozenset({G, H})
    first = merges.get(both, frozenset())
    assert merges.get(both, frozenset()) is first
    for named in (G, H):
        merges.get(both, frozenset({named}))
    assert merges.get(both, frozenset()) is first
    merges.get(both, frozenset({I}))  # The fourth: that of G, which was used longest ago, goes.
    assert merges.get(both, frozenset()) is first
    assert len(merges._merged) == 3
    assert (both, frozenset({G})) not in merges._merged
