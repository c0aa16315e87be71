"""The same questions, asked in this process and at a real service, have the same answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import RDFS, Literal
from rdflib.compare import isomorphic

import smegraph
from smegraph.client import (
    IRI,
    ClientError,
    Connection,
    InvalidBinding,
    MalformedQuery,
    ReadOnly,
    Refused,
    WrongForm,
)
from smegraph.namespaces import PREFIXES

FINNISH = PREFIXES["graph"] + "study-finnish"
ARNONE = PREFIXES["graph"] + "work-arnone-deprince"
CUBERDON = IRI(PREFIXES["id"] + "firm-cuberdon")

FIRMS = "SELECT ?name { ?firm a sme:Firm ; rdfs:label ?name } ORDER BY ?name"
SELECTS = [
    FIRMS,
    "SELECT ?firm ?year (SUM(?turnover) AS ?sum) ?heads { ?fact sme:ofFirm ?firm ; sme:year ?year "
    "OPTIONAL { ?fact sme:turnover ?turnover } OPTIONAL { ?fact sme:headcount ?heads } } "
    "GROUP BY ?firm ?year ?heads ORDER BY ?firm ?year",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT ?o { ?s sme:product|rdfs:label ?o } ORDER BY ?o",
    "SELECT (1/0 AS ?none) (1e0 AS ?double) (true AS ?yes) ('a'@en AS ?text) {}",
    "SELECT ?nothing { ?nothing a sme:NoSuchClass }",
    "SELECT * {}",
]


@pytest.fixture(params=["local", "remote"])
def graph(request: pytest.FixtureRequest) -> Connection:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Connection)
    return found


@pytest.mark.parametrize("query", SELECTS)
def test_a_service_and_this_process_give_equal_rows(
    query: str, local: Connection, remote: Connection
) -> None:
    assert remote.select(query) == local.select(query)


@pytest.mark.parametrize(
    "query",
    [
        f"\ufeff{FIRMS}",
        FIRMS.replace("?name {", "?name ?name {"),
        "SELECT (CONCAT ('a', ?b) AS ?name) { BIND('b' AS ?b) }",
    ],
)
def test_what_the_engine_alone_would_refuse_is_answered_in_the_same_way(
    query: str, local: Connection, remote: Connection
) -> None:
    assert len(remote.select(query)) > 0
    assert remote.select(query) == local.select(query)


def test_a_value_in_a_query_that_the_engine_alone_would_refuse(graph: Connection) -> None:
    query = "SELECT (CONCAT ('a', ?b) AS ?name) {}"
    assert [*graph.select(query, {"b": "c"})] == [("ac",)]
    with pytest.raises(InvalidBinding):
        graph.select(query, {"name": "c"})


def test_rows_are_python_values(graph: Connection) -> None:
    assert [*graph.select(FIRMS)] == [("Cuberdon",), ("Firm A",), ("Firm B",)]


@pytest.mark.parametrize(
    ("graphs", "named", "expected"),
    [(FINNISH, None, 2), ([FINNISH, ARNONE], None, 3), (None, ARNONE, 0)],
)
def test_the_graphs_of_the_call_make_the_dataset(
    graph: Connection, graphs: list[str] | str | None, named: str | None, expected: int
) -> None:
    query = "SELECT ?firm { ?firm a sme:Firm }"
    assert len(graph.select(query, graphs=graphs, named_graphs=named)) == expected


def test_a_named_graph_of_the_call_is_found_by_graph(graph: Connection) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert [*graph.select(query, named_graphs=[ARNONE])] == [(IRI(ARNONE),)]


def test_graphs_that_name_none_are_refused(graph: Connection) -> None:
    """The protocol could not tell them from graphs that are left out."""
    with pytest.raises(ClientError, match="graphs names no graph"):
        graph.select(FIRMS, graphs=[])


def test_ask_is_a_truth_value(graph: Connection) -> None:
    assert graph.ask("ASK { ?firm a sme:Firm }") is True
    assert graph.ask("ASK { ?firm a sme:NoSuchClass }") is False


def test_values_stand_for_variables(graph: Connection) -> None:
    found = graph.select("SELECT ?name { ?firm rdfs:label ?name }", {"firm": CUBERDON})
    assert [*found] == [("Cuberdon",)]
    assert graph.ask("ASK { ?firm rdfs:label ?name }", {"firm": CUBERDON, "name": "Cuberdon"})


def test_construct_and_describe_make_rdflib_graphs(graph: Connection) -> None:
    made = graph.construct("CONSTRUCT WHERE { ?firm rdfs:label ?name }", {"firm": CUBERDON})
    assert [*made] == [(CUBERDON, RDFS.label, Literal("Cuberdon"))]
    described = graph.describe("DESCRIBE ?firm { ?firm rdfs:label 'Cuberdon' }")
    assert (CUBERDON, RDFS.label, Literal("Cuberdon")) in described
    assert "id:firm-cuberdon" in described.serialize(format="turtle")


def test_a_named_graph_comes_whole(local: Connection, remote: Connection) -> None:
    assert len(local.graph(ARNONE)) == 10
    assert isomorphic(local.graph(ARNONE), remote.graph(ARNONE))
    assert len(local.graph("https://example.org/none")) == 0


def test_a_literal_of_a_graph_is_as_it_was_written(graph: Connection) -> None:
    made = graph.construct('CONSTRUCT { id:a rdfs:label "007"^^xsd:integer, "b"@en } WHERE {}')
    assert sorted(value.n3() for value in made.objects()) == [
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"b"@en',
    ]


def test_a_malformed_query_says_where_and_what_was_expected(graph: Connection) -> None:
    with pytest.raises(MalformedQuery, match="Line 2, column 15") as caught:
        graph.select("SELECT ?firm {\n ?firm a sme: ?x }\n")
    error = caught.value
    assert (error.line, error.column, error.kind) == (2, 15, "malformed-query")
    assert "}" in error.expected


@pytest.mark.parametrize(
    ("method", "query", "instead"),
    [
        ("select", "ASK {}", ".ask()"),
        ("ask", "PREFIX ask: <http://a/> # ASK\nSELECT * {}", ".select()"),
        ("construct", "DESCRIBE id:a", ".describe()"),
        ("describe", "CONSTRUCT WHERE {}", ".construct()"),
        ("select", "INSERT DATA {}", ".update()"),
        ("update", "SELECT * {}", ".select()"),
    ],
)
def test_a_query_of_another_form_is_refused_with_the_method_for_it(
    graph: Connection, method: str, query: str, instead: str
) -> None:
    with pytest.raises(WrongForm) as caught:
        getattr(graph, method)(query)
    assert instead in str(caught.value)


def test_a_form_that_only_the_engine_recognises_is_refused_as_well(graph: Connection) -> None:
    """The engine takes `SELECT` and `DISTINCT` without a space between them."""
    with pytest.raises(WrongForm):
        graph.ask("SELECTDISTINCT ?s { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("query", "options", "kind"),
    [
        ("SELECT * { SERVICE <http://a/> {} }", {}, "federation-refused"),
        ("SELECT (<http://a/f>() AS ?x) {}", {}, "unsupported-function"),
        ("SELECT * {}", {"graphs": "no IRI"}, "invalid-graph-name"),
    ],
)
def test_a_refusal_has_the_same_kind_here_and_at_a_service(
    graph: Connection, query: str, options: dict[str, str], kind: str
) -> None:
    with pytest.raises(Refused) as caught:
        graph.select(query, **options)  # type: ignore[arg-type]
    assert caught.value.kind == kind


def test_what_is_only_read_takes_no_update(graph: Connection) -> None:
    with pytest.raises(ReadOnly):
        graph.update("INSERT DATA { id:a rdfs:label 'a' }", token="t")


def test_a_name_that_is_no_variable_is_refused(graph: Connection) -> None:
    with pytest.raises(InvalidBinding):
        graph.ask("ASK {}", {"firm": CUBERDON})


def test_a_query_in_this_process_takes_no_timeout(local: Connection) -> None:
    with pytest.raises(ClientError, match="cannot be stopped"):
        local.select(FIRMS, timeout=1)


def test_a_closed_connection_answers_nothing(release: Path, address: str) -> None:
    for source in (release, address):
        with smegraph.connect(source) as connection:
            pass
        connection.close()
        with pytest.raises(ClientError, match="closed"):
            connection.ask("ASK {}")


@pytest.mark.parametrize("timeout", [0, -1.5])
def test_a_time_that_has_no_length_is_refused(timeout: float) -> None:
    with pytest.raises(ValueError, match="above 0, or None"):
        smegraph.connect("http://127.0.0.1:9/", timeout=timeout)


FORKED = """
import multiprocessing, sys
import smegraph

graph = smegraph.connect(sys.argv[1])
fork = multiprocessing.get_context("fork")
together = fork.Barrier(4)

def ask(number, wrong):
    together.wait()
    for k in range(number * 1000, number * 1000 + 50):
        try:
            wrong.value += graph.select(f"SELECT ({k} AS ?k) {{}}")[0].k != k
        except smegraph.client.ClientError:
            wrong.value += 1

wrong = 0
for _ in range(5):
    graph.ask("ASK {}")
    counts = [fork.Value("i") for _ in range(4)]
    processes = [fork.Process(target=ask, args=found) for found in enumerate(counts, 1)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    wrong += sum(count.value for count in counts)
print(wrong, graph.select("SELECT (1 AS ?k) {}")[0].k)
"""


def test_processes_that_were_forked_get_their_own_answers(address: str) -> None:
    command = [sys.executable, "-c", FORKED, address]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "0 1\n"
