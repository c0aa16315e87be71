"""Write query results in every format that smegraph offers.

The formats are a table: another one is another row and, if the engine cannot write it, a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Triple

from smegraph.prefixes import prefixes_used
from smegraph.store.embedded import QueryRefused, QueryResult, engine_errors


class NotWritable(QueryRefused):
    """These results cannot be written in this format, though they can in others."""


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A format: its short name, media types (the canonical first), file ending and writer."""

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

# RDF 1.1 Turtle, N-Triples, RDF/XML and JSON-LD 1.1.
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
)

FORMATS: Final = {found.name: found for found in (*TABLE_FORMATS, *GRAPH_FORMATS)}

# No format here writes these datatypes out.
_UNWRITTEN: Final = (
    pyoxigraph.Literal("").datatype,
    pyoxigraph.Literal("", language="en").datatype,
)

_XML_FORBIDS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_XML_NAME_AT_END: Final = re.compile(r"[^\W\d][\w.·-]*$")


def formats_for(result: QueryResult) -> tuple[ResultFormat, ...]:
    """Return the formats for solutions and booleans, or those for triples."""
    is_graph = isinstance(result, pyoxigraph.QueryTriples)
    return GRAPH_FORMATS if is_graph else TABLE_FORMATS


def serialise(result: QueryResult, format: ResultFormat) -> bytes:
    """Return the whole result in `format`, which must be one of `formats_for(result)`.

    Raises NotWritable when RDF/XML or an XML result cannot carry a name or a character, and what
    `EmbeddedStore.query` raises, since results are computed as they are written.
    """
    with engine_errors():
        if isinstance(result, pyoxigraph.QueryTriples):
            return _graph(result, format)
        if not isinstance(format.engine, QueryResultsFormat):
            raise NotWritable(f"A table or a truth value has no form in {format.name}.")
        body = result.serialize(format=format.engine)
        assert body is not None  # It is None only when an output file is given.
    return _checked_xml(body) if format.name == "xml" else body


def _graph(result: pyoxigraph.QueryTriples, format: ResultFormat) -> bytes:
    """Write triples, declaring only the prefixes that they use."""
    if not isinstance(format.engine, RdfFormat):
        raise NotWritable(f"A graph has no form in {format.name}.")
    triples = list(result)
    if format.name == "rdfxml":
        _check_xml_names(triples)
    prefixes = prefixes_used(_iris(triples)) if format.name in ("turtle", "rdfxml") else None
    body = pyoxigraph.serialize(triples, format=format.engine, prefixes=prefixes)
    assert body is not None  # It is None only when an output file is given.
    return _checked_xml(body) if format.name == "rdfxml" else body


def _iris(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the IRIs of triples, those of datatypes that are written included."""
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, pyoxigraph.Literal) and term.datatype not in _UNWRITTEN:
                yield term.datatype.value


def _check_xml_names(triples: Iterable[Triple]) -> None:
    """Refuse a predicate that has no XML name: the engine would write a broken element."""
    for iri in {triple.predicate.value for triple in triples}:
        if not _XML_NAME_AT_END.search(iri):
            raise NotWritable(
                f"RDF/XML cannot name the property <{iri}>. Ask for Turtle, N-Triples or JSON-LD."
            )


def _checked_xml(body: bytes) -> bytes:
    """Refuse characters that XML 1.0 §2.2 forbids; the engine writes them as they are."""
    if _XML_FORBIDS.search(body):
        raise NotWritable(
            "The results hold a control character, which XML cannot carry. Ask for another format."
        )
    return body
