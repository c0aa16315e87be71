"""Tables that pages look things up in."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from smegraph.server.engine.engine import Engine
from smegraph.server.engine.errors import EngineError
from smegraph.server.pages.asking import ask, record
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.server.pages.lookup import _Database as Database
from tests.server.pages.conftest import engine_of


@record
class Firm:
    firm: str
    name: str


FIRMS = "SELECT ?firm ?name { ?firm a sme:Firm ; rdfs:label ?name }"
SCHEMA = "CREATE TABLE firm (firm TEXT PRIMARY KEY, short_name TEXT)"


@record
class Short:
    short_name: str


class Counting:
    """Fills the table and counts how often it does."""

    def __init__(self, failures: int = 0) -> None:
        self.times, self.failures = 0, failures

    async def __call__(self, engine: Engine, insert: Insert) -> None:
        self.times += 1
        if self.times <= self.failures:
            raise EngineError("gone")
        found = await ask(engine, FIRMS, Firm)
        await insert("firm", ((one.firm, one.name) for one in found))
        await insert("firm", ((one.firm, "a second name") for one in found))


def tables(fill: Counting) -> Tables:
    return Tables("firms", SCHEMA, fill, "CREATE INDEX by_name ON firm (short_name)")


def names(lookup: Lookup, made: Tables, sql: str, **values: str) -> list[str]:
    found = asyncio.run(lookup.rows(made, sql, values, Short))
    return [one.short_name for one in found]


SORTED = "SELECT short_name FROM firm ORDER BY short_name"


def test_tables_are_filled_once_through_the_engine(release: Path) -> None:
    fill = Counting()
    made, lookup = tables(fill), Lookup(engine_of(release))

    async def twice() -> list[list[Short]]:
        return list(await asyncio.gather(*(lookup.rows(made, SORTED, {}, Short) for _ in "ab")))

    one, other = asyncio.run(twice())
    assert [row.short_name for row in one] == ["Cuberdon", "Firm A", "Firm B"]
    assert one == other
    assert fill.times == 1


def test_a_value_is_never_part_of_the_sql(release: Path) -> None:
    made, lookup = tables(Counting()), Lookup(engine_of(release))
    sql = "SELECT short_name FROM firm WHERE short_name = :name"
    assert names(lookup, made, sql, name="Firm A") == ["Firm A"]
    assert names(lookup, made, sql, name="x' OR '1'='1") == []


def test_filled_tables_cannot_be_changed() -> None:
    database = Database(SCHEMA)
    asyncio.run(database.insert("firm", [("a", "A")]))
    database.finish("")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        asyncio.run(database.rows("DELETE FROM firm", {}, Short))
    assert asyncio.run(database.rows(SORTED, {}, Short)) == [Short("A")]


def test_a_failure_is_told_and_not_kept(release: Path) -> None:
    fill = Counting(failures=1)
    made, lookup = tables(fill), Lookup(engine_of(release))
    with pytest.raises(EngineError):
        names(lookup, made, SORTED)
    assert names(lookup, made, SORTED) == ["Cuberdon", "Firm A", "Firm B"]


def test_tables_are_filled_anew_after_the_data_have_changed(release: Path) -> None:
    fill, engine = Counting(), engine_of(release)

    class Changing:
        generation = engine.generation
        answer = engine.answer

    changing = Changing()
    made, lookup = tables(fill), Lookup(changing)
    assert names(lookup, made, SORTED) == names(lookup, made, SORTED)
    assert fill.times == 1
    changing.generation = type(engine.generation)("another", 1)
    assert names(lookup, made, SORTED) == ["Cuberdon", "Firm A", "Firm B"]
    assert fill.times == 2


def test_what_never_differs_is_asked_of_the_tables_once_for_each_state(release: Path) -> None:
    engine = engine_of(release)

    class Changing:
        generation = engine.generation
        answer = engine.answer

    changing = Changing()
    made, lookup = tables(Counting()), Lookup(changing)

    async def asked() -> list[Sequence[Short]]:
        return [await lookup.rows_once(made, SORTED, Short) for _ in "ab"]

    one, other = asyncio.run(asked())
    assert one is other
    assert [row.short_name for row in one] == ["Cuberdon", "Firm A", "Firm B"]
    changing.generation = type(engine.generation)("another", 1)
    later, _ = asyncio.run(asked())
    assert later is not one
    assert later == one


def test_groups_of_tables_are_told_apart_by_what_they_are(release: Path) -> None:
    lookup = Lookup(engine_of(release))
    other = Tables("firms", "CREATE TABLE other (short_name TEXT)", _one_row)
    assert names(lookup, tables(Counting()), SORTED) == ["Cuberdon", "Firm A", "Firm B"]
    assert names(lookup, other, "SELECT short_name FROM other") == ["one"]


async def _one_row(engine: Engine, insert: Insert) -> None:
    await insert("other", [("one",)])
