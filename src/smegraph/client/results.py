"""The results of SELECT and ASK, as any service writes them: whole, or an error with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions

from smegraph.client.errors import UnexpectedAnswer
from smegraph.client.requests import Table
from smegraph.client.results_xml import read_xml
from smegraph.client.terms import NoTerm, make_term
from smegraph.client.values import Term


def _read_json(body: bytes) -> Table | bool:
    """Read Query Results JSON Format: by the engine, and what that refuses by what knows why."""
    found = _by_engine(body, QueryResultsFormat.JSON)
    return _table_of(_document(body)) if found is None else found


def count_rows(body: bytes) -> int | None:
    """Return how many rows a table in JSON has; nothing for what the engine does not take so."""
    try:
        found = pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)
        return sum(1 for _ in found) if isinstance(found, QuerySolutions) else None
    except (SyntaxError, ValueError, MemoryError):
        return None


def _read_tsv(body: bytes) -> Table | bool:
    """Read tab-separated values, whose terms are those of Turtle (§4)."""
    found = _by_engine(body, QueryResultsFormat.TSV)
    if found is None:
        raise UnexpectedAnswer("The answer is tab-separated values with a term that is none.")
    return found


def _by_engine(body: bytes, format: QueryResultsFormat) -> Table | bool | None:
    """Return what the engine reads, which is quicker; nothing where it refuses.

    What it has read so far ends with this call, in the thread that it began in.
    """
    try:
        found = pyoxigraph.parse_query_results(body, format)
        if isinstance(found, QueryBoolean):
            return bool(found)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return names, [tuple(solution) for solution in found]
    except (SyntaxError, ValueError, MemoryError):  # The last is what a long literal is to it.
        return None


def _document(body: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnexpectedAnswer(f"The answer is no JSON, or not all of it: {error}.") from error
    if not isinstance(document, dict):
        raise UnexpectedAnswer("The answer is JSON, and no results of a query.")
    return document


def _table_of(document: Mapping[str, object]) -> Table | bool:
    truth, results, head = (document.get(name) for name in ("boolean", "results", "head"))
    if isinstance(truth, bool) and results is None:
        return truth
    names = head.get("vars") if isinstance(head, dict) else None
    rows = results.get("bindings") if isinstance(results, dict) else None
    if truth is not None or not isinstance(names, list) or not isinstance(rows, list):
        raise UnexpectedAnswer("The answer is JSON, and no results of a query.")
    if unknown := [name for name in names if not isinstance(name, str)]:
        raise UnexpectedAnswer(
            f"The head of the answer names {unknown[0]!r}, which is no variable."
        )
    return _table(names, rows)


def _read_xml(body: bytes) -> Table | bool:
    """Read Query Results XML Format; the engine's own reader takes a part for the whole."""
    document = read_xml(body)
    return document.truth if document.truth is not None else _table(document.names, document.rows)


def _table(names: Iterable[str], rows: Sequence[object]) -> Table:
    """Return the rows with a term, or None, for each variable; one that stands twice is one."""
    columns = tuple(dict.fromkeys(names))
    return columns, [_row(columns, row, number) for number, row in enumerate(rows, 1)]


def _row(columns: Sequence[str], row: object, number: int) -> tuple[Term | None, ...]:
    if not isinstance(row, Mapping):
        raise UnexpectedAnswer(f"Row {number} of the answer is no solution.")
    if unknown := [name for name in row if name not in columns]:
        raise UnexpectedAnswer(
            f"Row {number} of the answer has a value for ?{unknown[0]}, which is not in its head."
        )
    return tuple(_term(name, row[name], number) if name in row else None for name in columns)


def _term(name: str, told: object, number: int) -> Term:
    try:
        return make_term(told)
    except NoTerm as error:
        raise UnexpectedAnswer(
            f"Row {number}, ?{name}: {error}.", members={"row": number, "variable": name}
        ) from error
    except RecursionError as error:
        raise UnexpectedAnswer(f"Row {number}, ?{name}: triples are nested too deeply.") from error


TSV: Final = "text/tab-separated-values"

# Decision 054: docs/decisions/054-answers-of-other-services.md
# Each takes a whole body and returns the table of a SELECT or the truth value of an ASK. It raises
# UnexpectedAnswer for what is not whole, and for what is no term, with its row and variable.
READERS: Final[Mapping[str, Callable[[bytes], Table | bool]]] = {
    "application/sparql-results+json": _read_json,
    "application/json": _read_json,
    "application/sparql-results+xml": _read_xml,
    "application/xml": _read_xml,
    "text/xml": _read_xml,
    TSV: _read_tsv,
}
