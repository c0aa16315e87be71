"""Strangers' RDF on its way to the parser, and what the parser says of it, for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Final, Protocol, cast

from pyoxigraph import RdfFormat

from smegraph.store.errors import UnsafeEntities

_PLACE: Final = re.compile(r"Parser error (?:at|between) .*?\d: ", re.DOTALL)
_EXPLANATIONS: Final[Mapping[str, str]] = {
    "No LoadDocumentCallback": "the JSON-LD context lies elsewhere, and nothing is fetched; "
    "write the context into the document",
    "XML namespaces are required": "this is XML without namespaces, and so no RDF/XML",
}
_ENTITY: Final = re.compile(rb"""<!ENTITY\s+(%?)\s*[^\s"'>]+\s*(?:"([^"]*)"|'([^']*)'|)""")
_ENTITY_LIMIT: Final = 2048  # bytes that an entity may stand for


class Readable(Protocol):
    """What a parser needs of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most so many; none at the end."""


class LineEnds:
    """An XML document in UTF-8, read with the line ends that a parser has to see (XML 1.0 §2.11).

    The engine's parser takes a carriage return for a character of the text.
    """

    def __init__(self, document: Readable) -> None:
        """Take the document."""
        self._document, self._ended = document, False

    def read(self, size: int = -1) -> bytes:
        """Read like a file."""
        found = self._document.read(size)
        if self._ended and found.startswith(b"\n"):  # the second half of a line's end
            found = found[1:] or self._document.read(size)
        self._ended = found.endswith(b"\r")
        return found.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def parser_input(document: Readable, format: RdfFormat) -> IO[bytes]:
    """Return a document as the parser of its format has to see it."""
    read = LineEnds(document) if format == RdfFormat.RDF_XML else document
    return cast(IO[bytes], read)  # Parsers call nothing but `read`.


def check_entities(document: bytes) -> None:
    """Refuse XML entities that could make a small document a huge graph: the parser expands them.

    Ontologies abbreviate namespaces by entities, which is harmless: they are short and hold no
    entity themselves.

    Raises:
        UnsafeEntities: an entity is long, is made of others, or is for the document type itself.
    """
    for parameter, *values in _ENTITY.findall(document):
        value = b"".join(values)
        if parameter or b"&" in value or len(value) > _ENTITY_LIMIT:
            raise UnsafeEntities


def explain(error: SyntaxError) -> str:
    """Return what the parser said, without the place and as a person can use it.

    >>> explain(SyntaxError("Parser error at line 1 column 2: Unexpected end"))
    'Unexpected end'
    """
    message = str(error.args[0])
    known = (text for start, text in _EXPLANATIONS.items() if message.startswith(start))
    return next(known, _PLACE.sub("", message, count=1))
