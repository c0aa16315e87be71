"""The query that a search names, beside what the page shows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

import pytest

from smegraph.server.pages.asking import ask, record
from tests.server.pages.conftest import Visitor, engine_of, site_of


@pytest.fixture(scope="module")
def visitor(searched: Path) -> Visitor:
    return Visitor(site_of(searched))


@record
class _Fact:
    fact: str


@pytest.mark.parametrize(
    "q", ["LinkedIn trust", "trust", "export performance", "Johanson Vahlne 1977"]
)
def test_the_query_of_the_page_finds_the_same_facts(
    visitor: Visitor, searched: Path, q: str
) -> None:
    told = visitor.get(f"/search.json?q={quote(q)}").json()
    asked = asyncio.run(ask(engine_of(searched), told["query"], _Fact))
    shown = {row["iri"] for row in told["rows"] if row["found"] == "fact"}
    assert {row.fact for row in asked} == shown
    assert shown


def test_the_query_has_what_is_chosen(visitor: Visitor, searched: Path) -> None:
    told = visitor.get("/search.json?q=trust&basis=primary-data&kind=finding&hedged=no").json()
    asked = asyncio.run(ask(engine_of(searched), told["query"], _Fact))
    assert [row.fact.rpartition("/")[2] for row in asked] == ["raises"]
