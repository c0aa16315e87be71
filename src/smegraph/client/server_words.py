"""What a service says of a request that it refuses, in plain text, whatever it says it in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Final

from smegraph.problem_report import visible

_SHOWN: Final = 500  # characters
_REPEATED: Final = 20  # characters; a shorter query does not stand in the way
_READ: Final = 100_000  # characters
_HTML: Final = re.compile(r"\s*(?:<!doctype\s+html|<html|<head|<body|<h1|<title|<p\b|<pre)", re.I)
_XML: Final = re.compile(r"application/(?:[\w.-]+\+)?xml|text/xml")
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_UNSHOWN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG: Final = re.compile(r"</?[A-Za-z!?][^>]*(?:>|\Z)")
# Where services that answer in JSON put their reason, the most telling first.
_MEMBERS: Final = ("detail", "message", "exception", "error", "description", "reason", "title")


def words_of(body: str, media_type: str, asked: str = "") -> str:
    """Return the beginning of what a body says, on one line and without any tag.

    The text that was `asked` is left out: many services repeat it before they tell the reason.

    >>> words_of("<html><p>Parse&nbsp;error: <b>x &lt; y</b></p></html>", "text/html")
    'Parse error: x < y'
    >>> words_of('{"exception": "Unexpected token", "status": "ERROR"}', "application/json")
    'Unexpected token'
    """
    body = body[:_READ].removeprefix("\ufeff")
    if media_type.endswith(("/json", "+json")):
        body = _reason_in_json(body)
    elif "html" in media_type or _XML.fullmatch(media_type) or _HTML.match(body):
        body = _without_tags(body)
    line = visible(" ".join(_without(body, asked).split()))
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _without(body: str, asked: str) -> str:
    """Return a text without the query that it repeats, which some write on one line."""
    for repeated in (asked.strip(), " ".join(asked.split())):
        if len(repeated) >= _REPEATED:
            body = body.replace(repeated, " … ")
    return body


def _reason_in_json(body: str) -> str:
    try:
        return next(_reasons(json.loads(body)), "")
    except (ValueError, RecursionError):
        return body


def _reasons(told: object) -> Iterator[str]:
    """Yield each text that may be the reason, the most likely first."""
    if isinstance(told, str) and told.strip():
        yield told
    elif isinstance(told, dict):
        for name in _MEMBERS:
            yield from _reasons(told.get(name))
    elif isinstance(told, list):
        for each in told:
            yield from _reasons(each)


def _without_tags(body: str) -> str:
    """Return what a page shows; it need not be well-formed."""
    shown = _CDATA.sub(lambda found: escape(found[1]), body)
    return unescape(_TAG.sub(" ", _UNSHOWN.sub(" ", shown)))
