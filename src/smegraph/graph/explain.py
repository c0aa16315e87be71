"""Why a study is inconsistent: the smallest set of its facts that HermiT refuses.

QuickXplain (Junker 2004, AAAI, algorithm 1), first over the subjects of the facts, then over the
facts of those subjects. HermiT is asked only whether the ontology has a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from smegraph.graph.hermit import has_model
from smegraph.graph.triples import is_blank, subject_of

Item = TypeVar("Item")


# Decision 010: docs/decisions/010-smallest-clash.md
def find_clash(
    java: str,
    axioms: Sequence[str],
    facts: Sequence[str],
    is_model: Callable[[Sequence[str]], bool] = lambda facts: False,
) -> list[str]:
    """Return a minimal subset of the facts that contradicts the axioms (none can be left out).

    Args:
        java: the Java program.
        axioms: the ontology in N-Triples lines; taken as given.
        facts: the study's facts in N-Triples lines.
        is_model: whether some of the facts are seen to have a model, so that HermiT is not asked.

    Returns:
        The facts in order, without line ends; empty when the axioms alone have no model.
    """
    groups: dict[str, list[str]] = {}
    fixed: list[str] = []
    for fact in facts:
        if is_blank(fact):
            fixed.append(fact)  # the members of an owl:AllDifferent stand or fall together
        else:
            groups.setdefault(subject_of(fact), []).append(fact)
    refused: list[frozenset[str]] = []

    def fact_test(chosen: Sequence[str]) -> bool:
        if any(clash <= set(chosen) for clash in refused):  # more of it can only fail
            return False
        some = [*fixed, *chosen]
        if is_model(some) or has_model(java, [*axioms, *some]):
            return True
        refused.append(frozenset(chosen))
        return False

    def group_test(names: Sequence[str]) -> bool:
        return fact_test([fact for name in names for fact in groups[name]])

    subjects = quick_explain(list(groups), group_test)
    clash = quick_explain([f for name in subjects for f in groups[name]], fact_test)
    return [fact.rstrip("\n") for fact in clash]


def quick_explain(items: Sequence[Item], fits: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Return the smallest conflict among items for a test that more items can only fail.

    >>> quick_explain([1, 2, 3, 4, 5], lambda chosen: not {2, 5} <= set(chosen))
    [2, 5]
    """
    if fits(items) or not fits([]):
        return []
    found = set(_explain([], False, list(range(len(items))), lambda i: fits([items[n] for n in i])))
    return [item for number, item in enumerate(items) if number in found]


def _explain(
    given: list[int], grown: bool, rest: list[int], fits: Callable[[list[int]], bool]
) -> list[int]:
    if grown and not fits(given):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    later = _explain([*given, *first], bool(first), second, fits)
    earlier = _explain([*given, *later], bool(later), first, fits)
    return [*earlier, *later]
