"""Stretches of a text as half-open intervals, and how many characters of a kind stand in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text in code points; the end is not part of it."""

    start: int
    end: int


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same stretches in order, without overlaps; those that touch are one.

    >>> union([Span(5, 9), Span(0, 3), Span(2, 5), Span(12, 12)])
    [Span(start=0, end=9)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def cut(span: Span, points: list[int]) -> list[Span]:
    """Return a stretch cut where one of the sorted points lies within.

    >>> cut(Span(2, 9), [0, 4, 9])
    [Span(start=2, end=4), Span(start=4, end=9)]
    """
    inner = points[bisect_right(points, span.start) :]
    ends = [point for point in inner if point < span.end]
    starts = [span.start, *ends]
    return [Span(*pair) for pair in zip(starts, [*ends, span.end], strict=True)]


def strip(text: str, span: Span) -> Span:
    """Return a stretch without the white space at its ends.

    >>> strip("It grew. It sold.", Span(8, 12))
    Span(start=9, end=11)
    """
    inner = text[span.start : span.end]
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, max(start, span.start + len(inner.rstrip())))


class Marks:
    """Which characters of a text are marked, and how many of them stand in a stretch of it."""

    def __init__(self, flags: bytes | bytearray) -> None:
        """Take a 1 for every marked character and a 0 for every other."""
        self._flags = flags
        self._sums = list(accumulate(flags, initial=0))

    @classmethod
    def visible(cls, text: str) -> Marks:
        """Mark the characters that are not white space."""
        return cls(bytes(not character.isspace() for character in text))

    def count(self, start: int, end: int) -> int:
        """How many marked characters stand in a stretch."""
        return self._sums[end] - self._sums[start]

    def within(self, spans: Iterable[Span]) -> Marks:
        """Return these marks where they stand in one of the stretches."""
        flags = bytearray(len(self._flags))
        for start, end in union(spans):
            flags[start:end] = self._flags[start:end]
        return Marks(flags)

    def outside(self, spans: Iterable[Span]) -> Marks:
        """Return these marks where they stand in none of the stretches."""
        flags = bytearray(self._flags)
        for start, end in union(spans):
            flags[start:end] = bytes(end - start)
        return Marks(flags)
