"""What is wrong with a source, as a person reads it."""

from __future__ import annotations

import pytest

from smegraph.store.errors import Fault, SourceError


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("a.ttl", 2, 5, "it ends"), "a.ttl, line 2, column 5: it ends"),
        (Fault("a.nt.gz", None, None, "it ends"), "a.nt.gz: it ends"),
    ],
)
def test_a_fault_names_its_file_and_its_place_where_that_is_known(
    fault: Fault, sentence: str
) -> None:
    assert fault.sentence() == sentence


def test_an_error_holds_every_fault_each_in_a_line_of_its_own() -> None:
    faults = (Fault("a.ttl", 2, 5, "it ends"), Fault("b.ttl", None, None, "it is locked"))
    error = SourceError("It cannot be served:", faults)
    assert str(error).splitlines() == [
        "It cannot be served:",
        "  a.ttl, line 2, column 5: it ends",
        "  b.ttl: it is locked",
    ]
    assert (error.message, error.faults) == ("It cannot be served:", faults)
