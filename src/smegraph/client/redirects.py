"""Where a response sends who asks (RFC 9110 §15.4), and what may go there."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import httpx

from smegraph.client.errors import UnexpectedAnswer

MOST_REDIRECTS: Final = 10
SEE_OTHER: Final = 303
_MOVED: Final = frozenset({301, 302, SEE_OTHER, 307, 308})
_SCHEMES: Final = frozenset({"http", "https"})
_OF_QUERY: Final = frozenset({"query", "default-graph-uri", "named-graph-uri"})


def target_of(response: httpx.Response) -> str | None:
    """Return the address that a response sends to; nothing for one that sends nowhere.

    Raises UnexpectedAnswer for an address that is missing or is none of the web.
    """
    if response.status_code not in _MOVED:
        return None
    location = str(response.headers.get("location", "")).strip()
    try:
        target = urljoin(str(response.request.url), location)
        parts = urlsplit(target)
        known = bool(location) and parts.scheme in _SCHEMES and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        where = f"to {location!r}, which is no address of the web" if location else "nowhere"
        raise UnexpectedAnswer(
            f"{_without_query(str(response.request.url))} answers {response.status_code} and "
            f"leads {where}.",
            status=response.status_code,
        )
    return urlunsplit(parts._replace(fragment=""))


def holds_query(url: str) -> bool:
    """Say whether an address carries the query that was asked.

    >>> holds_query("http://a/sparql?query=ASK%7B%7D"), holds_query("http://a/sparql?repository=b")
    (True, False)
    """
    return any(name == "query" for name, _ in parse_qsl(urlsplit(url).query))


def endpoint_of(url: str) -> str:
    """Return the address without what the protocol puts into it for one query.

    >>> endpoint_of("http://a/sparql?repository=b&query=ASK%7B%7D")
    'http://a/sparql?repository=b'
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name not in _OF_QUERY]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit(parts._replace(query=query))


def same_origin(one: str, other: str) -> bool:
    """Say whether two addresses have one origin (RFC 6454 §4): what one may know, the other may.

    >>> same_origin("http://a/x", "http://A:80/y"), same_origin("http://a/", "https://a/")
    (True, False)
    """
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = httpx.URL(url)
    return parts.scheme, parts.host, parts.port


def _without_query(url: str) -> str:
    return url.partition("?")[0]
