"""Whole query results in every format that smegraph offers."""

from __future__ import annotations

from collections.abc import Mapping

from smegraph.namespaces import PREFIXES
from smegraph.results.formats import ResultFormat
from smegraph.results.streaming import Turtle, write_result
from smegraph.sparql.result import QueryResult


def serialise(
    result: QueryResult,
    format: ResultFormat,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    turtle: Turtle | None = None,
) -> bytes:
    """Return the whole result in `format`, which must be one of `formats_for(result)`.

    Raises what `write_result` raises.
    """
    parts: list[bytes] = []
    write_result(result, format, parts.append, prefixes=prefixes, turtle=turtle)
    return b"".join(parts)
