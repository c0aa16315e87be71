"""A record holds what a reader found: clean texts, names in order, and what is odd."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.record import Name, Reading, Record, clean


def test_an_organization_is_printed_by_its_name_alone() -> None:
    assert Name("World Bank", is_person=False).text == "World Bank"


def test_the_parts_of_a_name_that_are_missing_leave_no_comma() -> None:
    assert Name("King", suffix="Jr.").text == "King, Jr."


@pytest.mark.parametrize(("id_", "shown"), [("bell", 'The record "bell"'), ("", "The record")])
def test_a_record_is_called_by_its_id_where_it_has_one(id_: str, shown: str) -> None:
    assert Record(id_, 1).shown == shown


def test_the_first_text_of_a_field_is_kept() -> None:
    record = Record("a", 1)
    record.put("title", "First")
    record.put("title", "Second")
    assert record.fields == {"title": "First"}


def test_a_text_that_says_nothing_does_not_keep_out_the_next() -> None:
    record = Record("a", 1)
    record.put("title", " \n\x07")
    record.put("title", "A title")
    assert record.fields == {"title": "A title"}


def test_names_are_kept_in_their_order_list_by_list() -> None:
    record = Record("a", 1)
    record.put_names("author", [Name("Bell"), Name("Loane")])
    record.put_names("author", [Name("Adams")])
    record.put_names("editor", [Name("Hood")])
    assert record.names == {
        "author": [Name("Bell"), Name("Loane"), Name("Adams")], "editor": [Name("Hood")],
    }  # fmt: skip


@pytest.mark.parametrize("others", ["others", "et al.", "Et Al", "AND OTHERS"])
def test_and_others_is_no_name_but_leaves_the_list_incomplete(others: str) -> None:
    record = Record("a", 1)
    record.put_names("author", [Name("Bell"), Name(others)])
    assert record.names == {"author": [Name("Bell")]}
    assert record.incomplete == {"author"}


def test_a_name_without_a_family_name_is_none() -> None:
    record = Record("a", 1)
    record.put_names("author", [Name("", "Jim")])
    assert (record.names, record.incomplete) == ({}, set())


def test_every_field_matters_unless_some_are_named() -> None:
    assert Reading("refs.bib").wants("abstract")


def test_a_field_matters_when_it_is_among_those_that_are_named() -> None:
    reading = Reading("refs.bib", wanted=frozenset({"title"}))
    assert reading.wants("title")
    assert not reading.wants("abstract")


def test_what_cannot_be_read_is_an_error_with_its_line_and_a_remedy() -> None:
    reading = Reading("refs.bib")
    reading.refuse(7, "unreadable-record", "It ends\n too early.", "Close it.")
    (problem,) = reading.problems
    assert (problem.file, problem.row, problem.kind) == ("refs.bib", 7, "unreadable-record")
    assert (problem.message, problem.remedy) == ("It ends too early.", "Close it.")
    assert problem.severity == "error"


@given(st.text())
def test_a_clean_text_is_one_line_in_normal_form_c_without_control_characters(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(sign) for sign in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert cleaned == " ".join(cleaned.split())


@given(st.text())
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x1b", "\x9b", "\ud800"])
def test_a_sign_that_would_rule_a_terminal_becomes_a_space(sign: str) -> None:
    assert clean(f"one{sign}two") == "one two"
