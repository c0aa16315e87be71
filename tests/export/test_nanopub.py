"""Nanopublications: four graphs for each finding, as the guidelines want them."""

from __future__ import annotations

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD, Namespace

from smegraph.export.errors import ExportError
from smegraph.export.extract import Release
from smegraph.namespaces import ID, SME
from tests.export.making import made

NP = Namespace("http://www.nanopub.org/nschema#")
COUNT = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a sme:Finding }"


@pytest.fixture(scope="module")
def text(release: Release) -> str:
    return made(release, "whole", "nanopub")


@pytest.fixture(scope="module")
def dataset(text: str) -> Dataset:
    found = Dataset()
    found.parse(data=text, format="trig")
    return found


def heads(dataset: Dataset) -> list[tuple[URIRef, Graph]]:
    """Each nanopublication with its head."""
    return [
        (thing, dataset.graph(head))
        for thing, _, _, head in dataset.quads((None, RDF.type, NP.Nanopublication, None))
        if isinstance(thing, URIRef) and head is not None
    ]


def part(dataset: Dataset, head: Graph, thing: URIRef, name: str) -> Graph:
    (graph,) = head.objects(thing, NP[name])
    return dataset.graph(graph)


def test_there_is_one_for_each_finding(release: Release, dataset: Dataset) -> None:
    ((count,),) = release.solutions(COUNT)
    assert len(heads(dataset)) == int(count.value) > 500
    assert len({*dataset.graphs()} - {dataset.default_graph}) == 4 * int(count.value)
    assert len(dataset.default_graph) == 0


def test_each_has_its_four_graphs(release: Release, dataset: Dataset) -> None:
    for thing, head in heads(dataset):
        assert len(head) == 4
        assertion, provenance, info = (
            part(dataset, head, thing, f"has{name}")
            for name in ("Assertion", "Provenance", "PublicationInfo")
        )
        (finding,) = {*assertion.subjects()}
        assert thing == URIRef(f"{finding}#nanopub-{release.version}")
        assert (finding, RDF.type, URIRef(SME + "Finding")) in assertion
        for said in (PROV.wasDerivedFrom, PROV.wasGeneratedBy, PROV.wasAttributedTo):
            assert [*provenance.objects(URIRef(assertion.identifier), said)]
        assert [*provenance.objects(finding, URIRef(SME + "locator"))]
        assert {*info.subjects()} == {thing}
        (created,) = info.objects(thing, DCTERMS.created)
        assert getattr(created, "datatype", None) == XSD.dateTime
        assert [*info.objects(thing, DCTERMS.license)]
        assert [*info.objects(thing, DCTERMS.creator)]


def test_nothing_that_is_said_of_a_finding_is_lost(release: Release, dataset: Dataset) -> None:
    finding = f"{ID}finding-arnone-deprince-abstract-cost"
    graph = release.study("arnone-deprince").triples()
    expected = {
        (t.predicate.value, t.object.value)
        for t in graph
        if getattr(t.subject, "value", "") == finding and hasattr(t.object, "value")
    }
    found = {(str(p), str(o)) for _, p, o, _ in dataset.quads((URIRef(finding), None, None, None))}
    assert {pair for pair in expected if pair[1] != "false"} <= found
    assert len(found) == len(expected)


def test_it_is_the_same_when_it_is_made_again(release: Release, text: str) -> None:
    assert made(release, "whole", "nanopub") == text


def test_a_part_has_its_findings_and_what_has_none_is_refused(release: Release) -> None:
    ((count,),) = release.solutions(
        "SELECT (COUNT(DISTINCT ?x) AS ?n) { GRAPH graph:arnone-deprince { ?x a sme:Finding } }"
    )
    some = made(release, "study", "nanopub", "arnone-deprince")
    assert some.count("a np:Nanopublication") == int(count.value)
    with pytest.raises(ExportError, match="no finding"):
        made(release, "graph", "nanopub", "reference")
