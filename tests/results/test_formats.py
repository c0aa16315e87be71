"""The table of formats."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS, formats_for


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
