"""What the engine is asked in the place of a text that it would refuse or misread.

A text is asked as it is wherever the engine takes it. What SPARQL 1.1 allows and the engine does
not is written in another way only then, so that nothing changes for what it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from smegraph.sparql.prologues import UnclearPrologue, prologue_edits
from smegraph.sparql.rewriting import Rewritten
from smegraph.sparql.spelling import escape_edits, group_concat_edits, spelling_edits
from smegraph.sparql.tokens import tokens

_BYTE_ORDER_MARK: Final = "\ufeff"
_GROUP_CONCAT: Final = re.compile("group_concat", re.IGNORECASE)


def without_mark(text: str) -> str:
    """Return a query or an update without the byte order mark that some editors put first."""
    return text.lstrip(_BYTE_ORDER_MARK)


# Decision 061: docs/decisions/061-texts-the-engine-refuses.md
def query_texts(query: str) -> Iterator[str]:
    """Yield what to ask the engine for a query, one after the other until it takes one."""
    plain = _with_plain_strings(Rewritten(query)).text
    yield plain
    mended = _with_plain_strings(mended_query(query)).text
    if mended != plain:
        yield mended
    if plain != query:
        yield query


def update_texts(update: str, prefixes: Mapping[str, str], base: str | None) -> Iterator[str]:
    """Yield what to ask the engine for an update, one after the other until it takes one.

    `prefixes` and `base` are what it may use without declaring it.
    """
    plain = _with_plain_strings(Rewritten(update)).text
    yield plain
    try:
        mended = _with_plain_strings(mended_update(update, prefixes, base)).text
    except UnclearPrologue:
        mended = plain
    if mended != plain:
        yield mended
    if plain != update:
        yield update


def mended_query(query: str) -> Rewritten:
    """Return a query with what the engine refuses written as it takes it."""
    decoded = decoded_text(query)
    return decoded.edited(spelling_edits(decoded.text, tokens(decoded.text)))


def mended_update(update: str, prefixes: Mapping[str, str], base: str | None) -> Rewritten:
    """Return an update as `mended_query` does a query; raises UnclearPrologue."""
    decoded = decoded_text(update)
    found = tokens(decoded.text)
    return decoded.edited(
        [
            *spelling_edits(decoded.text, found),
            *prologue_edits(decoded.text, found, prefixes, base),
        ]
    )


def decoded_text(text: str) -> Rewritten:
    """Return a text with the characters for the escapes outside of strings and IRIs."""
    return Rewritten(text).edited(escape_edits(text))


def _with_plain_strings(text: Rewritten) -> Rewritten:
    if _GROUP_CONCAT.search(text.text) is None:
        return text
    return text.edited(group_concat_edits(tokens(text.text)))
