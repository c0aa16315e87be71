"""Lines of N-Triples, taken apart and put together; no other module slices them.

A line is as Oxigraph and HermiT's reader have it: subject, predicate and object as they are
written, a space between two of them, and ` .` with a line feed at the end (RDF 1.1 N-Triples,
section 4). A subject and a predicate hold no space, so that the rest is the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from smegraph.namespaces import RDF, XSD
from smegraph.ontology.terms import TYPE

_END = " .\n"


def line(subject: str, predicate: str, value: str) -> str:
    """Return the line of three terms as they are written.

    >>> line(named("urn:a"), named("urn:b"), '"c"')
    '<urn:a> <urn:b> "c" .\\n'
    """
    return f"{subject} {predicate} {value}{_END}"


def parts(text: str) -> tuple[str, str, str]:
    """Return subject, predicate and object of a line, as they are written.

    >>> parts('<urn:a> <urn:b> "c d"@en .\\n')
    ('<urn:a>', '<urn:b>', '"c d"@en')
    """
    subject, predicate, rest = text.split(" ", 2)
    return subject, predicate, rest.rstrip("\n").removesuffix(" .")


def subject_of(text: str) -> str:
    """Return the subject of a line, as it is written."""
    return text.split(" ", 1)[0]


def predicate_of(text: str) -> str:
    """Return the predicate of a line, as it is written."""
    return text.split(" ", 2)[1]


def named(iri: str) -> str:
    """Return an IRI as it is written in a line."""
    return f"<{iri}>"


def iri_of(term: str) -> str:
    """Return the IRI of a term that is written in a line, which must be one."""
    return term[1:-1]


def is_blank(term: str) -> bool:
    """Return whether a term, or the subject of a line, is a blank node."""
    return term.startswith("_:")


def datatype_of(term: str) -> str | None:
    """Return the IRI of the datatype of a literal in a line, and None of another term.

    >>> datatype_of('"c"'), datatype_of('"c"@en'), datatype_of(named("urn:c"))
    ('http://www.w3.org/2001/XMLSchema#string',
     'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', None)
    >>> datatype_of('"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    'http://www.w3.org/2001/XMLSchema#integer'
    """
    if not term.startswith('"'):
        return None
    suffix = term.rsplit('"', 1)[1]
    if suffix.startswith("@"):
        return RDF + "langString"
    return iri_of(suffix.removeprefix("^^")) if suffix else XSD + "string"


def memberships(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the subject of each `rdf:type`, as it is written, and the IRI of the class.

    >>> list(memberships([line(named("urn:a"), named(TYPE), named("urn:C"))]))
    [('<urn:a>', 'urn:C')]
    """
    wanted = named(TYPE)
    for text in lines:
        if wanted in text:  # or in a literal, but most lines need not be taken apart
            subject, predicate, value = parts(text)
            if predicate == wanted:
                yield subject, iri_of(value)


def lines_of(triples: Iterable[ox.Triple]) -> list[str]:
    """Return the lines of triples, sorted."""
    return sorted(f"{triple}{_END}" for triple in triples)


def without_graphs(quads: Iterable[str]) -> list[str]:
    """Return lines of N-Quads that name a graph as lines of N-Triples, sorted, each once.

    >>> without_graphs(["<urn:a> <urn:b> <urn:c> <urn:g> .\\n"])
    ['<urn:a> <urn:b> <urn:c> .\\n']
    """
    return sorted({text.rsplit(" <", 1)[0] + _END for text in quads})
