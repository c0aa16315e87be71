"""What is taken is what was meant."""

from __future__ import annotations

from rdflib import Graph

from smegraph.export.extract import Release
from smegraph.namespaces import PREFIXES
from tests.export.making import made


def test_what_is_told_about_a_concept_comes_with_what_it_names(release: Release) -> None:
    text = made(release, "about", "turtle", "Psychic distance")
    graph = Graph().parse(data=text, format="turtle")
    missing = """SELECT ?fact {{ VALUES ?about {{ voc:psychic-distance }} ?c skos:broader* ?about .
        ?fact a sme:Finding ; {role} ?c }}"""
    for role in ("sme:cause", "sme:effect"):
        found = {row[0].value for row in release.solutions(missing.format(role=role))}
        assert found
        assert found <= {str(subject) for subject in graph.subjects()}
    query = "ASK { ?f sme:reportedIn ?w . ?w dcterms:creator ?who . ?who rdfs:label ?name }"
    assert graph.query(query, initNs=dict(PREFIXES)).askAnswer


def test_a_concept_goes_by_its_name_its_prefix_and_its_iri(release: Release) -> None:
    names = ("psychic-distance", "voc:psychic-distance", "PSYCHIC DISTANCE")
    names += ("https://w3id.org/smegraph/vocab/psychic-distance",)
    titles = {release.about(name).title for name in names}
    assert titles == {"What studies report on psychic distance"}
