"""What the pages know of the graph: a query's rows as typed values, asked once and kept."""

from __future__ import annotations

import asyncio
import codecs
import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, dataclass_transform

from pydantic import ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from smegraph.namespaces import PREFIXES
from smegraph.server.engine.engine import Answer, Engine, Generation, QueryRequest
from smegraph.sparql.tokens import prefixes_in

T = TypeVar("T")

_QUERIES: Final = Path(__file__).parent / "queries"
_IN_CAMEL_CASE: Final = ConfigDict(alias_generator=to_camel)


def load_query(name: str) -> str:
    """Return the query of the file with this name."""
    return (_QUERIES / f"{name}.rq").read_text("utf-8")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass that is filled from outside, its values checked by type.

    What is called `studyLabel` there, a variable of a query say, fills the field `study_label`.
    """
    return dataclass(frozen=True, slots=True, config=_IN_CAMEL_CASE)(cls)  # type: ignore[return-value]


async def ask(engine: Engine, query: str, row: type[T]) -> list[T]:
    """Return what an engine answers to a SELECT, each row as a `record`.

    The usual prefixes are declared, so that it does not matter whether the engine knows them. A
    variable without a value leaves its field as the record has it.

    Raises EngineError or QueryRefused as the engine does, and ValueError when a row does not fit.
    """
    body = await read_answer(await engine.answer(QueryRequest(_declared(query))))
    return await asyncio.to_thread(_rows, body, row)


async def ask_rows(engine: Engine, query: str) -> AsyncIterator[list[list[str]]]:
    """Yield what an engine answers to a SELECT, part by part: rows of texts, one for each variable.

    For what is too much to be held whole; a variable without a value is an empty text. Prefixes
    and errors as for `ask`, and AnswerBroken when the rest cannot be computed.
    """
    answer = await engine.answer(QueryRequest(_declared(query), table_format="csv"))
    decoder, text, is_head = codecs.getincrementaldecoder("utf-8")(), "", True
    try:
        async for part in _parts(answer):
            text += decoder.decode(part)
            end = end_of_records(text)
            rows = await asyncio.to_thread(_records, text[:end])
            text = text[end:]
            if rows:
                yield rows[1:] if is_head else rows
                is_head = False
    finally:
        await answer.close()


async def _parts(answer: Answer) -> AsyncIterator[bytes]:
    if answer.parts is None:
        yield answer.body or b""
        return
    async for part in answer.parts:
        yield part


def _records(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text, newline=""))]


def end_of_records(text: str) -> int:
    """Return where the last whole record of CSV in a text ends (RFC 4180).

    >>> end_of_records('a,b\\r\\nc,"d\\r\\n'), end_of_records("a")
    (5, 0)
    """
    end = text.rfind("\n") + 1
    while end and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end - 1) + 1
    return end


async def ask_graph(engine: Engine, query: str) -> list[Triple]:
    """Return what an engine answers to a CONSTRUCT; prefixes and errors as for `ask`."""
    request = QueryRequest(_declared(query), graph_format="ntriples")
    body = await read_answer(await engine.answer(request))
    return await asyncio.to_thread(_triples, body)


def on(query: str, **terms: str) -> str:
    """Return a query in which IRIs stand in the place of variables that are written with `$`.

    >>> on("SELECT * { $thing ?property ?value }", thing="urn:a")
    'SELECT * { <urn:a> ?property ?value }'

    Raises ValueError for what is no absolute IRI.
    """
    for name, iri in terms.items():
        query = query.replace(f"${name}", str(NamedNode(iri)))
    return query


def _declared(query: str) -> str:
    """Return a query with the prefixes that it uses."""
    used = prefixes_in(query, PREFIXES).items()
    return "".join(f"PREFIX {name}: <{start}>\n" for name, start in used) + query


def _triples(body: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]


async def read_answer(answer: Answer) -> bytes:
    """Return the whole of an answer, however it comes."""
    try:
        if answer.parts is None:
            return answer.body or b""
        return b"".join([part async for part in answer.parts])
    finally:
        await answer.close()


def _rows(body: bytes, row: type[T]) -> list[T]:
    """Return the rows of SPARQL 1.1 Query Results JSON."""
    found = json.loads(body)["results"]["bindings"]
    rows = [{name: term["value"] for name, term in binding.items()} for binding in found]
    return TypeAdapter(list[row]).validate_python(rows)  # type: ignore[valid-type]


class UnionOf:
    """An engine whose default graph is the union of all graphs, made of one where it is not."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine to ask."""
        self._engine = engine

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query would see."""
        return self._engine.generation

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer over a dataset that names every graph (`Engine.answer`)."""
        found = await ask(self._engine, "SELECT ?graph { GRAPH ?graph {} }", _GraphRow)
        graphs = tuple(row.graph for row in found)
        named = replace(request, default_graphs=graphs, named_graphs=graphs)
        return await self._engine.answer(named)


@record
class _GraphRow:
    graph: str


class Kept(Generic[T]):
    """A value that is made when it is first wanted, and kept: a release does not change.

    Who wants it meanwhile waits for the same one. A failure is not kept: the next one tries anew.
    """

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Take what makes the value."""
        self._make = make
        self._making: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return the value; raises what making it raises."""
        if self._making is None or _has_failed(self._making):
            self._making = asyncio.create_task(self._make())
        return await asyncio.shield(self._making)


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
