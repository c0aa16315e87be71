"""A file of proposals is SSSOM that a person reviews and that comes in again."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.links.known import Known
from smegraph.links.model import MappingSet
from smegraph.links.proposing import Proposals, propose
from smegraph.links.sssom import parse_sssom
from smegraph.links.target import Label, Target
from smegraph.ontology.ontology import Ontology

STW = "http://zbw.eu/stw/descriptor/"
EX = "https://example.org/trades/"


def proposed(ontology: Ontology, space: str, *sets: MappingSet, **more: str) -> Proposals:
    target = Target("trades.ttl")
    target.labels[space + "1"] = [Label("Cluster Analyses", "preferred")]
    known = Known.of(ontology, [])
    return propose(target, ontology, [], known, list(sets), kind="methods", **more)  # type: ignore[arg-type]


def read(found: Proposals) -> MappingSet:
    return parse_sssom(found.text, Path("p.tsv"), "p.tsv")


def test_file_is_sound_sssom_with_the_evidence(ontology: Ontology) -> None:
    found = read(proposed(ontology, EX))
    assert found.problems == []
    (link,) = found.links
    assert link.object == EX + "1"
    assert link.cells["match_string"] == "cluster analysis"
    assert link.cells["object_label"] == "Cluster Analyses"
    assert link.cells["subject_match_field"] == "skos:prefLabel"
    assert "plural" in link.cells["comment"]
    assert 0 < float(link.cells["confidence"]) < 1
    assert not link.cells.get("reviewer_label")


def test_labels_of_stw_are_not_written(ontology: Ontology) -> None:
    found = proposed(ontology, STW)
    assert "Cluster Analyses" not in found.text
    assert len(read(found).links) == 1


def test_set_is_named_after_kind_and_prefix(ontology: Ontology) -> None:
    names = [read(proposed(ontology, EX, **more)).iri for more in ({}, {"prefix": "trades"})]
    base = "https://w3id.org/smegraph/mappings/"
    assert names == [f"{base}methods-target", f"{base}methods-trades"]


def test_prefix_of_a_set_that_is_there_is_taken(ontology: Ontology, tmp_path: Path) -> None:
    there = MappingSet(tmp_path / "a.sssom.tsv", "a", prefixes={"trades": EX})
    found = read(proposed(ontology, EX, there))
    assert found.iri == "https://w3id.org/smegraph/mappings/methods-trades"
    assert found.prefixes["trades"] == EX


def test_pairs_that_are_linked_are_left_out(ontology: Ontology) -> None:
    first = read(proposed(ontology, EX))
    again = proposed(ontology, EX, first)
    assert again.candidates == []
    assert again.summary.startswith("smegraph: 0 proposals for ")


@pytest.mark.parametrize("space", [EX, STW])
def test_the_same_input_gives_the_same_bytes(ontology: Ontology, space: str) -> None:
    assert proposed(ontology, space).text == proposed(ontology, space).text
