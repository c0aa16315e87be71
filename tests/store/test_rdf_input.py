"""Strangers' RDF before it is parsed, and the parser's words as a person reads them."""

from __future__ import annotations

import io

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from smegraph.store.errors import UnsafeEntities
from smegraph.store.rdf_input import LineEnds, check_entities, explain, parser_input


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8192])
def test_an_xml_document_is_read_with_one_kind_of_line_end(size: int) -> None:
    read = LineEnds(io.BytesIO(b"\ra\r\n\r\r\nb\n\rc\r"))
    assert b"".join(iter(lambda: read.read(size), b"")) == b"\na\n\n\nb\n\nc\n"
    assert LineEnds(io.BytesIO(b"a\r\n")).read() == b"a\n"


def test_line_ends_are_mended_in_xml_alone() -> None:
    document = b"a\r\n"
    assert parser_input(io.BytesIO(document), RdfFormat.RDF_XML).read() == b"a\n"
    assert parser_input(io.BytesIO(document), RdfFormat.TURTLE).read() == document


@pytest.mark.parametrize(
    "entities",
    [
        b'<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">',
        b"<!ENTITY a 'aaaa'><!ENTITY b '&a;'>",
        b'<!ENTITY a "' + b"a" * 2049 + b'">',
        b'<!ENTITY % a "aaaa">',
        b'<!ENTITY\n%\na\n"aaaa">',
    ],
)
def test_entities_that_can_make_a_small_document_huge_are_refused(entities: bytes) -> None:
    with pytest.raises(UnsafeEntities, match="entities are nested or long"):
        check_entities(b"<!DOCTYPE x [" + entities + b"]><x/>")


@pytest.mark.parametrize(
    "entities",
    [
        b"",
        b"<!ENTITY ex \"http://example.org/\"><!ENTITY owl 'http://www.w3.org/2002/07/owl#'>",
        b'<!ENTITY a "' + b"a" * 2048 + b'">',
    ],
)
def test_entities_that_abbreviate_namespaces_are_no_fault(entities: bytes) -> None:
    check_entities(b"<!DOCTYPE x [" + entities + b"]><x>&amp;</x>")


def explained(document: bytes, format: RdfFormat) -> str:
    with pytest.raises(SyntaxError) as caught:
        list(pyoxigraph.parse(document, format))
    return explain(caught.value)


def test_what_the_parser_says_is_told_without_the_place() -> None:
    said = explained(b"<http://e.org/a> <http://e.org/b> .", RdfFormat.TURTLE)
    assert said
    assert "Parser error" not in said
    assert "line" not in said


def test_a_json_ld_context_that_lies_elsewhere_is_told_with_the_remedy() -> None:
    document = b'{"@context": "http://127.0.0.1:9/context", "a": 1}'
    said = explained(document, RdfFormat.JSON_LD)
    assert "nothing is fetched; write the context into the document" in said


def test_xml_without_namespaces_is_told_as_such() -> None:
    assert "no RDF/XML" in explained(b"<a><b/></a>", RdfFormat.RDF_XML)
