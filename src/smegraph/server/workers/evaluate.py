"""Evaluate one query and hand out its result: what a worker does for a request."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from traceback import clear_frames
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

from pyoxigraph import QueryTriples

from smegraph.release.turtle_text import turtle_of_answer
from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS
from smegraph.results.streaming import PART, write_result
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.engine.errors import EngineError, NotAccepted, ResultTooLarge
from smegraph.sparql.errors import QueryRefused
from smegraph.store.embedded import EmbeddedStore

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdCompressor
else:
    from backports.zstd import ZstdCompressor

_ENCODING_FROM: Final = 1024  # bytes
_GZIP_LEVEL: Final = 4
_ZSTD_LEVEL: Final = 3

_Write: TypeAlias = Callable[[bytes], None]
Start: TypeAlias = Callable[[str, str], _Write]


@dataclass(slots=True)
class Evaluation:
    """A result: whole (`body`), or handed out in parts (`body` is None).

    Attributes:
        format: the name of the format that was used.
        encoding: the content coding that was used; results below 1 KiB stay "identity".
    """

    format: str
    encoding: str
    body: bytes | None


def evaluate(
    store: EmbeddedStore,
    request: QueryRequest,
    start: Start,
    *,
    inline: int = 65_536,
    limit: int | None = None,
) -> Evaluation:
    """Evaluate the query, write its result in the format asked for, and encode it.

    A result that takes at most `inline` bytes as encoded is returned whole. For a longer one,
    `start` is called once, with the names of format and content coding; what it returns takes
    the parts in order, which have about 64 KiB (a long literal makes a longer one).

    Raises what `EmbeddedStore.query` raises, NotAccepted, NotWritable, and ResultTooLarge when the
    result has more than `limit` bytes before it is encoded; any of them may come when parts are
    out. Errors keep no results of the engine alive, which must end in the thread they began in.
    """
    try:
        return _evaluate(store, request, start, inline, limit)
    except (QueryRefused, EngineError) as error:
        _clear_frames(error)
        raise


def _evaluate(
    store: EmbeddedStore, request: QueryRequest, start: Start, inline: int, limit: int | None
) -> Evaluation:
    result = store.query(
        request.text,
        default_graphs=request.default_graphs,
        named_graphs=request.named_graphs,
        strict=request.strict,
    )
    is_graph = isinstance(result, QueryTriples)
    name = request.graph_format if is_graph else request.table_format
    offered = _OFFERED[is_graph]
    if name not in offered:
        raise NotAccepted(offered)
    output = _Output(start, name, request.encoding, inline, limit)
    write_result(
        result, FORMATS[name], output.write, prefixes=store.prefixes, turtle=turtle_of_answer
    )
    return Evaluation(name, output.encoding, output.finish())


_OFFERED: Final[Mapping[bool, tuple[str, ...]]] = MappingProxyType(
    {
        False: tuple(found.name for found in TABLE_FORMATS),
        True: tuple(found.name for found in GRAPH_FORMATS),
    }
)


def _clear_frames(error: BaseException | None) -> None:
    """Empty the frames of an error and of those behind it."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


class _Compressor(Protocol):
    """What zlib and zstd have in common."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


_COMPRESSORS: Final[Mapping[str, Callable[[], _Compressor]]] = MappingProxyType(
    {
        "gzip": lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16),
        "zstd": lambda: ZstdCompressor(_ZSTD_LEVEL),
    }
)


class _Output:
    """Takes the result as it is written; limits, encodes and buffers it, or hands it out."""

    def __init__(
        self, start: Start, format: str, encoding: str, inline: int, limit: int | None
    ) -> None:
        self.encoding = encoding
        self._start, self._format = start, format
        self._threshold = inline  # bytes that are buffered; fewer once the result goes out in parts
        self._limit = limit
        self._total = 0
        self._compressor: _Compressor | None = None
        self._write: _Write | None = None
        self._buffered: list[bytes] = []
        self._size = 0

    def write(self, part: bytes) -> None:
        """Take a part as `write_result` gives it: only the last may be short."""
        if not self._total:
            self._choose(part)
        self._total += len(part)
        if self._limit is not None and self._total > self._limit:
            raise ResultTooLarge(self._limit)
        self._buffer(self._compressor.compress(part) if self._compressor else part)

    def finish(self) -> bytes | None:
        """Return the whole when nothing is out yet; otherwise hand out the rest."""
        if self._compressor:
            self._buffer(self._compressor.flush())
        rest = b"".join(self._buffered)
        if self._write is None:
            return rest
        if rest:
            self._write(rest)
        return None

    def _choose(self, first: bytes) -> None:
        """Choose the content coding: a short first part is the whole result."""
        if len(first) < _ENCODING_FROM or self.encoding not in _COMPRESSORS:
            self.encoding = "identity"
        else:
            self._compressor = _COMPRESSORS[self.encoding]()

    def _buffer(self, encoded: bytes) -> None:
        self._buffered.append(encoded)
        self._size += len(encoded)
        if self._size <= self._threshold:
            return
        if self._write is None:
            self._write = self._start(self._format, self.encoding)
            self._threshold = PART - 1
        self._write(b"".join(self._buffered))
        self._buffered, self._size = [], 0
