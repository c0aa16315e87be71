"""Tables for people: aligned whatever the script, cut or folded, with nothing a terminal obeys."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from smegraph.tables import Column, table_text, term_cell, term_text

XSD = "http://www.w3.org/2001/XMLSchema#"


def lines(columns: list[Column], *rows: list[str], width: int | None = None) -> list[str]:
    return table_text(columns, rows, width).splitlines()


def test_columns_are_as_wide_as_their_texts_and_numbers_end_alike() -> None:
    columns = [Column("firm"), Column("founded", is_number=True), Column("x")]
    assert lines(columns, ["Firm A", "2014", ""], ["B", "900", "y"]) == [
        "firm    founded  x",
        "------- -------- -",
        "Firm A     2014",
        "B           900  y",
    ]


def test_wide_and_combining_letters_take_the_room_that_they_take_on_a_terminal() -> None:
    rows = (["日本", "1"], ["e\u0301", "2"], ["abcd", "3"])
    assert lines([Column("a"), Column("b")], *rows)[2:] == ["日本  1", "e\u0301     2", "abcd  3"]


def test_text_beyond_the_widest_is_cut_and_marked() -> None:
    assert lines([Column("a", widest=5)], ["abcde"], ["abcdef"])[2:] == ["abcde", "abcd…"]


def test_column_without_a_limit_is_never_cut() -> None:
    assert lines([Column("a"), Column("b")], ["x" * 5000, "y"])[2] == "x" * 5000 + "  y"


def test_text_beyond_the_line_goes_on_in_its_cell() -> None:
    found = lines([Column("a"), Column("b")], ["one two three", "x"], width=11)
    assert [line.split() for line in found[2:]] == [["one", "two", "x"], ["three"]]


def test_indentation_of_a_text_stays() -> None:
    found = lines([Column("part", widest=20)], ["1 Intro"], ["  1.1 Aim"])
    assert found[2:] == ["1 Intro", "  1.1 Aim"]


@pytest.mark.parametrize("text", ["[bold]a[/bold]", ":smile:", "https://example.org/1"])
def test_text_that_looks_like_markup_is_text(text: str) -> None:
    assert lines([Column(text)], [text]) == [text, "-" * len(text), text]


def test_what_a_terminal_would_obey_is_written_out() -> None:
    head, _, row = lines([Column("\x1b[2J")], ["\x1b]0;title\x07\n\u202e"])
    assert (head, row) == (r"\x1b[2J", r"\x1b]0;title\x07\x0a\x202e")


def test_table_without_rows_or_columns_is_its_head() -> None:
    assert table_text([Column("a")], []) == "a\n-"
    assert table_text([], [[]]) == ""


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ox.NamedNode("https://w3id.org/smegraph/ontology#Firm"), "sme:Firm"),
        (ox.NamedNode("http://example.org/a"), "<http://example.org/a>"),
        (ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")), "007"),
        (ox.Literal("käyttö ", language="fi"), "käyttö "),
        (ox.BlankNode("x"), "_:x"),
        (None, ""),
    ],
)
def test_term_is_shown_as_people_read_it(term: ox.NamedNode | None, text: str) -> None:
    assert term_text(term) == text


def test_term_in_a_cell_is_on_one_line() -> None:
    assert term_cell(ox.Literal(" one\r\n two\t")) == "one two"


def test_rich_is_imported_when_something_is_printed_and_not_before() -> None:
    code = (
        "import sys, smegraph.client; assert 'rich' not in sys.modules;"
        "repr(smegraph.client.Rows(['a'], [])); assert 'rich' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
