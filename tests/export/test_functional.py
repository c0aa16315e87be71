"""Functional syntax holds the axioms of the ontology."""

from __future__ import annotations

import random

import pytest

from smegraph.export.functional import functional_syntax
from smegraph.ontology.ontology import Ontology


def test_the_axioms_read_back_as_they_were(ontology: Ontology) -> None:
    hornedowl = pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    triples = [*ontology.triples("modules")]
    text = functional_syntax(triples)
    assert text.startswith("Prefix(")
    assert "SubClassOf(sme:Finding " in text
    read = hornedowl.open_ontology_from_string(text, "ofn")
    classes = {triple.subject.value for triple in triples if str(triple.object).endswith("#Class>")}
    assert {one for one in classes if one.startswith("http")} <= {*read.get_classes()}
    again = random.Random(1).sample(triples, len(triples))
    assert functional_syntax(again) == text
