"""Things of ours are found by kind, with their labels."""

from __future__ import annotations

import pytest

from smegraph.links.errors import TargetError
from smegraph.links.known import Known
from smegraph.links.own import own_terms
from smegraph.namespaces import ID, SME, VOC
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.terms import LABEL, TYPE

FACTS = [
    f"<{ID}place-x> <{TYPE}> <{SME}City> <urn:g> .\n",
    f'<{ID}place-x> <{LABEL}> "Xtown" <urn:g> .\n',
    f'<{ID}place-x> <http://www.w3.org/2004/02/skos/core#altLabel> "Xville" <urn:g> .\n',
]


@pytest.mark.parametrize(
    ("kind", "iri"),
    [
        ("concepts", VOC + "software"),
        ("industries", VOC + "software"),
        ("methods", VOC + "cluster-analysis"),
        ("research-methods", VOC + "cluster-analysis"),
        ("classes", SME + "Firm"),
        ("properties", SME + "caseIn"),
        ("places", ID + "place-x"),
        ("cities", ID + "place-x"),
    ],
)
def test_kinds_are_schemes_terms_and_things(ontology: Ontology, kind: str, iri: str) -> None:
    terms = own_terms(ontology, FACTS, Known.of(ontology, FACTS), kind)
    assert iri in [term.iri for term in terms]
    assert all(term.labels for term in terms)


def test_labels_stand_with_the_preferred_one_first(ontology: Ontology) -> None:
    (city,) = own_terms(ontology, FACTS, Known.of(ontology, FACTS), "cities")
    assert [(label.text, label.role) for label in city.labels] == [
        ("Xtown", "preferred"), ("Xville", "other"),
    ]  # fmt: skip
    assert city.label == "Xtown"


def test_hierarchy_and_definition_are_known(ontology: Ontology) -> None:
    terms = own_terms(ontology, [], Known.of(ontology, []), "industries")
    (brewing,) = (term for term in terms if term.iri == VOC + "brewing")
    assert brewing.above == {VOC + "beverage"}
    assert "An industry that makes beer." in brewing.texts


def test_case_firms_are_no_things_to_link(ontology: Ontology) -> None:
    facts = [
        f"<{ID}organization-x> <{TYPE}> <{SME}Organization> <urn:g> .\n",
        f"<{ID}organization-x> <{SME}caseIn> <{ID}work-x> <urn:g> .\n",
    ]
    assert own_terms(ontology, facts, Known.of(ontology, facts), "organizations") == []


def test_unknown_kind_is_told_with_the_nearest(ontology: Ontology) -> None:
    with pytest.raises(TargetError, match='Did you mean "industries"'):
        own_terms(ontology, [], Known.of(ontology, []), "industrys")
