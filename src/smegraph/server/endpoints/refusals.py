"""The problem for each reason why a query or an update is refused, or gets no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from smegraph.results.errors import NotWritable
from smegraph.results.formats import FORMATS
from smegraph.server.dataset.errors import (
    ChangeRefused,
    DatasetGone,
    MalformedDocument,
    TermTooLong,
)
from smegraph.server.engine.errors import (
    AnswerBroken,
    DeadlineExceeded,
    EngineError,
    InsufficientStorage,
    MemoryExceeded,
    NotAccepted,
    Overloaded,
    QueryTooComplex,
    ResultTooLarge,
    WorkerLost,
)
from smegraph.server.http.problems import HttpProblem, internal_error
from smegraph.sparql.errors import (
    CalledServiceFailed,
    CalledServiceSlow,
    DatasetConflict,
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)

_KINDS: Final[Mapping[type[BaseException], str]] = {
    UpdateRefused: "read-only",
    FederationRefused: "federation-refused",
    CalledServiceFailed: "called-service-failed",
    CalledServiceSlow: "called-service-slow",
    InvalidGraphName: "invalid-graph-name",
    UnsupportedFunction: "unsupported-function",
    DatasetConflict: "dataset-conflict",
    MalformedDocument: "malformed-graph",
    TermTooLong: "literal-too-long",
    ChangeRefused: "refused",
    NotWritable: "not-writable",
    DeadlineExceeded: "deadline-exceeded",
    MemoryExceeded: "memory-exceeded",
    ResultTooLarge: "result-too-large",
    InsufficientStorage: "insufficient-storage",
    QueryTooComplex: "query-too-complex",
    DatasetGone: "dataset-gone",
    WorkerLost: "worker-lost",
    AnswerBroken: "worker-lost",
    Overloaded: "overloaded",
}

_LOST: Final = "The process that worked on this has ended. Nothing is known of why; try again."


def kind_of(error: BaseException) -> str:
    """Return the kind of problem that an error is, or that caused it; "broken" where none is."""
    cause = error.__cause__ if isinstance(error, AnswerBroken) and error.__cause__ else error
    kinds = (_KINDS[found] for found in type(cause).__mro__ if found in _KINDS)
    return "broken" if isinstance(cause, AnswerBroken) else next(kinds, "broken")


def problem_of(
    error: QueryRefused | EngineError, malformed: str = "malformed-query"
) -> HttpProblem:
    """Return the problem that tells a client of an error, by the error's type.

    `malformed` is the kind for a syntax error. What has no kind of its own is logged as internal.
    """
    if isinstance(error.__cause__, EngineError):  # of an answer that broke while it was written
        return problem_of(error.__cause__)
    if isinstance(error, MalformedQuery):
        return _malformed(error, malformed)
    if isinstance(error, NotAccepted):
        return not_acceptable(error.offered)
    kind = next((_KINDS[found] for found in type(error).__mro__ if found in _KINDS), None)
    if kind is None:
        return internal_error(error)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Overloaded) else None
    return HttpProblem(kind, str(error) or _LOST, headers=headers, **_members(error))


def _members(error: QueryRefused | EngineError) -> dict[str, object]:
    """Return what a program may want to know of an error: its place, or the limit that it met."""
    if isinstance(error, MalformedDocument | TermTooLong):
        return {"line": error.line, "column": error.column}
    if isinstance(error, CalledServiceFailed):
        return {"service": error.service}
    if isinstance(error, DeadlineExceeded):
        return {"seconds": error.seconds}
    if isinstance(error, MemoryExceeded | ResultTooLarge):
        return {"limit": error.limit}
    return {}


def _malformed(error: MalformedQuery, kind: str) -> HttpProblem:
    found = error.diagnosis
    return HttpProblem(
        kind,
        str(error),
        line=found.line,
        column=found.column,
        found=found.found,
        expected=list(found.expected),
    )


def not_acceptable(names: Sequence[str]) -> HttpProblem:
    """Return the refusal that lists what is offered, given the formats (RFC 9110 §15.5.7)."""
    offered = [FORMATS[name].media_type for name in names]
    detail = f"This is offered as {', '.join(offered)} (format={', '.join(names)})."
    return HttpProblem("not-acceptable", detail, offered=offered, formats=list(names))
