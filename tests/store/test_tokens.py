"""The tokens of a query: what calls SERVICE, what names a dataset, what is an update."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smegraph.store.tokens import calls_service, has_dataset_clause, is_update, tokens

# The engine refuses port 1 itself, so a call shows as this error and reaches nobody.
NOWHERE = "<http://127.0.0.1:1/>"
REFUSAL = "port 1 is not allowed"
UNBOUND = "encoding the service name is unbound"
PROLOGUE = f"PREFIX : {NOWHERE} PREFIX service: {NOWHERE} "


def engine_calls_service(query: str) -> bool:
    """Evaluate over one statement; say whether the engine went for another service."""
    node = pyoxigraph.NamedNode("http://e/a")
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(node, node, pyoxigraph.Literal(True)))
    try:
        result = store.query(query)
        if isinstance(result, pyoxigraph.QuerySolutions):
            list(result)
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return REFUSAL in str(error) or UNBOUND in str(error)
    return False


CALLS = [
    f"SELECT * {{ SERVICE {NOWHERE} {{}} }}",
    f"SELECT * {{ service {NOWHERE} {{}} }}",
    f"SELECT * {{ {{}}SERVICE{NOWHERE}{{}} }}",
    f"SELECT * {{ VALUES ?x {{1}}SERVICE {NOWHERE} {{}} }}",
    f"{PROLOGUE}SELECT * {{ SERVICE : {{}} }}",
    f"{PROLOGUE}SELECT * {{ SERVICE:x {{}} }}",
    f"{PROLOGUE}SELECT * {{ SERVICE:x # comment\n {{}} }}",
    f"SELECT * {{ ?s ?p trueSERVICE {NOWHERE} {{}} }}",
    f'SELECT * {{ FILTER(1<2)#>"""\nSERVICE {NOWHERE} {{}} #"""\n }}',
    f"SELECT * {{ FILTER(1<2)#>'\nSERVICE {NOWHERE} {{}} #'\n }}",
    f"SELECT * {{ FILTER(1<'>'||2)SERVICE {NOWHERE} {{}} }}",
    "SELECT * { FILTER(1<2)SERVICE?x#>\n{} }",
    f"SELECT * {{ VALUES ?x {{'''a'}} SERVICE {NOWHERE} {{}} #\\uD800'''\n}}",
]


@pytest.mark.parametrize("query", CALLS)
def test_service_is_found_wherever_the_engine_would_call_it(query: str) -> None:
    assert engine_calls_service(query), "the example is meant to be a real call"
    assert calls_service(query)


@pytest.mark.parametrize("silent", ["SERVICE SILENT", "SERVICESILENT"])
def test_silent_service_is_found(silent: str) -> None:
    assert calls_service(f"SELECT * {{ {silent} {NOWHERE} {{}} }}")


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://e/> {}" }',
        'SELECT * { ?s ?p """a\nSERVICE <http://e/> {}""" }',
        "SELECT * { ?s ?p 'SERVICE', '''it's\nSERVICE''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {}",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service }",
        "SELECT * { <http://example.org/service/> ?service $SERVICE }",
        "SELECT * { ?s ex:service _:service ; ex:p 'x'@service . ?s ex:a\\-service ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:x ?o }",
        "SELECT * { ?a sme:year ?y FILTER(?y < 2018) FILTER(?y > 2014) }",
        "SELECT * { ?s ?p 'a\\u0027 . SERVICE <http://e/> {} #' }",
    ],
)
def test_service_in_strings_iris_comments_and_names_is_no_call(query: str) -> None:
    assert not engine_calls_service(query)
    assert not calls_service(query)


FRAGMENTS = st.sampled_from(
    [
        "SERVICE", "service", ":x", ":", "service:x", NOWHERE, "{}", "{", "}", "(", ")", "<", ">",
        "?s", "?p", "true", "1", " ", " ", "\n", "#", '"', "'", '"""', "'''", "\\", ".", ";", ",",
        "FILTER", "FILTER(1<2)", "FILTER(?s<2", "#>", "//", "a", "@en", "_:b", "BIND", "^^",
        "VALUES ?x {1}", "GRAPH", "OPTIONAL", "SILENT", "UNION", "-", "*", "|", "<http://e/a>",
        "?s ?p ?o", "'x'", "'>'", '"x"', "||", "\\u0053", "%53", "e", "[]", "EXISTS", "NOT",
        "{'''a'}", "#\\uD800'''", "('')", "'''", "''",
    ]
)  # fmt: skip


@settings(max_examples=3000, deadline=None)
@given(st.lists(FRAGMENTS, max_size=9), st.lists(FRAGMENTS, max_size=4))
@example(["FILTER(1<2)", "#>", '"""', "\n"], ["#", '"""', "\n"])
def test_no_query_calls_service_unnoticed(before: list[str], after: list[str]) -> None:
    call = f"SERVICE {NOWHERE} {{}}"
    for query in (
        f"{PROLOGUE}SELECT * {{ {''.join(before)}{call}{''.join(after)} }}",
        f"{PROLOGUE}SELECT * {{ {''.join(before)} {''.join(after)} }}",
    ):
        if engine_calls_service(query):
            assert calls_service(query)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_tokens_of_any_text_are_parts_of_it_in_order(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end
        assert text[token.start : token.end] == token.text != ""
        end = token.end


def test_a_long_hostile_query_is_read_in_linear_time() -> None:
    for text in ("<" * 50_000, "'" * 50_000, '"a' * 25_000, "<'#)" * 12_500, "a:" * 25_000):
        assert not calls_service(text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <http://e/g> { ?s ?p ?o }", True),
        ("select *from<http://e/g> { ?s ?p ?o }", True),
        ("ASK FROM NAMED <http://e/g> { ?s ?p ?o }", True),
        ("SELECT ?from { ?from from:x 'FROM', <http://e/FROM> } # FROM", False),
        ("SELECT * { ?s ?p ?o }", False),
    ],
)
def test_a_dataset_clause_is_the_word_from(query: str, expected: bool) -> None:
    assert has_dataset_clause(query) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("INSERT DATA { <http://e/a> <http://e/a> 1 }", True),
        ("PREFIX e: <http://e/> BASE <http://e/> delete where { ?s ?p ?o }", True),
        ("SELECT ?insert { ?insert ?p 'DELETE' }", False),
        ("", False),
    ],
)
def test_an_update_is_known_by_its_first_word(query: str, expected: bool) -> None:
    assert is_update(query) is expected
