"""Firms and channels in their tables, against the SPARQL that a page names for the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.channels import (
    TITLES,
    channel_choice,
    channel_labels,
    firm_tags,
    firms_of,
    matrix_of,
    measures_of,
    ratings_of,
    uses_of,
    values_of,
)
from smegraph.server.pages.lookup import Lookup
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import engine_of


@record
class _Fact:
    fact: str


@pytest.fixture(scope="module")
def engine(papers_release: Path) -> InProcessEngine:
    return engine_of(papers_release)


def names(iris: set[str]) -> set[str]:
    return {iri.rpartition("/")[2] for iri in iris}


CHOICES = [
    ([], {"use-1", "use-2", "no-1", "no-2", "plan-1"}),
    ([("kind", "non-use")], {"no-1", "no-2"}),
    ([("kind", "planned"), ("kind", "use")], {"use-1", "use-2", "plan-1"}),
    ([("type", "interaction-and-reach-platform")], {"use-1", "use-2", "no-1"}),
    ([("channel", "channel-blog")], {"plan-1"}),
    ([("function", "recruiting")], {"no-2", "plan-1"}),
    ([("country", "place-finland")], {"use-1", "use-2"}),
    ([("study", "work-cases"), ("firm", "firm-b")], {"no-1", "no-2", "plan-1"}),
    ([("basis", "primary-data"), ("function", "sales")], {"use-1"}),
]


@pytest.mark.parametrize(("parameters", "expected"), CHOICES)
def test_choice_has_the_facts_that_its_query_has(
    engine: InProcessEngine, parameters: list[tuple[str, str]], expected: set[str]
) -> None:
    async def both() -> tuple[set[str], set[str]]:
        lookup = Lookup(engine)
        choice = channel_choice(await channel_labels(lookup), parameters, [*TITLES])
        asked = await ask(engine, choice.query(), _Fact)
        found = await uses_of(lookup, choice)
        return names({row.fact for row in found}), names({row.fact for row in asked})

    assert asyncio.run(both()) == (expected, expected)


def test_use_non_use_and_plan_are_told_apart(engine: InProcessEngine) -> None:
    async def told() -> None:
        lookup = Lookup(engine)
        choice = channel_choice({}, [], [])
        cells = {
            (c.firm.rpartition("/")[2], c.channel.rpartition("/")[2], c.kind): c
            for c in await matrix_of(lookup, choice)
        }
        assert {(*key, cell.facts) for key, cell in cells.items()} == {
            ("firm-a", "channel-linkedin", "use", 2), ("firm-b", "channel-linkedin", "non-use", 1),
            ("firm-b", "", "non-use", 1), ("firm-b", "channel-blog", "planned", 1),
        }  # fmt: skip
        used = cells["firm-a", "channel-linkedin", "use"]
        assert (used.first, used.phases, used.functions) == (2014, "observed", 1)
        assert await values_of(lookup, "study")

    asyncio.run(told())


def test_firms_have_numbers_and_ratings(engine: InProcessEngine) -> None:
    async def told() -> None:
        lookup = Lookup(engine)
        choice = channel_choice({}, [], [])
        firms = await firms_of(lookup, choice)
        assert [(f.label, f.founded, f.channels) for f in firms] == [
            ("Firm A", 2010, 1), ("Firm B", None, 0),
        ]  # fmt: skip
        tags = await firm_tags(lookup, choice)
        assert names(set(tags[firms[0].iri]["market"])) == {"place-china"}
        measures = await measures_of(lookup, choice)
        computed = {(m.name, m.year) for m in measures if m.computed}
        assert computed == {("share of exports in turnover, %", year) for year in (2018, 2019)}
        assert ("people", None, 3.0) in {(m.name, m.year, m.value) for m in measures}
        (rating,) = await ratings_of(lookup, choice)
        assert (rating.symbol, rating.impact) == ("+++", 3)

    asyncio.run(told())


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (("firms", "x"), '"firm"'),
        (("kind", "used"), "use"),
        (("channel", "channel-linkdin"), "channel-linkedin"),
    ],
)
def test_what_there_is_not_is_refused_with_what_is_meant(
    engine: InProcessEngine, parameter: tuple[str, str], said: str
) -> None:
    known = asyncio.run(channel_labels(Lookup(engine)))
    with pytest.raises(HttpProblem) as refused:
        channel_choice(known, [parameter], [*TITLES])
    assert refused.value.status == 400
    assert said in refused.value.detail
