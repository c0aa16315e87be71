"""The seam between HTTP and a writable dataset: what an update is, and who takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Permission = Literal["update", "graph-store"]

# A document on disk: its path, the media type of its format, and the name its sender gives it.
Document: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update and the dataset that the request names for its WHERE parts (Protocol §2.2.3).

    It holds plain values only, so that it can go to another process.

    Attributes:
        using_graphs: the `using-graph-uri` parameters; None when there are none.
        using_named_graphs: the `using-named-graph-uri` parameters; None when there are none.
        timeout: seconds after which the update is given up; None stands for the service's own.
    """

    text: str
    using_graphs: tuple[str, ...] | None = None
    using_named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None


class Writer(Protocol):
    """What carries out updates, one after another."""

    async def update(self, request: UpdateRequest) -> None:
        """Return when the update is durable and the next query sees it; all of it, or nothing.

        Raises QueryRefused (MalformedQuery, FederationRefused, …) or EngineError; DatasetConflict
        when the request names a dataset and the update has USING, USING NAMED or WITH (SPARQL 1.1
        Protocol §2.2.3). Cancelling the call does not undo the update.
        """
