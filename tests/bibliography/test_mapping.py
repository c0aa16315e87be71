"""The fields of the formats stand in the ontology, and so does what a new one costs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from smegraph.bibliography.mapping import FORMATS, MAPPING, Mapping
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema

from .conftest import Desk

ISBN_COLUMN = """
shapes:Work sh:property shapes:Work-isbn .
shapes:Work-isbn a sh:PropertyShape ; sh:datatype xsd:string ; sh:maxCount 1 ;
    sh:name "isbn" ; sh:order 15 ; sh:path bibo:isbn .
"""
ISBN_FIELDS = 'bibo:isbn sheet:bibtex ( "isbn" ) ; sheet:ris ( "SN" ) ; sheet:csl ( "ISBN" ) .\n'


@pytest.fixture
def changed(desk: Desk) -> Desk:
    """A desk with an ontology of its own."""
    folder = desk.folder / "ontology"
    shutil.copytree(desk.ontology, folder)
    return replace(desk, ontology=folder)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")


def test_a_new_field_costs_a_column_and_a_line(changed: Desk) -> None:
    append(changed.ontology / "shapes" / "bibliography.ttl", ISBN_COLUMN)
    append(changed.ontology / MAPPING, ISBN_FIELDS)
    changed.write("refs.bib", "@book{a, author={Bell, J.}, title={A}, year=2001, isbn={978-1}}")
    changed.write(
        "refs.ris", "TY  - BOOK\nAU  - Bell, J.\nTI  - B\nPY  - 2002\nSN  - 978-2\nER  - "
    )
    changed.write("refs.json", '[{"title": "C", "author": [{"family": "Bell"}], "ISBN": "978-3"}]')
    for file in ("refs.bib", "refs.ris", "refs.json"):
        assert changed.take(file).exit_code == 0
    assert [row["isbn"] for row in changed.rows("works")] == ["978-1", "978-2", "978-3"]
    assert changed.errors() == ""


def test_columns_may_have_other_names(changed: Desk) -> None:
    shapes = changed.ontology / "shapes" / "bibliography.ttl"
    text = shapes.read_text("utf-8")
    for old, new in (("title", "heading"), ("publishedIn", "journal"), ("person", "writer")):
        assert f'sh:name "{old}"' in text
        text = text.replace(f'sh:name "{old}"', f'sh:name "{new}"')
    shapes.write_text(text.replace("{person}", "{writer}"), encoding="utf-8")
    changed.write("refs.bib", "@article{a, author={Bell, J.}, title={A}, journal={J}, year=2001}")
    assert changed.take("refs.bib").exit_code == 0
    (work,) = changed.rows("works")
    assert (work["heading"], work["journal"]) == ("A", "J")
    assert [row["writer"] for row in changed.rows("authorships")] == ["bell-j"]
    assert changed.errors() == ""
    assert "Nothing changes." in changed.take("refs.bib").output


def test_every_format_reads_the_same_properties(mapping: Mapping) -> None:
    properties = {form: set(mapping.fields[form]) for form in FORMATS}
    assert properties["bibtex"] == properties["ris"] == properties["csl"]
    assert len(properties["bibtex"]) > 10


def test_every_publication_type_has_a_name_in_every_format(
    ontology: Ontology, mapping: Mapping
) -> None:
    (class_,) = {
        column.class_
        for column in mapping.sheets["Works"].columns
        if column.class_ and mapping.fields["ris"].get(column.path) == ["TY"]
    }
    types = {ontology.label(iri) for iri, kinds in ontology.concepts() if class_ in kinds}
    for form in FORMATS:
        assert set(mapping.concepts[form].values()) == types


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sheet:role sheet:Title", "sheet:role sheet:Tittle", "no role sheet:Tittle"),
        ("sheet:role sheet:Title", "sheet:role sheet:Year", "two terms have the role sheet:Year"),
        ("    sheet:role sheet:Title ;\n", "", "no term has the role sheet:Title"),
        ("sme:Person\n", "sme:Firm_\n", "no sheet of studies describes"),
        ("bibo:doi\n", "bibo:doi (\n", "is not Turtle"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(
    changed: Desk, old: str, new: str, said: str
) -> None:
    path = changed.ontology / MAPPING
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    ontology = Ontology.load(changed.ontology)
    with pytest.raises(OntologyError, match=said):
        Mapping.read(ontology, Schema.read(ontology))


def test_an_ontology_without_a_mapping_is_refused(changed: Desk) -> None:
    (changed.ontology / MAPPING).unlink()
    changed.write("refs.bib", "@book{a, title={A}}")
    result = changed.take("refs.bib")
    assert result.exit_code == 1
    assert "bibliography.ttl cannot be read" in result.output
