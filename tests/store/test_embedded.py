"""The embedded store: its default graph, its datasets, its prefixes, its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

from smegraph.sparql.errors import (
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    UnsupportedFunction,
    UpdateRefused,
)
from smegraph.store import EmbeddedStore, store_union

GRAPH = "https://w3id.org/smegraph/graph/"
FACEBOOK = NamedNode("https://w3id.org/smegraph/id/facebook")
PLATFORM = NamedNode("https://w3id.org/smegraph/ontology#Platform")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


def dataset() -> Store:
    """Two graphs that agree on one statement and have one more each."""
    one, two = NamedNode(GRAPH + "one"), NamedNode(GRAPH + "two")
    store = Store()
    store.extend(
        [
            Quad(FACEBOOK, TYPE, PLATFORM, one),
            Quad(FACEBOOK, TYPE, PLATFORM, two),
            Quad(FACEBOOK, LABEL, Literal("Facebook"), one),
            Quad(FACEBOOK, LABEL, Literal("Facebook, Inc."), two),
        ]
    )
    return store


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore(dataset())


@pytest.fixture
def stored_union() -> EmbeddedStore:
    merged = dataset()
    store_union(merged)
    return EmbeddedStore(merged)


def rows(store: EmbeddedStore, query: str, **arguments: object) -> list[tuple[str, ...]]:
    result = store.query(query, **arguments)  # type: ignore[arg-type]
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    return sorted(tuple(row[name].value for name in names) for row in result)


LABELS = "SELECT ?label { ?s rdfs:label ?label }"


@pytest.mark.parametrize("kind", ["store", "stored_union"])
def test_the_default_graph_is_the_union_of_all(kind: str, request: pytest.FixtureRequest) -> None:
    store: EmbeddedStore = request.getfixturevalue(kind)
    assert rows(store, LABELS) == [("Facebook",), ("Facebook, Inc.",)]
    assert rows(store, LABELS, strict=True) == []
    assert len(rows(store, "SELECT ?g { GRAPH ?g { ?s a sme:Platform } }")) == 2
    assert store.quad_count() == 4
    assert store.graph_names() == [GRAPH + "one", GRAPH + "two"]


def test_a_stored_union_holds_a_statement_of_two_graphs_once(
    stored_union: EmbeddedStore,
) -> None:
    assert len(rows(stored_union, ALL)) == 3


@pytest.mark.parametrize("kind", ["store", "stored_union"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?label FROM graph:one { ?s rdfs:label ?label }", [("Facebook",)]),
        ("SELECT ?label FROM NAMED graph:one { ?s rdfs:label ?label }", []),
        (
            "SELECT ?label FROM NAMED graph:one { GRAPH ?g { ?s rdfs:label ?label } }",
            [("Facebook",)],
        ),
        ("SELECT ?label FROM graph:one { GRAPH ?g { ?s rdfs:label ?label } }", []),
    ],
)
def test_the_query_s_own_dataset_replaces_the_union(
    kind: str, query: str, expected: list[tuple[str]], request: pytest.FixtureRequest
) -> None:
    assert rows(request.getfixturevalue(kind), query) == expected


@pytest.mark.parametrize("kind", ["store", "stored_union"])
def test_the_caller_s_dataset_replaces_the_query_s(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store: EmbeddedStore = request.getfixturevalue(kind)
    query = "SELECT ?label FROM graph:two { ?s rdfs:label ?label }"
    inside = "SELECT ?label { GRAPH ?g { ?s rdfs:label ?label } }"
    one = [GRAPH + "one"]
    assert rows(store, query, default_graphs=one) == [("Facebook",)]
    assert rows(store, query, named_graphs=one) == []
    assert rows(store, inside, default_graphs=one) == []
    assert rows(store, inside, named_graphs=one) == [("Facebook",)]


def test_a_prefix_that_the_query_declares_wins(store: EmbeddedStore) -> None:
    declared = "PREFIX sme: <http://elsewhere/> SELECT ?s { ?s a sme:Platform }"
    assert rows(store, "SELECT DISTINCT ?s { ?s a sme:Platform }") == [(FACEBOOK.value,)]
    assert rows(store, declared) == []


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("SELECT * { ?s ?p }", MalformedQuery),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", FederationRefused),
        ("INSERT DATA { id:a id:b id:c }", UpdateRefused),
        ("LOAD <file:///etc/passwd>", UpdateRefused),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_by_name(
    store: EmbeddedStore, query: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        store.query(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT (CONCAT ('a', 'b') AS ?x) {}", [("ab",)]),
        ("SELECT (COALESCE # (\n (?no, 'b') AS ?x) { FILTER(isBlank(BNODE ())) }", [("b",)]),
        ("SELECT ?s ?s { ?s a sme:Platform }", [(FACEBOOK.value,)]),
        (r"SELECT ?\u0073 { ?s a sme:\u0050latform }", [(FACEBOOK.value,)]),
        ("SELECT (COUNT(*) AS ?n) { id:facebook !() ?o }", [("3",)]),
        ("\ufeffSELECT ?s { ?s a sme:Platform }", [(FACEBOOK.value,)]),
        ("SELECT (LANG(GROUP_CONCAT(STRLANG(?l, 'en'))) AS ?x) { ?s rdfs:label ?l }", [("",)]),
    ],
)
def test_what_sparql_allows_and_the_engine_refuses_is_answered(
    store: EmbeddedStore, query: str, found: list[tuple[str, ...]]
) -> None:
    assert rows(store, query) == found


@pytest.mark.parametrize("word", [r"\u0053ERVICE", r"serv\U00000069ce", "SERVICE"])
def test_service_is_refused_however_it_is_written(store: EmbeddedStore, word: str) -> None:
    with pytest.raises(FederationRefused):
        store.query(f"SELECT (CONCAT ('a') AS ?x) {{ {word} <http://127.0.0.1:1/> {{}} }}")


NOT_ALLOWED = "SERVICE SILENT <http://127.0.0.1:9/sparql> { ?a ?b ?c }"


@pytest.mark.parametrize("services", [(), ("http://127.0.0.1:2/",)])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"SELECT ?a ?b ?c {{ {NOT_ALLOWED} }}", [(None, None, None)]),
        (f"SELECT ?x ?a {{ VALUES ?x {{ 1 2 }} {NOT_ALLOWED} }}", [("1", None), ("2", None)]),
        (f"SELECT ?x ?a {{ {NOT_ALLOWED} VALUES ?x {{ 1 2 }} }}", [("1", None), ("2", None)]),
        (f"SELECT ?x ?a {{ VALUES ?x {{ 1 }} OPTIONAL {{ {NOT_ALLOWED} }} }}", [("1", None)]),
        (f"SELECT ?x ?a {{ {{ {NOT_ALLOWED} }} UNION {{ BIND(1 AS ?x) }} }}",
         [(None, None), ("1", None)]),
        (f"SELECT ?n {{ {{ SELECT (COUNT(*) AS ?n) {{ {NOT_ALLOWED} }} }} }}", [("1",)]),
        (f"SELECT ?x {{ VALUES ?x {{ 1 }} FILTER EXISTS {{ {NOT_ALLOWED} }} }}", [("1",)]),
        (f"SELECT ?x {{ VALUES ?x {{ 1 }} FILTER NOT EXISTS {{ {NOT_ALLOWED} }} }}", []),
        (f"SELECT ?x {{ VALUES ?x {{ 1 }} MINUS {{ {NOT_ALLOWED} }} }}", [("1",)]),
        (f"SELECT ?x {{ VALUES ?x {{ 1 }} {{ {NOT_ALLOWED} }} {NOT_ALLOWED} }}", [("1",)]),
        ("SELECT ?x { VALUES ?x { 1 } serv\\u0069ce SILENT <http://127.0.0.1:9/sparql> {} }",
         [("1",)]),
        ("SELECT (CONCAT ('a') AS ?x) { SERVICE SILENT <http://127.0.0.1:9/> {} }", [("a",)]),
        (f"SELECT ?x {{ VALUES ?x {{ 1 }} SERVICE SILENT <http://b/> {{ {NOT_ALLOWED} }} }}",
         [("1",)]),
    ],
)  # fmt: skip
def test_with_silent_a_service_that_is_not_allowed_gives_the_empty_solution(
    services: tuple[str, ...], query: str, found: list[tuple[str | None, ...]]
) -> None:
    store = EmbeddedStore(dataset(), services=services)
    solutions = [tuple(term and term.value for term in each) for each in store.query(query)]  # type: ignore[union-attr]
    assert sorted(solutions, key=str) == sorted(found, key=str)


@pytest.mark.parametrize("target", ["?at", "id:at", "<at>"])
def test_with_silent_a_service_whose_address_is_not_written_in_full_is_none_where_none_is_allowed(
    target: str,
) -> None:
    values = "VALUES (?x ?at) { (1 <http://127.0.0.1:9/>) }"
    query = f"SELECT ?x {{ {values} SERVICE SILENT {target} {{}} }}"
    assert rows(EmbeddedStore(dataset(), base=GRAPH), query) == [("1",)]
    with pytest.raises(FederationRefused, match="written in full"):
        EmbeddedStore(dataset(), base=GRAPH, services={"http://127.0.0.1:2/"}).query(query)


def test_an_allowed_service_is_called_where_the_store_is_told_to() -> None:
    asked: list[str] = []

    def address_of(service: str) -> str:
        asked.append(service)
        return "http://nowhere.invalid/"

    store = EmbeddedStore(dataset(), services={"http://a/"}, address_of=address_of)
    with pytest.raises(OSError, match="lookup"):
        rows(store, "SELECT * { SERVICE <http://a/> { ?a ?b ?c } }")
    assert asked == ["http://a/"]


def test_a_query_that_needs_mending_has_its_own_dataset_and_the_caller_s(
    store: EmbeddedStore,
) -> None:
    query = f"SELECT ?l ?l FROM <{GRAPH}one> {{ ?s rdfs:label ?l }}"
    assert rows(store, query) == [("Facebook",)]
    assert rows(store, query, default_graphs=[f"{GRAPH}two"]) == [("Facebook, Inc.",)]


def test_a_graph_that_is_no_iri_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(InvalidGraphName, match="'not an iri'"):
        store.query(ALL, default_graphs=["not an iri"])


def test_an_unknown_function_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(UnsupportedFunction, match="http://e/f"):
        store.query("SELECT (<http://e/f>(1) AS ?x) {}")


def test_a_folder_is_opened_read_only(tmp_path: Path) -> None:
    written = Store(str(tmp_path))
    written.add(Quad(FACEBOOK, TYPE, PLATFORM, DefaultGraph()))
    written.flush()
    del written
    assert rows(EmbeddedStore(tmp_path), "SELECT ?s { ?s a sme:Platform }") == [(FACEBOOK.value,)]


def test_a_folder_without_a_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        EmbeddedStore(tmp_path / "nothing")


@pytest.fixture
def own_default() -> EmbeddedStore:
    """Other people's data: the default graph agrees with a graph and has a statement more."""
    store = dataset()
    store.add(Quad(FACEBOOK, TYPE, PLATFORM))
    store.add(Quad(FACEBOOK, LABEL, Literal("Meta")))
    return EmbeddedStore(store, stored_union=False)


def test_a_default_graph_of_its_own_is_part_of_the_union(own_default: EmbeddedStore) -> None:
    assert rows(own_default, LABELS) == [("Facebook",), ("Facebook, Inc.",), ("Meta",)]
    assert rows(own_default, LABELS, strict=True) == [("Meta",)]


def test_an_empty_stored_union_is_not_made_anew() -> None:
    assert rows(EmbeddedStore(dataset(), stored_union=True), LABELS) == []


def test_a_strict_store_answers_from_its_default_graph_unless_told() -> None:
    store = dataset()
    store.add(Quad(FACEBOOK, LABEL, Literal("Meta")))
    strict = EmbeddedStore(store, stored_union=False, default_graph="strict")
    assert rows(strict, LABELS) == [("Meta",)]
    assert rows(strict, LABELS, default_graphs=[GRAPH + "one"]) == [("Facebook",)]
    assert rows(strict, "SELECT ?label { GRAPH graph:one { ?s rdfs:label ?label } }") == [
        ("Facebook",)
    ]


ONE, TWO = GRAPH + "one", GRAPH + "two"
FROM_BOTH = "SELECT ?s ?p ?o FROM graph:one FROM graph:two { ?s ?p ?o }"


@pytest.mark.parametrize("kind", ["store", "stored_union", "own_default"])
def test_what_two_graphs_state_is_once_in_their_merge(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """SPARQL 1.1 Query §13.2: the default graph is the RDF merge."""
    store: EmbeddedStore = request.getfixturevalue(kind)
    assert len(rows(store, FROM_BOTH)) == 3
    assert len(rows(store, ALL, default_graphs=[ONE, TWO])) == 3
    assert len(rows(store, ALL, default_graphs=[ONE, ONE])) == 2
    assert len(rows(store, "SELECT ?s ?p ?o FROM graph:one FROM graph:one { ?s ?p ?o }")) == 2


def test_what_two_graphs_state_is_once_in_the_union(
    store: EmbeddedStore, own_default: EmbeddedStore
) -> None:
    assert len(rows(store, ALL)) == 3
    assert len(rows(own_default, ALL)) == 4


def test_the_named_graphs_stand_beside_a_merge(own_default: EmbeddedStore) -> None:
    inside = "SELECT ?g ?label { ?s a sme:Platform GRAPH ?g { ?s rdfs:label ?label } }"
    both = [(ONE, "Facebook"), (TWO, "Facebook, Inc.")]
    assert rows(own_default, inside) == both
    clause = "FROM graph:one FROM graph:two FROM NAMED graph:two"
    from_two = inside.replace("{", clause + " {", 1)
    assert rows(own_default, from_two) == both[1:]
    assert rows(own_default, inside, default_graphs=[ONE, TWO], named_graphs=[ONE]) == both[:1]


def test_a_blank_node_of_two_graphs_stays_one_node_in_their_merge() -> None:
    node = BlankNode()
    store = Store()
    for graph in (ONE, TWO):
        store.add(Quad(node, TYPE, PLATFORM, NamedNode(graph)))
    assert rows(EmbeddedStore(store), ALL, default_graphs=[ONE, TWO]) == [
        (node.value, TYPE.value, PLATFORM.value)
    ]


@pytest.mark.parametrize("limit", [4, 3, 0])
def test_a_merge_beyond_the_limit_holds_each_statement_once_too(limit: int) -> None:
    store = EmbeddedStore(dataset(), merge_limit=limit)
    assert len(rows(store, ALL, default_graphs=[ONE, TWO])) == 3


GRAPHS = [GRAPH + name for name in ("one", "two", "three")]
QUADS = st.lists(
    st.builds(
        lambda s, o, g: Quad(NamedNode(GRAPH + s), TYPE, NamedNode(GRAPH + o), g),
        st.sampled_from("ab"),
        st.sampled_from("cd"),
        st.sampled_from([*map(NamedNode, GRAPHS), DefaultGraph()]),
    ),
    max_size=12,
)


@given(QUADS, st.lists(st.sampled_from(GRAPHS), max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_default_graph_is_always_a_set(quads: list[Quad], graphs: list[str]) -> None:
    source = Store()
    source.extend(quads)
    store = EmbeddedStore(source, stored_union=False)
    merged = {quad.triple for quad in quads if quad.graph_name in map(NamedNode, graphs)}
    assert len(rows(store, ALL, default_graphs=graphs)) == len(merged)
    assert len(rows(store, ALL)) == len({quad.triple for quad in quads})
    clause = "".join(f"FROM <{graph}> " for graph in graphs)
    asked = f"SELECT ?s ?p ?o {clause} {{ ?s ?p ?o }}"
    assert len(rows(store, asked)) == len(merged if graphs else {quad.triple for quad in quads})


def test_a_store_without_prefixes_knows_none() -> None:
    plain = EmbeddedStore(dataset(), prefixes={})
    with pytest.raises(MalformedQuery, match="prefix"):
        plain.query(LABELS)
    assert len(rows(plain, LABELS, prefixes={"rdfs": LABEL.value.removesuffix("label")})) == 2


def test_an_allowed_service_is_named_where_another_is_refused() -> None:
    store = EmbeddedStore(dataset(), services={"http://127.0.0.1:1/"})
    with pytest.raises(FederationRefused, match=r"<http://127\.0\.0\.1:1/>"):
        store.query("SELECT * { SERVICE <http://127.0.0.1:2/> {} }")
    assert rows(store, "SELECT ?x { SERVICE SILENT <http://127.0.0.1:1/> {} BIND(1 AS ?x) }") == [
        ("1",)
    ]


def test_relative_iris_need_a_base() -> None:
    query = "SELECT ?label FROM <one> FROM <two> { <../id/facebook> rdfs:label ?label }"
    based = EmbeddedStore(dataset(), base=GRAPH)
    assert rows(based, query) == [("Facebook",), ("Facebook, Inc.",)]
    with pytest.raises(MalformedQuery, match="column 20: this is not an absolute IRI"):
        rows(EmbeddedStore(dataset()), query)
    with pytest.raises(MalformedQuery, match="column 26: '}' cannot stand here"):
        based.query("SELECT * { <facebook> ?p }")


@pytest.mark.parametrize("overlap", [False, True], ids=["apart", "overlapping"])
def test_a_named_graph_without_statements_is_one_of_the_union_too(overlap: bool) -> None:
    """SPARQL 1.1 Query §13.3: GRAPH ranges over the named graphs, whatever they hold."""
    store = Store()
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g"))
    store.add(quad)
    if overlap:
        store.add(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:h")))
    store.add_graph(NamedNode("urn:empty"))
    opened = EmbeddedStore(store)
    assert opened.query("ASK { GRAPH <urn:empty> {} }")
    found = opened.query("SELECT ?g { GRAPH ?g {} }")
    assert {str(row["g"]) for row in found} >= {"<urn:empty>", "<urn:g>"}  # type: ignore[union-attr]
    assert (
        opened.query("SELECT ?s ?p ?o { ?s ?p ?o }").serialize(  # type: ignore[union-attr]
            format=QueryResultsFormat.CSV
        )
        == b"s,p,o\r\nurn:s,urn:p,urn:o\r\n"
    )
