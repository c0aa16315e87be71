"""Choose the format of a response from what the client accepts (RFC 9110 §12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.store.results import ResultFormat

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_TOKEN})\s*/\s*({_TOKEN})\s*")
_QUALITY: Final = re.compile(r"\s*q\s*=\s*(0?\.\d{1,3}|[01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
_PARTS: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;"])+')
_ELEMENTS: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+')

_EXACT: Final = 2


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header; "*" stands for any type or subtype."""

    type: str
    subtype: str
    quality: float

    @property
    def specificity(self) -> int:
        """2 for a media type, 1 for any subtype of a type, 0 for anything."""
        return (self.type != "*") + (self.subtype != "*")

    def matches(self, media_type: str) -> bool:
        """Say whether the range covers a media type such as `text/turtle`."""
        main, _, sub = media_type.partition("/")
        return self.type in ("*", main) and self.subtype in ("*", sub)


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen format and the media type under which the client accepts it."""

    format: ResultFormat
    media_type: str

    @property
    def content_type(self) -> str:
        """The Content-Type header; all text is in UTF-8."""
        return self.media_type + ("; charset=utf-8" if self.format.is_text else "")


def parse_accept(header: str) -> list[MediaRange]:
    """Return the media ranges of an Accept header; none when the header is empty.

    An element that is no media range is skipped, as RFC 9110 §2.4 allows; a bare "*", which Java's
    own client sends, is read as "*/*". Parameters other than q are not told apart.

    >>> [(r.type, r.subtype, r.quality) for r in parse_accept("text/turtle, */*;q=0.1")]
    [('text', 'turtle', 1.0), ('*', '*', 0.1)]
    """
    ranges = (_media_range(element) for element in _ELEMENTS.findall(header))
    return [found for found in ranges if found]


def _media_range(element: str) -> MediaRange | None:
    """Return one element as a media range, or nothing when it is none."""
    parts = _PARTS.findall(element)
    if not parts:
        return None
    found = _RANGE.fullmatch("*/*" if parts[0].strip() == "*" else parts[0])
    if found is None or (found[1] == "*" and found[2] != "*"):
        return None
    quality = 1.0
    for part in parts[1:]:
        name = part.partition("=")[0].strip().lower()
        if name == "q":
            weight = _QUALITY.fullmatch(part)
            if weight is None or float(weight[1]) > 1:
                return None
            quality = float(weight[1])
    return MediaRange(found[1].lower(), found[2].lower(), quality)


def choose(accept: str | None, formats: Sequence[ResultFormat]) -> Choice | None:
    """Return the best format for an Accept header, or nothing when none is accepted.

    The most specific range decides on a media type; then the highest quality wins, then the more
    specific range, then the order of `formats`. A wildcard stands for canonical media types only:
    a format goes under another name just when the client says that name.
    """
    ranges = parse_accept(accept or "") if accept and accept.strip() else _ANYTHING
    best: tuple[float, int] = (0.0, -1)
    chosen = None
    for format in formats:
        for media_type in format.media_types:
            quality, specificity = _weight(ranges, media_type)
            if media_type != format.media_type and specificity < _EXACT:
                continue
            if quality > 0 and (quality, specificity) > best:
                best, chosen = (quality, specificity), Choice(format, media_type)
    return chosen


_ANYTHING: Final = [MediaRange("*", "*", 1.0)]


def _weight(ranges: Sequence[MediaRange], media_type: str) -> tuple[float, int]:
    """Return the quality of a media type and the specificity of the range that gives it."""
    matching = [found for found in ranges if found.matches(media_type)]
    if not matching:
        return 0.0, -1
    specificity = max(found.specificity for found in matching)
    quality = max(found.quality for found in matching if found.specificity == specificity)
    return quality, specificity
