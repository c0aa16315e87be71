"""The tables of the search: names are folded, and facts hang on the things that they name."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.pages.asking import record
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.search_tables import SEARCH, fold
from tests.server.pages.conftest import engine_of


@record
class Cell:
    value: str
    count: int = 0


def cells(release: Path, sql: str) -> list[tuple[str, int]]:
    found = asyncio.run(Lookup(engine_of(release)).rows(SEARCH, sql, {}, Cell))
    return [(row.value, row.count) for row in found]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Torrès & Vahlne (1977)", "torres vahlne 1977"), ("LINKEDIN", "linkedin"),
        ("Straße_Øre", "strasse ore"), ("", ""), ('"* ^:(', ""), ("数据", "数据"),
    ],
)  # fmt: skip
def test_names_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_thing_has_one_kind_and_facts_are_no_things(searched: Path) -> None:
    sql = "SELECT kind AS value, COUNT(*) AS count FROM thing GROUP BY kind"
    found = dict(cells(searched, sql))
    assert found["construct"] == 6
    assert found["work"] == 3
    assert found["question"] == 1
    sql = "SELECT COUNT(*) AS count, '' AS value FROM thing WHERE label LIKE 'Citation%'"
    assert cells(searched, sql) == [("", 0)]


def test_facts_are_of_the_kind_that_their_document_gives_them(searched: Path) -> None:
    sql = "SELECT kind AS value, COUNT(*) AS count FROM fact WHERE study LIKE '%told' GROUP BY kind"
    found = dict(cells(searched, sql))
    assert (found["finding"], found["citation"], found["authorship"]) == (4, 1, 1)


def test_facts_are_counted_without_restatements(searched: Path) -> None:
    sql = (
        "SELECT t.label AS value, w.facts AS count FROM weight w JOIN thing t ON t.id = w.thing "
        "WHERE t.label IN ('LinkedIn', 'export performance') ORDER BY t.label"
    )
    assert cells(searched, sql) == [("LinkedIn", 1), ("export performance", 2)]


def test_what_a_fact_names_has_its_role(searched: Path) -> None:
    sql = (
        "SELECT t.label AS value, l.role AS count FROM link l JOIN thing t ON t.id = l.thing "
        "JOIN fact f ON f.id = l.fact WHERE f.iri LIKE '%/raises' ORDER BY l.role, t.label"
    )
    assert cells(searched, sql) == [
        ("LinkedIn", 0), ("export performance", 0), ("mutual trust", 0),
        ("Johanson & Vahlne (1977)", 1), ("Told (2020)", 2),
    ]  # fmt: skip
