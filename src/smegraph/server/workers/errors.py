"""Refusals and failures as plain values, so that a worker can tell them to the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from smegraph.results.errors import NotWritable
from smegraph.server.engine.errors import InsufficientStorage, NotAccepted, ResultTooLarge
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)

Failure = QueryRefused | ResultTooLarge | InsufficientStorage


def _said(kind: type[QueryRefused]) -> Callable[[Any], QueryRefused]:
    """Return how to make a refusal that is told by its sentence alone."""

    def made(said: Any) -> QueryRefused:
        refusal = kind.__new__(kind)
        refusal.args = (str(said),)
        return refusal

    return made


def _malformed(fields: Any) -> QueryRefused:
    return MalformedQuery(Diagnosis(**{**fields, "expected": tuple(fields["expected"])}))


_MADE: Final[Mapping[str, Callable[[Any], Failure]]] = {
    "MalformedQuery": _malformed,
    "NotAccepted": lambda offered: NotAccepted(tuple(offered)),
    "ResultTooLarge": lambda limit: ResultTooLarge(int(limit)),
    "InsufficientStorage": lambda said: InsufficientStorage(str(said)),
    **{
        kind.__name__: _said(kind)
        for kind in (
            FederationRefused, InvalidGraphName, NotWritable, QueryFailed, UnsupportedFunction,
            UpdateRefused,
        )
    },
}  # fmt: skip


def told(failure: Failure) -> tuple[str, object]:
    """Return the name of a failure and what it says, as values for JSON."""
    if isinstance(failure, MalformedQuery):
        return "MalformedQuery", asdict(failure.diagnosis)
    if isinstance(failure, NotAccepted):
        return "NotAccepted", list(failure.offered)
    if isinstance(failure, ResultTooLarge):
        return "ResultTooLarge", failure.limit
    kind = type(failure).__name__
    return (kind if kind in _MADE else "QueryFailed"), str(failure)


def made(kind: str, said: object) -> Failure:
    """Return the failure that `told` told of."""
    return _MADE.get(kind, _said(QueryFailed))(said)
