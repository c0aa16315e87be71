"""What answers a connection: the interface that a store of this process and a service share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeAlias

from pyoxigraph import Triple

from smegraph.client.requests import Request, Table

Hints: TypeAlias = tuple[str, ...]


class Backend(Protocol):
    """Where a query is answered: in this process, or by a service."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def table(self, request: Request) -> tuple[Table, Hints]:
        """Return the variables and the rows of a SELECT, and the hints for it."""

    def truth(self, request: Request) -> bool:
        """Return the answer to an ASK."""

    def triples(self, request: Request) -> tuple[Iterable[Triple], Hints]:
        """Return the triples of a CONSTRUCT or DESCRIBE, complete, and the hints for it."""

    def update(self, text: str, token: str | None, timeout: float | None) -> None:
        """Carry out a SPARQL 1.1 Update."""

    def close(self) -> None:
        """Give back what is held open; twice is no fault."""
