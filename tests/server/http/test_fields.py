"""Which header fields of a request are looked at."""

from __future__ import annotations

from smegraph.server.http.fields import request_fields


def test_repeated_fields_are_one_list_and_others_are_left_out() -> None:
    headers = [(b"accept", b"text/csv"), (b"host", b"e"), (b"accept", b"*/*;q=0.1")]
    assert request_fields({"headers": headers}) == {b"accept": b"text/csv, */*;q=0.1"}


def test_a_request_may_have_none() -> None:
    assert request_fields({"headers": []}) == {}
