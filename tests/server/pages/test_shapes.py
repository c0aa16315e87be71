"""The shapes as their page shows them, and as a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from smegraph.namespaces import DCTERMS
from smegraph.ontology.errors import OntologyError
from smegraph.server.pages.shapes import FILE, ShapesText, read_shapes, with_header
from tests.server.conftest import HEAD

TURTLE = (
    HEAD
    + """
@prefix sheet: <https://w3id.org/smegraph/sheet#> .
shapes:Firm a sh:NodeShape ; rdfs:label "Firms"@en ; rdfs:comment "One for each firm."@en ;
    sh:targetClass sme:Firm ; sheet:name "firms" ;
    sh:property shapes:Firm-year , [ sh:name "type" ; sh:order 1 ; sh:minCount 1 ;
        sh:path ( sme:work [ sh:inversePath sme:of ] ) ; sh:class sme:Type ] .
shapes:Firm-year sh:name "year" ; sh:order 2 ; sh:maxCount 1 ; sh:path sme:year ;
    sh:datatype xsd:integer .
shapes:Any a sh:NodeShape .
"""
)


def test_a_sheet_has_its_columns_in_order() -> None:
    triples = [quad.triple for quad in parse(TURTLE, RdfFormat.TURTLE)]
    firms, other = ShapesText(triples).shapes()
    assert (firms.label, firms.sheet, other.label) == ("Firms", "firms", "shapes:Any")
    kind, year = firms.columns
    assert [step.label for step in kind.path] == ["sme:work", "sme:of"]
    assert (kind.is_required, kind.is_single, kind.anchor) == (True, False, "")
    assert [one.label for one in year.holds] == ["xsd:integer"]
    assert (year.is_required, year.is_single, year.anchor) == (False, True, "Firm-year")


def test_shapes_of_the_release_go_before_those_that_came_with_smegraph(tmp_path: Path) -> None:
    assert len(read_shapes(tmp_path)) > 1000
    (tmp_path / FILE).write_text(TURTLE, "utf-8")
    assert len(read_shapes(tmp_path)) == len([*parse(TURTLE, RdfFormat.TURTLE)])


def test_without_shapes_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", str(tmp_path))
    with pytest.raises(OntologyError, match="shapes"):
        read_shapes(tmp_path)


def test_the_document_says_what_it_is() -> None:
    said = {triple.predicate.value for triple in with_header([], "1", "https://example.org/l")}
    assert {DCTERMS + "title", DCTERMS + "license", DCTERMS + "isPartOf"} <= said
    assert DCTERMS + "license" not in {t.predicate.value for t in with_header([], "1", "")}
