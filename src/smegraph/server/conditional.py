"""Let clients keep what they have: entity tags, dates, the answer 304 (RFC 9110 §8.8, §13)."""

from __future__ import annotations

import hashlib
import time
from email.utils import formatdate, mktime_tz, parsedate_tz
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from smegraph.server.engine import Generation, QueryRequest
from smegraph.server.headers import RawHeader

_REVALIDATE: Final = (b"cache-control", b"no-cache")
_NO_STORE: Final = (b"cache-control", b"no-store")
_SETTLED: Final = 1.0  # HTTP dates have seconds: until then, a second change would not show.


def fingerprint(request: QueryRequest, digest: str) -> bytes:
    """Return a name for all that an answer depends on besides the data; the timeout is not.

    `digest` stands for the text of the query.
    """
    told = _digest_of(*request.content[1:])
    return f"{digest}-{told}".encode()


@lru_cache(maxsize=256)
def _digest_of(*told: object) -> str:
    return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()


def entity_tag(generation: Generation, name: bytes) -> bytes:
    """Return the weak entity tag of what is called `name` in a state of the data (§8.8.3)."""
    return b'W/"%b-%b"' % (_tag_of(generation.name), name)


@lru_cache(maxsize=16)
def _tag_of(name: str) -> bytes:
    return quote(name, safe="").encode()


def validators(generation: Generation, tag: bytes | None) -> list[RawHeader]:
    """Return the headers by which a client asks again; without a tag, nothing may be kept.

    Last-Modified is left out for as long as the data could change within the same second.
    """
    if tag is None:
        return [_NO_STORE]
    headers = [_REVALIDATE, (b"etag", tag)]
    if _is_settled(generation):
        headers.append((b"last-modified", _date(int(generation.modified))))
    return headers


def _is_settled(generation: Generation) -> bool:
    return time.time() - generation.modified >= _SETTLED


@lru_cache(maxsize=16)
def _date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


def has_tag(if_none_match: bytes | None, tag: bytes) -> bool:
    """Say whether If-None-Match lists a tag, by weak comparison (§8.8.3.2, §13.1.2)."""
    return if_none_match is not None and tag.removeprefix(b"W/") in if_none_match


def is_unchanged(
    if_none_match: bytes | None, if_modified_since: bytes | None, generation: Generation
) -> bool:
    """Say whether the client has what a successful answer would hold, its tag apart (§13.2.2).

    That is so for `If-None-Match: *`; and, only without If-None-Match, when the data are no
    younger than If-Modified-Since, which is passed over when it is no date.
    """
    if if_none_match is not None:
        return if_none_match.strip() == b"*"
    if if_modified_since is None or not _is_settled(generation):
        return False
    try:
        found = parsedate_tz(if_modified_since.decode("ascii"))
        return found is not None and int(generation.modified) <= mktime_tz(found)
    except (ValueError, OverflowError):
        return False
