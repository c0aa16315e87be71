"""A finding is named by the term that it belongs to, with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.audit.places import Places
from smegraph.audit.stores import ontology_store

if TYPE_CHECKING:
    from tests.audit.conftest import Make

SME = "https://w3id.org/smegraph/ontology#"
TURTLE = """
sme:A a owl:Class ;
    owl:equivalentClass [ a owl:Class ; owl:unionOf ( sme:B sme:C ) ] .

[] a owl:AllDisjointClasses ; owl:members ( sme:B sme:C sme:D sme:E ) .

<https://w3id.org/smegraph/ontology#B> a owl:Class .
"""


@pytest.fixture
def places(make: Make) -> Places:
    ontology = make(TURTLE).ontology
    return Places(ontology_store(ontology), ontology.folder, ontology.files)


def blank(make: Make, predicate: str) -> ox.BlankNode:
    store = ontology_store(make(TURTLE).ontology)
    name = ox.NamedNode(f"http://www.w3.org/2002/07/owl#{predicate}")
    subject = next(iter(store.quads_for_pattern(None, name, None))).subject
    assert isinstance(subject, ox.BlankNode)
    return subject


def test_term_has_a_prefixed_name_and_its_line(places: Places) -> None:
    term = ox.NamedNode(SME + "A")
    assert places.name(term) == "sme:A"
    file = places.file(term)
    assert file is not None
    assert file.startswith("modules/small.ttl:")


def test_term_in_angle_brackets_has_its_line_too(places: Places) -> None:
    assert (places.file(ox.NamedNode(SME + "B")) or "").startswith("modules/small.ttl:")


def test_anonymous_expression_is_named_by_its_term(places: Places, make: Make) -> None:
    expression = blank(make, "unionOf")
    assert places.name(expression) == "sme:A"
    assert places.file(expression) == places.file(ox.NamedNode(SME + "A"))


def test_axiom_without_a_term_is_named_by_what_it_speaks_of(places: Places, make: Make) -> None:
    assert places.name(blank(make, "members")) == "AllDisjointClasses(sme:B, sme:C, sme:D, …)"


def test_term_that_no_file_defines_has_no_line(places: Places) -> None:
    assert places.file(ox.NamedNode(SME + "E")) is None
