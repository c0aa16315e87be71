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
        ("SELECT ?a\n{\n  ?a a sme:FirmYear\n  ?b ?c ?d\n}", 4, 3, "?b", "."),
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
        ("SELECT ?x ?x {?x ?p ?o}", 1, 24, "twice"),
        ("SELECT ?x {?y ?p ?o} GROUP BY ?y", 1, 33, "neither grouped"),
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
