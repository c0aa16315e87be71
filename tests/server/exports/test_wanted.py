"""An address names an export as the command's options do; what is wrong is told by name."""

from __future__ import annotations

import pytest

from smegraph.server.exports.wanted import as_parameters, wanted
from smegraph.server.http.problems import HttpProblem


@pytest.mark.parametrize(
    ("pairs", "scope", "form", "name"),
    [
        ([], "whole", "turtle", "smegraph.ttl"),
        ([("about", "psychic distance")], "about", "turtle", "smegraph-psychic-distance.ttl"),
        ([("class", "Firm")], "class", "csv", "smegraph-Firm.csv"),
        ([("class", "Firm"), ("metadata", "")], "class", "csv",
         "smegraph-Firm.csv-metadata.json"),
        ([("ontology", ""), ("format", "rdfxml")], "ontology", "rdfxml", "smegraph-ontology.rdf"),
        ([("vocabulary", "1"), ("ontology", "0")], "vocabulary", "turtle",
         "smegraph-vocabulary.ttl"),
        ([("as", "schema.org"), ("format", "jsonld"), ("compress", "gzip")], "as", "jsonld",
         "smegraph-schema.org.jsonld.gz"),
        ([("graph", "https://w3id.org/smegraph/graph/meta")], "graph", "turtle",
         "smegraph-meta.ttl"),
        ([("query", "PREFIX a: <urn:a> SELECT * {}")], "query", "csv", "smegraph-query-"),
        ([("query", "CONSTRUCT WHERE { ?s ?p 'SELECT' }")], "query", "turtle", "smegraph-query-"),
    ],
)  # fmt: skip
def test_parameters_are_options(
    pairs: list[tuple[str, str]], scope: str, form: str, name: str
) -> None:
    found = wanted(pairs)
    assert (found.scope, found.form.name) == (scope, form)
    assert found.file_name.startswith(name)


@pytest.mark.parametrize(
    ("pairs", "kind", "parameter", "said"),
    [
        ([("abuot", "x")], "unknown-parameter", "abuot", 'Did you mean "about"?'),
        ([("about", "x"), ("about", "y")], "repeated-parameter", "about", "one 'about'"),
        ([("about", "x"), ("ontology", "")], "conflicting-parameters", "ontology", "take one"),
        ([("about", " ")], "invalid-parameter", "about", "empty"),
        ([("ontology", "maybe")], "invalid-parameter", "ontology", "on (1) or off (0)"),
        ([("format", "turtel")], "unknown-format", "format", 'Did you mean "turtle"?'),
        ([("compress", "zip")], "invalid-parameter", "compress", "none, gzip, zstd"),
        ([("study", "a-b"), ("format", "sheets")], "invalid-parameter", "format",
         "smegraph export --study a-b --format sheets"),
        ([("ontology", ""), ("metadata", "")], "invalid-parameter", "metadata", "turtle"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_would_be_right(
    pairs: list[tuple[str, str]], kind: str, parameter: str, said: str
) -> None:
    with pytest.raises(HttpProblem) as error:
        wanted(pairs)
    problem = error.value
    assert (problem.status, problem.kind, problem.members["parameter"]) == (400, kind, parameter)
    assert said in problem.detail


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/ld+json", "jsonld"),
        ("text/html, */*;q=0.8", "turtle"),
        ("application/x-bibtex;q=0.5, application/rdf+xml", "rdfxml"),
        ("text/turtle;q=0, application/n-triples;q=0.1", "ntriples"),
    ],
)
def test_without_a_format_the_header_decides(accept: str, form: str) -> None:
    assert wanted([], accept).form.name == form
    assert wanted([("format", "csl")], accept).form.name == "csl"


def test_what_asks_for_the_time_is_not_the_same_twice() -> None:
    assert wanted([("query", "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}")]).is_repeatable
    assert not wanted([("query", "SELECT (NOW() AS ?now) {}")]).is_repeatable


def test_exports_that_differ_have_other_names() -> None:
    some = [[], [("ontology", "")], [("about", "a")], [("study", "a")], [("no-header", "")],
            [("format", "nquads")], [("compress", "zstd")]]  # fmt: skip
    assert len({wanted(pairs).name for pairs in some}) == len(some)


def test_options_of_the_command_become_parameters() -> None:
    said = "--class makes a table. As turtle, -e 'CONSTRUCT WHERE { ?x a sme:Firm }' does."
    expected = "class makes a table. As turtle, query=CONSTRUCT WHERE { ?x a sme:Firm } does."
    assert as_parameters(said) == expected
