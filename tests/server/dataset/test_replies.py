"""What a dataset's process replies, on its way to the service."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smegraph.server.dataset.errors import ChangeRefused, MalformedDocument
from smegraph.server.dataset.replies import FULL_FOR_GOOD, decode, encode_refusal
from smegraph.server.engine.errors import InsufficientStorage, MemoryExceeded, WorkerLost
from smegraph.sparql.diagnosis import Diagnosis
from smegraph.sparql.errors import (
    DatasetConflict,
    FederationRefused,
    LoadRefused,
    MalformedQuery,
    QueryRefused,
)

LIMIT = 64 * 2**20


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (ChangeRefused("It names another graph."), ChangeRefused),
        (MalformedDocument("a.ttl: no", 2, 3), MalformedDocument),
        (MalformedDocument("no"), MalformedDocument),
        (DatasetConflict(), DatasetConflict),
        (MalformedQuery(Diagnosis(1, 2, "}", ("a variable",), "")), MalformedQuery),
        (LoadRefused(), FederationRefused),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refusal_arrives_as_it_was_raised(
    refusal: QueryRefused, kind: type[QueryRefused]
) -> None:
    with pytest.raises(kind) as arrived:
        decode(json.loads(json.dumps(encode_refusal(refusal))), LIMIT)
    assert type(arrived.value) is kind
    assert str(arrived.value) == str(refusal)


@pytest.mark.parametrize(("line", "column"), [(2, 3), (None, None)])
def test_the_place_of_a_fault_arrives_as_numbers(line: int | None, column: int | None) -> None:
    with pytest.raises(MalformedDocument) as arrived:
        decode(encode_refusal(MalformedDocument("no", line, column)), LIMIT)
    assert (arrived.value.line, arrived.value.column) == (line, column)


@pytest.mark.parametrize("result", [None, True, 7, "name"])
def test_a_result_is_returned(result: Any) -> None:
    assert decode(["done", result], LIMIT) == result


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (["memory"], MemoryExceeded, "64 MiB"),
        (["full", "There is no room."], InsufficientStorage, "no room"),
        ([FULL_FOR_GOOD, "There is no room."], InsufficientStorage, "no room"),
        (["nonsense", 1], WorkerLost, "nonsense"),
        ([], WorkerLost, "reply"),
    ],
)
def test_a_failure_is_raised(reply: list[Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        decode(reply, LIMIT)
