"""The annotations of sheets as a document."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import RdfFormat, parse

from smegraph.namespaces import DCTERMS, OWL, SHEET
from smegraph.server.pages.sheet_annotations import (
    SHEET_DOCUMENT,
    annotation_terms,
    read_annotations,
)
from tests.server.pages.conftest import Visitor, site_of


def test_each_annotation_that_shapes_use_is_told_with_what_it_means() -> None:
    terms = {term.anchor: term for term in annotation_terms(read_annotations())}
    shapes = (quad for path in Path("ontology/shapes").glob("*.ttl")
              for quad in parse(path=path, format=RdfFormat.TURTLE))  # fmt: skip
    used = {quad.predicate.value for quad in shapes if quad.predicate.value.startswith(SHEET)}
    assert {iri.removeprefix(SHEET) for iri in used} <= terms.keys()
    assert all(term.label and term.definition for term in terms.values())


def test_the_document_answers_as_a_page_with_anchors_and_as_rdf_with_its_header(
    linked: Path,
) -> None:
    visitor = Visitor(site_of(linked))
    page = visitor.get("/sheet", accept="text/html").text
    assert 'id="labelTemplate"' in page
    told = visitor.get("/sheet", accept="application/n-triples").text
    header = [line for line in told.splitlines() if line.startswith(f"<{SHEET_DOCUMENT}> ")]
    for property in (DCTERMS + "title", DCTERMS + "license", DCTERMS + "isPartOf",
                     OWL + "versionInfo"):  # fmt: skip
        assert any(f"<{property}>" in line for line in header), property
    assert visitor.get("/sheet.ttl").headers["content-type"].startswith("text/turtle")
