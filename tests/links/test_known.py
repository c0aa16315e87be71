"""What can be linked is told by ontology and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smegraph.links.known import CASE_IN, Known
from smegraph.namespaces import ID, SME, VOC
from smegraph.ontology.terms import TYPE

if TYPE_CHECKING:
    from smegraph.ontology.ontology import Ontology

FACTS = [
    f"<{ID}place-x> <{TYPE}> <{SME}City> <urn:g> .\n",
    f"<{ID}firm-x> <{TYPE}> <{SME}Firm> <urn:g> .\n",
    f"<{ID}firm-x> <{CASE_IN}> <{ID}work-x> <urn:g> .\n",
    f'<{ID}firm-y> <{SME}note> "no <{TYPE}>" <urn:g> .\n',
]


def test_terms_and_things_have_their_kinds(ontology: Ontology) -> None:
    known = Known.of(ontology, FACTS)
    names = (VOC + "software", SME + "Firm", SME + "caseIn", ID + "place-x", ID + "firm-x")
    assert [known.kinds.get(name) for name in names] == [
        "concept", "class", "property", "thing", "case firm",
    ]  # fmt: skip
    assert ID + "firm-y" not in known.kinds
    assert SME + "Place" in known.types[ID + "place-x"]


def test_deprecated_terms_are_known_as_such(ontology: Ontology) -> None:
    known = Known.of(ontology, [])
    assert known.former
    assert known.former <= known.kinds.keys()
