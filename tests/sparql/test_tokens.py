"""The tokens of a query: what calls SERVICE, what names a dataset, what is an update."""

from __future__ import annotations

import tracemalloc

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smegraph.sparql.tokens import (
    QUOTED,
    calls_service,
    is_deterministic,
    is_query,
    is_update,
    tokens,
)

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
        "<tag:a>", "SERVICE SILENT<tag:a>{}",
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
            assert calls_service(query, {"tag:a"})


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


ALLOWED = frozenset({"http://127.0.0.1:1/"})


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {NOWHERE} {{}} }}",
        f"SELECT * {{ service silent # here\n {NOWHERE} {{ SERVICE{NOWHERE}{{}} }} }}",
        f"SELECT * {{ SERVICESILENT{NOWHERE}{{}} }}",
    ],
)
def test_an_allowed_service_may_be_called(query: str) -> None:
    assert calls_service(query)
    assert not calls_service(query, ALLOWED)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1> {} }",
        "SELECT * { SERVICE <http://127.0.0.1:1/\\u0061> {} }",
        "SELECT * { SERVICE <HTTP://127.0.0.1:1/> {} }",
        f"SELECT * {{ SERVICE {NOWHERE} {{ SERVICE ?other {{}} }} }}",
        f"{PROLOGUE}SELECT * {{ SERVICE {NOWHERE} {{}} SERVICE : {{}} }}",
        f"{PROLOGUE}SELECT * {{ SERVICE:x {{}} }}",
        f"{PROLOGUE}SELECT * {{ SERVICE SILENT:x {{}} }}",
        f"SELECT * {{ SERVICE #{NOWHERE}\n<http://127.0.0.1:1/other> {{}} }}",
        f"SELECT * {{ SERVICE # {NOWHERE}\r?x {{}} VALUES ?x {{ {NOWHERE} }} }}",
        "BASE <http://127.0.0.1:1/> SELECT * { SERVICE <> {} }",
        f"SELECT * {{ FILTER(1<2)SERVICE?x#>\n{{}} SERVICE {NOWHERE} {{}} }}",
    ],
)
def test_no_other_service_may_be_called(query: str) -> None:
    assert calls_service(query, ALLOWED)


FRESH = ["NOW()", "now ( )", "RAND()", "UUID()", "StrUUID()", "BNODE()", "BNODE ('a')"]


@pytest.mark.parametrize("call", [*FRESH, "NOW # why\n()"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT (CALL AS ?x) {}",
        "SELECT ?x { BIND(CALL AS ?x) }",
        "SELECT * { FILTER(?a<CALL&&?b>3) }",
        "SELECT (1+CALL AS ?x) {}",
        "SELECT * { ?s ?p trueFILTER(CALL) }",
    ],
)
def test_a_query_for_the_time_or_for_chance_is_not_deterministic(query: str, call: str) -> None:
    assert not is_deterministic(query.replace("CALL", call))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?now { ?now foaf:knows ?rand } # now",
        "SELECT * { ?s ?p 'NOW', <http://e/uuid> ; now:rand ?uuid }",
        'SELECT * { ?s rdfs:label "what is known at random" }',
    ],
)
def test_a_query_that_only_names_them_is_deterministic(query: str) -> None:
    assert is_deterministic(query)


def test_a_query_to_another_service_is_not_deterministic() -> None:
    assert not is_deterministic(CALLS[0])


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# DELETE\nPREFIX e: <http://e/> select * { ?s ?p 'CLEAR' }", True),
        ("BASE <http://e/> ask {}", True),
        ("INSERT { ?select ?p ?o } WHERE { SELECT * { ?s ?p ?o } }", False),
        ("selected", False),
        ("", False),
    ],
)
def test_a_query_is_known_by_its_first_word(text: str, expected: bool) -> None:
    assert is_query(text) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("e:a.", ["e:a", "."]),
        ("e:a.b..", ["e:a.b", ".", "."]),
        ("e:a..b.", ["e:a..b", "."]),
        (r"e:a\..", [r"e:a\.", "."]),
        ("e:.", ["e:", "."]),
        ("e:a.%20", ["e:a.%20"]),
        ("_:a.b.", ["_:a.b", "."]),
    ],
)
def test_a_dot_ends_a_sentence_and_no_name(text: str, found: list[str]) -> None:
    assert [token.text for token in tokens(text)] == found


@pytest.mark.parametrize("text", ['"%s"', "'%s'", '"""%s"""', "'''%s'''", "<urn:%s>", "#%s"])
def test_a_long_token_takes_little_memory(text: str) -> None:
    written = text % ("x" * 2_000_000)
    tracemalloc.start()
    found = QUOTED.search(written)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is not None
    assert found.end() == len(written)
    assert most < 10_000_000


def test_many_dots_within_a_name_take_no_longer_than_their_number() -> None:
    text = "a:" + "." * 200_000 + "b _:c" + "." * 200_000 + "d"
    assert len(tokens(text)[0].text) == 200_003
