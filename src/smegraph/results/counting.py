"""Count the solutions in serialised results from their bytes, whatever their parts.

The engine writes solutions without telling how many. Each counter knows one format as the engine
writes it: the bytes that end or begin a solution there, and where these bytes mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol


class Counter(Protocol):
    """Counts the solutions of one result."""

    @property
    def rows(self) -> int:
        """How many solutions the parts so far hold."""

    def feed(self, part: bytes) -> None:
        """Take the next part of the result, cut anywhere."""


class LineCounter:
    """N-Triples and N-Quads, one statement a line; with `head`, TSV, whose first line has names.

    A line break inside a term is written as an escape.
    """

    def __init__(self, *, head: bool = False) -> None:
        """Start; `head` says that the first line is no row."""
        self.rows = -1 if head else 0

    def feed(self, part: bytes) -> None:
        """Take the next part of the result, cut anywhere."""
        self.rows += part.count(b"\n")


class XmlCounter:
    """SPARQL Query Results XML: the tag `<result>`; "<" is escaped wherever it is not markup."""

    _TAG: Final = b"<result>"

    def __init__(self) -> None:
        """Start before the head."""
        self.rows = 0
        self._tail = b""

    def feed(self, part: bytes) -> None:
        """Take the next part of the result, cut anywhere."""
        joined = self._tail + part
        self.rows += joined.count(self._TAG)
        self._tail = joined[1 - len(self._TAG) :]


class JsonCounter:
    """SPARQL 1.1 Query Results JSON, as the engine writes it: without white space.

    A result that comes in one part, as most do, is searched for what stands between two solutions,
    which takes a third of the time.
    """

    _HEAD_ENDS: Final = b'"bindings":['
    _BETWEEN: Final = b'}},{"'  # A string may end so, too; "}" or "," follows then, and no name.
    _UNCLEAR: Final = (b'}},{"}', b'}},{",', b",{}")

    def __init__(self) -> None:
        """Start before the head."""
        self._only: bytes | None = None
        self._objects: _ObjectCounter | None = None

    @property
    def rows(self) -> int:
        """How many solutions the parts so far hold."""
        if self._objects is None and self._only is not None:
            start = self._only.find(self._HEAD_ENDS) + len(self._HEAD_ENDS)
            if self._only.startswith(b'{"', start) and not self._is_unclear(self._only):
                return 1 + self._only.count(self._BETWEEN, start)
            self._feed_objects(self._only)
        return self._objects.rows if self._objects else 0

    def feed(self, part: bytes) -> None:
        """Take the next part of the result, cut anywhere."""
        if self._only is None:
            self._only = part
        else:
            if self._objects is None:
                self._feed_objects(self._only)
            self._feed_objects(part)

    def _feed_objects(self, part: bytes) -> None:
        if self._objects is None:
            self._objects = _ObjectCounter()
        self._objects.feed(part)

    def _is_unclear(self, text: bytes) -> bool:
        return any(found in text for found in self._UNCLEAR)


class _ObjectCounter:
    """JSON results in parts: an object that follows "[" or "," is a solution.

    Strings are left out first. All other objects follow a ":", and the list of variables holds no
    objects.
    """

    def __init__(self) -> None:
        """Start before the head."""
        self.rows = 0
        self._quoted = 0
        self._escape = b""
        self._last = b""

    def feed(self, part: bytes) -> None:
        """Take the next part of the result, cut anywhere."""
        if self._escape or b"\\" in part:
            part = self._without_escapes(part)
        pieces = part.split(b'"')
        outside = self._last + b"".join(pieces[self._quoted :: 2])
        self._quoted ^= (len(pieces) - 1) & 1
        self.rows += outside.count(b",{") + outside.count(b"[{")
        self._last = outside[-1:]

    def _without_escapes(self, part: bytes) -> bytes:
        """Return the part without escaped backslashes and quotation marks."""
        part = (self._escape + part).replace(b"\\\\", b"").replace(b'\\"', b"")
        self._escape = b"\\" if part.endswith(b"\\") else b""
        return part.removesuffix(b"\\")


COUNTERS: Final[Mapping[str, Callable[[], Counter]]] = MappingProxyType(
    {
        "json": JsonCounter,
        "xml": XmlCounter,
        "tsv": partial(LineCounter, head=True),
        "ntriples": LineCounter,
        "nquads": LineCounter,
    }
)
