"""An engine without workers answers as a worker does."""

from __future__ import annotations

import asyncio

from pyoxigraph import RdfFormat, Store

from smegraph.server.engine.engine import QueryRequest
from smegraph.server.workers.in_process import InProcessEngine
from smegraph.store.embedded import EmbeddedStore


def test_an_answer_is_whole_however_long_it_is() -> None:
    store = Store()
    lines = "".join(f"<urn:{number}> <urn:p> {number} .\n" for number in range(5000))
    store.load(lines, RdfFormat.TURTLE)
    engine = InProcessEngine(EmbeddedStore(store), "7")
    query = QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }", graph_format="ntriples")
    for _ in range(2):  # each time from an event loop of its own
        answer = asyncio.run(engine.answer(query))
        assert answer.body is not None
        assert answer.body.count(b"\n") == 5000
        assert answer.generation.name == "7"
