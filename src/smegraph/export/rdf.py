"""Extracts as RDF, each with its header first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any

import pyoxigraph as ox

from smegraph.export.extract import Extract
from smegraph.export.formats import ExportFormat
from smegraph.export.functional import functional_syntax
from smegraph.export.jsonld import write as write_jsonld
from smegraph.namespaces import PREFIXES, prefixes_used
from smegraph.release.exports import trig_of
from smegraph.release.turtle_text import readable_turtle
from smegraph.results.xml_limits import CharacterCheck, kept_line_ends, with_names


# Decision 079: docs/decisions/079-exports.md
def write_rdf(
    extract: Extract, form: ExportFormat, file: IO[bytes], context: Mapping[str, Any]
) -> None:
    """Write an extract.

    N-Triples and N-Quads are written as they are read and need no memory. The other formats are in
    order, and hold the triples of one graph (Turtle, TriG) or all of them.

    Raises:
        NotWritable: RDF/XML cannot carry a name or a character.
        ExportError: the library for a format is not installed.
    """
    if form.name == "turtle":
        file.write(readable_turtle(extract.triples(), extract.header).encode())
    elif form.name == "functional":
        file.write(functional_syntax(extract.triples()).encode())
    elif form.name == "trig":
        file.write(trig_of(dict(_turtles(extract))).encode())
    elif form.name == "jsonld":
        for part in write_jsonld(chain(extract.header, extract.triples()), context):
            file.write(part.encode())
    elif form.name == "rdfxml":
        _write_xml(chain(extract.header, extract.triples()), file)
    elif form.name == "nquads":
        ox.serialize(_quads(extract), file, ox.RdfFormat.N_QUADS)
    else:
        ox.serialize(chain(extract.header, extract.triples()), file, ox.RdfFormat.N_TRIPLES)


def _quads(extract: Extract) -> Iterator[ox.Quad]:
    for graph, triples in extract.graphs.items():
        name = ox.NamedNode(graph)
        for triple in triples():
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)


def _turtles(extract: Extract) -> Iterator[tuple[str, str]]:
    """Yield the Turtle of each graph, in which what is said of the graph stands first."""
    for graph, triples in extract.graphs.items():
        name, held = ox.NamedNode(graph), [*triples()]
        header = [triple for triple in held if triple.subject == name]
        letters = "".join(filter(str.isalnum, graph.rsplit("/", 1)[-1]))
        body = (triple for triple in held if triple.subject != name)
        yield graph, readable_turtle(body, header, blank=f"{letters}-b")


def _write_xml(triples: Iterable[ox.Triple], file: IO[bytes]) -> None:
    """Write RDF/XML in which each subject stands once."""
    known = sorted(triples, key=lambda triple: (str(triple.subject), triple.predicate.value))
    iris = {term.value for triple in known for term in triple if isinstance(term, ox.NamedNode)}
    output: Any = _Checked(file)  # has what the engine needs of a file
    prefixes = prefixes_used(iris) or dict(PREFIXES)
    ox.serialize(with_names(known), output, ox.RdfFormat.RDF_XML, prefixes=prefixes)


class _Checked:
    """A file that refuses what XML cannot carry, and keeps what the engine would lose."""

    def __init__(self, file: IO[bytes]) -> None:
        self._check, self._write = CharacterCheck(), kept_line_ends(file.write)

    def write(self, part: bytes) -> int:
        """Take a part of the document."""
        self._check.feed(part)
        self._write(part)
        return len(part)

    def flush(self) -> None:
        """Do nothing: who opened the file flushes it."""
