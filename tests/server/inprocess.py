"""What there is to tell of a store, asked in this process."""

from __future__ import annotations

import asyncio

from smegraph.server.metadata.statistics import ServiceFacts, survey
from smegraph.server.workers.in_process import InProcessEngine
from smegraph.store.embedded import EmbeddedStore

__all__ = ["InProcessEngine", "surveyed"]


def surveyed(store: EmbeddedStore, known: ServiceFacts | None = None) -> ServiceFacts:
    """What there is to tell of a store."""
    return asyncio.run(survey(InProcessEngine(store), known or ServiceFacts()))
