"""The smallest set of facts that clashes is found, and asked for as seldom as can be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.graph import explain
from smegraph.graph.explain import find_clash, quick_explain
from smegraph.graph.hermit import find_java, has_model
from smegraph.namespaces import OWL
from smegraph.ontology.terms import TYPE

CLASSES = [f"<urn:{name}> <{TYPE}> <{OWL}Class> .\n" for name in ("Firm", "Platform", "Place")]
APART = f"<urn:Firm> <{OWL}disjointWith> <urn:Platform> .\n"
FIRM, PLATFORM, PLACE = (f"<urn:x> <{TYPE}> <urn:{n}> .\n" for n in ("Firm", "Platform", "Place"))


@st.composite
def conflicts(draw: st.DrawFn) -> tuple[int, list[frozenset[int]]]:
    """How many items there are, and the sets of them that cannot stand together."""
    size = draw(st.integers(1, 25))
    some = st.frozensets(st.integers(0, size - 1), min_size=1, max_size=4)
    return size, draw(st.lists(some, min_size=1, max_size=4))


@given(conflicts())
def test_explanation_is_a_conflict_from_which_nothing_can_be_left_out(
    case: tuple[int, list[frozenset[int]]],
) -> None:
    size, forbidden = case

    def fits(chosen: Sequence[int]) -> bool:
        return not any(conflict <= set(chosen) for conflict in forbidden)

    found = quick_explain(range(size), fits)
    assert not fits(found)
    assert all(fits([item for item in found if item != left]) for left in found)
    assert found == sorted(found)


def test_explanation_asks_far_less_often_than_there_are_items() -> None:
    asked = 0

    def fits(chosen: Sequence[int]) -> bool:
        nonlocal asked
        asked += 1
        return not {100, 900} <= set(chosen)

    assert quick_explain(range(1000), fits) == [100, 900]
    assert asked < 50


def test_items_that_fit_need_no_explanation() -> None:
    assert quick_explain([1, 2, 3], lambda chosen: True) == []


def test_explanation_blames_no_item_for_what_is_wrong_without_any() -> None:
    assert quick_explain([1, 2, 3], lambda chosen: False) == []


def test_clash_names_the_facts_and_not_the_axioms() -> None:
    facts = [FIRM, PLACE, PLATFORM, FIRM.replace("urn:x", "urn:y")]
    found = find_clash(find_java(), [*CLASSES, APART], facts)
    assert [fact + "\n" for fact in found] == [FIRM, PLATFORM]


def test_hermit_is_asked_of_no_facts_that_are_seen_to_have_a_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = list[set[str]]()

    def answer(java: str, lines: Sequence[str]) -> bool:
        asked.append(set(lines) - {*CLASSES, APART})
        return has_model(java, lines)

    def is_model(facts: Sequence[str]) -> bool:
        return not {FIRM, PLATFORM} <= set(facts)

    monkeypatch.setattr(explain, "has_model", answer)
    facts = [FIRM, PLACE, PLATFORM, FIRM.replace("urn:x", "urn:y")]
    found = find_clash(find_java(), [*CLASSES, APART], facts, is_model)
    assert [fact + "\n" for fact in found] == [FIRM, PLATFORM]
    assert all({FIRM, PLATFORM} <= chosen for chosen in asked)
    assert len(asked) < 4  # nor of what holds a clash that is known
