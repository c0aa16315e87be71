"""The table of formats."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from smegraph.results.formats import (
    FORMATS,
    GRAPH_FORMATS,
    TABLE_FORMATS,
    ResultFormat,
    formats_for,
)


def test_names_and_canonical_media_types_are_unique() -> None:
    everything = (*TABLE_FORMATS, *GRAPH_FORMATS)
    assert len(FORMATS) == len(everything)
    assert len({found.media_type for found in everything}) == len(everything)


def test_every_media_type_and_ending_is_the_registered_one() -> None:
    """RDF 1.1 TriG §5, N-Quads §6 and their like in the other specifications."""
    assert {found.name: (found.media_type, found.extension) for found in GRAPH_FORMATS} == {
        "turtle": ("text/turtle", "ttl"),
        "ntriples": ("application/n-triples", "nt"),
        "rdfxml": ("application/rdf+xml", "rdf"),
        "jsonld": ("application/ld+json", "jsonld"),
        "trig": ("application/trig", "trig"),
        "nquads": ("application/n-quads", "nq"),
    }


def test_media_types_and_endings_of_tables_are_the_registered_ones() -> None:
    """The sections on media types of SPARQL 1.1 Query Results JSON, XML, CSV and TSV."""
    assert {found.name: (found.media_type, found.extension) for found in TABLE_FORMATS} == {
        "json": ("application/sparql-results+json", "srj"),
        "xml": ("application/sparql-results+xml", "srx"),
        "csv": ("text/csv", "csv"),
        "tsv": ("text/tab-separated-values", "tsv"),
    }


@pytest.mark.parametrize("formats", [TABLE_FORMATS, GRAPH_FORMATS], ids=["tables", "graphs"])
def test_any_media_type_means_one_format_of_a_kind_of_result(
    formats: tuple[ResultFormat, ...],
) -> None:
    types = [name for found in formats for name in found.media_types]
    assert len(set(types)) == len(types)


def test_the_engine_knows_each_format_by_the_same_media_type() -> None:
    for found in TABLE_FORMATS:
        assert QueryResultsFormat.from_media_type(found.media_type) == found.engine
    for found in GRAPH_FORMATS:
        assert RdfFormat.from_media_type(found.media_type) == found.engine


def test_media_types_of_text_take_a_charset_and_json_and_xml_do_not() -> None:
    for found in FORMATS.values():
        if found.media_type.startswith("text/"):
            assert found.is_text, found.name
        if "json" in found.media_type or "xml" in found.media_type:
            assert not found.is_text, found.name


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * {}", TABLE_FORMATS),
        ("ASK {}", TABLE_FORMATS),
        ("CONSTRUCT WHERE {}", GRAPH_FORMATS),
        ("DESCRIBE <http://e/>", GRAPH_FORMATS),
    ],
)
def test_each_kind_of_result_has_its_formats(query: str, expected: tuple[object, ...]) -> None:
    assert formats_for(Store().query(query)) == expected
