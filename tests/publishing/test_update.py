"""The patch of a difference turns one side into the other."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.namespaces import GRAPH
from smegraph.publishing.difference import compare
from smegraph.publishing.errors import ComparisonError
from smegraph.publishing.sides import Side, open_side
from smegraph.publishing.update import apply, as_update
from tests.conftest import Release
from tests.publishing.conftest import HEAD, NEW, OLD, side
from tests.publishing.test_blank_nodes import TREES


def canonical(store: ox.Store) -> ox.Dataset:
    """Everything in a store, blank nodes with the labels of RDFC-1.0."""
    data = ox.Dataset(store)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return data


def loaded(text: str) -> ox.Store:
    store = ox.Store()
    store.load((HEAD + text).encode(), format=ox.RdfFormat.TRIG)
    return store


@pytest.mark.parametrize(("one", "other"), [(OLD, NEW), (NEW, OLD), ("", OLD), (OLD, "")])
def test_the_patch_turns_one_store_into_the_other(one: str, other: str) -> None:
    store = loaded(one)
    store.update(as_update(compare(side(one), side(other))))
    assert canonical(store) == canonical(loaded(other))


def test_the_patch_of_no_difference_is_empty(old: Side) -> None:
    assert as_update(compare(old, old)) == ""


def test_a_node_that_says_more_is_not_removed_with_the_one_that_says_less() -> None:
    one = "graph:g { id:a sme:p [ sme:q 1 ], [ sme:q 1 ; sme:r 2 ] }"
    other = "graph:g { id:a sme:p [ sme:q 1 ; sme:r 2 ] }"
    store = loaded(one)
    store.update(as_update(compare(side(one), side(other))))
    assert canonical(store) == canonical(loaded(other))


def test_nodes_that_nothing_tells_apart_are_refused() -> None:
    one = side("graph:g { id:a sme:p [ sme:q 1 ], [ sme:q 1 ] }", "one")
    other = side("graph:g { id:a sme:p [ sme:q 1 ] }", "other")
    with pytest.raises(ComparisonError, match=r"No update leads from one to other.*graph:g"):
        as_update(compare(one, other))


def test_a_text_with_the_mark_of_a_blank_node_is_a_text() -> None:
    one, other = 'graph:g { id:a rdfs:label " _:b> " }', 'graph:g { id:a rdfs:label "_:b" }'
    store = loaded(one)
    store.update(as_update(compare(side(one), side(other))))
    assert canonical(store) == canonical(loaded(other))


GRAPHS = st.lists(st.tuples(st.sampled_from(["id:a", "id:b"]), TREES), max_size=3).map(
    lambda pairs: "PREFIX : <urn:> graph:g { " + " ".join(f"{s} :r {o} ." for s, o in pairs) + "}"
)


@given(GRAPHS, GRAPHS)
def test_any_patch_that_is_given_leads_there(one: str, other: str) -> None:
    try:
        text = as_update(compare(side(one), side(other)))
    except ComparisonError:
        return  # two nodes say the same
    store = loaded(one)
    store.update(text)
    assert canonical(store) == canonical(loaded(other))


def test_a_release_with_other_findings_and_axioms_is_patched(
    released: Release, tmp_path: Path
) -> None:
    """The named graphs of the real release, changed in a study, an axiom and the headers."""
    text = (released.path / "smegraph.trig").read_text("utf-8")
    assert "sme:hedged false" in text
    changed = text.replace("sme:hedged false", "sme:hedged true", 3)
    changed = changed.replace(f'owl:versionInfo "{released.path.name}"', 'owl:versionInfo "next"')
    (tmp_path / "new.trig").write_text(changed, "utf-8")
    old, new = open_side(str(released.path)), open_side(str(tmp_path / "new.trig"))
    ontology = GRAPH + "ontology"
    axioms = {t for t in new.graphs[ontology] if "_:" in t and "someValuesFrom" in t}
    dropped = frozenset(new.graphs[ontology] - set(sorted(axioms)[:1]))
    # Named anew, as what is read from a file is: a blank node is named by all that it holds.
    new = apply("", Side(new.name, {**new.graphs, ontology: dropped}, new.headers))
    patched, wanted = apply(as_update(compare(old, new)), old), apply("", new)
    assert patched.graphs == wanted.graphs
    assert patched.headers == wanted.headers
