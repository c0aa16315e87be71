"""The descriptions of a service, by the address that a client used."""

from __future__ import annotations

import asyncio

import pytest
from pyoxigraph import NamedNode, Triple
from starlette.types import Scope

from smegraph.namespaces import PREFIXES
from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.metadata.description import ServiceDescription, address_of
from smegraph.server.settings import Settings
from tests.server.inprocess import InProcessEngine
from tests.server.metadata.sample import opened


def asked_at(*hosts: str) -> Scope:
    headers = [(b"host", host.encode("latin-1")) for host in hosts]
    return {"type": "http", "scheme": "http", "headers": headers, "server": ("127.0.0.1", 8000)}


class Counting(InProcessEngine):
    """The real engine, which counts what it is asked, and may fail."""

    def __init__(self) -> None:
        super().__init__(opened(), "1")
        self.asked = 0
        self.fails = False

    async def answer(self, request: QueryRequest) -> Answer:
        self.asked += 1
        if self.fails:
            raise RuntimeError("an error that nobody foresaw")
        return await super().answer(request)


def values(triples: list[Triple], name: str) -> set[str]:
    return {triple.object.value for triple in triples if triple.predicate == NamedNode(name)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("hosts", "configured", "expected"),
    [
        (["example.org"], None, "http://example.org"),
        (["[::1]:80"], None, "http://[::1]:80"),
        (["example.org"], "https://e.org/x/", "https://e.org/x"),
        ([], None, "http://127.0.0.1:8000"),
        (["a", "b"], None, "http://127.0.0.1:8000"),
        (["example.org/<x>"], None, "http://127.0.0.1:8000"),
        (["\xe9"], None, "http://127.0.0.1:8000"),
    ],
)
def test_the_address_is_the_configured_one_or_the_client_s(
    hosts: list[str], configured: str | None, expected: str
) -> None:
    assert address_of(asked_at(*hosts), configured) == expected


def test_the_service_and_its_dataset_are_described_at_the_address_of_the_client() -> None:
    description = ServiceDescription(Counting(), Settings())

    async def both() -> tuple[list[Triple], list[Triple]]:
        scope = asked_at("e.org")
        return [*await description.service(scope)], [*await description.dataset(scope)]

    service, dataset = asyncio.run(both())
    assert values(service, PREFIXES["sd"] + "endpoint") == {"http://e.org/sparql"}
    assert values(dataset, PREFIXES["void"] + "sparqlEndpoint") == {"http://e.org/sparql"}
    assert dataset[0].subject == NamedNode("http://e.org/.well-known/void")


def test_each_state_of_the_data_is_surveyed_once_when_somebody_asks() -> None:
    engine = Counting()
    description = ServiceDescription(engine, Settings())

    async def ask(times: int) -> int:
        await asyncio.gather(*(description.service(asked_at("e")) for _ in range(times)))
        return engine.asked

    async def work() -> None:
        assert engine.asked == 0
        first = await ask(3)
        assert await ask(2) == first > 0
        engine.generation = Generation("2", 0.0)
        assert await ask(2) == 2 * first

    asyncio.run(work())


def test_a_survey_that_failed_is_made_again() -> None:
    engine = Counting()
    description = ServiceDescription(engine, Settings())

    async def work() -> None:
        engine.fails = True
        with pytest.raises(RuntimeError):
            await description.service(asked_at("e"))
        engine.fails = False
        assert await description.service(asked_at("e"))

    asyncio.run(work())
