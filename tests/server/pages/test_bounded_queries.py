"""A page asks the graph a bounded number of queries, however often and in whatever state."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.pages.site import release_site
from smegraph.store import EmbeddedStore
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import Visitor

# Pages, each with a state that nobody has asked for; what the first visit of all of them fills is
# kept for all.
STATES = {
    "/": "", "/start": "", "/search": "?q=trust", "/findings": "?hedged=yes",
    "/evidence": "?basis=primary-data", "/constructs": "", "/constructs/growth": "?hedged=no",
    "/disagreements": "", "/direction": "?effect=growth", "/meta": "?effect=growth",
    "/papers": "?basis=primary-data", "/platforms": "?kind=use", "/firms": "", "/studies": "",
    "/questions": "", "/ask": "", "/about": "", "/glossary": "",
}  # fmt: skip
TO_FILL = 60  # all tables of all pages
AFTERWARDS = 5


class Counting(InProcessEngine):
    """An engine that counts what it is asked."""

    asked = 0

    async def answer(self, request: QueryRequest) -> Answer:
        self.asked += 1
        return await super().answer(request)


@pytest.fixture(scope="module")
def engine(evidence: Path) -> Counting:
    return Counting(EmbeddedStore(evidence / "store"))


@pytest.fixture(scope="module")
def visitor(evidence: Path, engine: Counting) -> Visitor:
    """A visitor who has opened every page once."""
    visitor = Visitor(release_site(evidence, engine))
    for path in STATES:
        assert visitor.get(path).status_code == 200, path
    assert 0 < engine.asked <= TO_FILL
    return visitor


@pytest.mark.parametrize("path", STATES)
def test_another_state_asks_few_queries(visitor: Visitor, engine: Counting, path: str) -> None:
    before = engine.asked
    assert visitor.get(path + STATES[path]).status_code == 200
    assert engine.asked - before <= AFTERWARDS


def test_the_same_state_asks_none(visitor: Visitor, engine: Counting) -> None:
    for path, state in STATES.items():
        visitor.get(path + state)
        before = engine.asked
        assert visitor.get(path + state).status_code == 200
        assert engine.asked == before, path
