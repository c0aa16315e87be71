"""Rules beyond the grammar are told as rules, at the token that breaks them."""

from __future__ import annotations

import pyoxigraph
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.sparql.diagnosis import Diagnosis, diagnose


def told(text: str, *, is_update: bool = False) -> Diagnosis:
    store = pyoxigraph.Store()
    with pytest.raises(SyntaxError) as error:
        (store.update if is_update else store.query)(text, prefixes=dict(PREFIXES))
    return diagnose(text, PREFIXES, str(error.value), is_update=is_update)


def check(text: str, at: str, reason: str, *, is_update: bool = False) -> None:
    """The token is marked by a "^" before it."""
    place = at.index("^")
    assert at.replace("^", "", 1) == text
    diagnosis = told(text, is_update=is_update)
    assert (diagnosis.line, diagnosis.column) == (
        at.count("\n", 0, place) + 1,
        place - at.rfind("\n", 0, place),
    )
    assert reason in diagnosis.sentence()
    assert "cannot stand here" not in diagnosis.sentence()


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("SELECT ?s WHERE { ?s ?p ?o . BIND(?o AS ^?s) }", "BIND cannot give a value to ?s"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?new)\n BIND(2 AS ^?o) ?a ?b ?c }", "value to ?o"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?z) BIND(2 AS ^?z) }", "value to ?z"),
        ("SELECT * { { ?s ?p ?o } BIND(IF((?o), 1, 2) AS ^?s) }", "value to ?s"),
        ("SELECT * { OPTIONAL { ?x ?p ?o } BIND(1 AS ^?x) }", "value to ?x"),
        ("SELECT * { { SELECT * { ?x ?p ?o } } BIND(1 AS ^?x) FILTER(1) }", "value to ?x"),
        ("SELECT * { VALUES ?x { 1 } BIND(1 AS ^?x) }", "value to ?x"),
        ("SELECT ^* { ?s ?p ?o } GROUP BY ?s", "SELECT * does not go with GROUP BY"),
        ("SELECT DISTINCT ^* { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1)", "SELECT *"),
        ("SELECT ?s { { SELECT ^* { ?s ?p ?o } GROUP BY ?s } }", "SELECT *"),
        ("SELECT * { { SELECT * { ?a ?b ?c } } {\n SELECT ^* { ?s ?p ?o } GROUP BY ?s } }",
         "SELECT *"),
        ("SELECT ?x (1 AS ^?x) { ?x ?p ?o }", "give the name ?x"),
        ("SELECT (1 AS ?x) (2 AS ^?x) {}", "give the name ?x"),
        ("SELECT (CONCAT(?s) AS ^?s) { ?s ?p ?o }", "give the name ?s"),
        ("SELECT ?x ^?p { ?x ?p ?o } GROUP BY ?x", "names ?p"),
        ("SELECT ^?s (COUNT(?o) AS ?c) { ?s ?p ?o }", "names ?s"),
        ("SELECT ?x (^?p + 1 AS ?q) { ?x ?p ?o } GROUP BY ?x", "computes with ?p"),
        ("SELECT * { _:a ?p ?o . { ^_:a ?p ?o } }", "the blank node _:a"),
        ("SELECT * { _:a ?p ?o . OPTIONAL { ?x ?p ?o } ^_:a ?p ?o }", "the blank node _:a"),
        ("SELECT * { VALUES (?x ^?x) { (1 1) } }", "VALUES names ?x twice"),
        ("SELECT * { VALUES (?x ?y) { (1 2) ^(1) } }", "has 1 of 2 values"),
        ("SELECT * { } VALUES (?x ?y) { (UNDEF 'a'@en) ^(1 'b'^^xsd:date 3) }",
         "has 3 of 2 values"),
        ('SELECT * { ?s ?p ^"\\uD83D\\uDE00" }', "half a character"),
        (r"SELECT * { ?s ?p '\\\n', ^'a\.b' }", "no escape in a string; a backslash itself"),
        (r"SELECT * { ?s ?p ^'\u12' }", r"\u needs four hexadecimal digits"),
        (r"SELECT * { ?s ?p ^'\U0001F60' }", r"\U needs eight hexadecimal digits"),
        (r"SELECT * { ?s ?p ^'\U00110000' }", "beyond the last character"),
        ("ASK {} ^GROUP BY ?x", "the engine does not group for ASK"),
        ("CONSTRUCT {} WHERE {} ^GROUP BY ?x", "does not group for CONSTRUCT"),
        ("ASK { ?s ?p ?o } ^HAVING (COUNT(*) > 1)", "does not group for ASK"),
        ("SELECT * { ?s ?p ^nosuch:x }", "prefix is not declared"),
    ],
)  # fmt: skip
def test_a_rule_for_queries(marked: str, reason: str) -> None:
    check(marked.replace("^", "", 1), marked, reason)


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("DELETE { ^_:a <a:b> <a:c> } WHERE {}", "no blank node in DELETE;"),
        ("DELETE { ?s <a:b> ^[] } WHERE { ?s ?p ?o }", "no blank node in DELETE;"),
        ("DELETE { GRAPH ?g { ?s <a:b> ^[ <a:c> ?o ] } } WHERE { ?s ?p ?o }", "no blank node"),
        ("DELETE { ?s <a:b> ^(1 2) } WHERE { ?s ?p ?o }", "no blank node in DELETE;"),
        ("CLEAR ALL ;\nDELETE { ^_:a <a:b> 1 } INSERT { _:a <a:b> 1 } WHERE {}", "no blank node"),
        ("WITH <a:g> DELETE { ^_:a <a:b> 1 } WHERE {}", "no blank node in DELETE;"),
        ("DELETE WHERE { ^_:a ?p ?o }", "no blank node in DELETE WHERE"),
        ("DELETE DATA { <a:b> <a:b> ^_:a }", "no blank node in DELETE DATA"),
        ("DELETE DATA { ^?s <a:b> <a:c> }", "no variable in DELETE DATA"),
        ("INSERT DATA { <a:b> <a:b> 1 ; <a:c> ^?s }", "no variable in INSERT DATA"),
        ("INSERT DATA { GRAPH ^?g { <a:b> <a:b> <a:c> } }", "no variable in INSERT DATA"),
        ("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o . BIND(1 AS ^?s) }", "value to ?s"),
        ("LOAD <http://127.0.0.1:1/> ; DELETE { ^_:a <a:b> 1 } WHERE {}", "no blank node"),
        ("CREATE GRAPH ^<g>", "not an absolute IRI"),
        ("INSERT DATA { <a:b> <a:b> ^nosuch:x }", "prefix is not declared"),
    ],
)
def test_a_rule_for_updates(marked: str, reason: str) -> None:
    check(marked.replace("^", "", 1), marked, reason, is_update=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT ?s { ?s ?p BIND(1 AS ?s) }", "BIND"),
        ("SELECT * { ?s ?p ?o } GROUP ?s", "?s"),
        ("SELECT * { ?s rdfs:label. ?o }", "."),
        ("SELECT * { VALUES (?x ?y) { (1 2 } }", "}"),
    ],
)
def test_a_fault_of_grammar_is_no_broken_rule(query: str, found: str) -> None:
    assert told(query).found == found


def test_a_missing_object_is_told_although_there_is_a_blank_node_in_delete() -> None:
    diagnosis = told("DELETE { _:a <a:b> } WHERE {}", is_update=True)
    assert (diagnosis.column, diagnosis.found) == (20, "}")
