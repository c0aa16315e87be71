"""Conditional requests (RFC 9110 §8.8, §13): entity tags and dates, for the answers 304 and 412."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import quote

from smegraph.server.http.headers import RawHeader

_REVALIDATE: Final = (b"cache-control", b"no-cache")
_NO_STORE: Final = (b"cache-control", b"no-store")
_DATES: Final = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
_TAG: Final = re.compile(rb'(?:W/)?"[^"]*"')
_SETTLED: Final = 1.0  # HTTP dates have seconds: until then, a second change would not show.


class State(Protocol):
    """A state of what is served: another one has another name, and was made at another time."""

    @property
    def name(self) -> str:
        """The name of the state."""

    @property
    def modified(self) -> float:
        """The time at which it came to be, in Unix seconds."""


# Decision 029: docs/decisions/029-entity-tags.md
def entity_tag(state: State, name: bytes, *, strong: bool = False) -> bytes:
    """Return the entity tag of what is called `name` in a state of the data (§8.8.3).

    It is weak unless `strong`: a query may give the same rows in another order.
    """
    return (b'"%b-%b"' if strong else b'W/"%b-%b"') % (_tag_of(state.name), name)


@lru_cache(maxsize=16)
def _tag_of(name: str) -> bytes:
    return quote(name, safe="").encode()


def validators(state: State, tag: bytes | None) -> list[RawHeader]:
    """Return the headers by which a client asks again; without a tag, nothing may be kept.

    Last-Modified is left out for as long as the data could change within the same second.
    """
    if tag is None:
        return [_NO_STORE]
    headers = [_REVALIDATE, (b"etag", tag)]
    if _is_settled(state):
        headers.append((b"last-modified", _date(int(state.modified))))
    return headers


def _is_settled(state: State) -> bool:
    return time.time() - state.modified >= _SETTLED


@lru_cache(maxsize=16)
def _date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


def has_tag(if_none_match: bytes | None, tag: bytes) -> bool:
    """Say whether If-None-Match lists a tag, by weak comparison (§8.8.3.2, §13.1.2)."""
    return if_none_match is not None and tag.removeprefix(b"W/") in if_none_match


def is_unchanged(
    if_none_match: bytes | None, if_modified_since: bytes | None, state: State
) -> bool:
    """Say whether the client has what a successful answer would hold, its tag apart (§13.2.2).

    That is so for `If-None-Match: *`; and, only without If-None-Match, when the data are no
    younger than If-Modified-Since, which is passed over when it is no date.
    """
    if if_none_match is not None:
        return if_none_match.strip() == b"*"
    if if_modified_since is None or not _is_settled(state):
        return False
    date = _seconds(if_modified_since)
    return date is not None and int(state.modified) <= date


def _seconds(date: bytes) -> int | None:
    """Return an HTTP date in one of its three forms (§5.6.7) in Unix seconds, or None."""
    for form in _DATES:
        try:
            found = datetime.strptime(date.decode("ascii").strip(), form)
        except ValueError:
            continue
        return int(found.replace(tzinfo=UTC).timestamp())
    return None


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a client requires of the thing that its request is about (§13.1).

    Attributes:
        match: If-Match.
        none_match: If-None-Match, for what is to be changed; what is read has 304 for it.
        unmodified_since: If-Unmodified-Since.
    """

    match: bytes | None
    none_match: bytes | None
    unmodified_since: bytes | None

    @classmethod
    def of(cls, fields: Mapping[bytes, bytes], *, changes: bool) -> Precondition | None:
        """Return what the header fields of a request require; None when that is nothing."""
        none_match = fields.get(b"if-none-match") if changes else None
        if none_match is None and not (b"if-match" in fields or b"if-unmodified-since" in fields):
            return None
        return cls(fields.get(b"if-match"), none_match, fields.get(b"if-unmodified-since"))

    def holds(self, tags: Collection[bytes], state: State) -> bool:
        """Say whether that is so of a thing with these entity tags; without any, it is absent.

        The order is that of §13.2.2.
        """
        if self.match is not None:
            if not _matches(self.match, tags):
                return False
        elif self.unmodified_since is not None and tags:
            date = _seconds(self.unmodified_since)
            if date is not None and int(state.modified) > date:
                return False
        if self.none_match is None:
            return True
        if self.none_match.strip() == b"*":
            return not tags
        return not any(has_tag(self.none_match, tag) for tag in tags)


def _matches(if_match: bytes, tags: Collection[bytes]) -> bool:
    """Say whether If-Match lists one of the tags, by strong comparison (§8.8.3.2, §13.1.1)."""
    if if_match.strip() == b"*":
        return bool(tags)
    strong = {tag for tag in tags if not tag.startswith(b"W/")}
    return not strong.isdisjoint(_TAG.findall(if_match))
