"""Strangers' RDF on its way to the parser, and what the parser says of it, for a person."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import IO, Final, Protocol, cast

from pyoxigraph import RdfFormat

from smegraph.store.errors import UnknownEncoding, UnsafeEntities

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


# The first bytes of a document, and its encoding (XML 1.0, appendix F); the longest come first.
_FIRST_BYTES: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED: Final = re.compile(
    r"""\A(<\?xml\s+version\s*=\s*(?:"[^"]*"|'[^']*'))\s+encoding\s*=\s*["']([\w.:-]+)["']""",
    re.ASCII,
)
_HEAD: Final = 256  # characters that a declaration has at most


def as_utf8(document: bytes) -> bytes:
    """Return an XML document in UTF-8, which the parser needs, whatever it is in (XML 1.0 §4.3.3).

    Raises:
        UnknownEncoding: nothing is known of the encoding that it names, or it is not in that.
    """
    if document.startswith(codecs.BOM_UTF8):
        return document.removeprefix(codecs.BOM_UTF8)
    found = next((name for start, name in _FIRST_BYTES if document.startswith(start)), None)
    head = document[: 4 * _HEAD].decode(found or "latin-1", "replace")
    declared = _DECLARED.match(head)
    encoding = found or (declared[2] if declared else "utf-8")
    if encoding.lower() in ("utf-8", "utf8"):
        return document
    if not found and encoding.lower().startswith(("utf-16", "utf-32", "ucs")):
        raise UnknownEncoding(f"it says that it is in {encoding}, and is not")
    try:
        text = document.decode(encoding)
    except LookupError as error:
        raise UnknownEncoding(f"its encoding, {encoding}, is not known here") from error
    except UnicodeDecodeError as error:
        raise UnknownEncoding(f"from byte {error.start} on it is not in {encoding}") from error
    return _DECLARED.sub(r"\1", text, count=1).encode("utf-8", "surrogatepass")


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
