"""What is told of a request in the log and the metrics, filled in by whoever answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

KEY: Final = "smegraph.record"


@dataclass(slots=True)
class RequestRecord:
    """What one request was about and what became of it.

    Attributes:
        operation: "query", "update", "graph-store", "description", or "" for pages.
        query: the first 16 hexadecimal digits of the SHA-256 of the query's or update's text.
        worker: the process that answered, or 0.
        cache: "miss", "hit", "shared", "bypass", or "" where no cache is asked.
        outcome: "ok", the kind of a problem ("deadline-exceeded"), "client-gone" or "broken";
            "refused" (4xx) and "failed" (5xx) where nobody says more.
    """

    operation: str = ""
    query: str = ""
    worker: int = 0
    cache: str = ""
    outcome: str = "ok"


def record_of(scope: Scope) -> RequestRecord:
    """Return the record of a request; one that nobody reads when none was asked for."""
    found = scope.get(KEY)
    return found if isinstance(found, RequestRecord) else RequestRecord()
