"""What a query names: the terms it looks for, its texts with their predicates, its languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smegraph.sparql.mentions import InLanguage, Matched, Named, items, mentions, split_prologue


def named(query: str) -> list[str]:
    _, start = split_prologue(query)
    return [found.text for found in mentions(query, start) if isinstance(found, Named)]


def matched(query: str) -> list[tuple[str, str]]:
    _, start = split_prologue(query)
    return [(m.verb, m.text) for m in mentions(query, start) if isinstance(m, Matched)]


def languages(query: str) -> list[InLanguage]:
    _, start = split_prologue(query)
    found = (one for one in mentions(query, start) if isinstance(one, InLanguage))
    return [replace(one, named=frozenset(), classed=frozenset()) for one in found]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("SELECT * { ?s e:p <urn:o> }", ["e:p", "<urn:o>"]),
        ("SELECT * { VALUES ?s { e:a e:b } ?s e:p ?o }", ["e:a", "e:b", "e:p"]),
        ("SELECT * { VALUES (?s ?t) { (e:a 1) } }", ["e:a"]),
        ("SELECT * { ?s e:p/^e:q|!(e:r) e:o. }", ["e:p", "e:q", "e:r", "e:o"]),
        ("SELECT * { ?s ?p ?o FILTER(?o IN (e:a, e:b) || ?o = e:c) }", ["e:a", "e:b", "e:c"]),
        ("SELECT * FROM e:g FROM NAMED <urn:h> { GRAPH e:i {} }", ["e:g", "<urn:h>", "e:i"]),
        ("DESCRIBE e:a", ["e:a"]),
        ("ASK { ?s e:p ?o FILTER NOT EXISTS { ?s e:q ?o } }", ["e:p", "e:q"]),
        ("PREFIX e: <urn:e:> BASE <urn:b> ASK { ?s e:p ?o }", ["e:p"]),
        ("# e:no\nPREFIX e: <urn:e:> # e:no\nASK { ?s e:p ?o # e:no\n}", ["e:p"]),
        ("ASK { ?s e:p 'e:no', \"<urn:no>\", '''e:no''' }", ["e:p"]),
        ("CONSTRUCT { ?s e:new e:made } WHERE { ?s e:p ?o }", ["e:p"]),
        ("CONSTRUCT WHERE { ?s e:p ?o }", ["e:p"]),
        ("ASK { ?s e:p ?o SERVICE <urn:s> { ?s e:far ?o { ?o e:far ?n } } ?s e:q ?o }",
         ["e:p", "e:q"]),
        ("ASK { SERVICE SILENT e:s { ?s e:far ?o } }", []),
        ("ASK { ?s ?p '1'^^e:type }", []),
        ("ASK { ?a ?b ?c FILTER(?a<1&&?b>2) }", []),
        ("PREFIX # a comment\n e: <urn:e:> ASK { ?s e:p ?o }", []),
    ],
)  # fmt: skip
def test_the_terms_that_a_query_looks_for_are_named(query: str, terms: list[str]) -> None:
    assert named(query) == terms


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("?s e:p 'a'", [("e:p", "'a'")]),
        ("?s e:p 'a'@en-GB", [("e:p", "'a'@en-GB")]),
        ("?s e:q ?o ; e:p 'a'", [("e:p", "'a'")]),
        ("?s e:q [ e:p 'a' ]", [("e:p", "'a'")]),
        ("[] e:p 'a'", [("e:p", "'a'")]),
        ("?s e:p 'a', 'b'@en, '1'^^e:t, 'c'", [("e:p", "'a'"), ("e:p", "'b'@en"), ("e:p", "'c'")]),
        ("?s e:q/e:p 'a'", [("e:p", "'a'")]),
        ("?s ?p 'a'", [("", "'a'")]),
        ("?s e:q|e:p 'a'", []),
        ("?s (e:q/e:p) 'a'", []),
        ("?s e:p+ 'a'", []),
        ("?s e:p ?o FILTER(?o = 'a')", []),
        ("?s e:p ?o FILTER(CONTAINS(?o, 'a'))", []),
        ("VALUES ?o { e:s e:p 'a' }", []),
        ("VALUES (?s ?p ?o) { (e:s e:p 'a') }", []),
        ("?s e:p ('a' 'b')", []),
        ("?s e:p '1'^^e:t", []),
        ("?s e:p 'a'@en--ltr", []),
        ("BIND('a' AS ?o)", []),
    ],
)
def test_a_text_is_matched_as_the_object_of_a_predicate(
    pattern: str, texts: list[tuple[str, str]]
) -> None:
    assert matched(f"SELECT * {{ {pattern} }}") == texts


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("LANG(?o) = 'en'", [InLanguage("e:p", "'en'", ranges=False)]),
        ("'en' = lang ( ?o )", [InLanguage("e:p", "'en'", ranges=False)]),
        ("LANGMATCHES(LANG($o), 'en')", [InLanguage("e:p", "'en'", ranges=True)]),
        ("LANG(?o) = 'en' || ?s = e:a", []),
        ("!(LANG(?o) = 'en')", []),
        ("LANG(?o) != 'en'", []),
        ("LANG(?o) = ?tag", []),
        ("LANG(?other) = 'en'", []),
    ],
)
def test_a_filter_asks_for_a_language_of_one_predicate(
    filter: str, found: list[InLanguage]
) -> None:
    assert languages(f"SELECT * {{ ?s e:p ?o FILTER({filter}) }}") == found


@pytest.mark.parametrize(
    "pattern",
    [
        "{ ?s e:p ?o } UNION { ?s e:q ?o }",
        "{ ?s e:p ?o } UNION { ?s e:q|e:r ?o }",
        "?s e:p ?o VALUES ?o { 'a'@en }",
        "?s e:p ?x BIND(?x AS ?o)",
        "?s ?p ?o",
    ],
)
def test_a_variable_of_several_sources_has_no_one_predicate(pattern: str) -> None:
    assert languages(f"SELECT * {{ {pattern} FILTER(LANG(?o) = 'en') }}") == []


@pytest.mark.parametrize(
    "prologue",
    [
        "",
        "PREFIX e: <urn:e:>\n",
        "prefix : <urn:e#>PREFIXe:<urn:e:>",
        "# PREFIX no: <urn:no>\nBASE <urn:b> # no\nVERSION '1.2' PREFIX e: <urn:e:>\n",
    ],
)
def test_the_prologue_ends_where_the_query_begins(prologue: str) -> None:
    declared, start = split_prologue(f"{prologue}SELECT * {{}}")
    assert start == len(prologue)
    assert ("<urn:e:>" in declared) == ("<urn:e:>" in prologue)
    assert "no" not in declared


def test_one_pass_finds_each_item_and_no_comment() -> None:
    query = "ASK { _:b e:p 'a'@en ; e:q <urn:o>. # e:no\n ?v:x ?p 'b' FILTER(LANG(?v) = 'e:no') }"
    found = [item for item in items(query, 0) if item]
    assert found == ["e:p 'a'@en", "e:q", "<urn:o>", ":x", "'b'", "LANG("]


@pytest.mark.parametrize(
    ("pattern", "named", "classed"),
    [
        ("?s a e:C ; e:l ?l", {"e:C"}, {"e:l"}),
        ("?s a ?c . ?s e:q 1 . ?c e:l ?l", {"e:q"}, {"a", "e:l"}),
        ("?s ?p 1 . ?p e:l ?l", set(), {"", "e:l"}),
        ("?s e:q [ ?p 1 ] ; e:l ?l", {"e:q"}, {"", "e:l"}),
    ],
)
def test_a_filter_by_language_knows_what_else_the_query_asks_for(
    pattern: str, named: set[str], classed: set[str]
) -> None:
    query = f"SELECT * {{ {pattern} FILTER(LANG(?l) = 'en') }}"
    (found,) = (one for one in mentions(query, 0) if isinstance(one, InLanguage))
    assert (found.named, found.classed) == (named, classed)
