"""Every format in which smegraph writes results; another one is another row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from smegraph.sparql.result import QueryResult


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A format: its short name, media types (the canonical first), file ending and writer.

    `is_text` says that its media type takes a charset (text/*, and TriG by habit).
    """

    name: str
    media_types: tuple[str, ...]
    extension: str
    engine: QueryResultsFormat | RdfFormat
    is_text: bool = True

    @property
    def media_type(self) -> str:
        """The canonical media type."""
        return self.media_types[0]


# SPARQL 1.1 Query Results JSON, XML, CSV and TSV; in the order of the server's preference.
TABLE_FORMATS: Final = (
    ResultFormat(
        "json",
        ("application/sparql-results+json", "application/json"),
        "srj",
        QueryResultsFormat.JSON,
        is_text=False,
    ),
    ResultFormat(
        "xml",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "srx",
        QueryResultsFormat.XML,
        is_text=False,
    ),
    ResultFormat("csv", ("text/csv",), "csv", QueryResultsFormat.CSV),
    ResultFormat("tsv", ("text/tab-separated-values",), "tsv", QueryResultsFormat.TSV),
)

# RDF 1.1 Turtle, N-Triples, RDF/XML, JSON-LD 1.1, and the graph as the default graph of a dataset
# in RDF 1.1 TriG and N-Quads.
GRAPH_FORMATS: Final = (
    ResultFormat("turtle", ("text/turtle", "application/x-turtle"), "ttl", RdfFormat.TURTLE),
    ResultFormat("ntriples", ("application/n-triples",), "nt", RdfFormat.N_TRIPLES, is_text=False),
    ResultFormat(
        "rdfxml",
        ("application/rdf+xml", "application/xml", "text/xml"),
        "rdf",
        RdfFormat.RDF_XML,
        is_text=False,
    ),
    ResultFormat(
        "jsonld",
        ("application/ld+json", "application/json"),
        "jsonld",
        RdfFormat.JSON_LD,
        is_text=False,
    ),
    ResultFormat("trig", ("application/trig", "application/x-trig"), "trig", RdfFormat.TRIG),
    ResultFormat("nquads", ("application/n-quads",), "nq", RdfFormat.N_QUADS, is_text=False),
)

FORMATS: Final = {found.name: found for found in (*TABLE_FORMATS, *GRAPH_FORMATS)}


def formats_for(result: QueryResult) -> tuple[ResultFormat, ...]:
    """Return the formats for solutions and booleans, or those for triples."""
    is_graph = isinstance(result, pyoxigraph.QueryTriples)
    return GRAPH_FORMATS if is_graph else TABLE_FORMATS
