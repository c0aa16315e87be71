"""What is exported as BibTeX, RIS or CSL-JSON is imported as what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.export import Cited, as_text
from smegraph.bibliography.mapping import Mapping
from smegraph.bibliography.record import Name, Reading
from smegraph.bibliography.source import READERS
from smegraph.namespaces import PREFIXES, SME
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema

TITLE, DOI = PREFIXES["dcterms"] + "title", PREFIXES["bibo"] + "doi"
FORMS = ("bibtex", "ris", "csl")


@pytest.fixture(scope="module")
def mapping(ontology: Ontology, schema: Schema) -> Mapping:
    return Mapping.read(ontology, schema)


def read(text: str, form: str) -> Reading:
    reading = Reading("file", form)
    READERS[form](text, reading)
    return reading


@pytest.mark.parametrize("form", FORMS)
def test_import_of_an_export_is_the_work(mapping: Mapping, form: str) -> None:
    texts = {
        TITLE: "R&D at 50% of firms: an {old} question, $5 & more_or less #1",
        DOI: "10.1007/s11187_021-00561-x",
        SME + "publicationYear": "2021",
        SME + "publishedIn": "Small Business Economics",
        SME + "volume": "57",
        SME + "pages": "1629-1659",
        SME + "publicationType": "journal article",
    }
    authors = [Name("Acs", "Z.J."), Name("van der Berg", "Jan"), Name("OECD", is_person=False)]
    work = Cited("acs-et-al-2021", texts, authors)
    reading = read(as_text([work], form, mapping), form)
    (record,) = reading.records
    assert (record.id, reading.problems) == ("acs-et-al-2021", [])
    # RIS has no sign for an organization.
    assert ["OECD" in flaw for flaw in record.flaws] == [True] * (form == "ris")
    fields = mapping.fields[form]
    for path, text in texts.items():
        if path != SME + "publicationType":
            expected = text.replace("{", "").replace("}", "") if form == "bibtex" else text
            assert record.fields[fields[path][0]] in (text, expected), path
    kind = record.fields[fields[SME + "publicationType"][0]]
    assert mapping.concepts[form][kind.casefold()] == "journal article"
    names = record.names[fields[mapping.properties["Author"]][0]]
    assert [name.text for name in names] == [name.text for name in authors]


@given(title=st.text("ab é%&#$_~^\\'`-–“”<>*", min_size=1, max_size=20).map(str.strip))
def test_no_character_of_a_title_is_lost(mapping: Mapping, title: str) -> None:
    if not title:
        return
    work = Cited("a", {TITLE: f"A {' '.join(title.split())} title"})
    for form in FORMS:
        (record,) = read(as_text([work], form, mapping), form).records
        assert record.fields[mapping.fields[form][TITLE][0]] == work.texts[TITLE], form


def test_editors_of_a_book_are_names(mapping: Mapping) -> None:
    work = Cited("a", {TITLE: "A book", SME + "editorNames": "Khare, A.; Ojala, A."})
    for form in FORMS:
        (record,) = read(as_text([work], form, mapping), form).records
        names = record.names[mapping.fields[form][SME + "editorNames"][0]]
        assert [name.text for name in names] == ["Khare, A.", "Ojala, A."], form
