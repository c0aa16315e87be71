"""The tables of findings, as they are filled from a release."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.server.pages.asking import record
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.lookup import Lookup
from tests.server.pages.conftest import engine_of
from tests.server.pages.evidence_release import write_evidence_release


@record
class _Row:
    row: str


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    return Lookup(engine_of(write_evidence_release(tmp_path_factory.mktemp("tables"))))


def told(lookup: Lookup, sql: str) -> list[str]:
    return [one.row for one in asyncio.run(lookup.rows(FINDINGS, sql, {}, _Row))]


def test_each_finding_has_one_row_that_keeps_what_is_said(lookup: Lookup) -> None:
    short = "substr({0}, instr({0}, 'finding-') + 8)"
    sql = f"SELECT {short.format('iri')} AS row FROM finding ORDER BY iri"
    assert "".join(told(lookup, sql)) == "abcdef"
    turned = "SELECT locator AS row FROM finding WHERE effect != said_effect"
    assert told(lookup, turned) == ["section c"]
    assert told(lookup, "SELECT locator AS row FROM finding WHERE restates") == ["section f"]


def test_a_finding_that_two_works_found_has_two_tags(lookup: Lookup) -> None:
    sql = "SELECT count(*) || ' ' || kind AS row FROM tag WHERE finding LIKE '%-b' GROUP BY kind"
    assert "2 work" in told(lookup, sql)


def test_all_that_a_row_names_has_a_label(lookup: Lookup) -> None:
    for column in ("cause", "effect", "sign", "basis", "study"):
        sql = f"SELECT {column} AS row FROM finding WHERE {column} NOT IN (SELECT iri FROM label)"
        assert told(lookup, sql) == [], column
