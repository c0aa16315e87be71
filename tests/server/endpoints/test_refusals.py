"""The problem for each error of the store and of the engine."""

from __future__ import annotations

import pytest

from smegraph.results.errors import NotWritable
from smegraph.server.dataset.errors import ChangeRefused, MalformedDocument
from smegraph.server.endpoints.refusals import kind_of, not_acceptable, problem_of
from smegraph.server.engine import errors as engine_errors
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
from smegraph.server.http.problems import KINDS
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    DatasetConflict,
    FederationRefused,
    InvalidGraphName,
    LoadRefused,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)

MALFORMED = MalformedQuery(Diagnosis(2, 5, "WHER", ("WHERE",), ""))
CASES: list[tuple[QueryRefused | EngineError, str]] = [
    (MALFORMED, "malformed-query"),
    (UpdateRefused(), "read-only"),
    (FederationRefused(), "federation-refused"),
    (LoadRefused(), "federation-refused"),
    (InvalidGraphName("x"), "invalid-graph-name"),
    (UnsupportedFunction("x"), "unsupported-function"),
    (DatasetConflict(), "dataset-conflict"),
    (MalformedDocument("x"), "malformed-graph"),
    (ChangeRefused("x"), "refused"),
    (NotWritable("x"), "not-writable"),
    (NotAccepted(("json", "csv")), "not-acceptable"),
    (DeadlineExceeded(2.5), "deadline-exceeded"),
    (MemoryExceeded(2**30), "memory-exceeded"),
    (ResultTooLarge(2**20), "result-too-large"),
    (InsufficientStorage("x"), "insufficient-storage"),
    (QueryTooComplex(), "query-too-complex"),
    (WorkerLost(), "worker-lost"),
    (AnswerBroken(), "worker-lost"),
    (Overloaded(3), "overloaded"),
    (QueryFailed("a secret"), "internal-error"),
]


@pytest.mark.parametrize(("error", "kind"), CASES, ids=[type(case[0]).__name__ for case in CASES])
def test_every_error_has_its_kind(error: QueryRefused | EngineError, kind: str) -> None:
    problem = problem_of(error)
    assert problem.kind == kind
    assert kind in KINDS
    assert problem.detail
    assert "secret" not in problem.detail


def test_no_error_of_the_engine_is_left_out() -> None:
    known = {type(error) for error, _ in CASES}
    defined = {found for found in vars(engine_errors).values() if isinstance(found, type)}
    assert {found for found in defined if issubclass(found, EngineError)} - known == {EngineError}


def test_a_malformed_graph_is_told_with_its_place() -> None:
    problem = problem_of(MalformedDocument("it ends", 2, 5))
    assert problem.detail == "Line 2, column 5: it ends."
    assert problem.members == {"line": 2, "column": 5}


def test_a_malformed_query_is_told_with_its_place() -> None:
    problem = problem_of(MALFORMED, "malformed-update")
    assert problem.kind == "malformed-update"
    assert problem.members == {"line": 2, "column": 5, "found": "WHER", "expected": ["WHERE"]}


@pytest.mark.parametrize(
    ("error", "members"),
    [
        (DeadlineExceeded(2.5), {"seconds": 2.5}),
        (MemoryExceeded(2**30), {"limit": 2**30}),
        (ResultTooLarge(2**20), {"limit": 2**20}),
        (Overloaded(3), {}),
    ],
)
def test_a_limit_is_told_as_a_number(error: EngineError, members: dict[str, object]) -> None:
    assert problem_of(error).members == members


def test_who_is_to_come_again_is_told_when() -> None:
    assert problem_of(Overloaded(3)).headers == {"Retry-After": "3"}


def test_formats_that_would_do_are_listed_by_media_type_and_name() -> None:
    problem = not_acceptable(["csv", "turtle"])
    assert problem.members == {"offered": ["text/csv", "text/turtle"], "formats": ["csv", "turtle"]}
    assert problem_of(NotAccepted(("csv", "turtle"))).members == problem.members


def test_a_broken_answer_is_of_the_kind_of_its_cause() -> None:
    broken = AnswerBroken()
    assert kind_of(broken) == "broken"
    broken.__cause__ = ResultTooLarge(1)
    assert kind_of(broken) == "result-too-large"
    assert problem_of(broken).kind == "result-too-large"


def test_an_error_without_a_kind_is_broken() -> None:
    assert kind_of(QueryFailed("x")) == "broken"
    assert kind_of(ValueError("x")) == "broken"
