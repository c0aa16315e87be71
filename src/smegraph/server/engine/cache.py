"""Results kept in memory, bounded in bytes; of equal queries at once, one is computed."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Any, Final

from smegraph.server.engine.engine import (
    Answer,
    CacheState,
    Content,
    Engine,
    Generation,
    QueryRequest,
    Submitting,
)
from smegraph.server.engine.errors import DeadlineExceeded
from smegraph.sparql.tokens import is_deterministic

_OVERHEAD: Final = 1024  # bytes of an entry's objects beside its text and its body, rounded up
_LARGEST_SHARE: Final = 8


class CachingEngine:
    """An engine that remembers the answers of another one.

    Answers are kept as long as the generation of the data is the same, the least recently used
    ones go first, and never more than `size` bytes are held. Queries that give other results each
    time are passed through, and so are results in parts.

    Attributes:
        hits, misses, shared: how many answers were kept ones, computed, and computed for another
            request that came first; an answer that is none of these was not to be kept.
        evictions: how many answers made room for others, or belonged to an earlier generation.
        bytes, entries: what is held now.
    """

    def __init__(self, engine: Engine, size: int) -> None:
        """Take the engine to ask, and the bytes that may be held; with 0, nothing is kept."""
        self._engine = engine
        self._submit = engine.submit if isinstance(engine, Submitting) else None
        self._size = size
        self._generation = ""
        self._kept: OrderedDict[Content, tuple[Answer, int]] = OrderedDict()
        self._running: dict[Content, _Computation] = {}
        self.bytes = self.hits = self.misses = self.shared = self.evictions = 0

    @property
    def entries(self) -> int:
        """The number of answers that are held."""
        return len(self._kept)

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query would see."""
        return self._engine.generation

    async def answer(self, request: QueryRequest) -> Answer:
        """Return the answer, or raise QueryRefused or EngineError.

        Cancelling the call ends the work, unless others wait for the same answer.
        """
        self._follow_generation()
        key = request.content
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self.hits += 1
            return _copy(kept[0], "hit")
        known = request.repeatable
        if not (is_deterministic(request.text) if known is None else known):
            return await self._engine.answer(request)
        return await self._computed(key, request)

    async def _computed(self, key: Content, request: QueryRequest) -> Answer:
        """Wait for the computation that runs already, or for a new one."""
        running = self._running.get(key)
        if running is not None and running.suits(self._generation, request.timeout):
            answer = await running.wait(request.timeout)
            if answer is not None and answer.parts is None:
                self.shared += 1
                return _copy(answer, "shared")
        else:
            answer = await self._start(key, request).wait(None)
        if answer is None:  # It comes in parts, which another client has taken.
            answer = await self._engine.answer(request)
        self.misses += 1
        answer.computed = answer.computed or time.time()
        if answer.parts is None:
            return _copy(answer, "miss")
        answer.cache = "miss"
        return answer

    def _begin(self, request: QueryRequest) -> asyncio.Future[Answer]:
        if self._submit is not None:
            return self._submit(request)
        return asyncio.create_task(self._engine.answer(request))

    def _start(self, key: Content, request: QueryRequest) -> _Computation:
        task = self._begin(request)
        started = _Computation(task, self._generation, request.timeout)
        self._running[key] = started

        def ended(task: asyncio.Future[Answer]) -> None:
            if self._running.get(key) is started:
                del self._running[key]
            if not task.cancelled() and task.exception() is None:
                self._keep(key, task.result())
                started.drop_unread()
            started.tell()

        task.add_done_callback(ended)
        return started

    def _follow_generation(self) -> None:
        """Drop what an earlier state of the data has answered."""
        name = self._engine.generation.name
        if name != self._generation:
            self.evictions += len(self._kept)
            self._kept.clear()
            self.bytes = 0
            self._generation = name

    def _keep(self, key: Content, answer: Answer) -> None:
        """Keep an answer that is whole, of the present generation and not too large."""
        answer.computed = answer.computed or time.time()
        self._follow_generation()
        if answer.body is None or answer.generation.name != self._generation or key in self._kept:
            return
        cost = _cost(key, answer.body, answer.hints)
        if cost > self._size // _LARGEST_SHARE:
            return
        while self.bytes + cost > self._size:
            _, (_, freed) = self._kept.popitem(last=False)
            self.bytes -= freed
            self.evictions += 1
        self._kept[key] = answer, cost
        self.bytes += cost


_ending: set[asyncio.Future[Any]] = set()  # A loop holds tasks weakly.


@dataclass(slots=True, eq=False)
class _Computation:
    """One computation and the clients that wait for it; it ends when the last one goes away."""

    task: asyncio.Future[Answer]
    generation: str
    timeout: float | None
    waiting: list[asyncio.Future[Answer]] = field(default_factory=list)
    taken: bool = False

    def suits(self, generation: str, timeout: float | None) -> bool:
        """Say whether a request may wait for this: it sees the same data, and for long enough."""
        if generation != self.generation or not self.waiting:
            return False
        return self.timeout is None or (timeout is not None and timeout <= self.timeout)

    async def wait(self, timeout: float | None) -> Answer | None:
        """Return the answer; nothing when it comes in parts and another client has taken it.

        Raises what the computation raises, and DeadlineExceeded after `timeout` seconds.
        """
        waiting = self.task.get_loop().create_future()
        self.waiting.append(waiting)
        try:
            answer = await (waiting if timeout is None else _within(timeout, waiting))
            if answer.parts is None:
                return answer
            if self.taken:
                return None
            self.taken = True
            return answer
        finally:
            self.waiting.remove(waiting)
            if not self.waiting:
                self._abandon()
            del self, waiting  # An error holds the frames that it came through, and they the query.

    def tell(self) -> None:
        """Give each who waits what the computation has come to; it has ended."""
        for waiting in self.waiting:
            if waiting.done():
                continue
            if self.task.cancelled():
                waiting.cancel()
            elif error := self.task.exception():
                waiting.set_exception(error)
            else:
                waiting.set_result(self.task.result())

    def _abandon(self) -> None:
        """End the work, since nobody waits for it any more."""
        if self.task.done():
            self.drop_unread()
        else:
            _hold(self.task)
            self.task.cancel()

    def drop_unread(self) -> None:
        """Close an answer in parts when nobody is left to read them."""
        if self.waiting or self.taken or self.task.cancelled() or self.task.exception():
            return
        answer = self.task.result()
        if answer.parts is not None:
            self.taken = True
            _hold(asyncio.create_task(answer.close()))


def _hold(task: asyncio.Future[Any]) -> None:
    _ending.add(task)
    task.add_done_callback(_ending.discard)


async def _within(timeout: float, future: asyncio.Future[Answer]) -> Answer:
    try:
        async with asyncio.timeout(timeout):
            return await future
    except TimeoutError as error:
        raise DeadlineExceeded(timeout) from error
    finally:
        del future


def _cost(key: Content, body: bytes, hints: tuple[str, ...]) -> int:
    """Return about how many bytes of memory an entry takes, rather too many."""
    texts = sum(map(getsizeof, (*(key[1] or ()), *(key[2] or ()), *hints)))
    return len(body) + getsizeof(key[0]) + texts + _OVERHEAD


def _copy(answer: Answer, state: CacheState) -> Answer:
    """Return the whole answer for one client (dataclasses.replace takes several times as long)."""
    return Answer(
        answer.format,
        answer.generation,
        answer.encoding,
        answer.body,
        worker=answer.worker,
        cache=state,
        computed=answer.computed,
        hints=answer.hints,
    )
