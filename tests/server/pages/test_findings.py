"""The choice among findings that an address states, and what is counted of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.findings import (
    FACETS,
    Choice,
    choice,
    evidence,
    fields,
    found,
    quoted,
    short,
    works_behind,
)
from smegraph.server.pages.lookup import Lookup
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import engine_of
from tests.server.pages.evidence_release import write_evidence_release

ID = "https://w3id.org/smegraph/id/finding-"


@record
class Asked:
    finding: str


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessEngine]:
    return engine_of(write_evidence_release(tmp_path_factory.mktemp("evidence")))


@pytest.fixture(scope="module")
def lookup(engine: InProcessEngine) -> Lookup:
    return Lookup(engine)


def chosen(lookup: Lookup, *pairs: tuple[str, str]) -> Choice:
    return asyncio.run(choice(lookup, pairs))


def keys(lookup: Lookup, of: Choice, **how: int) -> str:
    rows = asyncio.run(found(lookup, of, **how))
    return "".join(sorted(row.iri.removeprefix(ID) for row in rows))


CHOICES = [
    ((), "abcde"),
    ((("restated", "yes"),), "abcdef"),
    ((("basis", "primary-data"),), "acd"),
    ((("basis", "primary-data"), ("basis", "literature-statement")), "abcde"),
    ((("hedged", "yes"),), "b"),
    ((("hedged", "no"),), "acde"),
    ((("hedged", "no"), ("hedged", "yes")), "abcde"),
    ((("sign", "negative"),), "c"),
    ((("effect", "trust"),), "abc"),
    ((("cause", "platform-use"),), "abce"),
    ((("cause", "linkedin-use"),), "a"),
    ((("causes", "relationship"), ("effects", "performance-outcome")), "d"),
    ((("wanted", "wanted"), ("study", "work-two")), "bce"),
    ((("work", "work-cited"),), "be"),
    ((("theme", "theme-trust"),), "b"),
    ((("platform", "channel-linkedin"), ("restated", "yes")), "a"),
    ((("platform", "channel-linkedin"), ("sign", "negative")), ""),
]


@pytest.mark.parametrize(("pairs", "expected"), CHOICES)
def test_a_choice_is_the_same_in_tables_and_in_the_query_that_the_page_names(
    engine: InProcessEngine, lookup: Lookup, pairs: tuple[tuple[str, str], ...], expected: str
) -> None:
    of = chosen(lookup, *pairs)
    rows = asyncio.run(ask(engine, of.query(), Asked))
    assert keys(lookup, of) == expected
    assert "".join(sorted(row.finding.removeprefix(ID) for row in rows)) == expected


def test_every_facet_has_its_line_in_the_query(lookup: Lookup) -> None:
    lines = chosen(lookup).query()
    assert "#?" not in lines
    named = {line.split()[1] for line in _asked() if line.startswith("#? ")}
    assert named == {facet.name for facet in FACETS}


def _asked() -> list[str]:
    from smegraph.server.pages.findings import ASKED

    return ASKED.splitlines()


def test_evidence_is_counted_in_findings_and_works_by_basis(lookup: Lookup) -> None:
    counts = asyncio.run(evidence(lookup, chosen(lookup)))
    assert [(short(one.basis), one.findings, one.works) for one in counts] == [
        ("primary-data", 3, 2),
        ("literature-statement", 2, 2),
    ]


def test_works_behind_a_choice_are_those_that_found_it_and_the_documents(lookup: Lookup) -> None:
    def behind(*pairs: tuple[str, str]) -> list[str]:
        return [short(iri) for iri in asyncio.run(works_behind(lookup, chosen(lookup, *pairs)))]

    assert behind(("hedged", "yes")) == ["work-cited", "work-two"]
    assert behind(("basis", "primary-data")) == ["work-one", "work-two"]


def test_a_finding_on_an_opposite_is_turned_and_keeps_what_is_said(lookup: Lookup) -> None:
    (row,) = asyncio.run(found(lookup, chosen(lookup, ("sign", "negative"))))
    assert row.is_turned
    assert (short(row.effect), short(row.said_effect), short(row.said_sign)) == (
        "trust", "mistrust", "positive",
    )  # fmt: skip


def test_pages_of_a_list_have_no_gap(lookup: Lookup) -> None:
    of = chosen(lookup)
    parts = [keys(lookup, of, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert sorted("".join(parts)) == list("abcde")
    assert parts[-1] == ""


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("bsis", "x"), 'Did you mean "basis"?'),
        (("basis", "primry-data"), 'Did you mean "primary-data"?'),
        (("hedged", "maybe"), "Right values are yes, no."),
        (("effect", "work-one"), "No effect is called work-one."),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    lookup: Lookup, pair: tuple[str, str], said: str
) -> None:
    with pytest.raises(HttpProblem) as refused:
        chosen(lookup, pair)
    assert refused.value.status == 400
    assert said in refused.value.detail


def test_an_empty_value_chooses_nothing_as_forms_send_it(lookup: Lookup) -> None:
    assert chosen(lookup, ("basis", ""), ("sign", "")).chosen == {}


def test_a_field_offers_what_the_findings_have(lookup: Lookup) -> None:
    of = chosen(lookup, ("sign", "negative"))
    sign, theme = asyncio.run(fields(lookup, of, ("sign", "theme")))
    assert [(option.label, option.chosen) for option in sign.options] == [
        ("negative", True), ("no effect", False), ("positive", False),
    ]  # fmt: skip
    assert [option.value for option in theme.options] == ["theme-trust"]


def test_an_address_is_changed_in_one_place() -> None:
    of = Choice({"basis": ("primary-data", "synthesis"), "sign": ("negative",)})
    assert of.without("basis", "synthesis") == [("basis", "primary-data"), ("sign", "negative")]
    assert of.pairs(sign=None, page="2") == [
        ("basis", "primary-data"), ("basis", "synthesis"), ("page", "2"),
    ]  # fmt: skip
    assert quoted("O'Neill") == "'O''Neill'"
