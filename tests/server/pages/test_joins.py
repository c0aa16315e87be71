"""From things to facts: what names the things of all parts, how much of it, on what basis."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from smegraph.namespaces import VOC
from smegraph.server.pages import joins
from smegraph.server.pages.joins import Asked, Backing
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.matching import joining, matches_of, parts_of
from smegraph.server.pages.search_tables import SEARCH
from tests.server.pages.conftest import engine_of


@pytest.fixture(scope="module")
def lookup(searched: Path) -> Lookup:
    return Lookup(engine_of(searched))


async def asked(
    lookup: Lookup, text: str, chosen: Mapping[str, str], *, restated: bool = False
) -> Asked:
    parts = await parts_of(lookup, SEARCH, text.split())
    matches = await matches_of(lookup, SEARCH, parts)
    return Asked(await joining(lookup, SEARCH, matches), len(parts), chosen, restated)


def names(lookup: Lookup, text: str, *, rarest: int | None = None, **chosen: str) -> list[str]:
    async def found() -> list[str]:
        one = replace(await asked(lookup, text, chosen), rarest=rarest)
        rows = await joins.facts(lookup, SEARCH, one, one.parts, limit=9, offset=0)
        return [row.iri.rpartition("/")[2] for row in rows]

    return asyncio.run(found())


@pytest.mark.parametrize("rarest", [None, 0, 1])
def test_facts_name_all_parts_and_kinds_of_what_is_named(
    lookup: Lookup, rarest: int | None
) -> None:
    assert names(lookup, "linkedin trust", rarest=rarest) == ["raises"]
    assert names(lookup, "psychic trust", rarest=rarest) == ["far"]  # goodwill is a kind of trust
    assert names(lookup, "linkedin china", rarest=rarest) == []


def test_a_thing_that_has_all_words_joins_them(lookup: Lookup) -> None:
    assert set(names(lookup, "johanson vahlne 1977")) >= {"cites", "raises"}
    assert names(lookup, "johanson 1977", kind="citation") == ["cites"]


def test_facts_are_tallied_by_each_facet_as_the_others_are_chosen(lookup: Lookup) -> None:
    async def found() -> joins.Tally:
        one = await asked(lookup, "trust", {"basis": VOC + "primary-data"}, restated=True)
        return await joins.tally(lookup, SEARCH, one)

    tally = asyncio.run(found())
    assert (tally.most, tally.total) == (1, 2)
    assert tally.by["basis"] == {VOC + "primary-data": 2, VOC + "literature-statement": 1}
    assert tally.by["kind"] == {"finding": 2}


def test_facts_are_backed_by_basis_with_the_works_that_found_them(lookup: Lookup) -> None:
    async def found() -> list[Backing]:
        return await joins.backing(lookup, SEARCH, await asked(lookup, "trust", {}), 1)

    assert asyncio.run(found()) == [
        Backing(VOC + "literature-statement", 1, 1), Backing(VOC + "primary-data", 1, 1),
    ]  # fmt: skip


def test_of_each_part_the_first_facts_and_how_many_there_are(lookup: Lookup) -> None:
    async def found() -> list[tuple[int, int]]:
        rows = await joins.of_each(lookup, SEARCH, await asked(lookup, "johanson china", {}), 1)
        return [(row.part, row.facts) for row in rows]

    assert asyncio.run(found()) == [(0, 5), (1, 1)]
