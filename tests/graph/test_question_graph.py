"""Query editors find the competency questions in the graph, and other services can answer them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import rdflib

from smegraph.graph.question_graph import question_iri, question_lines, with_prefixes
from smegraph.namespaces import SH
from smegraph.release.questions import Question, load_questions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Release

# The query that SIB's sparql-editor sends for examples.
EDITOR = """
SELECT DISTINCT ?sq ?comment ?query {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
ASKED = Question("firms", "names", "Which names are there?", ("id:work-a", "Table 1"),
                 "SELECT ?n { ?x rdfs:label ?n }\n", None)  # fmt: skip


def graph(question: Question) -> rdflib.Graph:
    return rdflib.Graph().parse(data="".join(question_lines([question])), format="nt")


def test_editor_finds_every_question(released: Release, repository: Path) -> None:
    files = load_questions(repository / "ontology" / "questions")
    found = {row[0]: row[1:] for row in released.ask(EDITOR)}
    assert {iri: comment for iri, (comment, _) in found.items()} == {
        question_iri(asked): asked.title for asked in files
    }


def test_editor_finds_the_prefixes(released: Release) -> None:
    rows = released.ask(
        "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"
    )
    assert ("sme", "https://w3id.org/smegraph/ontology#") in [(row[0], row[1]) for row in rows]
    assert len(rows) == len({row[0] for row in rows})


def test_each_text_stands_alone_and_gives_the_same_answer(
    released: Release, repository: Path
) -> None:
    """Without the prefixes that smegraph knows, as any other service reads it."""
    import pyoxigraph

    store = pyoxigraph.Store.read_only(str(released.path / "store"))
    files = {question_iri(q): q for q in load_questions(repository / "ontology" / "questions")}
    for iri, _, text in released.ask(EDITOR):
        if files[iri].topic == "firms":
            body = store.query(text).serialize(format=pyoxigraph.QueryResultsFormat.CSV)
            assert body.decode().splitlines() == (files[iri].expected or "").splitlines()


def test_question_has_the_form_of_sparql_examples() -> None:
    rows = graph(ASKED).query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX schema: <https://schema.org/>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?topic ?target ?source ?name {
            ?q a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; sh:prefixes/sh:declare ?d ;
               schema:keywords ?topic ; schema:target ?target ; dcterms:source ?source ;
               dcterms:identifier ?name .
            ?d sh:prefix "sme" }"""
    )
    assert [tuple(map(str, row)) for row in rows] == [
        (
            "firms", "https://w3id.org/smegraph/sparql", "https://w3id.org/smegraph/id/work-a",
            "firms/names",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "class_", "property_"),
    [
        ("ASK { ?x a sme:Firm }", "SPARQLAskExecutable", "ask"),
        ("CONSTRUCT WHERE { ?x a sme:Firm }", "SPARQLConstructExecutable", "construct"),
        ("DESCRIBE id:firm-movy", "SPARQLExecutable", "describe"),
    ],
)
def test_each_form_of_query_has_its_class(text: str, class_: str, property_: str) -> None:
    found = graph(replace(ASKED, text=text))
    node = rdflib.URIRef(question_iri(ASKED))
    assert (node, rdflib.RDF.type, rdflib.URIRef(SH + class_)) in found
    assert str(found.value(node, rdflib.URIRef(SH + property_))).endswith(text)


def test_only_prefixes_that_are_used_and_not_declared_are_added() -> None:
    text = "PREFIX sme: <urn:other:>\nSELECT * { ?x a sme:Firm ; rdfs:label 'skos:note' }"
    assert with_prefixes(text) == f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n{text}"


def test_without_questions_there_is_no_graph() -> None:
    assert question_lines([]) == []
