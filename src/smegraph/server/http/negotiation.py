"""Content negotiation: the format and the coding that a client likes best (RFC 9110 §12.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from smegraph.results.formats import GRAPH_FORMATS, TABLE_FORMATS, ResultFormat

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_TOKEN})\s*/\s*({_TOKEN})\s*")
_CODING: Final = re.compile(rf"\s*{_TOKEN}\s*")
_QUALITY: Final = re.compile(r"\s*q\s*=\s*(0?\.\d{1,3}|[01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
# A quoted string may lack its end, so that no header makes the search begin again and again.
_QUOTED: Final = r'"(?:[^"\\]|\\.?)*(?:"|\Z)'
_PARTS: Final = re.compile(rf'(?:{_QUOTED}|[^;"])+')
_ELEMENTS: Final = re.compile(rf'(?:{_QUOTED}|[^,"])+')
_MOST_ELEMENTS: Final = 128

_EXACT: Final = 2

# The content codings that are offered, in the order of the server's preference.
ENCODINGS: Final = ("zstd", "gzip", "identity")
_ALIASES: Final = {"x-gzip": "gzip"}  # RFC 9110 §8.4.1.3

_LONGEST_KEPT: Final = 1024


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header; "*" stands for any type or subtype."""

    type: str
    subtype: str
    quality: float

    @property
    def specificity(self) -> int:
        """The number of its parts that are named: 2 for a media type, 0 for anything."""
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
    own client sends, is read as "*/*". Parameters other than q are not told apart, and what comes
    after 128 elements is not read.

    >>> [(r.type, r.subtype, r.quality) for r in parse_accept("text/turtle, */*;q=0.1")]
    [('text', 'turtle', 1.0), ('*', '*', 0.1)]
    """
    elements = islice(_ELEMENTS.finditer(header), _MOST_ELEMENTS)
    ranges = (_media_range(element.group()) for element in elements)
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


@dataclass(frozen=True, slots=True)
class EncodingChoice:
    """The content coding that the client likes best, and whether it takes "identity" at all."""

    name: str
    identity: bool


def choose_encoding(header: str | None) -> EncodingChoice | None:
    """Return the best content coding for an Accept-Encoding header; nothing when none will do.

    Without a header nothing is encoded, though anything would do. "identity" is acceptable unless
    it is excluded, by name or by "*" (RFC 9110 §12.5.3), but preferred only when it is named.

    >>> choose_encoding("gzip, *;q=0")
    EncodingChoice(name='gzip', identity=False)
    """
    if header is None:
        return EncodingChoice("identity", True)
    return _encoding(header) if len(header) <= _LONGEST_KEPT else _encoding.__wrapped__(header)


@lru_cache(maxsize=256)
def _encoding(header: str) -> EncodingChoice | None:
    listed = dict(_codings(header))
    rest = listed.get("*", 0.0)
    qualities = {name: listed.get(name, rest) for name in ENCODINGS}
    identity = ("identity" not in listed and "*" not in listed) or qualities["identity"] > 0
    best = max(ENCODINGS, key=lambda name: (qualities[name], name in listed))
    if qualities[best] > 0:
        return EncodingChoice(best, identity)
    return EncodingChoice("identity", True) if identity else None


def _codings(header: str) -> Iterator[tuple[str, float]]:
    """Yield each content coding of an Accept-Encoding header with its quality."""
    for element in header.lower().split(","):
        name, semicolon, weight = element.partition(";")
        quality = _QUALITY.fullmatch(weight) if semicolon else None
        if _CODING.fullmatch(name) and (quality or not semicolon):
            name = name.strip()
            yield _ALIASES.get(name, name), min(float(quality[1]), 1.0) if quality else 1.0


Choices: TypeAlias = tuple[Choice | None, Choice | None]


# Decision 024: docs/decisions/024-front-process.md
def choices(accept: str) -> Choices:
    """Return the best format for tables and that for graphs."""
    return choose(accept, TABLE_FORMATS), choose(accept, GRAPH_FORMATS)


def prefers_page(accept: str) -> bool:
    """Say whether a client likes a page in HTML better than a graph in any format."""
    ranges = parse_accept(accept)
    graphs = (_weight(ranges, name) for found in GRAPH_FORMATS for name in found.media_types)
    page = _weight(ranges, "text/html")
    return page[0] > 0 and page > max(graphs)
