"""The first slow query after a start: the service has loaded, and nobody has asked it anything."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from serving_http import Connection
from serving_queries import Query, request
from serving_servers import ours


def first_answers(
    graph: Path, work: Path, queries: Sequence[Query], idle: float
) -> dict[str, float]:
    """Return the seconds of each query where it is the first, each after a start of its own."""
    found = {}
    for query in queries:
        print(f"first after a start: {query.name} ...", file=sys.stderr)
        with ours(graph, work) as server:
            time.sleep(idle)
            with contextlib.closing(Connection(server.port)) as connection:
                asked = request(server.path, query.text, query.accept)
                found[query.name], _ = connection.ask(asked)
    return found
