"""The tables of firms and channels, as they are filled from a release."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.pages.asking import record
from smegraph.server.pages.channel_tables import CHANNELS
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import engine_of


@record
class _Row:
    row: str


@pytest.fixture(scope="module")
def lookup(papers_release: Path) -> Lookup:
    return Lookup(engine_of(papers_release))


def told(lookup: Lookup, sql: str) -> list[str]:
    return [one.row for one in asyncio.run(lookup.rows(CHANNELS, sql, {}, _Row))]


def test_a_use_with_several_types_of_platform_has_one_row(lookup: Lookup) -> None:
    rows = told(lookup, "SELECT fact AS row FROM used")
    assert sorted(row.rpartition("/")[2] for row in rows) == [
        "no-1", "no-2", "plan-1", "use-1", "use-2",
    ]  # fmt: skip
    assert told(lookup, "SELECT DISTINCT kind AS row FROM used WHERE channel = ''") == ["non-use"]


def test_printed_and_computed_numbers_stand_side_by_side(lookup: Lookup) -> None:
    sql = "SELECT count(*) || ' ' || computed AS row FROM measure GROUP BY computed"
    assert {row.split()[1] for row in told(lookup, sql)} == {"0", "1"}


def test_all_that_a_row_names_has_a_label(lookup: Lookup) -> None:
    for table, column in (("used", "channel"), ("used", "basis"), ("rating", "benefit")):
        sql = (
            f"SELECT {column} AS row FROM {table} "
            f"WHERE {column} != '' AND {column} NOT IN (SELECT iri FROM label)"
        )
        assert told(lookup, sql) == [], (table, column)
