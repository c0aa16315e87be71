"""The record of a request, whoever asks for it."""

from __future__ import annotations

from smegraph.server.http.request_record import KEY, RequestRecord, record_of


def test_all_that_answer_a_request_fill_one_record() -> None:
    record = RequestRecord(operation="query")
    assert record_of({KEY: record}) is record


def test_without_a_reader_a_record_is_filled_all_the_same() -> None:
    assert record_of({}) == RequestRecord()
    assert record_of({}) is not record_of({})
