"""The description of the graphs says what they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smegraph.graph.describe import describe
from smegraph.graph.header import DATASET, Headers
from smegraph.namespaces import GRAPH, ID

if TYPE_CHECKING:
    from tests.conftest import Release

STUDIES = ("arnone-deprince", "finnish-software")


def counts(released: Release, query: str) -> dict[tuple[str, ...], int]:
    """Rows of a query whose last column is a number."""
    return {row[:-1]: int(row[-1]) for row in released.ask(query)}


def test_every_graph_is_described_with_its_number_of_triples(released: Release) -> None:
    stated = counts(
        released, "SELECT ?g ?n { GRAPH graph:meta { ?x void:subset ?g . ?g void:triples ?n } }"
    )
    counted = counts(released, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    del counted[(GRAPH + "meta",)]
    assert stated == counted


def test_dataset_has_the_triples_of_its_graphs(released: Release) -> None:
    ((total,),) = released.ask(f"SELECT ?n {{ <{DATASET}> void:triples ?n }}")
    assert int(total) == sum(counts(
        released, f"SELECT ?g ?n {{ <{DATASET}> void:subset ?g . ?g void:triples ?n }}"
    ).values())  # fmt: skip


def test_class_partitions_count_the_members_in_each_graph(released: Release) -> None:
    stated = counts(
        released,
        """SELECT ?g ?class ?n { ?g void:classPartition ?part .
        ?part void:class ?class ; void:entities ?n
        FILTER(STRSTARTS(STR(?g), STR(graph:)) && ?class != sme:Fact) }""",
    )
    counted = counts(
        released,
        """SELECT ?g ?class (COUNT(DISTINCT ?x) AS ?n) { GRAPH ?g { ?x a ?class }
        FILTER(STRSTARTS(STR(?class), STR(sme:)) && ?class != sme:Fact) } GROUP BY ?g ?class""",
    )
    assert len(stated) > 40
    assert stated == counted


@pytest.mark.parametrize("study", STUDIES)
def test_graph_of_a_study_is_derived_from_it_and_counts_its_facts(
    released: Release, study: str
) -> None:
    facts = counts(
        released,
        f"""SELECT ?study (COUNT(DISTINCT ?x) AS ?n)
        {{ GRAPH graph:{study} {{ ?x sme:reportedIn ?study }} }} GROUP BY ?study""",
    )
    stated = counts(
        released,
        f"""SELECT ?study ?n {{ graph:{study} prov:wasDerivedFrom ?study ;
        void:classPartition [ void:class sme:Fact ; void:entities ?n ] }}""",
    )
    assert stated == facts
    assert set(stated) == {(f"{ID}work-{study}",)}


def test_every_graph_has_one_title_and_a_licence(released: Release) -> None:
    rows = released.ask(
        "SELECT ?g ?title ?licence { ?x void:subset ?g . ?g dcterms:title ?title ;"
        " dcterms:license ?licence }"
    )
    graphs = [row[0] for row in rows]
    assert len(graphs) == len(set(graphs)) >= 7
    assert all(title and not title.startswith("http") for _, title, _ in rows)


def test_description_holds_no_time() -> None:
    lines = describe({GRAPH + "one": [f"<{ID}a> <{ID}p> <{ID}b> .\n"]}, {GRAPH + "one": ID + "a"})
    assert lines == sorted(lines)
    assert not re.search(r"\d{4}-\d\d-\d\d|dateTime", "".join(lines))


def test_each_graph_of_a_release_says_what_it_is_in_itself(released: Release) -> None:
    version = released.path.resolve().name
    rows = released.ask(
        """SELECT ?g ?title ?version ?cited { GRAPH ?g { ?g dcterms:title ?title ;
        dcterms:license ?licence ; dcterms:source ?source ; dcterms:creator ?by ;
        owl:versionInfo ?version ; dcterms:bibliographicCitation ?cited } }"""
    )
    graphs = {row[0] for row in rows}
    assert graphs == {
        row[0] for row in released.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    }
    assert {row[2] for row in rows} == {version}
    assert all(f"release {version}" in cited and title in cited for _, title, _, cited in rows)
    assert released.ask(f"SELECT ?v {{ <{DATASET}> owl:versionInfo ?v }}") == [(version,)]


def test_what_a_release_is_called_changes_nothing_but_its_headers() -> None:
    graphs = {GRAPH + "one": [f"<{ID}a> <{ID}p> <{ID}b> .\n"]}
    studies = {GRAPH + "one": ID + "a"}
    one, two = (Headers(graphs, studies, name) for name in ("one", "two"))
    assert describe(graphs, studies, one) == describe(graphs, studies, two)
    assert one.stable == two.stable
    assert one.lines.keys() == {GRAPH + "one", GRAPH + "meta"}
    assert all(one.lines[graph] != two.lines[graph] for graph in one.lines)


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_was_coded_by_agents_in_an_activity_that_made_its_graph(
    released: Release, study: str
) -> None:
    rows = released.ask(
        f"""SELECT ?coding ?name {{ GRAPH graph:{study} {{ graph:{study}
        prov:wasGeneratedBy ?coding ; dcterms:creator ?coder }}
        ?coding a prov:Activity ; prov:used id:work-{study} ; prov:wasAssociatedWith ?coder .
        ?coder a prov:Agent ; rdfs:label ?name . id:work-{study} a prov:Entity }}"""
    )
    assert rows == [(f"{ID}coding-{study}", "smegraph-team")]


def test_each_fact_is_attributed_to_who_coded_it(released: Release) -> None:
    rows = released.ask(
        """SELECT DISTINCT ?name ?coder { ?fact a sme:Fact ; sme:codedBy ?name
        OPTIONAL { ?fact prov:wasAttributedTo/rdfs:label ?coder } }"""
    )
    assert rows == [("smegraph-team", "smegraph-team")]
    others = "?x prov:wasAttributedTo ?coder FILTER NOT EXISTS { ?x a sme:Fact }"
    assert released.ask(f"SELECT ?x {{ {others} }}") == []


def test_title_of_a_study_keeps_its_quotation_marks() -> None:
    label = '<http://www.w3.org/2000/01/rdf-schema#label> "A \\"small\\" study" .\n'
    study = f"{ID}work-small"
    lines = describe({GRAPH + "small": [f"<{study}> {label}"]}, {GRAPH + "small": study})
    (title,) = [line for line in lines if "/title>" in line and line.startswith(f"<{GRAPH}")]
    assert title.endswith(' "A \\"small\\" study" .\n')
