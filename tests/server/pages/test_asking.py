"""Rows come typed, from a whole answer and from one in parts; what is asked once is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.engine.errors import DeadlineExceeded
from smegraph.server.pages.asking import Kept, UnionOf, ask, ask_rows, end_of_records, record
from smegraph.store import EmbeddedStore
from smegraph.store.embedded import MalformedQuery
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import engine_of

FIRMS = """
SELECT ?firmName ?founded
WHERE { ?f a sme:Firm ; rdfs:label ?firmName OPTIONAL { ?f sme:founded ?founded } }
ORDER BY ?firmName
"""
BODY = b'{"head": {}, "results": {"bindings": [{"n": {"type": "literal", "value": "7"}}]}}'


@record
class Firm:
    firm_name: str
    founded: int | None = None


@record
class Count:
    n: int


class InParts:
    """An engine whose answers come in parts, and which counts those that are not closed."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.open = parts, 0
        self.generation = Generation("1", 0.0)

    async def answer(self, request: QueryRequest) -> Answer:
        return Answer("json", self.generation, parts=self._parts())

    async def _parts(self) -> AsyncIterator[bytes]:
        self.open += 1
        try:
            for part in self.parts:
                yield part
        finally:
            self.open -= 1


def test_rows_are_records_and_a_variable_without_a_value_keeps_the_default(release: Path) -> None:
    found = asyncio.run(ask(engine_of(release), FIRMS, Firm))
    assert found == [Firm("Cuberdon"), Firm("Firm A", 2014), Firm("Firm B", 2015)]


def test_an_answer_in_parts_is_read_to_its_end_and_closed() -> None:
    engine = InParts(
        b'{"head": {}, "results": {"bindings": [{"n": {"ty', b'pe": "literal", "value": "7"}}]}}'
    )
    assert asyncio.run(ask(engine, "SELECT ?n {}", Count)) == [Count(7)]
    assert engine.open == 0


def test_prefixes_are_declared_where_the_engine_knows_none(release: Path) -> None:
    engine = InProcessEngine(EmbeddedStore(release / "store", prefixes={}))
    assert len(asyncio.run(ask(engine, FIRMS, Firm))) == 3


def test_a_row_that_does_not_fit_is_an_error(release: Path) -> None:
    with pytest.raises(ValueError, match="founded"):
        asyncio.run(
            ask(engine_of(release), 'SELECT ("x" AS ?firmName) ("late" AS ?founded) {}', Firm)
        )


def test_what_the_engine_refuses_is_told(release: Path) -> None:
    with pytest.raises(MalformedQuery):
        asyncio.run(ask(engine_of(release), "SELECT", Firm))


def test_the_union_is_asked_where_the_default_graph_is_the_stored_one(release: Path) -> None:
    strict = InProcessEngine(EmbeddedStore(release / "store", default_graph="strict"))
    union = UnionOf(strict)
    assert union.generation == strict.generation
    assert asyncio.run(ask(strict, FIRMS, Firm)) == []
    assert len(asyncio.run(ask(union, FIRMS, Firm))) == 3
    graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert asyncio.run(ask(union, graphs, Count)) == [Count(2)]


def test_the_union_of_nothing_is_empty() -> None:
    empty = UnionOf(InProcessEngine(EmbeddedStore(Store(), default_graph="strict")))
    assert asyncio.run(ask(empty, FIRMS, Firm)) == []


class Maker:
    """Makes a value slowly, and counts how often; the first `failures` times it fails."""

    def __init__(self, failures: int = 0) -> None:
        self.made, self.failures = 0, failures

    async def make(self) -> int:
        self.made += 1
        await asyncio.sleep(0)
        if self.made <= self.failures:
            raise DeadlineExceeded(1.0)
        return self.made


def test_a_value_is_made_once_for_all_who_want_it() -> None:
    async def wanted() -> list[int]:
        maker = Maker()
        kept = Kept(maker.make)
        return [*await asyncio.gather(*(kept.get() for _ in range(5))), await kept.get()]

    assert asyncio.run(wanted()) == [1] * 6


def test_a_failure_is_told_to_all_who_wait_and_tried_anew_by_the_next() -> None:
    async def wanted() -> int:
        kept = Kept(Maker(failures=1).make)
        told = await asyncio.gather(kept.get(), kept.get(), return_exceptions=True)
        assert [type(error) for error in told] == [DeadlineExceeded, DeadlineExceeded]
        return await kept.get()

    assert asyncio.run(wanted()) == 2


def test_who_goes_away_takes_nothing_from_who_stays() -> None:
    async def wanted() -> int:
        kept = Kept(Maker().make)
        gone = asyncio.create_task(kept.get())
        stays = asyncio.create_task(kept.get())
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(wanted()) == 1


@pytest.mark.parametrize(
    ("text", "end"),
    [("a,b\r\nc", 5), ("a", 0), ("", 0), ('a\r\n"b\r\nc', 3), ('"a\r\nb"\r\nc', 8)],
)
def test_records_of_csv_end_outside_of_quotes(text: str, end: int) -> None:
    assert end_of_records(text) == end


class ByteByByte(InProcessEngine):
    """An engine that hands out its answer byte by byte."""

    async def answer(self, request: QueryRequest) -> Answer:
        found = await super().answer(request)
        body, found.body = found.body or b"", None

        async def parts() -> AsyncIterator[bytes]:
            for byte in body:
                yield bytes([byte])

        found.parts = parts()
        return found


def test_rows_come_part_by_part_with_quotes_and_letters_of_several_bytes(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.update(r'INSERT DATA { <urn:a> rdfs:label "\"x\"\n, é" . <urn:b> rdfs:label "y" }',
                 prefixes={"rdfs": "http://www.w3.org/2000/01/rdf-schema#"})  # fmt: skip
    store.flush()
    del store
    query = "SELECT ?thing ?label ?no { ?thing rdfs:label ?label } ORDER BY ?thing"

    async def found(engine: InProcessEngine) -> list[list[str]]:
        return [row async for rows in ask_rows(engine, query) for row in rows]

    expected = [["urn:a", '"x"\n, é', ""], ["urn:b", "y", ""]]
    stored = EmbeddedStore(tmp_path / "store")
    assert asyncio.run(found(InProcessEngine(stored))) == expected
    assert asyncio.run(found(ByteByByte(stored))) == expected
