"""What fits together is written; what does not is told with what would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from smegraph.bibliography.source import read_references
from smegraph.export.errors import ExportError
from smegraph.export.extract import Release
from smegraph.export.job import Scope
from tests.export.making import made

STUDY = "finnish-software"


@pytest.mark.parametrize(
    ("scope", "value", "form", "said"),
    [
        ("about", "psychic distanze", "turtle", "psychic distance"),
        ("graph", "nowhere", "turtle", "there are arnone-deprince"),
        ("study", "ontology", "turtle", "there are arnone-deprince"),
        ("class", "Fimr", "csv", "Did you mean Firm"),
        ("class", "Firm", "turtle", "CONSTRUCT WHERE { ?x a sme:Firm"),
        ("study", STUDY, "csv", "--class Firm"),
        ("ontology", "", "nquads", "turtle"),
        ("study", STUDY, "functional", "--ontology"),
        ("query", "SELECT * { ?s ?p ?o } LIMIT 1", "turtle", "csv"),
        ("query", "ASK {}", "csv", "SELECT"),
        ("query", "SELECT ?x { ?x a }", "csv", "cannot stand here"),
        ("graph", "reference", "bibtex", "No works"),
    ],
)
def test_what_does_not_fit_is_told_with_what_would_do(
    release: Release, scope: Scope, value: str, form: str, said: str
) -> None:
    with pytest.raises(ExportError) as error:
        made(release, scope, form, value)
    assert said in str(error.value)


def test_an_answer_is_what_was_asked_for_with_a_header_or_without(release: Release) -> None:
    query = "CONSTRUCT WHERE { ?firm a sme:OutgrewMicroFirm ; rdfs:label ?name }"
    bare = made(release, "query", "turtle", query, header=False)
    assert len(Graph().parse(data=bare, format="turtle")) == 2
    told = Graph().parse(data=made(release, "query", "turtle", query), format="turtle")
    names = {str(p).rsplit("/", 1)[-1].rsplit("#", 1)[-1] for p in told.predicates()}
    assert {"title", "license", "versionInfo", "source", "bibliographicCitation"} <= names


def test_works_behind_an_answer_are_written_as_references(release: Release, tmp_path: Path) -> None:
    query = "SELECT ?work { id:work-da-rocha-et-al-2024 sme:reviews ?work }"
    count = len(list(release.solutions(query)))
    for form, name in (("bibtex", "a.bib"), ("ris", "a.ris"), ("csl", "a.json")):
        path = tmp_path / name
        path.write_text(made(release, "query", form, query), "utf-8")
        reading = read_references(path)
        assert (reading.form, len(reading.records), reading.problems) == (form, count, [])
