"""What is taken is what was meant."""

from __future__ import annotations

import pytest
from rdflib import Graph

from smegraph.export.extract import Release
from smegraph.namespaces import PREFIXES
from smegraph.release.errors import ReleaseError
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


def test_a_crosswalk_is_an_extract_with_a_header(release: Release) -> None:
    extract = release.crosswalk("org")
    triples = [*extract.triples()]
    assert triples == [*extract.triples()]
    assert any(triple.object.value.endswith("org#Membership") for triple in triples)
    assert any("in the words of org" in str(triple) for triple in extract.header)
    assert not extract.graphs


def test_a_crosswalk_that_is_not_there_is_told(release: Release) -> None:
    with pytest.raises(ReleaseError, match=r'no crosswalk "fabo"\. Did you mean "fabio"'):
        release.crosswalk("fabo")
