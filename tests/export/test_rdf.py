"""Each format of RDF is read back by a second implementation, with what the store holds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph

from smegraph.export.extract import Release
from smegraph.export.job import Scope
from smegraph.namespaces import GRAPH, ONTOLOGY
from tests.export.making import canonical, made, read

STUDY = "finnish-software"


RDFLIB = {"turtle": "turtle", "ntriples": "nt11", "rdfxml": "xml", "jsonld": "json-ld"}
ENGINE = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@pytest.mark.parametrize("form", RDFLIB)
@pytest.mark.parametrize(("scope", "value"), [("ontology", ""), ("graph", "reference")])
def test_a_graph_is_read_by_the_engine_and_by_rdflib(
    release: Release, form: str, scope: Scope, value: str
) -> None:
    graph = GRAPH + (value or "ontology")
    stored = [*release.store.triples(graph)]
    if scope == "ontology":
        stored = [triple for triple in stored if triple.subject.value != graph]
    text = made(release, scope, form, value)
    engine = read(text, ENGINE[form])
    assert canonical(engine) == canonical(stored)
    rdflib = Graph().parse(data=text, format=RDFLIB[form])
    assert len(rdflib) == len(stored)
    lines = rdflib.serialize(format="nt11", encoding="utf-8")
    if form != "rdfxml":  # whose integers rdflib writes in another way
        assert canonical(read(lines, ox.RdfFormat.N_TRIPLES)) == canonical(stored)


@pytest.mark.parametrize(("form", "name"), [("trig", "trig"), ("nquads", "nquads")])
def test_a_study_keeps_the_name_of_its_graph(release: Release, form: str, name: str) -> None:
    text = made(release, "study", form, STUDY)
    dataset = Dataset()
    dataset.parse(data=text, format=name)
    held = {graph.identifier.toPython(): len(graph) for graph in dataset.graphs() if len(graph)}
    assert held == {GRAPH + STUDY: len([*release.store.triples(GRAPH + STUDY)])}


def test_the_whole_as_n_quads_is_every_graph_of_the_store(release: Release) -> None:
    lines = made(release, "whole", "nquads").splitlines()
    assert len(lines) == len(set(lines)) == release.store.quad_count()


def test_the_whole_as_n_triples_states_each_triple_once(release: Release) -> None:
    lines = made(release, "whole", "ntriples").splitlines()
    (count,) = next(iter(release.solutions("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))
    assert len(lines) == len(set(lines)) == int(count.value)


def test_the_ontology_in_one_file_is_an_ontology_and_nothing_else(release: Release) -> None:
    text = made(release, "ontology", "turtle")
    assert "_:" not in text
    assert text.split("\n\n")[1].startswith(f"<{ONTOLOGY}> a owl:Ontology ;")
    subjects = {triple.subject.value for triple in read(text)}
    assert not {one for one in subjects if one.startswith(GRAPH)}


def test_owlready_opens_the_ontology(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "ontology.owl"
    path.write_text(made(release, "ontology", "rdfxml"), "utf-8")
    world = owlready2.World()
    opened = world.get_ontology(path.as_uri()).load()
    classes = "SELECT DISTINCT ?x { GRAPH graph:ontology { ?x a owl:Class FILTER(ISIRI(?x)) } }"
    expected = {row[0].value for row in release.solutions(classes)}
    assert {one.iri for one in world.classes()} >= expected
    assert opened.base_iri.startswith(ONTOLOGY)
    below = "SELECT (COUNT(*) AS ?n) { GRAPH graph:ontology { ?x rdfs:subClassOf ?y } }"
    (count,) = next(iter(release.solutions(below)))
    asked = "SELECT (COUNT(*) AS ?n) { ?x rdfs:subClassOf ?y }"
    assert list(world.sparql(asked)) == [[int(count.value)]]


@pytest.mark.parametrize("form", ["turtle", "rdfxml", "ntriples"])
def test_rapper_counts_the_same(release: Release, tmp_path: Path, form: str) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not installed (Debian: raptor2-utils)")
    path = tmp_path / "ontology"
    path.write_text(made(release, "ontology", form), "utf-8")
    command = [rapper, "-i", form, "-c", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count = len(read(made(release, "ontology", "turtle")))
    assert f"returned {count} triples" in done.stderr
