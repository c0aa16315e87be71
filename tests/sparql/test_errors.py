"""What the engine raises, by names of ours, and what refusals say."""

from __future__ import annotations

import pytest

from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    EngineErrors,
    FederationRefused,
    LoadRefused,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    ServiceRefused,
    UnsupportedFunction,
)


@pytest.mark.parametrize("kind", ["function", "aggregate function"])
def test_a_function_that_the_engine_lacks_is_told_as_one(kind: str) -> None:
    message = f"The custom {kind} <http://e/f> is not supported"
    expected = pytest.raises(UnsupportedFunction, match=r"<http://e/f> is not supported\.$")
    with expected, EngineErrors():
        raise RuntimeError(message)


@pytest.mark.parametrize("error", [RuntimeError("other"), OSError("disk"), ValueError("value")])
def test_another_error_of_the_engine_is_a_failure_with_its_cause(error: Exception) -> None:
    with pytest.raises(QueryFailed) as caught, EngineErrors():
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [SyntaxError("x"), KeyError("x"), QueryRefused("x")])
def test_what_is_not_the_engine_s_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, EngineErrors():
        raise error
    assert caught.value is error


def test_a_malformed_query_says_its_diagnosis() -> None:
    error = MalformedQuery(Diagnosis(2, 5, "x", (), "this is no query"))
    assert str(error) == "Line 2, column 5: this is no query: x."
    assert error.diagnosis.line == 2


def test_a_refused_service_says_what_may_be_called() -> None:
    assert "<http://a/>, <http://b/>" in str(FederationRefused(["http://b/", "http://a/"]))
    assert "VALUES" in str(FederationRefused())


def test_what_would_leave_the_machine_is_refused_as_federation() -> None:
    for error, word in ((ServiceRefused(), "SERVICE"), (LoadRefused(), "LOAD")):
        assert isinstance(error, FederationRefused)
        assert str(error).startswith(f"{word} is refused")
