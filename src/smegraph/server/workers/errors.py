"""What may go wrong with workers; and failures as plain values, as a worker tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from smegraph.results.errors import NotWritable
from smegraph.server.engine.errors import InsufficientStorage, NotAccepted, ResultTooLarge
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    CalledServiceFailed,
    CalledServiceSlow,
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)

Failure = QueryRefused | ResultTooLarge | InsufficientStorage


class PoolFailed(Exception):
    """The store cannot be loaded, or no process can be started for it."""


class LoadFailed(Exception):
    """The loader ended with an error; the message is what it said."""


def _decode_by_message(kind: type[QueryRefused]) -> Callable[[Any], QueryRefused]:
    """Return how to make a refusal that has a message and nothing else."""

    def decode_message(message: Any) -> QueryRefused:
        refusal = kind.__new__(kind)
        refusal.args = (str(message),)
        return refusal

    return decode_message


def _decode_malformed(fields: Any) -> QueryRefused:
    return MalformedQuery(Diagnosis(**{**fields, "expected": tuple(fields["expected"])}))


def _decode_call(kind: type[CalledServiceFailed]) -> Callable[[Any], CalledServiceFailed]:
    return lambda told: kind(str(told[0]), str(told[1]))


_DECODERS: Final[Mapping[str, Callable[[Any], Failure]]] = {
    "MalformedQuery": _decode_malformed,
    "NotAccepted": lambda offered: NotAccepted(tuple(offered)),
    "CalledServiceFailed": _decode_call(CalledServiceFailed),
    "CalledServiceSlow": _decode_call(CalledServiceSlow),
    "ResultTooLarge": lambda limit: ResultTooLarge(int(limit)),
    "InsufficientStorage": lambda message: InsufficientStorage(str(message)),
    **{
        kind.__name__: _decode_by_message(kind)
        for kind in (
            FederationRefused, InvalidGraphName, NotWritable, QueryFailed, UnsupportedFunction,
            UpdateRefused,
        )
    },
}  # fmt: skip


def encode(failure: Failure) -> tuple[str, object]:
    """Return the name of a failure, or of what it is a kind of, and what it holds, for JSON.

    >>> encode(ResultTooLarge(1000))
    ('ResultTooLarge', 1000)
    """
    if isinstance(failure, MalformedQuery):
        return "MalformedQuery", asdict(failure.diagnosis)
    if isinstance(failure, NotAccepted):
        return "NotAccepted", list(failure.offered)
    if isinstance(failure, ResultTooLarge):
        return "ResultTooLarge", failure.limit
    if isinstance(failure, CalledServiceFailed):
        return type(failure).__name__, [failure.service, failure.reason]
    names = (kind.__name__ for kind in type(failure).__mro__)
    return next((name for name in names if name in _DECODERS), "QueryFailed"), str(failure)


def decode(kind: str, content: object) -> Failure:
    """Return the failure that `encode` made values of; of an unknown kind, QueryFailed."""
    return _DECODERS.get(kind, _decode_by_message(QueryFailed))(content)
