"""The ontology as its pages show it."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from smegraph.server.pages.terms import OntologyText
from tests.server.conftest import HEAD
from tests.server.pages.linked_release import ONTOLOGY

TEXT = OntologyText(
    [quad.triple for quad in parse(HEAD + ONTOLOGY, RdfFormat.TURTLE)],
    {"https://w3id.org/smegraph/vocab/networking": "networking"},
)


def test_the_header_tells_title_version_and_licence() -> None:
    assert TEXT.title == "An ontology of firms"
    assert TEXT.description == "What firms do abroad."
    assert TEXT.version_iri == "https://w3id.org/smegraph/ontology/0.2.0"
    assert TEXT.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert {note.heading for note in TEXT.header} == {"version", "licence"}


def test_terms_stand_by_kind_and_label_the_deprecated_last() -> None:
    assert [section.heading for section in TEXT.sections] == [
        "Classes", "Object properties", "Datatype properties",
    ]  # fmt: skip
    properties = [term.name.label for term in TEXT.sections[1].terms]
    assert properties == ["cause", "has purpose", "reported in", "obsolete cause"]


def test_a_term_tells_what_it_is_and_what_took_its_place() -> None:
    firm, old = TEXT.terms["Firm"], TEXT.terms["oldCause"]
    assert (firm.kind, firm.definition) == ("class", "An organization that trades.")
    assert [note.heading for note in firm.notes] == ["source", "for example"]
    assert old.is_deprecated
    assert [thing.label for thing in old.replaced_by] == ["cause"]


def test_an_empty_ontology_has_no_terms() -> None:
    assert OntologyText([], {}).sections == ()
    assert OntologyText([], {}).version_iri == ""
