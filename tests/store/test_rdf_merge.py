"""The merge of several graphs: each statement once, made where a query needs it, and of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from smegraph.sparql.patterns import Pattern, Patterns
from smegraph.store import rdf_merge
from smegraph.store.rdf_merge import AnyGraph, Graph, MergeCache

G, H, I, EMPTY = (NamedNode(f"urn:{name}") for name in ("g", "h", "i", "empty"))  # noqa: E741
P, Q = NamedNode("urn:p"), NamedNode("urn:q")
DATA = """
<urn:only-default> <urn:p> 1 . <urn:everywhere> <urn:p> 1 .
<urn:g> { <urn:everywhere> <urn:p> 1 . <urn:only-g> <urn:p> 1 ; <urn:q> 1 }
<urn:h> { <urn:everywhere> <urn:p> 1 . <urn:only-h> <urn:p> 1 }
<urn:i> { <urn:only-i> <urn:p> 1 ; <urn:q> 1 }
"""
Asked = Callable[[], Patterns | None]


@pytest.fixture
def store() -> Store:
    found = Store()
    found.load(DATA, RdfFormat.TRIG)
    found.add_graph(EMPTY)
    return found


def everything() -> None:
    """What a query may see of which nothing is known."""


def seen(*default: Pattern, named: frozenset[Pattern] = frozenset()) -> Asked:
    return lambda: Patterns(frozenset(default), named)


def merged(
    store: Store,
    default: Iterable[AnyGraph],
    named: Iterable[Graph] = (),
    asked: Asked = everything,
) -> Store | None:
    return MergeCache(store, 100).get(frozenset(default), frozenset(named), asked)


def subjects(store: Store | None, graph: AnyGraph) -> list[str]:
    assert store is not None
    quads = store.quads_for_pattern(None, None, None, graph)
    return sorted(str(quad.subject)[1:-1] for quad in quads)


class TestWhole:
    def test_what_two_graphs_state_is_in_their_merge_once(self, store: Store) -> None:
        found = subjects(merged(store, {G, H}), DefaultGraph())
        assert found == ["urn:everywhere", "urn:only-g", "urn:only-g", "urn:only-h"]

    def test_the_default_graph_can_be_one_of_them(self, store: Store) -> None:
        found = subjects(merged(store, {DefaultGraph(), H}), DefaultGraph())
        assert found == ["urn:everywhere", "urn:only-default", "urn:only-h"]

    def test_named_graphs_lie_beside_the_merge_empty_ones_too(self, store: Store) -> None:
        found = merged(store, {G, H}, {I, EMPTY})
        assert subjects(found, I) == ["urn:only-i", "urn:only-i"]
        assert found is not None
        assert set(found.named_graphs()) == {I, EMPTY}

    @pytest.mark.parametrize("graphs", [{G}, {G, I}, {DefaultGraph(), I}, {G, EMPTY}, set()])
    @pytest.mark.parametrize("asked", [everything, seen((None, P, None))])
    def test_where_no_statement_is_in_two_graphs_no_merge_is_needed(
        self, store: Store, graphs: set[AnyGraph], asked: Asked
    ) -> None:
        assert merged(store, graphs, asked=asked) is None

    def test_blank_nodes_name_graphs_as_well(self) -> None:
        store = Store()
        store.load("_:g { <urn:a> <urn:p> 1 } _:h { <urn:a> <urn:p> 1 }", RdfFormat.TRIG)
        graphs: set[AnyGraph] = set(store.named_graphs())
        assert all(isinstance(graph, BlankNode) for graph in graphs)
        assert subjects(merged(store, graphs), DefaultGraph()) == ["urn:a"]

    def test_it_is_made_once_and_the_least_used_is_dropped(self, store: Store) -> None:
        merges, both = MergeCache(store, 100), frozenset({G, H})
        first = merges.get(both, frozenset(), everything)
        assert merges.get(both, frozenset(), everything) is first
        for named in (G, H):
            merges.get(both, frozenset({named}), everything)
        assert merges.get(both, frozenset(), everything) is first
        merges.get(both, frozenset({I}), everything)  # The fourth: the one used longest ago goes.
        assert merges.get(both, frozenset(), everything) is first
        assert len(merges._merged) == 3
        assert (both, frozenset({G})) not in merges._merged

    @pytest.mark.parametrize(("limit", "kept"), [(5, 2), (4, 1)])
    def test_beyond_the_limit_it_is_made_and_no_other_is_kept(
        self, store: Store, limit: int, kept: int
    ) -> None:
        merges = MergeCache(store, limit)
        first: list[AnyGraph] = [DefaultGraph(), H]
        for default in (first, [G, H]):
            assert merges.get(frozenset(default), frozenset(), everything) is not None
        assert len(merges._merged) == kept


class TestPart:
    def test_it_holds_what_the_patterns_match(self, store: Store) -> None:
        everywhere = NamedNode("urn:everywhere")
        found = merged(store, {G, H}, asked=seen((everywhere, None, None)))
        assert subjects(found, DefaultGraph()) == ["urn:everywhere"]
        found = merged(store, {G, H}, asked=seen((everywhere, None, None), (None, Q, None)))
        assert subjects(found, DefaultGraph()) == ["urn:everywhere", "urn:only-g"]

    def test_it_is_not_needed_for_what_is_in_one_graph_only(self, store: Store) -> None:
        assert merged(store, {G, H, I}, asked=seen((None, Q, None))) is None
        assert merged(store, {G, H}, asked=seen((NamedNode("urn:only-g"), None, None))) is None
        assert merged(store, {G, H}, asked=seen()) is None

    def test_a_pattern_without_a_variable_is_looked_up(self, store: Store) -> None:
        one = next(store.quads_for_pattern(NamedNode("urn:everywhere"), None, None, None)).object
        assert not isinstance(one, BlankNode)
        asked = seen((NamedNode("urn:everywhere"), P, one))  # type: ignore[arg-type]
        assert subjects(merged(store, {G, H}, asked=asked), DefaultGraph()) == ["urn:everywhere"]
        default: set[AnyGraph] = {DefaultGraph(), H}
        assert subjects(merged(store, default, asked=asked), DefaultGraph()) == ["urn:everywhere"]
        assert merged(store, {G, I}, asked=asked) is None

    def test_named_graphs_hold_what_they_are_asked_for(self, store: Store) -> None:
        asked = seen((None, P, None), named=frozenset({(None, Q, None)}))
        found = merged(store, {G, H}, {G, I}, asked)
        assert subjects(found, I) == ["urn:only-i"]
        assert subjects(found, G) == ["urn:only-g"]

    def test_graphs_by_the_dozen_are_looked_into_at_once(self, store: Store) -> None:
        graphs = [NamedNode(f"urn:many-{number}") for number in range(rdf_merge._FEW + 1)]
        for graph in graphs:
            store.load(f"<{graph.value}> {{ <urn:shared> <urn:p> 1 }}", RdfFormat.TRIG)
        found = merged(store, {*graphs}, {*graphs}, seen((None, P, None)))
        assert subjects(found, DefaultGraph()) == ["urn:shared"]

    def test_once_parts_have_taken_long_the_whole_serves_every_query(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        merges, both = MergeCache(store, 100), frozenset({G, H})
        asked = seen((None, P, None))
        assert merges.get(both, frozenset(), asked) is not None
        assert len(merges._merged) == 0
        monkeypatch.setattr(rdf_merge, "_PATIENCE", 0.0)
        whole = merges.get(both, frozenset(), asked)
        assert subjects(whole, DefaultGraph()).count("urn:only-g") == 2
        assert merges.get(both, frozenset(), seen((None, Q, None))) is whole

    def test_a_whole_beyond_the_limit_is_made_for_no_query_that_does_without(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rdf_merge, "_PATIENCE", -1.0)
        merges = MergeCache(store, 3)
        found = merges.get(frozenset({G, H}), frozenset(), seen((None, P, None)))
        assert subjects(found, DefaultGraph()) == ["urn:everywhere", "urn:only-g", "urn:only-h"]
        assert len(merges._merged) == 0
