"""Pairs, notes and chains of a construct, in a release whose counts can be done by hand."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.namespaces import VOC
from smegraph.server.pages.construct_pairs import (
    PairRow,
    Scope,
    ask_chains,
    ask_pairs,
    pairs_of,
    positive_pole,
)
from smegraph.server.pages.findings import Choice, choice, short
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import engine_of
from tests.server.pages.evidence_release import write_evidence_release


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return Lookup(engine_of(write_evidence_release(tmp_path_factory.mktemp("pairs"))))


def whole(lookup: Lookup) -> Choice:
    return asyncio.run(choice(lookup, []))


def counted(lookup: Lookup, scope: Scope, role: str) -> dict[tuple[str, str], tuple[int, int]]:
    rows = asyncio.run(ask_pairs(lookup, whole(lookup), scope, role))
    return {
        (short(one.cause), short(one.effect)): (one.findings, one.primary_works)
        for one in pairs_of(rows)
    }


def test_rows_become_pairs_with_their_bases() -> None:
    in_all = PairRow("a", "b", "", 3, 2, 1, 1, 0, 0, 1)
    basis = PairRow("a", "b", VOC + "primary-data", 3, 2, 1, 1, 0, 0, 1)
    (found,) = pairs_of([in_all, basis])
    assert (found.primary_works, found.directions["unsigned"], found.direction) == (2, 1, "mixed")


def test_what_is_below_a_construct_counts_for_it(lookup: Lookup) -> None:
    assert counted(lookup, Scope(VOC + "platform-use"), "cause") == {
        ("platform-use", "trust"): (3, 2), ("platform-use", "sales"): (1, 0),
    }  # fmt: skip


def test_an_opposite_is_asked_of_as_the_documents_say_it(lookup: Lookup) -> None:
    said = Scope(VOC + "mistrust", is_said=True)
    assert counted(lookup, said, "effect") == {("platform-use", "mistrust"): (1, 1)}
    assert counted(lookup, Scope(VOC + "mistrust"), "effect") == {}


def test_the_construct_whose_absence_one_is(lookup: Lookup) -> None:
    poles = [asyncio.run(positive_pole(lookup, VOC + name)) for name in ("mistrust", "sales")]
    assert [short(one) for one in poles] == ["trust", "sales"]


def test_a_chain_has_no_step_that_has_no_effect(lookup: Lookup) -> None:
    chosen = whole(lookup)
    found, many = asyncio.run(ask_chains(lookup, chosen, VOC + "linkedin-use", VOC + "sales"))
    assert many == len(found) == 1
    none, _ = asyncio.run(ask_chains(lookup, chosen, VOC + "sales", VOC + "trust"))
    assert none == []
