"""What SPARQL allows and the engine refuses is written as it takes it, and means the same."""

from __future__ import annotations

import pyoxigraph
import pytest

from smegraph.sparql.engine_text import decoded_text, mended_query
from smegraph.sparql.spelling import escape_edits, group_concat_edits, spelling_edits
from smegraph.sparql.tokens import tokens

DATA = """@prefix : <http://e/> .
:a :p :b , :c . :b :q :c . :c a :C . :a :name "x"@en , "y"@en ."""
PROLOGUE = "PREFIX : <http://e/> PREFIX concat: <http://e/>\n"


def answers(query: str) -> list[list[str]]:
    store = pyoxigraph.Store()
    store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    found = store.query(query)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return sorted([str(term) for term in row] for row in found)


def mended(query: str) -> list[list[str]]:
    """The answers to a query that the engine refuses as it is."""
    with pytest.raises(SyntaxError):
        answers(PROLOGUE + query)
    return answers(mended_query(PROLOGUE + query).text)


GAPS = [" ", "\n", "\t\r\n ", " # a comment ( \n", "#'\n#)\n"]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize(
    "call",
    [
        "CONCAT{}('a', 'b')",
        "concat{}(\"a (\", 'b')",
        "Coalesce{}(1/0, COALESCE{}(), 'ab')",
        "STRLEN(STR(BNODE{}())) > 0",
        "CONCAT{}(CONCAT{}('a'), COALESCE{}('b'))",
    ],
)
def test_space_and_comments_may_stand_before_a_bracket(call: str, gap: str) -> None:
    spaced = mended(f"SELECT ({call.replace('{}', gap)} AS ?x) {{}}")
    assert spaced == answers(f"{PROLOGUE}SELECT ({call.replace('{}', '')} AS ?x) {{}}")


WHOLE = [
    "SELECT DISTINCT ?s FROM :a FROM NAMED :b "
    "WHERE { ?s :p/^:q|!(a|^:r)|(:s)* ?o . ?s a :C ; :p 1, -1.5 }",
    "SELECT ?s (COUNT(DISTINCT *) AS ?n) (GROUP_CONCAT(?o; SEPARATOR=',') AS ?l) { ?s ?p ?o } "
    "GROUP BY ?s (STR(?p) AS ?q) HAVING(COUNT(*) > 1) ORDER BY DESC(?n) ?s LIMIT 1 OFFSET 2",
    "SELECT * { { ?s ?p [] } UNION { ?s ?p [ :p () , (1 2) ] } OPTIONAL { ?s ?p 'a'@en , 'b'^^:t } "
    "MINUS { ?s ?p true } GRAPH ?g { } FILTER(?o NOT IN(1, 2) && !BOUND(?x) || EXISTS { }) }",
    "SELECT (CONCAT(COALESCE(?a, BNODE(), NOW()), IF(1 < 2, 'x', UUID())) AS ?x) (TRUE AS ?y) {} "
    "VALUES (?a ?b) { (UNDEF 1) (:a 'b') }",
    "SELECT * { ?s !() ?o FILTER REGEX(STR(?o), 'a', 'i') BIND(SUBSTR('abc', 1, 2) AS ?z) "
    "{ SELECT REDUCED ?s ?s { ?s ?p ?o } } }",
    "CONSTRUCT { ?s :p _:b } WHERE { ?s ?p ?o } ORDER BY ?s",
    "DESCRIBE :a ?s WHERE { ?s ?p ?o }",
    'ASK { <http://e/a> :p """a""" , "b", "c" }',
]


@pytest.mark.parametrize("gap", [" ", "\n", "#c\n", "# '(<\r\n"])
@pytest.mark.parametrize("query", WHOLE)
def test_space_and_comments_may_stand_between_any_two_tokens(query: str, gap: str) -> None:
    parts = [token.text for token in tokens(PROLOGUE + query)]
    pyoxigraph.Store().query(mended_query(gap.join(parts)).text)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COALESCE(#c\n) AS ?x) {}",
        "SELECT * { ?s :p [ # ]\n ] }",
        "SELECT * { ?s :p ( # )\n # and\n) }",
        "SELECT (NOW( #c\n) > 1 AS ?x) {}",
        "SELECT * { ?s :p ?o FILTER(?o IN ( #c\n)) }",
        "SELECT (BNODE #a\n ( #b\n) AS ?x) { FILTER(false) }",
    ],
)
def test_comments_may_stand_in_empty_brackets(query: str) -> None:
    plain = "\n".join(line.partition("#")[0] for line in query.split("\n"))
    expected = answers(mended_query(PROLOGUE + plain).text)
    found = mended(query)
    assert len(found) == len(expected)
    if "NOW" not in query:
        assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'CONCAT (', \"COALESCE (\", '''BNODE ( )''' }",
        "SELECT * { ?s concat:CONCAT (1) . ?s :COALESCE () }",
        "SELECT * { ?concat ?coalesce (1) } # CONCAT (\n",
        "SELECT * { ?s <http://e/CONCAT> (1) . ?s ?p 'a'@concat , (1) }",
        "SELECT * { _:CONCAT ?p (1) . ?s ?p '#' , ( '#' ) }",
        "SELECT ?x (STR(?x) AS ?y) { ?x ?p ?o { SELECT ?x { ?x ?p ?o } } }",
        "SELECT * { ?s !(:p) ?o . ?o ?p '!()' }",
        "SELECT (GROUP_CONCAT (?o) AS ?x) { ?s ?p ?o }",
        "SELECT * { ?s ?p '\\u0041', \"\\\\u0041\", <http://e/\\u0041> } # \\u0041",
    ],
)
def test_what_the_engine_takes_is_left_alone(text: str) -> None:
    answers(PROLOGUE + text)
    assert mended_query(PROLOGUE + text).text == PROLOGUE + text


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("SELECT ?s ?s { ?s :p ?o }", "SELECT ?s { ?s :p ?o }"),
        ("SELECT ?s $s ?o ?s { ?s :p ?o }", "SELECT ?s ?o { ?s :p ?o }"),
        ("SELECT ?s ?s { ?s :p ?o FILTER(TRUE) BIND(False AS ?x) FILTER(!?x) }",
         "SELECT ?s { ?s :p ?o }"),
        ("SELECT DISTINCT ?s (STR(?o) AS ?t) ?s { ?s :p ?o }",
         "SELECT DISTINCT ?s (STR(?o) AS ?t) { ?s :p ?o }"),
        ("SELECT * { { SELECT REDUCED ?o ?o ?o { ?s :p ?o } } }",
         "SELECT * { { SELECT ?o { ?s :p ?o } } }"),
        ("SELECT ?s ?s { ?s :p ?o } GROUP BY ?s", "SELECT ?s { ?s :p ?o } GROUP BY ?s"),
    ],
)  # fmt: skip
def test_a_variable_may_be_selected_twice(query: str, same: str) -> None:
    assert mended(query) == answers(PROLOGUE + same)


@pytest.mark.parametrize(
    "query", ["SELECT ?s (1 AS ?s) { ?s ?p ?o }", "SELECT (1 AS ?x) (2 AS ?x) {}"]
)
def test_a_name_may_not_be_given_twice(query: str) -> None:
    with pytest.raises(SyntaxError):
        mended(query)


def test_a_path_of_any_predicate_matches_each_triple_once() -> None:
    everything = answers(f"{PROLOGUE}SELECT ?s ?o {{ ?s ?p ?o }}")
    assert mended("SELECT ?s ?o { ?s !() ?o }") == everything
    assert mended("SELECT ?s ?o { ?o ^! ( ) ?s }") == everything
    assert mended("SELECT ?s ?o { ?s !()+ ?o }") == answers(
        f"{PROLOGUE}SELECT ?s ?o {{ ?s (!:x)+ ?o }}"
    )


def test_a_key_of_a_group_keeps_its_name() -> None:
    query = "SELECT ?x (COUNT(*) AS ?n) { ?s :p ?o } GROUP BY (?s AS ?x)"
    [row] = mended(query)
    assert row[0] == "<http://e/a>"


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        (r"\u0053ELECT * { ?s :p ?o }", "SELECT * { ?s :p ?o }"),
        (r"SELECT ?\u0073 { ?s :p ?o }", "SELECT ?s { ?s :p ?o }"),
        (r"SELECT * { ?s :\u0070 ?o }", "SELECT * { ?s :p ?o }"),
        (r"SELECT * \U0000007B ?s c\u006Fncat:p ?o }", "SELECT * { ?s concat:p ?o }"),
        (r"SELECT * { ?s :name \u0022x\u0022@\u0065n . ?s ?p ?o }",
         'SELECT * { ?s :name "x"@en . ?s ?p ?o }'),
    ],
)  # fmt: skip
def test_an_escape_stands_for_its_character_anywhere(escaped: str, plain: str) -> None:
    assert mended(escaped) == answers(PROLOGUE + plain)


@pytest.mark.parametrize("text", [r"ASK { ?s ?p \uD83D }", r"ASK { ?s ?p \U00110000 }", r"\u00zz"])
def test_what_is_no_character_has_no_escape(text: str) -> None:
    assert escape_edits(text) == []
    assert decoded_text(text).text == text


def test_group_concat_makes_a_plain_string() -> None:
    query = f"""{PROLOGUE}SELECT (LANG(GROUP_CONCAT(?n ; SEPARATOR = ")")) AS ?l)
        (UCASE(group_concat (DISTINCT IF((?n = ?n), ?n, "(") ; SEPARATOR = "+")) AS ?u)
        {{ ?s :name ?n }} HAVING (GROUP_CONCAT(?n) != "") ORDER BY GROUP_CONCAT(?n)"""
    [[language, joined]] = answers(with_plain_strings(query))
    assert language == '""'
    assert sorted(joined.strip('"').split("+")) == ["X", "Y"]


def with_plain_strings(query: str) -> str:
    text = query
    for edit in sorted(group_concat_edits(tokens(query)), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def test_the_brackets_of_what_may_be_a_comparison_are_not_counted() -> None:
    query = "SELECT (GROUP_CONCAT(IF(?a<?b&&(?c>?d),?a,?b)) AS ?x) {}"
    assert group_concat_edits(tokens(query)) == []


def test_no_edit_changes_the_number_of_lines() -> None:
    query = "SELECT ?s\n?s (CONCAT\n#c\n(\n) AS ?x) { ?s !\n(#c\n) ?o }"
    text = mended_query(query).text
    answers(text)
    assert text.count("\n") == query.count("\n")
    assert [*spelling_edits(text, tokens(text))] == []
