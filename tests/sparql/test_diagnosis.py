"""Where a query is wrong, and what was expected there."""

from __future__ import annotations

import pyoxigraph
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.sparql.diagnosis import Diagnosis, diagnose


def diagnosis_of(query: str) -> Diagnosis:
    with pytest.raises(SyntaxError) as error:
        pyoxigraph.Store().query(query, prefixes=dict(PREFIXES))
    return diagnose(query, PREFIXES, str(error.value))


@pytest.mark.parametrize(
    ("query", "line", "column", "found", "expected"),
    [
        ("SELECT * { ?s ?p }", 1, 18, "}", "variable"),
        ('SELECT *\n { ?s ?p "é😀" ;; ) }', 2, 18, ")", "variable"),
        ("SELEC * {}", 1, 1, "SELEC", "SELECT"),
        ("", 1, 1, "", "CONSTRUCT"),
        ("SELECT * { ?s ?p ?o ", 1, 21, "", "}"),
        ("SELECT * { ?s ?p ?o } ORDER ?x", 1, 29, "?x", "BY"),
        ("SELECT * { ?s ?p ?o } LIMIT ten", 1, 29, "ten", "number"),
        ("# a comment\r\nSELECT ?s { ?s ?p ?o } )", 2, 24, ")", "LIMIT"),
        ("SELECT ?a\n{\n  ?a a sme:FirmObservation\n  ?b ?c ?d\n}", 4, 3, "?b", "."),
        ('SELECT * {\n ?s ?p """two\nlines""" ?o\n}', 3, 10, "?o", ";"),
    ],
)
def test_the_place_is_that_of_the_first_wrong_token(
    query: str, line: int, column: int, found: str, expected: str
) -> None:
    diagnosis = diagnosis_of(query)
    assert (diagnosis.line, diagnosis.column, diagnosis.found) == (line, column, found)
    assert expected in diagnosis.expected


@pytest.mark.parametrize(
    ("query", "line", "column", "reason"),
    [
        ("SELECT *\n { ?s foo:p ?o }", 2, 7, "prefix is not declared"),
        ("SELECT * { ?s <rel> ?o }", 1, 15, "not an absolute IRI"),
        ('SELECT * {\n ?s ?p "abc }', 2, 8, "not closed"),
        ("SELECT ?x {?y ?p ?o} GROUP BY ?y", 1, 8, "neither grouped"),
        ('SELECT * { ?s ?p "a\\qb" }', 1, 18, "\\q is no escape"),
    ],
)
def test_what_the_grammar_does_not_say_is_said_in_words(
    query: str, line: int, column: int, reason: str
) -> None:
    diagnosis = diagnosis_of(query)
    assert (diagnosis.line, diagnosis.column) == (line, column)
    assert reason in diagnosis.sentence()


def test_a_mistyped_keyword_is_guessed() -> None:
    sentence = diagnosis_of("SELECT * { ?s ?p ?o FLITER(?o > 1) }").sentence()
    assert sentence == "Line 1, column 21: 'FLITER' cannot stand here; did you mean FILTER?"


def test_service_is_never_expected_since_it_is_refused() -> None:
    assert "SERVICE" not in diagnosis_of("SELECT * { ?s ?p ?o ").expected


def test_a_very_long_query_keeps_the_position_of_the_engine() -> None:
    diagnosis = diagnosis_of("SELECT * { " + "?s ?p ?o .\n" * 3000 + " FLITER }")
    assert diagnosis.line == 3001


@pytest.mark.parametrize(
    ("query", "column", "found"),
    [
        ("SELECT ?s (CONCAT(?a,' ',?b) AS ?n) WHERE { ?s ?p ?o", 53, ""),
        ("SELECT (CONCAT ('a','b') AS ?t) { ?s ?p }", 41, "}"),
        ("SELECT (COALESCE(?a, FOO(1)) AS ?x) {}", 22, "FOO"),
        ("SELECT (CONCAT('a' 'b') AS ?x) {}", 20, "'b'"),
        ("SELECT (1 AS ?x) { BIND(BNODE() AS ?b) FILTER(?x = ) }", 52, ")"),
        ("SELECT (COALESCE #c (\u2028 (1) AS ?x) {}", 9, "COALESCE"),
        ("SELECT ?x ?x { ?x ?p ?o ) }", 25, ")"),
        ("SELECT * { ?s !() ?o ?o2 }", 22, "?o2"),
        (r"SEL\u0045CT * { ?s ?p }", 23, "}"),
    ],
)
def test_what_is_before_a_fault_and_right_is_not_blamed(
    query: str, column: int, found: str
) -> None:
    diagnosis = diagnosis_of(query)
    assert (diagnosis.column, diagnosis.found) == (column, found)
    assert "CONCAT?" not in diagnosis.sentence()


def update_diagnosis_of(update: str) -> Diagnosis:
    with pytest.raises(SyntaxError) as error:
        pyoxigraph.Store().update(update, prefixes=dict(PREFIXES))
    return diagnose(update, PREFIXES, str(error.value), is_update=True)


@pytest.mark.parametrize(
    ("update", "line", "column", "part"),
    [
        ("CLEAR ALL ;\nPREFIX b <x:> CLEAR ALL", 2, 8, "'b' cannot stand here"),
        ("CLEAR ALL ;\nPREFIX b: <x:>\nINSERT DATA { b:a b:b }", 3, 23, "'}' cannot stand here"),
        ("CLEAR ALL ;\nPREFIX b: <x:> INSERT DATA { c:a b:b 1 }", 2, 30, "not declared"),
        ("INSERT DATA { b:a b:b 1 } ; PREFIX b: <x:> CLEAR ALL", 1, 15, "not declared"),
        ("CLEAR ALL ; PREFX b: <x:> CLEAR ALL", 1, 13, "did you mean PREFIX?"),
        ("CLEAR ALL ; PREFIX b: <x:> PREFIX c:", 1, 37, "expected IRI"),
        ("CLEAR ALL ; BASE b:c CLEAR ALL", 1, 18, "expected IRI"),
        ("CLEAR ALL ; PREFIX b: <rel> CLEAR ALL", 1, 23, "not an absolute IRI"),
        ("CLEAR ALL CLEAR ALL", 1, 11, "expected ';'"),
        ("CLEAR ALL ; BASE <urn:x> INSERT { ?a ?b 1 } WHERE { FILTER(?a<?b&&?c>?d) }",
         1, 62, "not clear whether"),
        ("INSERT DATA { _:a <a:b> 1 } ;\nINSERT DATA { _:a <a:b> 1 }", 2, 15, "blank node"),
    ],
)  # fmt: skip
def test_the_place_in_an_update_with_several_prologues(
    update: str, line: int, column: int, part: str
) -> None:
    diagnosis = update_diagnosis_of(update)
    assert (diagnosis.line, diagnosis.column) == (line, column)
    assert part in diagnosis.sentence()
