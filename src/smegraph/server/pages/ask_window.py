"""A part of a query's rows: the query with other limits, and what a short address says of it."""

from __future__ import annotations

import base64
import zlib
from itertools import pairwise
from typing import Final

from smegraph.sparql.tokens import Token, tokens

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_OPEN, _CLOSED = frozenset("{(["), frozenset("})]")
LONGEST: Final = 2**20
"""Characters of a query that an address may hold once it is unpacked."""


def form_of(query: str) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT, DESCRIBE; empty where it has none."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word in _FORMS), "")


def window(query: str, skip: int, size: int) -> str:
    """Return a query for some of the rows of a SELECT (SPARQL 1.1 Query §15.4, §15.5).

    Its own LIMIT and OFFSET are kept to. Places before them stay where they are.

    Args:
        query: the query; another form than SELECT comes back as it is.
        skip: how many of its rows come before.
        size: how many are wanted.

    >>> window("SELECT * { ?s ?p ?o } LIMIT 150", 100, 100).split()[-4:]
    ['LIMIT', '50', 'OFFSET', '100']
    """
    if form_of(query) != "SELECT":
        return query
    outer = _outer(tokens(query))
    limit, offset, cut = None, 0, query
    for word, number in pairwise(outer):
        name = word.text.upper()
        if word.kind == "word" and name in ("LIMIT", "OFFSET") and number.text.isdigit():
            if name == "LIMIT":
                limit = int(number.text)
            else:
                offset = int(number.text)
            cut = cut[: word.start] + " " * (number.end - word.start) + cut[number.end :]
    rows = size if limit is None else max(0, min(size, limit - skip))
    values = next((t.start for t in outer if t.kind == "word" and t.text.upper() == "VALUES"), None)
    place = len(cut) if values is None else values
    return f"{cut[:place]}\nLIMIT {rows} OFFSET {offset + skip}\n{cut[place:]}"


def _outer(found: list[Token]) -> list[Token]:
    """Return the tokens that stand in no bracket."""
    depth, outer = 0, []
    for token in found:
        depth -= token.text in _CLOSED
        if depth == 0:
            outer.append(token)
        depth += token.text in _OPEN
    return outer


def packed(query: str) -> str:
    """Return a query as an address holds it shortly: raw DEFLATE (RFC 1951) in base64url.

    >>> unpacked(packed("ASK {}"))
    'ASK {}'
    """
    squeezer = zlib.compressobj(9, wbits=-15)
    body = squeezer.compress(query.encode()) + squeezer.flush()
    return base64.urlsafe_b64encode(body).decode("ascii").rstrip("=")


def unpacked(text: str) -> str:
    """Return the query that an address holds; raises ValueError for what is none."""
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opener = zlib.decompressobj(wbits=-15)
        query = opener.decompress(body, LONGEST)
        if not opener.eof:
            raise ValueError("it is cut off, or too long")
        return query.decode("utf-8")
    except zlib.error as error:
        raise ValueError(str(error)) from error
