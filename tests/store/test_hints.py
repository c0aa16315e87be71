"""Hints beside an answer: given where they are sure, and never where they are not."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import GRAPH, PREFIXES, SME
from smegraph.store.embedded import EmbeddedStore, store_union
from smegraph.store.hints import MOST_HINTS

HEAD = "".join(f"@prefix {name}: <{start}> .\n" for name, start in PREFIXES.items())
STUDY = """
id:linkedin a sme:Platform ; rdfs:label "LinkedIn" .
voc:networking a sme:Construct ; skos:prefLabel "networking"@en ; rdfs:label "networking" .
voc:trust a sme:Construct ; skos:prefLabel "trust"@en ; skos:altLabel "Größe"@de .
id:finding-1 a sme:Finding ; sme:cause voc:networking ; sme:effect voc:trust ; sme:p-value "a`b" .
sme:lowers owl:deprecated true ; dcterms:isReplacedBy sme:lowersDistanceThrough .
sme:Study owl:deprecated true ; dcterms:isReplacedBy sme:SourceDocument, sme:ResearchWork .
sme:old owl:deprecated true .
sme:odd owl:deprecated "true" ; dcterms:isReplacedBy sme:cause .
"""


def make_store(turtle: str = STUDY, **options: object) -> EmbeddedStore:
    store = Store()
    store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH + "one"))
    store_union(store)
    return EmbeddedStore(store, base="https://w3id.org/smegraph/id/", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return make_store()


def hints(store: EmbeddedStore, query: str) -> tuple[str, ...]:
    """The hints for a query that the store answers; they are the same each time."""
    store.query(query)
    found = store.hints(query)
    assert store.hints(query) == found
    return found


FULL = "<https://w3id.org/smegraph/ontology#{}>"


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("ASK { ?s sme:couse ?o }", "`sme:couse` is in no graph; did you mean `sme:cause`?"),
        ("ASK { ?s sme:quite-another ?o }", "`sme:quite-another` is in no graph."),
        ("PREFIX e: <https://w3id.org/smegraph/ontology#> ASK { ?s e:couse ?o }",
         "`e:couse` is in no graph; did you mean `e:cause`?"),
        (f"ASK {{ ?s {FULL.format('couse')} ?o }}",
         f"`{FULL.format('couse')}` is in no graph; did you mean `{FULL.format('cause')}`?"),
        ("ASK { <linkedn> ?p ?o }", "`<linkedn>` is in no graph; did you mean "
         "`<https://w3id.org/smegraph/id/linkedin>`?"),
        ("BASE <https://w3id.org/smegraph/> ASK { ?s ?p <id/nobody> }",
         "`<id/nobody>` is in no graph."),
        (r"ASK { ?s sme:co\u0075se ?o }", "`sme:couse` is in no graph; did you mean `sme:cause`?"),
        (r"ASK { ?s sme:p\-volue ?o }",
         r"`sme:p\-volue` is in no graph; did you mean `sme:p-value`?"),
        ("SELECT * { VALUES ?c { voc:trust voc:trusts } ?f sme:effect ?c }",
         "`voc:trusts` is in no graph; did you mean `voc:trust`?"),
        ("ASK FROM graph:two { ?s ?p ?o }", "`graph:two` is in no graph."),
        ("ASK { ?s ?p sme:linkedin }",
         "`sme:linkedin` is in no graph; did you mean `id:linkedin`?"),
        ("ASK { ?s ?p ?o FILTER(?o != voc:trusts) }",
         "`voc:trusts` is in no graph; did you mean `voc:trust`?"),
        ("\ufeffASK { ?s sme:couse ?o }", "`sme:couse` is in no graph; did you mean `sme:cause`?"),
    ],
)  # fmt: skip
def test_a_term_that_is_in_no_graph_is_named_as_it_was_written(
    store: EmbeddedStore, query: str, hint: str
) -> None:
    assert hints(store, query) == (hint,)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?f a sme:Finding ; sme:cause/rdfs:label ?l . GRAPH graph:one { ?f ?p ?o } }",
        "ASK { ?s foaf:nick ?o ; <http://example.org/p> ?q }",
        "PREFIX sme: <http://example.org/> ASK { ?s sme:couse ?o }",
        "PREFIXsme:<http://example.org/>ASK { ?s sme:couse ?o }",
        "PREFIX # sme\n sme: <http://example.org/> ASK { ?s sme:couse ?o }",
        "BASE <http://example.org/> ASK { <linkedn> ?p ?o }",
        "# sme:couse\nASK { ?s ?p 'sme:couse' . # sme:couse\n }",
        "CONSTRUCT { ?s sme:made voc:new } WHERE { ?s sme:cause ?o }",
        "ASK { ?s ?p '1'^^sme:aDatatype }",
        "ASK { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://w3id.org/smegraph/id/nobody')) }",
        "ASK { ?s rdfs:isDefinedBy <https://w3id.org/smegraph/ontology#> }",
        "ASK { ?s sme:old ?o }",
        "ASK { ?s sme:odd ?o }",
        "ASK FROM <http://example.org/g> { ?s sme:cause ?o }",
    ],
)
def test_what_is_known_or_not_sure_gets_no_hint(store: EmbeddedStore, query: str) -> None:
    assert hints(store, query) == ()


def test_what_a_graph_lacks_may_be_in_another(store: EmbeddedStore) -> None:
    nowhere = ("http://example.org/g",)
    assert [*store.query("SELECT * { ?s sme:cause ?o }", default_graphs=nowhere)] == []  # type: ignore[misc]
    assert store.hints("SELECT * { ?s sme:cause ?o }") == ()


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("ASK { ?s sme:lowers ?o }",
         "`sme:lowers` is deprecated; use `sme:lowersDistanceThrough`."),
        ("ASK { ?s a sme:Study }",
         "`sme:Study` is deprecated; use `sme:ResearchWork` or `sme:SourceDocument`."),
        (f"ASK {{ ?s {FULL.format('lowers')} ?o }}",
         f"`{FULL.format('lowers')}` is deprecated; use `{FULL.format('lowersDistanceThrough')}`."),
    ],
)  # fmt: skip
def test_a_deprecated_term_names_what_takes_its_place(
    store: EmbeddedStore, query: str, hint: str
) -> None:
    assert hints(store, query) == (hint,)


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("?s rdfs:label 'LinkedIn'@en", "No `rdfs:label` is `'LinkedIn'@en`; the graph has "
         '`"LinkedIn"`.'),
        ("?s skos:prefLabel 'networking'", "No `skos:prefLabel` is `'networking'`; the graph has "
         '`"networking"@en`.'),
        ("?s rdfs:label 'networking'@en", "No `rdfs:label` is `'networking'@en`; the graph has "
         '`"networking"`.'),
        ("?s sme:cause/rdfs:label 'networking'@en", "No `rdfs:label` is `'networking'@en`; the "
         'graph has `"networking"`.'),
        ("?s ?p 'trust'", "`'trust'` is in no graph; the graph has `\"trust\"@en`."),
        ("?s skos:altLabel 'Größe'", "No `skos:altLabel` is `'Größe'`; the graph has "
         '`"Größe"@de`.'),
        ("?s skos:altLabel '''Größe'''@en", "No `skos:altLabel` is `'''Größe'''@en`; the graph has "
         '`"Größe"@de`.'),
    ],
)  # fmt: skip
def test_a_text_in_the_wrong_language_gets_the_right_one(
    store: EmbeddedStore, pattern: str, hint: str
) -> None:
    assert hints(store, f"SELECT * {{ {pattern} }}") == (hint,)


@pytest.mark.parametrize(
    "pattern",
    [
        "?s rdfs:label 'LinkedIn'",
        "?s rdfs:label 'networking' ; skos:prefLabel 'networking'@en",
        "?s skos:prefLabel 'networking'@EN",
        "?s ?p 'networking'",
        "?s rdfs:label 'nothing of that kind'",
        "?s skos:prefLabel 'LinkedIn'@en",  # It is the label of no concept in any language.
        "?s rdfs:label ?l FILTER(?l = 'LinkedIn'@en)",
        "?s skos:prefLabel ?l FILTER(STR(?l) = 'trust')",
        "?s skos:prefLabel ?l FILTER(CONTAINS(?l, 'trust'))",
        "?s skos:prefLabel '1'^^xsd:integer",
        "{ ?s skos:prefLabel 'trust' } UNION { ?s skos:prefLabel 'trust'@en }",
        "{ ?s skos:prefLabel 'trust'@en } UNION { ?s skos:prefLabel 'trust' }",
    ],
)
def test_a_text_that_is_there_or_nowhere_gets_no_hint(store: EmbeddedStore, pattern: str) -> None:
    assert hints(store, f"SELECT * {{ {pattern} }}") == ()


@pytest.mark.parametrize(
    ("verb", "filter", "hint"),
    [
        ("skos:prefLabel", "LANG(?l) = 'de'", ("No `skos:prefLabel` has the language `'de'`.",)),
        ("rdfs:label", "LANG(?l) = 'en'", ("No `rdfs:label` has the language `'en'`.",)),
        ("rdfs:label", "LANGMATCHES(LANG(?l), 'en')",
         ("No `rdfs:label` has the language `'en'`.",)),
        ("skos:prefLabel", "LANG(?l) = 'en'", ()),
        ("skos:prefLabel", "LANGMATCHES(LANG(?l), 'EN')", ()),
        ("skos:prefLabel", "LANGMATCHES(LANG(?l), '*')", ()),
        ("rdfs:label", "LANG(?l) = ''", ()),
        ("rdfs:label", "LANG(?l) = 'en' || true", ()),
        ("foaf:name", "LANG(?l) = 'en'", ()),
    ],
)  # fmt: skip
def test_a_filter_by_a_language_that_a_property_never_has_gets_a_hint(
    store: EmbeddedStore, verb: str, filter: str, hint: tuple[str, ...]
) -> None:
    assert hints(store, f"SELECT * {{ ?s {verb} ?l FILTER({filter}) }}") == hint


TERMS = """
sme:Construct a owl:Class ; rdfs:label "construct"@en .
sme:cause a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:label "cause"@en .
"""
FOR_TERMS = "`rdfs:label` has the language `'en'` for classes and properties only."
NEVER_PLAIN = "Every `skos:prefLabel` has a language."


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("?s a sme:Platform ; rdfs:label ?l FILTER(LANG(?l) = 'en')", (FOR_TERMS,)),
        ("?s rdfs:label ?l FILTER('en' = LANG(?l))", (FOR_TERMS,)),
        ("?f sme:cause/rdfs:label ?l FILTER(LANGMATCHES(LANG(?l), 'en'))",
         (FOR_TERMS,)),
        ("GRAPH graph:one { ?s rdfs:label ?l } FILTER(LANG(?l) = 'en')", (FOR_TERMS,)),
        ("?s a ?c . ?c rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?s rdf:type ?c . ?c rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?s ?p sme:Platform . ?p rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?s ?p ?o . ?p rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?c a owl:Class ; rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?c rdfs:isDefinedBy ?o ; rdfs:label ?l FILTER(LANG(?l) = 'en')", ()),
        ("?s rdfs:label ?l FILTER(LANG(?l) = '')", ()),
        ("?s a sme:Construct ; skos:prefLabel ?l FILTER(LANG(?l) = '')", (NEVER_PLAIN,)),
        ("?s skos:prefLabel ?l FILTER(LANGMATCHES(LANG(?l), ''))", ()),
    ],
)  # fmt: skip
def test_a_filter_that_leaves_out_all_things_or_all_texts_gets_a_hint(
    pattern: str, hint: tuple[str, ...]
) -> None:
    store = make_store(STUDY + TERMS)
    assert hints(store, f"SELECT * {{ {pattern} }}") == hint


def test_one_thing_with_a_label_in_the_language_is_enough_to_say_nothing() -> None:
    store = make_store(STUDY + TERMS + 'id:x rdfs:label "x"@en .')
    assert hints(store, "SELECT * { ?s rdfs:label ?l FILTER(LANG(?l) = 'en') }") == ()


def test_each_hint_comes_once_and_there_are_few(store: EmbeddedStore) -> None:
    assert len(hints(store, "ASK { ?s sme:couse ?o . ?o sme:couse ?p }")) == 1
    many = " ".join(f"id:no-{number}" for number in range(100))
    assert len(hints(store, f"SELECT * {{ VALUES ?s {{ {many} }} ?s ?p ?o }}")) == MOST_HINTS


def test_what_was_found_harmless_at_one_place_is_still_judged_at_another(
    store: EmbeddedStore,
) -> None:
    assert hints(store, "CONSTRUCT { ?s sme:couse ?o } WHERE { ?s sme:cause ?o }") == ()
    assert hints(store, "SELECT * { ?s rdfs:label ?l FILTER(?l = 'trust') }") == ()
    assert len(hints(store, "ASK { ?s sme:couse 'trust' ; ?p 'trust' }")) == 2


def test_a_prefix_that_means_something_else_is_judged_anew(store: EmbeddedStore) -> None:
    assert hints(store, "PREFIX sme: <http://example.org/> ASK { ?s sme:couse ?o }") == ()
    assert len(hints(store, "ASK { ?s sme:couse ?o }")) == 1
    elsewhere = "PREFIX sme: <https://w3id.org/smegraph/vocab/> ASK { ?s sme:cause ?o }"
    assert hints(store, "ASK { ?s sme:cause ?o }") == ()
    assert len(hints(store, elsewhere)) == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("?s rdfs:label 'on LANG ( here'", '?s rdfs:label ?l FILTER ( LANG ( ?l ) = "en" )'),
        ("?s rdfs:label 'a sme:couse b'", "?s sme:couse ?o"),
        ("?s ?p ?o # sme:couse", "?s sme:couse ?o"),
        ('?s ?p ?o FILTER(?o != "trust") ', '?s skos:altLabel ?l ; skos:prefLabel "trust"'),
        ('?s rdfs:label "x", \'x "trust" x\'', '?s skos:prefLabel "trust"'),
        ('?s rdfs:label "a " , " b"', '?s rdfs:label "a " ; sme:couse " b"'),
    ],
)
def test_words_of_strings_and_comments_tell_nothing_of_words_outside(first: str, then: str) -> None:
    store = make_store()
    assert hints(store, f"SELECT * {{ {first} \n}}") == ()
    assert len(hints(store, f"SELECT * {{ {then} \n}}")) == 1


def test_most_queries_are_known_to_have_none_without_a_look(store: EmbeddedStore) -> None:
    query = 'SELECT * {{ ?s a sme:Platform ; rdfs:label "LinkedIn" }} LIMIT {}'
    declared = "PREFIX e: <https://w3id.org/smegraph/ontology#> ASK {{ ?s e:cause ?o{} }}"
    for text in (query, declared):
        store.hints(text.format(1))
        assert store.has_no_hints(text.format(2))
    assert not store.has_no_hints("ASK { ?s e:cause ?o }")
    assert not store.has_no_hints("ASK { ?s sme:couse ?o }")


def test_an_iri_that_was_never_asked_of_is_known_without_a_look(store: EmbeddedStore) -> None:
    query = "SELECT ?p ?o {{ <{}> ?p ?o }}"
    assert store.hints(query.format(SME + "Platform")) == ()
    for known in (SME + "cause", "http://example.org/elsewhere", "urn:x"):
        assert store.has_no_hints(query.format(known)), known
    for doubtful in (SME + "couse", SME + "x/../cause", "cause"):
        assert not store.has_no_hints(query.format(doubtful)), doubtful
    (hint,) = store.hints(query.format(SME + "couse"))
    assert "did you mean" in hint


def test_a_long_term_is_shown_in_one_line_without_its_middle(store: EmbeddedStore) -> None:
    (hint,) = hints(store, f"ASK {{ ?s sme:{'x' * 5000} ?o }}")
    assert len(hint) < 150
    assert "…" in hint


def test_marks_and_control_characters_of_a_text_do_not_break_a_hint(store: EmbeddedStore) -> None:
    (hint,) = hints(store, 'ASK { ?s sme:p-value "a`b"@en }')
    assert hint.count("`") == 6
    assert hint.isprintable()


def test_a_very_long_query_is_not_looked_at(store: EmbeddedStore) -> None:
    assert hints(store, f"ASK {{ ?s sme:couse ?o }} #{'x' * 100_000}") == ()


def test_a_store_without_terms_of_ours_gives_no_hints_for_them() -> None:
    foreign = make_store("<http://example.org/a> a foaf:Person .")
    assert hints(foreign, "ASK { ?s sme:couse voc:social-media }") == ()
    assert hints(foreign, "ASK { <http://example.org/b> ?p ?o }") == (
        "`<http://example.org/b>` is in no graph.",
    )


def test_a_large_store_says_what_is_missing_and_does_not_guess() -> None:
    large = make_store(hint_limit=5)
    assert hints(large, "ASK { ?s sme:couse ?o }") == ("`sme:couse` is in no graph.",)
