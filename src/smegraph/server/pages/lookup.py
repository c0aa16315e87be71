"""What pages look up in tables: SQLite, filled with what the engine answers, and thrown away.

Each group of tables is filled when it is first wanted and anew after the data have changed. The
database is private and temporary: SQLite keeps it in memory and puts on disk what is too large.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

from smegraph.server.engine.engine import Engine, Generation
from smegraph.server.pages.asking import Kept

T = TypeVar("T")
Values: TypeAlias = Mapping[str, str | int | float | None]
Insert: TypeAlias = Callable[[str, Iterable[Sequence[Any]]], Awaitable[None]]
"""What puts rows into a table: its name, and each row with a value for each of its columns."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A group of tables that belong together.

    Attributes:
        name: the name of the group.
        schema: the SQL that makes them, empty.
        fill: asks the engine what goes into them.
        indexes: the SQL that is run when they are full.
    """

    name: str
    schema: str
    fill: Callable[[Engine, Insert], Awaitable[None]]
    indexes: str = ""


# Decision 086: docs/decisions/086-lookup-tables.md
class Lookup:
    """The tables of the state that is served."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine that is asked; nothing is asked yet."""
        self._engine = engine
        self._made: dict[Tables, tuple[Generation, Kept[_Database]]] = {}

    async def rows(self, tables: Tables, sql: str, values: Values, row: type[T]) -> list[T]:
        """Return what a SELECT answers, each row as a `record`; `:name` stands for a value.

        Raises what filling the tables raises (EngineError), and sqlite3.Error for wrong SQL.
        """
        database = await self._database(tables)
        return await database.rows(sql, values, row)

    async def rows_once(self, tables: Tables, sql: str, row: type[T]) -> Sequence[T]:
        """Return what a SELECT answers that has no values; it is run once for each state."""
        database = await self._database(tables)
        if sql not in database.kept:
            database.kept[sql] = Kept(lambda: database.rows(sql, {}, row))
        found: Sequence[T] = await database.kept[sql].get()
        return found

    async def _database(self, tables: Tables) -> _Database:
        generation = self._engine.generation
        known = self._made.get(tables)
        if known is None or known[0] != generation:
            known = generation, Kept(lambda: self._filled(tables))
            self._made[tables] = known
        return await known[1].get()

    async def _filled(self, tables: Tables) -> _Database:
        database = await asyncio.to_thread(_Database, tables.schema)
        await tables.fill(self._engine, database.insert)
        await asyncio.to_thread(database.finish, tables.indexes)
        return database


class _Database:
    """One private database of SQLite; one thread uses it at a time."""

    def __init__(self, schema: str) -> None:
        self.kept: dict[str, Kept[Any]] = {}
        self._lock = Lock()
        self._connection = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {schema}"
        )
        self._connection.execute("BEGIN")

    async def insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Put rows into a table; one that is there already stays as it is."""
        await asyncio.to_thread(self._insert, table, rows)

    def _insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._lock:
            width = len(self._connection.execute(f"SELECT * FROM {table}").description)
            places = ", ".join("?" * width)
            sql = f"INSERT OR IGNORE INTO {table} VALUES ({places})"
            self._connection.executemany(sql, rows)

    def finish(self, indexes: str) -> None:
        with self._lock:
            self._connection.execute("COMMIT")
            self._connection.executescript(f"{indexes}; PRAGMA query_only = ON")

    async def rows(self, sql: str, values: Values, row: type[T]) -> list[T]:
        found = await asyncio.to_thread(self._select, sql, values)
        return _reader(row).validate_python(found)  # type: ignore[arg-type]

    def _select(self, sql: str, values: Values) -> list[dict[str, Any]]:
        with self._lock:
            found = self._connection.execute(sql, dict(values))
            names = [to_camel(column) for column, *_ in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]


@cache
def _reader(row: type[T]) -> TypeAdapter[list[T]]:
    return TypeAdapter(list[row])  # type: ignore[valid-type]
