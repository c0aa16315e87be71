"""Failures on their way from a worker to the service."""

from __future__ import annotations

import json

import pytest

from smegraph.results.errors import NotWritable
from smegraph.server.engine.errors import InsufficientStorage, NotAccepted, ResultTooLarge
from smegraph.server.workers.errors import Failure, decode, encode
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    FederationRefused,
    InvalidGraphName,
    LoadRefused,
    MalformedQuery,
    QueryFailed,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)

FAILURES = [
    MalformedQuery(Diagnosis(3, 14, "}", ("an expression", "a variable"), "SELECT")),
    NotAccepted(("json", "csv")),
    ResultTooLarge(1000),
    InsufficientStorage("There is no room."),
    FederationRefused(["http://example.org/sparql"]),
    InvalidGraphName("'x' is not an absolute IRI."),
    NotWritable("XML cannot carry this."),
    QueryFailed("It failed."),
    UnsupportedFunction("There is no such function."),
    UpdateRefused(),
]


def sent(failure: Failure) -> Failure:
    """What arrives of a failure."""
    kind, content = json.loads(json.dumps(encode(failure)))
    return decode(kind, content)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failure_arrives_as_it_was_raised(failure: Failure) -> None:
    arrived = sent(failure)
    assert type(arrived) is type(failure)
    assert str(arrived) == str(failure)


def test_what_programs_ask_of_a_failure_arrives_too() -> None:
    malformed, not_accepted, too_large = (sent(failure) for failure in FAILURES[:3])
    assert isinstance(malformed, MalformedQuery)
    assert malformed.diagnosis == FAILURES[0].diagnosis  # type: ignore[attr-defined]
    assert isinstance(not_accepted, NotAccepted)
    assert not_accepted.offered == ("json", "csv")
    assert isinstance(too_large, ResultTooLarge)
    assert too_large.limit == 1000


class Stranger(QueryRefused):
    """A refusal that nobody knows."""


def test_an_unknown_refusal_arrives_as_a_failed_query_with_its_message() -> None:
    arrived = sent(Stranger("It cannot be done."))
    assert type(arrived) is QueryFailed
    assert str(arrived) == "It cannot be done."


def test_a_kind_of_a_known_refusal_arrives_as_that_one() -> None:
    arrived = sent(LoadRefused())
    assert type(arrived) is FederationRefused
    assert str(arrived).startswith("LOAD is refused")


def test_a_kind_that_a_newer_worker_tells_is_a_failed_query() -> None:
    arrived = decode("SomethingNew", "It cannot be done.")
    assert type(arrived) is QueryFailed
    assert str(arrived) == "It cannot be done."
