"""Strangers' RDF before it is parsed, and the parser's words as a person reads them."""

from __future__ import annotations

import io

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from smegraph.store.errors import UnknownEncoding, UnsafeEntities
from smegraph.store.rdf_input import LineEnds, as_utf8, check_entities, explain, parser_input


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


# ----------------------------------------------------------------------------------- encodings

XML = (
    '<?xml version="1.0" encoding="%s"?>\n<r:RDF xmlns:u="urn:" '
    'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="urn:é">'
    "<u:p>é</u:p></r:Description></r:RDF>"
)


@pytest.mark.parametrize(
    ("named", "codec"),
    [
        ("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("utf8", "utf-8"),
        ("UTF-16", "utf-16"), ("UTF-16", "utf-16-le"), ("UTF-16BE", "utf-16-be"),
        ("utf-32", "utf-32"), ("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"),
        ("ISO-8859-15", "iso8859-15"), ("macintosh", "mac-roman"),
    ],
)  # fmt: skip
def test_xml_is_read_in_the_encoding_that_it_has(named: str, codec: str) -> None:
    text = as_utf8((XML % named).encode(codec))
    assert [str(found.object) for found in pyoxigraph.parse(text, RdfFormat.RDF_XML)] == ['"é"']


def test_ascii_is_read_as_declared() -> None:
    document = (XML % "US-ASCII").replace("é", "e").encode("ascii")
    assert len([*pyoxigraph.parse(as_utf8(document), RdfFormat.RDF_XML)]) == 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ((XML % "klingon").encode(), "its encoding, klingon, is not known"),
        ((XML % "rot13").encode(), "rot13, is not known"),
        ((XML % "US-ASCII").encode(), "from byte 146 on it is not in US-ASCII"),
        ((XML % "UTF-16").encode(), "it says that it is in UTF-16, and is not"),
        ((XML % "UTF-16").encode("utf-16")[:-1], "on it is not in utf-16"),
    ],
)
def test_an_encoding_that_cannot_be_read_is_one_clear_fault(document: bytes, said: str) -> None:
    with pytest.raises(UnknownEncoding, match=said):
        as_utf8(document)


def test_entities_are_looked_for_behind_the_encoding() -> None:
    bomb = (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
    )
    with pytest.raises(UnsafeEntities):
        check_entities(as_utf8(bomb.encode("utf-16")))
