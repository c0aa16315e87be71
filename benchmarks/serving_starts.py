"""The first slow query after a start: the service has loaded, and nobody has asked it anything."""

from __future__ import annotations

import contextlib
import http.client
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measure import BenchmarkError
from serving_http import Connection
from serving_queries import Query, request
from serving_servers import Server, ours

_PATIENCE = 60.0  # seconds until it says that it is ready


def settle(server: Server, idle: float) -> None:
    """Wait until ours says that it is ready, and leave it alone for some seconds.

    Raises:
        BenchmarkError: it does not become ready.
    """
    until = time.monotonic() + _PATIENCE
    while not _ready(server.port):
        if time.monotonic() > until:
            raise BenchmarkError(f"{server.name} is not ready after {_PATIENCE:.0f} s.")
        time.sleep(0.1)
    time.sleep(idle)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200


def first_answers(
    graph: Path, work: Path, queries: Sequence[Query], idle: float
) -> dict[str, float]:
    """Return the seconds of each query where it is the first, each after a start of its own."""
    found = {}
    for query in queries:
        print(f"first after a start: {query.name} ...", file=sys.stderr)
        with ours(graph, work) as server:
            settle(server, idle)
            with contextlib.closing(Connection(server.port)) as connection:
                asked = request(server.path, query.text, query.accept)
                found[query.name], _ = connection.ask(asked)
    return found
