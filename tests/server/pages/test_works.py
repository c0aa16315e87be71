"""The works in their tables, against the SPARQL that a page names for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from smegraph.namespaces import ID
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.works import (
    evidence_of,
    how_many,
    samples_of,
    tags_of,
    work_choice,
    work_counts,
    work_labels,
    works_named,
    works_of,
)
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import engine_of


@record
class _Paper:
    paper: str


@pytest.fixture(scope="module")
def engine(papers_release: Path) -> InProcessEngine:
    return engine_of(papers_release)


def keys(iris: Iterable[str]) -> set[str]:
    return {iri.removeprefix(f"{ID}work-") for iri in iris}


CHOICES = [
    ([], {"li", "berg", "review", "cases"}),
    ([("cited", "yes")], {"li", "berg", "review", "cases", "old"}),
    ([("role", "reviewed")], {"li", "berg"}),
    ([("role", "coded")], {"review", "cases"}),
    ([("role", "coded"), ("role", "reviewed")], {"li", "berg", "review", "cases"}),
    ([("year", "2020"), ("year", "2022")], {"li", "berg"}),
    ([("continent", "place-asia")], {"li"}),
    ([("country", "place-finland")], {"berg", "cases"}),
    ([("method", "field-work")], {"li"}),
    ([("method", "case-study"), ("role", "reviewed")], {"berg"}),
    ([("platform", "interaction-and-reach-platform")], {"li"}),
    ([("theme", "benefits")], {"li", "berg", "cases"}),
    ([("basis", "primary-data")], {"cases"}),
    ([("wanted", "wanted"), ("hedged", "yes")], set()),
    ([("wanted", "unwanted"), ("hedged", "yes")], {"li"}),
    ([("wanted", "wanted"), ("hedged", "no")], {"li", "berg", "cases"}),
]


@pytest.mark.parametrize(("parameters", "expected"), CHOICES)
def test_choice_has_the_papers_that_its_query_has(
    engine: InProcessEngine, parameters: list[tuple[str, str]], expected: set[str]
) -> None:
    async def both() -> tuple[set[str], set[str], int]:
        lookup = Lookup(engine)
        choice = work_choice(await work_labels(lookup), parameters)
        asked = await ask(engine, choice.query(), _Paper)
        found = await works_of(lookup, choice)
        number = await how_many(lookup, choice)
        return keys(w.iri for w in found), keys(row.paper for row in asked), number

    assert asyncio.run(both()) == (expected, expected, len(expected))


def test_counts_of_a_facet_are_those_that_a_choice_of_it_would_show(
    engine: InProcessEngine,
) -> None:
    async def counted() -> list[tuple[str, str, int, int]]:
        lookup = Lookup(engine)
        labels = await work_labels(lookup)
        choice = work_choice(labels, [("role", "reviewed")])
        compared = []
        for name, values in (await work_counts(lookup, choice)).items():
            for one in values:
                value = one.value.rpartition("/")[2]
                own = {("role", value)} if name == "role" else {("role", "reviewed"), (name, value)}
                then = work_choice(labels, sorted(own))
                compared.append((name, value, one.works, await how_many(lookup, then)))
        return compared

    compared = asyncio.run(counted())
    assert {name for name, *_ in compared} >= {"year", "role", "country", "method", "basis"}
    assert [row for row in compared if row[2] != row[3]] == []


def test_work_is_told_with_authors_samples_categories_and_findings(
    engine: InProcessEngine,
) -> None:
    async def told() -> None:
        lookup = Lookup(engine)
        choice = work_choice(await work_labels(lookup), [])
        works = await works_named(lookup, [f"{ID}work-li", f"{ID}work-old"])
        li, old = works
        assert (li.authors, li.doi, li.year) == ("Li, W.; Berg, A.", "10.1000/li", 2020)
        assert (old.cited, old.documents, old.reviewed) == (3, 2, False)
        tags = (await tags_of(lookup, works))[li.iri]
        assert [tag.label for tag in tags["method"]] == ["survey"]
        assert [tag.label for tag in tags["continent"]] == ["Asia"]
        (sample,) = (await samples_of(lookup, works))[li.iri]
        assert (sample.size, sample.unit, sample.text) == (120, "firms", "120 firms")
        (found,) = (await evidence_of(lookup, choice, works))[li.iri]
        assert (found.label, found.findings, found.hedged) == ("literature statement", 2, 1)

    asyncio.run(told())


@pytest.mark.parametrize("sort", ["year", "-year", "title", "periodical", "-cited", "findings"])
def test_order_holds_all_works(engine: InProcessEngine, sort: str) -> None:
    async def ordered() -> list[str]:
        lookup = Lookup(engine)
        choice = work_choice(await work_labels(lookup), [("cited", "yes")])
        return [work.label for work in await works_of(lookup, choice, sort)]

    found = asyncio.run(ordered())
    assert len(found) == 5
    if sort == "-cited":
        assert found[0] == "Old (1977)"
    if sort == "-year":
        assert found == [
            "Review (2024)", "Berg (2022)", "Li & Berg (2020)", "Old (1977)",
            "Cases <i>of</i> firms",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (("contry", "x"), '"country"'),
        (("method", "surveys"), '"survey"'),
        (("year", "20x0"), "no year"),
        (("role", "read"), "reviewed, coded"),
        (("cited", "no"), "yes"),
    ],
)
def test_what_there_is_not_is_refused_with_what_is_meant(
    engine: InProcessEngine, parameter: tuple[str, str], said: str
) -> None:
    labels = asyncio.run(work_labels(Lookup(engine)))
    with pytest.raises(HttpProblem) as refused:
        work_choice(labels, [parameter])
    assert refused.value.status == 400
    assert said in refused.value.detail
