"""Statements come in pieces of any size, and go out whole, sorted, and of their graph."""

from __future__ import annotations

import io

import pytest
from pyoxigraph import NamedNode

from smegraph.store.long_terms import LONGEST_READ, TermTooLongToRead
from smegraph.store.sorted_statements import SortedStatements

LINES = [b"<urn:%d> <urn:p> <urn:o> .\n" % number for number in range(9)]


@pytest.mark.parametrize("size", [1, 7, 27, 28, 1000])
def test_pieces_of_any_size_make_whole_lines(size: int) -> None:
    out, text = io.BytesIO(), b"".join(LINES)
    lines = SortedStatements(out, compare=True)
    lines.graph = NamedNode("urn:g")
    for start in range(0, len(text), size):
        assert lines.write(text[start : start + size]) == len(text[start : start + size])
    lines.flush()
    expected = [line.replace(b" .\n", b" <urn:g> .\n") for line in sorted(LINES, reverse=True)]
    assert out.getvalue() == b"".join(expected)
    assert (lines.count, lines.shared) == (9, False)


def test_a_statement_that_comes_twice_is_shared() -> None:
    lines = SortedStatements(io.BytesIO(), compare=True)
    lines.write(LINES[0])
    lines.flush()
    lines.write(LINES[0])
    lines.flush()
    assert lines.shared


def test_a_line_longer_than_a_reader_takes_is_refused_with_its_beginning() -> None:
    lines = SortedStatements(io.BytesIO(), compare=False)
    lines.write(LINES[0] + b'<urn:a> <urn:b> "')
    for _ in range(LONGEST_READ // 4096 - 1):
        lines.write(b"x" * 4096)
    with pytest.raises(TermTooLongToRead, match="<urn:b> of <urn:a>"):
        lines.write(b"x" * 4096 + b'" .\n')
