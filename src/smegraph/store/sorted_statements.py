"""N-Triples of a graph become sorted N-Quads, as far as fits into memory."""

from __future__ import annotations

from typing import BinaryIO, Final

from pyoxigraph import BlankNode, NamedNode

from smegraph.store.long_terms import LONGEST_READ, TermTooLongToRead

_SORTED_AT_ONCE: Final = 2**28  # bytes


class SortedStatements:
    """Takes N-Triples and hands them on as statements of a graph.

    They are sorted as far as fits into memory, as the graphs are by their names, since a store that
    got what is said of one thing together answers more quickly: a fifth less time for a scan of a
    million statements. The last come first: the store chains statements, and follows a chain from
    the newest to the oldest, which then lie in memory as a processor fetches ahead (another fifth
    for a join in a GROUP BY).

    Attributes:
        graph: the one that they are of; None is the default graph.
        compare: whether it is looked at whether a statement comes twice.
        count: how many there were.
        shared: whether one came twice, as of two graphs; known only with `compare`. Their hashes
            (64 bits) are compared: two that are alike by chance cost a union that was not needed.
    """

    def __init__(self, out: BinaryIO, *, compare: bool) -> None:
        self.graph: NamedNode | BlankNode | None = None
        self.count = 0
        self.shared = False
        self._out, self._rest = out, bytearray()
        self.compare = compare
        self._seen: set[int] | None = set() if compare else None
        self._lines: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take lines; a line feed in N-Triples is always a line's end.

        Raises:
            TermTooLongToRead: a line is longer than what a reader takes.
        """
        self._size += len(data)
        end = data.find(b"\n")
        if len(self._rest) + (len(data) if end < 0 else end) > LONGEST_READ:
            raise TermTooLongToRead(bytes(self._rest) + data)
        if end < 0:  # of a long line there are many pieces
            self._rest += data
            return len(data)
        lines = (bytes(self._rest) + data).splitlines(keepends=True)
        self._rest = bytearray() if lines[-1].endswith(b"\n") else bytearray(lines.pop())
        self._lines += lines
        if self._size > _SORTED_AT_ONCE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand on what has been taken."""
        self._compare()
        self._lines.sort(reverse=True)
        self.count += len(self._lines)
        text = b"".join(self._lines)
        self._lines, self._size = [], 0
        if self.graph is not None:
            text = text.replace(b" .\n", b" %s .\n" % str(self.graph).encode())
        self._out.write(text)

    def _compare(self) -> None:
        """Find out whether one of the statements has come before; one is enough to know."""
        if self._seen is None:
            return
        before = len(self._seen)
        self._seen.update(map(hash, self._lines))
        if len(self._seen) < before + len(self._lines):
            self.shared, self._seen = True, None
