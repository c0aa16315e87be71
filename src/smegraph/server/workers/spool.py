"""A large result on its way to one client: a file that a worker writes and the service reads.

The worker runs ahead of the client, so a slow client holds neither a worker nor memory: what it has
not taken yet waits on the disk. The file has no name any more once it is open here.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from smegraph.server.engine.errors import AnswerBroken, EngineError
from smegraph.sparql.errors import QueryRefused

_PART: Final = 1 << 16


# Decision 025: docs/decisions/025-spooled-results.md
class Spool:
    """An asynchronous iterator over the parts of a result, while it is still being written.

    Attributes:
        written: how many bytes are in the file.
        error: why the rest will never come, if it will not.
        ended: whether nothing more is written.
        open: whether somebody still reads.
    """

    def __init__(self, path: Path, on_close: Callable[[Spool], None]) -> None:
        """Open the file and take its name away; `on_close` is told when nobody reads any more."""
        self.open = False
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        path.unlink()
        self._on_close = on_close
        self._changed = asyncio.Event()
        self._read = 0
        self.written = 0
        self.error: QueryRefused | EngineError | None = None
        self.ended = False
        self.open = True

    def grow(self, written: int) -> None:
        """Take how many bytes are in the file now."""
        self.written = written
        self._changed.set()

    def end(self) -> None:
        """Take that the result is whole."""
        self.ended = True
        self._changed.set()

    def fail(self, error: QueryRefused | EngineError) -> None:
        """Take that the rest will never come; who reads gets the error instead of the rest.

        Who has begun to read gets AnswerBroken, caused by it.
        """
        self.error, self.ended = error, True
        self._changed.set()

    def __aiter__(self) -> Spool:
        """Return the reader: there is one."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next part, waiting for it where it is not written yet."""
        while self.open:
            if self.error is not None:
                error = self.error
                await self.aclose()
                if self._read:
                    raise AnswerBroken(str(error)) from error
                raise error
            if self._read < self.written:
                return self._part()
            if self.ended:
                await self.aclose()
                break
            self._changed.clear()
            await self._changed.wait()
        raise StopAsyncIteration

    def _part(self) -> bytes:
        size = min(_PART, self.written - self._read)
        part = os.pread(self._file, size, self._read)
        self._read += len(part)
        return part

    async def aclose(self) -> None:
        """Give the file back; more than once is no fault."""
        if self.open:
            self.open = False
            os.close(self._file)
            self._changed.set()
            self._on_close(self)

    def __del__(self) -> None:
        """Close the file of a reader that was dropped."""
        if self.open:
            self.open = False
            os.close(self._file)
