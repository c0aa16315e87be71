"""The members of the defined classes are those that a reader of the documents finds.

``data/extensions/<Class>.csv`` was written by reading the tables of the sources: 000 is the
chapter on two Finnish software firms, 002 is Arnone & Deprince, 003 the review of Da Rocha, Neves
da Fonseca and Kogut.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.namespaces import PREFIXES, shorten

if TYPE_CHECKING:
    from tests.conftest import Release

FOLDER = Path(__file__).parents[1] / "data" / "extensions"

# Closed-world readings of the classes that findings fall into: the roles that are told decide.
FINDINGS = {
    "EnvironmentFinding": "{ ?x sme:cause ?c } UNION { ?x sme:moderator ?c } "
    "?c a/rdfs:subClassOf* sme:EnvironmentalFactor .",
    "HedgedFinding": "?x sme:hedged true .",
    "InternationalizationFinding": "?x sme:effect ?c . "
    "?c a/rdfs:subClassOf* sme:InternationalizationOutcome .",
    "PerformanceFinding": "?x sme:effect ?c . ?c a/rdfs:subClassOf* sme:PerformanceOutcome .",
    "PlatformAdoptionFinding": "{ ?x sme:cause ?c } UNION { ?x sme:effect ?c } "
    "?c a/rdfs:subClassOf* sme:PlatformAdoption .",
    "CapabilityFinding": "{ ?x sme:cause ?c } UNION { ?x sme:effect ?c } "
    "?c a/rdfs:subClassOf* sme:Capability .",
    "MediatedFinding": "?x sme:mediator ?c .",
    "ModeratedFinding": "?x sme:moderator ?c .",
    "NegativeFinding": "?x sme:sign voc:negative .",
    "NullFinding": "?x sme:sign voc:no-effect .",
    "PositiveFinding": "?x sme:sign voc:positive .",
    "PsychicDistanceFinding": "?x sme:effect ?c . "
    "VALUES ?k { sme:PsychicDistance sme:PsychicDistanceComponent } ?c a/rdfs:subClassOf* ?k .",
}


def expected(name: str) -> set[str]:
    """The members that stand in a file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["member"] for row in csv.DictReader(file)}


def members(released: Release, name: str) -> set[str]:
    """The members that reasoner and rules give."""
    query = f"""SELECT DISTINCT ?x {{ GRAPH ?g {{ ?x a sme:{name} }}
        FILTER(?g IN (graph:inferred, graph:derived)) }}"""
    return {shorten(iri) for (iri,) in released.ask(query)}


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_members_are_those_that_the_documents_tell(released: Release, name: str) -> None:
    assert members(released, name) == expected(name)


@pytest.mark.parametrize("name", sorted(FINDINGS))
def test_findings_fall_into_classes_by_the_roles_that_are_told(
    released: Release, name: str
) -> None:
    query = f"""SELECT DISTINCT ?x {{ ?x a sme:Finding . {FINDINGS[name]} }}"""
    told = {shorten(iri) for (iri,) in released.ask(query)}
    found = released.ask(f"SELECT ?x {{ GRAPH graph:inferred {{ ?x a sme:{name} }} }}")
    assert {shorten(iri) for (iri,) in found} == told


def test_every_defined_class_has_its_members_tested(released: Release) -> None:
    defined = released.ask(
        "SELECT ?c { GRAPH graph:ontology { ?c a owl:Class ; owl:equivalentClass ?d } }"
    )
    tested = {path.stem for path in FOLDER.glob("*.csv")} | set(FINDINGS)
    assert {iri.removeprefix(PREFIXES["sme"]) for (iri,) in defined} == tested


def test_some_classes_are_named_to_have_no_member() -> None:
    empty = {path.stem for path in FOLDER.glob("*.csv") if not expected(path.stem)}
    assert empty == {"MediumFirmYear"}


def test_firm_that_outgrew_micro_size_did_so_in_time(released: Release) -> None:
    rows = released.ask(
        """SELECT DISTINCT ?firm { ?firm a sme:OutgrewMicroFirm .
        ?first a sme:MicroFirmYear ; sme:ofFirm ?firm ; sme:year ?y0 .
        ?later a sme:SmallFirmYear ; sme:ofFirm ?firm ; sme:year ?y1 FILTER(?y0 < ?y1) }"""
    )
    assert rows == released.ask("SELECT DISTINCT ?firm { ?firm a sme:OutgrewMicroFirm }")
    assert len(rows) == 1
