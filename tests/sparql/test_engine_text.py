"""What the engine is asked: the text as it is first, and another way to write it only then."""

from __future__ import annotations

import pytest

from smegraph.sparql.engine_text import query_texts, update_texts, without_mark


def test_a_text_is_asked_as_it_is_first() -> None:
    query = "SELECT (CONCAT ('a') AS ?x) {}"
    assert list(query_texts(query)) == [query, "SELECT (CONCAT( 'a') AS ?x) {}"]
    update = "CLEAR ALL ; BASE <urn:a>"
    assert list(update_texts(update, {}, None)) == [update, "CLEAR ALL ;             "]


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "ASK { ?s ?p ) }", ""])
def test_what_needs_no_other_way_is_asked_once(text: str) -> None:
    assert list(query_texts(text)) == [text]
    assert list(update_texts(text, {}, None)) == [text]


def test_a_text_with_group_concat_is_asked_for_plain_strings_and_as_it_is_last() -> None:
    query = "SELECT (GROUP_CONCAT(?o) AS ?x) (CONCAT ('a') AS ?y) { ?s ?p ?o }"
    plain, mended, last = query_texts(query)
    assert "(STR(GROUP_CONCAT(?o)) AS ?x) (CONCAT (" in plain
    assert "(STR(GROUP_CONCAT(?o)) AS ?x) (CONCAT( " in mended
    assert last == query


def test_a_prologue_that_cannot_be_told_leaves_an_update_as_it_is() -> None:
    update = "CLEAR ALL ; PREFIX a <urn:a:> CLEAR ALL"
    assert list(update_texts(update, {}, None)) == [update]


def test_one_text_may_need_several_mends() -> None:
    update = (
        r"INSERT DATA {} ; PREFIX a: <urn:a:> INSERT { a:\u0062 a:c ?x } "
        "WHERE { BIND(CONCAT ('d') AS ?x) }"
    )
    *_, mended = update_texts(update, {}, None)
    assert mended.endswith("INSERT { <urn:a:b> <urn:a:c> ?x } WHERE { BIND(CONCAT( 'd') AS ?x) }")


@pytest.mark.parametrize("marks", ["", "\ufeff", "\ufeff\ufeff"])
def test_byte_order_marks_at_the_beginning_go(marks: str) -> None:
    assert without_mark(f"{marks}ASK {{ ?s ?p '\ufeff' }}") == "ASK { ?s ?p '\ufeff' }"
