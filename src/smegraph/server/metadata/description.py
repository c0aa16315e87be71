"""The descriptions of the service as it is now: for the endpoint, and for `/.well-known/void`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Final

import pyoxigraph
from starlette.types import Scope

from smegraph.export.listing import DataFile
from smegraph.server.engine.engine import Engine
from smegraph.server.metadata.distributions import distributions
from smegraph.server.metadata.statistics import ServiceFacts, survey
from smegraph.server.metadata.triples import describe, void_triples
from smegraph.server.settings import Settings

ENDPOINT: Final = "/sparql"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


class ServiceDescription:
    """The descriptions of the service and its data, from a survey of each state of the data.

    The survey is made when somebody first asks.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        files: Callable[[], Sequence[DataFile]] = tuple,
    ) -> None:
        """Take the engine to ask, what the settings say of the service, and who lists the files."""
        self._engine, self._base, self._files = engine, settings.base_url, files
        self._known = ServiceFacts(
            union=settings.default_graph == "union",
            writable=settings.writable,
            services=settings.allow_service,
            prefixes=settings.default_prefixes,
        )
        self._surveying: tuple[str, asyncio.Task[ServiceFacts]] | None = None

    async def service(self, scope: Scope) -> Sequence[pyoxigraph.Triple]:
        """Return the description of the service at the address that the client used."""
        base = address_of(scope, self._base)
        return [*describe(await self._facts(), base + ENDPOINT), *self._distributions(base)]

    async def dataset(self, scope: Scope) -> Sequence[pyoxigraph.Triple]:
        """Return the description of the dataset (VoID)."""
        base = address_of(scope, self._base)
        told = void_triples(await self._facts(), base + ENDPOINT, base)
        return [*told, *self._distributions(base)]

    def _distributions(self, base: str) -> list[pyoxigraph.Triple]:
        dataset = pyoxigraph.NamedNode(f"{base}{ENDPOINT}#dataset")
        return distributions(self._files(), dataset, base)

    async def _facts(self) -> ServiceFacts:
        name = self._engine.generation.name
        if self._surveying is None or self._surveying[0] != name or _failed(self._surveying[1]):
            self._surveying = name, asyncio.create_task(survey(self._engine, self._known))
        return await asyncio.shield(self._surveying[1])


def _failed(task: asyncio.Task[ServiceFacts]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def address_of(scope: Scope, configured: str | None) -> str:
    """Return the address of the service, without a slash at its end.

    It is the configured one, else what the client's Host header says, else where we listen.
    """
    if configured:
        return configured.rstrip("/")
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) == 1 and _HOST.fullmatch(hosts[0]):
        return f"{scope['scheme']}://{hosts[0]}"
    host, port = scope.get("server") or ("localhost", 80)
    return f"{scope['scheme']}://{host}:{port}"
