"""The header of a version, and the ontology in one file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox

from smegraph.namespaces import OWL
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.ontology.turtle import canonical_turtle
from smegraph.publishing.frozen import frozen_text, header_text

DAY = date(2027, 1, 31)


def values(text: str, name: str) -> list[str]:
    quads = ox.parse(input=text.encode(), format=ox.RdfFormat.TURTLE)
    return [str(q.object.value) for q in quads if q.predicate.value.endswith(name)]


def real(repository: Path) -> str:
    return (repository / "ontology" / "smegraph.ttl").read_text("utf-8")


def test_a_header_states_its_version_and_the_one_before(repository: Path) -> None:
    text = header_text(real(repository), "7.0.0", DAY, "6.1.0", compatible=True)
    assert values(text, "#versionIRI") == ["https://w3id.org/smegraph/ontology/7.0.0"]
    assert values(text, "#versionInfo") == ["7.0.0"]
    assert values(text, "/issued") == ["2027-01-31"]
    assert values(text, "#priorVersion") == ["https://w3id.org/smegraph/ontology/6.1.0"]
    assert values(text, "#backwardCompatibleWith") == values(text, "#priorVersion")
    (citation,) = values(text, "/bibliographicCitation")
    assert "(2027)" in citation
    assert "version 7.0.0" in citation


def test_what_takes_something_away_is_said_to_be_incompatible(repository: Path) -> None:
    text = header_text(real(repository), "7.0.0", DAY, "6.1.0", compatible=False)
    assert values(text, "#incompatibleWith")
    assert not values(text, "#backwardCompatibleWith")


def test_the_first_version_has_none_before_it(repository: Path) -> None:
    later = header_text(real(repository), "7.0.0", DAY, "6.1.0", compatible=True)
    first = header_text(later, "7.0.0", DAY, None, compatible=True)
    assert not values(first, "#priorVersion")


def test_a_header_changes_nothing_else_and_is_canonical(repository: Path) -> None:
    before = real(repository)
    text = header_text(before, "7.0.0", DAY, "6.1.0", compatible=True)
    assert canonical_turtle(text) == text
    for name in ("/title", "/description", "#imports", "/creator", "/created"):
        assert sorted(values(text, name)) == sorted(values(before, name))


def test_the_frozen_ontology_is_the_merged_one(repository: Path) -> None:
    text = frozen_text(repository / "ontology")
    assert text == frozen_text(repository / "ontology")  # blank nodes come in one order
    assert canonical_turtle(text) == text
    assert "_:" not in text
    assert OWL + "imports" not in text
    found = ox.Dataset(ox.parse(input=text.encode(), format=ox.RdfFormat.TURTLE))
    triples = Ontology.load(repository / "ontology").triples(MODULES)
    wanted = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    for data in (found, wanted):
        data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert found == wanted
