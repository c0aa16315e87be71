"""Answer in a thread of this process, without workers: a query cannot be stopped once it runs."""

from __future__ import annotations

import time

from anyio import to_thread

from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.workers.evaluate import evaluate
from smegraph.store.embedded import EmbeddedStore


class InProcessEngine:
    """An engine without isolation; its answers are whole."""

    def __init__(self, store: EmbeddedStore, generation: str = "0") -> None:
        """Take the store to ask."""
        self._store = store
        self.generation = Generation(generation, time.time())

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer without blocking the event loop."""
        return await to_thread.run_sync(self._answer, request)

    def _answer(self, request: QueryRequest) -> Answer:
        parts: list[bytes] = []
        found = evaluate(self._store, request, lambda format, encoding: parts.append)
        body = b"".join(parts) if found.body is None else found.body
        return Answer(
            found.format,
            self.generation,
            encoding=found.encoding,
            body=body,
            computed=time.time(),
            hints=self._store.hints(request.text),
        )
