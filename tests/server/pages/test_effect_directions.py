"""Directions of works, counted by hand on the small release of findings."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.server.pages.effect_directions import (
    COLUMNS,
    EVERYTHING,
    Work,
    desirability,
    offered,
    works,
)
from smegraph.server.pages.findings import choice, short
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import engine_of
from tests.server.pages.direction_release import write_direction_release


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return Lookup(engine_of(write_direction_release(tmp_path_factory.mktemp("directions"))))


def found(lookup: Lookup, columns: str, *pairs: tuple[str, str]) -> list[Work]:
    async def asked() -> list[Work]:
        return await works(lookup, await choice(lookup, pairs), columns)

    return asyncio.run(asked())


def told(work: Work) -> dict[str, str]:
    return {short(column): one.sign for column, one in work.directions.items()}


def test_works_with_primary_data_come_first_and_speak_for_themselves(lookup: Lookup) -> None:
    one, two, cited = found(lookup, "causes", ("effect", "trust"))
    assert [short(work.iri) for work in (one, two, cited)] == ["work-one", "work-two", "work-cited"]
    assert [work.is_primary for work in (one, two, cited)] == [True, True, False]
    # Two says by its own data that use lowers trust; the positive statement is second-hand.
    family = "platform-adoption"
    assert told(two) == {"": "negative", family: "negative"}
    assert (two.left, cited.left) == (1, 0)
    assert told(cited) == {"": "positive", family: "positive"}
    assert cited.directions[EVERYTHING].is_hedged


def test_how_a_work_was_made_stands_with_it(lookup: Lookup) -> None:
    one, two, cited = found(lookup, "causes", ("effect", "trust"))
    assert (one.method, one.sizes, one.platforms) == ("qualitative", (29, 12), ("marketplace",))
    assert (two.method, two.sizes) == ("not told", ())
    assert (cited.method, cited.sizes) == ("quantitative", (500,))


def test_columns_are_what_is_asked_for(lookup: Lookup) -> None:
    assert {*COLUMNS} == {"causes", "families", "outcomes"}
    pair = ("cause", "platform-use")
    (cited,) = [w for w in found(lookup, "outcomes", pair) if short(w.iri) == "work-cited"]
    assert told(cited) == {"": "mixed", "trust": "positive", "sales": "no-effect"}
    (cited,) = [w for w in found(lookup, "families", pair) if short(w.iri) == "work-cited"]
    assert {*told(cited)} == {"", "relationship", "performance-outcome"}


def test_effects_are_offered_by_works(lookup: Lookup) -> None:
    rows = asyncio.run(_offered(lookup))
    assert rows == [("trust", 3, 2, 3), ("sales", 2, 1, 2)]


async def _offered(lookup: Lookup) -> list[tuple[str, int, int, int]]:
    rows = await offered(lookup, await choice(lookup, ()), 9)
    return [(short(r.construct), r.works, r.primary, r.findings) for r in rows]


def test_desirability_is_told_where_somebody_judged_it(lookup: Lookup) -> None:
    judged = asyncio.run(desirability(lookup))
    assert {short(key): short(value) for key, value in judged.items()} == {
        "trust": "wanted", "mistrust": "unwanted", "sales": "wanted",
    }  # fmt: skip
