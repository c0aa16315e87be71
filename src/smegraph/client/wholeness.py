"""Whether an answer is all of the answer, as far as the service tells in its header."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import httpx

from smegraph.client.errors import IncompleteAnswer
from smegraph.problem_report import visible
from smegraph.sparql.tokens import tokens

_WHOLE: Final = frozenset({200, 203})
_MEANINGS: Final = {
    202: "it has begun to work on the query, and does not answer yet",
    204: "it sends nothing",
    205: "it sends nothing",
    206: "it sends a part of the answer",
}
_FINE: Final = frozenset({"", "00000"})  # SQLSTATE: no condition
_SHOWN: Final = 300
_REMEDY: Final = "Ask for less, or in pages by ORDER BY with LIMIT and OFFSET."


def check_whole(response: httpx.Response) -> None:
    """Raise IncompleteAnswer for a 2xx that does not bring the whole answer.

    Virtuoso sends what it has found when its time is over, as 206 or, where it is told to, as
    another status; X-SQL-State and X-SQL-Message say so in either case.
    """
    status = response.status_code
    state = response.headers.get("x-sql-state", "").strip()
    if status in _WHOLE and state in _FINE:
        return
    said = visible(response.headers.get("x-sql-message", "").strip())[:_SHOWN]
    why = _MEANINGS.get(status, "that is no status of a whole answer")
    if status in _WHOLE:
        why = f"and X-SQL-State {visible(state)[:_SHOWN]}"
    raise IncompleteAnswer(
        f"The answer is not whole. The service answers {status}: {why}."
        f"{f' It says: {said}.' if said else ''} {_REMEDY}",
        status=status,
    )


def most_rows(response: httpx.Response) -> int | None:
    """Return how many rows the service sends at the most, where it tells (Virtuoso)."""
    told = response.headers.get("x-sparql-maxrows", "").strip()
    return int(told) if re.fullmatch(r"[0-9]{1,12}", told) else None


def check_count(found: int, most: int | None, query: str) -> None:
    """Raise IncompleteAnswer where an answer has as many rows, or triples, as the service sends.

    A query whose own LIMIT is no larger has all that it asked for.
    """
    if most is None or found < most or _limit(query, most) <= most:
        return
    raise IncompleteAnswer(
        f"The answer may not be whole: it has {found} rows, and the service sends {most} at the "
        f"most. {_REMEDY}"
    )


def _limit(query: str, most: int) -> int:
    """Return the LIMIT of a query itself, not of one inside of it; more than `most` without."""
    found = tokens(query)
    ends = [place for place, token in enumerate(found) if token.text == "}"]
    last = found[ends[-1] + 1 :] if ends else []
    for word, number in pairwise(last):
        if word.text.upper() == "LIMIT" and number.text.isdecimal():
            return int(number.text)
    return most + 1
