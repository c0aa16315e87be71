"""Terms that the engine cannot read: it takes none of more than 16 MiB, whatever the format."""

from __future__ import annotations

from collections import deque
from typing import Final

import pyoxigraph
from pyoxigraph import RdfFormat

from smegraph.store.rdf_input import Readable, parser_input

LONGEST_READ: Final = 2**24  # bytes of the engine's buffer, in which a term has to fit
TOO_LONG: Final = (
    "a literal or an IRI takes more than 16 MiB, which the engine cannot read. Keep such a text in "
    "a file of its own, and state where that is"
)
_SHOWN: Final = 200  # characters of a name


class TermTooLongToRead(OSError):
    """A statement cannot be read again; the message names it."""

    def __init__(self, statement: bytes) -> None:
        """Take the statement's beginning in N-Triples."""
        subject, predicate, *_ = (*statement.split(b" ", 2), b"", b"")
        super().__init__(
            f"{_shown(predicate)} of {_shown(subject)} cannot be loaded: as N-Triples, {TOO_LONG}"
        )


def _shown(term: bytes) -> str:
    name = term[: 4 * _SHOWN].decode("utf-8", "replace")
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def line_of_long_term(document: Readable, format: RdfFormat, base: str) -> int | None:
    """Return the line in which a term begins that is too long to read, if one is.

    The engine stops when its buffer is full, and the buffer begins with the term.
    """
    counted = _Counted(document)
    try:
        deque(pyoxigraph.parse(parser_input(counted, format), format, base_iri=base), maxlen=0)
    except MemoryError:
        return counted.lines_before_the_last(LONGEST_READ) + 1
    except (SyntaxError, OSError):
        pass
    return None


class _Counted:
    """A file that knows how many lines have ended before the bytes that were read last."""

    def __init__(self, file: Readable) -> None:
        self._file, self._lines = file, 0
        self._parts: deque[bytes] = deque()
        self._kept = 0

    def read(self, size: int = -1) -> bytes:
        """Read like a file."""
        data = self._file.read(size)
        self._parts.append(data)
        self._kept += len(data)
        while self._kept - len(self._parts[0]) >= LONGEST_READ:
            gone = self._parts.popleft()
            self._kept -= len(gone)
            self._lines += gone.count(b"\n")
        return data

    def lines_before_the_last(self, size: int) -> int:
        """Return how many lines have ended before so many bytes, of those that are kept."""
        kept = b"".join(self._parts)
        return self._lines + kept[: max(0, len(kept) - size)].count(b"\n")
