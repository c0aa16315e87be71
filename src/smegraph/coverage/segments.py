"""Paragraphs and sentences of a plain text, however its lines were broken.

Texts come in three forms: a paragraph on each line, lines broken at a width, and such lines with an
empty one behind each. In the last two a paragraph ends where more empty lines follow than usual, or
where a line was ended although the next word would have fitted on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from smegraph.coverage.intervals import Span

_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s)")
_OPENING = "\"'“‘«([*_•–-"
_ENDS = (".", "!", "?", "…", ":")
_CLOSING = "\"'”’»)]*_"
_ABBREVIATIONS = frozenset(
    (
        "al", "approx", "ca", "cf", "ch", "dr", "e.g", "ed", "eds", "eq", "eqs", "fig", "figs",
        "i.e", "inc", "jr", "ltd", "mr", "mrs", "ms", "no", "nos", "p", "pp", "prof", "resp",
        "sect", "st", "vol", "vols", "vs",
    )
)  # fmt: skip
_NARROWEST, _WIDEST = 40, 160  # no text is broken into shorter or longer lines
_FULL = 0.7  # of the width: a line that was broken because it was full
_ROOM = 0.85  # of the width: letters differ in width, so a line may end that far before


@dataclass(frozen=True)
class _Layout:
    """How a text was broken into lines: the width (0: it was not) and the usual empty lines."""

    width: int
    gap: int


def paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of a text in order, without white space around them."""
    lines = [Span(*found.span()) for found in _LINE.finditer(text)]
    if not lines:
        return []
    layout = _layout(text, lines)
    starts, ends = [lines[0].start], []
    for line, following in pairwise(lines):
        if _is_last(text, line, following, layout):
            ends.append(line.end)
            starts.append(following.start)
    return [Span(*pair) for pair in zip(starts, [*ends, lines[-1].end], strict=True)]


def _layout(text: str, lines: Sequence[Span]) -> _Layout:
    lengths = sorted(line.end - line.start for line in lines)
    width = lengths[len(lengths) * 9 // 10]
    full = sum(length >= _FULL * width for length in lengths)
    if not _NARROWEST <= width <= _WIDEST or len(lines) < 5 or full * 3 < len(lines):
        return _Layout(0, 0)
    gaps = Counter(_empty_lines(text, *pair) for pair in pairwise(lines))
    return _Layout(width, gaps.most_common(1)[0][0])


def _empty_lines(text: str, line: Span, following: Span) -> int:
    between = text[line.end : following.start]
    return max(between.count("\n"), between.count("\r")) - 1


def _is_last(text: str, line: Span, following: Span, layout: _Layout) -> bool:
    """Whether a line is the last one of its paragraph."""
    if not layout.width or _empty_lines(text, line, following) > layout.gap:
        return True
    word = text[following.start : following.end].split(maxsplit=1)[0]
    if line.end - line.start + 1 + len(word) > _ROOM * layout.width:
        return False
    ended = text[line.start : line.end].rstrip(_CLOSING).endswith(_ENDS)
    return ended or not word[0].islower()


def sentences(text: str, paragraph: Span) -> list[Span]:
    """Return the sentences of a paragraph in order, without white space around them."""
    found, start = [], paragraph.start
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        if match.start() >= start and _ends(text, match.start(), match.end(), paragraph.end):
            found.append(Span(start, match.end()))
            start = _skip_space(text, match.end(), paragraph.end)
    return [*found, Span(start, paragraph.end)] if start < paragraph.end else found


def _ends(text: str, stop: int, end: int, limit: int) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation."""
    following = _skip_space(text, end, limit)
    while following < limit and text[following] in _OPENING:
        following += 1
    if following >= limit or not (text[following].isupper() or text[following].isdigit()):
        return False
    if text[stop] != ".":
        return True
    word = re.search(r"[^\s(\[“\"]*\Z", text[max(stop - 12, 0) : stop])
    name = word.group().casefold() if word else ""
    return name not in _ABBREVIATIONS and not re.fullmatch(r"(?:[^\W\d]\.)+[^\W\d]", name)


def _skip_space(text: str, at: int, limit: int) -> int:
    while at < limit and text[at].isspace():
        at += 1
    return at
