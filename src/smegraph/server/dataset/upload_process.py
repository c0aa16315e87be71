"""The process that parses what strangers upload, away from the store and from the service."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyoxigraph
from pyoxigraph import DefaultGraph, RdfFormat, Triple

from smegraph.server.dataset.errors import MalformedDocument, TermTooLong
from smegraph.server.dataset.interface import Document
from smegraph.server.dataset.proof import LONGEST, TOKEN_TOO_LONG, prove_document, prove_text
from smegraph.server.dataset.replies import encode_refusal
from smegraph.server.disk_space import DiskSpace, is_full
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.workers.messages import pack, receive
from smegraph.server.workers.sandbox import die_with_parent, leave_network, limit_memory
from smegraph.store.errors import UnknownEncoding, UnsafeEntities
from smegraph.store.rdf_input import as_utf8, check_entities, explain, parser_input

_NAMED_GRAPHS: Final = (
    "it holds named graphs, and one graph is addressed here: send the default graph's statements "
    "alone"
)
_LIKE_SPARQL: Final = frozenset(
    format.media_type
    for format in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
)
_DISK_CHECKED_EVERY: Final = 10_000  # triples


def convert(
    documents: Sequence[Document],
    base: str,
    output: Path,
    keep_free: int = 0,
    longest: int = LONGEST,
) -> int:
    """Write documents as one N-Triples file; return how many triples they state.

    Blank nodes get new random labels, so those of two documents, or of the store, never meet. That
    the file can be read is proved. Raises MalformedDocument, TermTooLong for a term of more than
    `longest` bytes, and InsufficientStorage when less than `keep_free` bytes are left on the disk.
    """
    written, disk = 0, DiskSpace(output.parent, keep_free)
    with output.open("wb") as file:
        for path, media_type, name in documents:
            counted = _CountedTriples(_triples(Path(path), media_type, base), disk)
            try:
                pyoxigraph.serialize(counted, file, RdfFormat.N_TRIPLES)
            except SyntaxError as error:
                raise _malformed(error, name) from error
            except MemoryError as error:
                if TOKEN_TOO_LONG not in str(error):
                    raise
                raise _token_too_long(Path(path), media_type, counted, name, longest) from error
            except (UnknownEncoding, UnsafeEntities) as error:
                raise MalformedDocument(str(error)) from error
            written += counted.count
    prove_document(output, longest)
    return written


def _token_too_long(
    path: Path, media_type: str, counted: _CountedTriples, name: str, longest: int
) -> TermTooLong:
    """Return where the parser met a token that it does not take."""
    document = f"{name}: " if name else ""
    if media_type in _LIKE_SPARQL:
        try:
            prove_text(path.read_text("utf-8", "replace"), longest)
        except TermTooLong as found:
            return TermTooLong(f"{document}{found.reason}", found.line, found.column)
    place = f"behind statement {counted.count}" if counted.count else "at the beginning"
    return TermTooLong(
        f"{document}Something {place} is longer than the parser takes; a literal or an IRI may "
        f"take {longest} bytes in N-Triples."
    )


class _CountedTriples:
    """Counts what is taken from it, and ends it when there is too little room."""

    def __init__(self, triples: Iterator[Triple], disk: DiskSpace) -> None:
        self._triples, self._disk, self.count = triples, disk, 0

    def __iter__(self) -> Iterator[Triple]:
        for triple in self._triples:
            if self.count % _DISK_CHECKED_EVERY == 0:
                self._disk.require()
            self.count += 1
            yield triple


def _triples(path: Path, media_type: str, base: str) -> Iterator[Triple]:
    format = RdfFormat.from_media_type(media_type)
    assert format is not None  # The service takes no other ones.
    document: BinaryIO = path.open("rb")
    if format == RdfFormat.RDF_XML:
        with document:
            text = as_utf8(document.read())
        check_entities(text)
        document = BytesIO(text)
    with document as file:
        parsed = pyoxigraph.parse(
            parser_input(file, format), format, base_iri=base, rename_blank_nodes=True
        )
        for quad in parsed:
            if not isinstance(quad.graph_name, DefaultGraph):
                raise MalformedDocument(_NAMED_GRAPHS)
            yield quad.triple


def _malformed(error: SyntaxError, name: str) -> MalformedDocument:
    reason = explain(error)
    return MalformedDocument(f"{name}: {reason}" if name else reason, error.lineno, error.offset)


def _reply(
    documents: Sequence[Document], base: str, output: str, keep_free: int, longest: int
) -> list[Any]:
    try:
        return ["done", convert(documents, base, Path(output), keep_free, longest)]
    except (MalformedDocument, TermTooLong) as error:
        return encode_refusal(error)
    except MemoryError:
        return ["memory"]
    except InsufficientStorage as error:
        return ["full", str(error)]
    except OSError as error:
        if not is_full(error):
            raise
        return ["full", "There is no room on the disk for this graph. Nothing was changed."]


def main(arguments: list[str]) -> None:
    """Serve the socket with a descriptor, within a limit of bytes, for a parent."""
    descriptor, limit, parent = arguments
    die_with_parent(int(parent))
    connection = socket.socket(fileno=int(descriptor))
    leave_network()
    limit_memory(int(limit))
    connection.sendall(pack([0, "ready"]))
    while message := receive(connection):
        (number, _, options), _ = message
        connection.sendall(pack([number, *_reply(**options)]))


if __name__ == "__main__":
    main(sys.argv[1:])
