"""The process that parses what strangers upload, away from the store and from the service."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph
from pyoxigraph import DefaultGraph, RdfFormat, Triple

from smegraph.server.dataset.uploads import Part
from smegraph.server.disk_space import Room, is_full
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.workers.messages import pack, receive
from smegraph.server.workers.sandbox import die_with_parent, leave_network, limit_memory
from smegraph.store.errors import UnsafeEntities
from smegraph.store.rdf_input import check_entities, explain, parser_input

_NAMED_GRAPHS: Final = (
    "it holds named graphs, and one graph is addressed here: send the default graph's statements "
    "alone"
)
_LOOK_EVERY: Final = 10_000
_BY_MEDIA_TYPE: Final = {
    found.media_type: found
    for found in (
        RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG,
        RdfFormat.RDF_XML, RdfFormat.JSON_LD,
    )
}  # fmt: skip


class Malformed(Exception):
    """A document is no RDF of its format; the place is None where it is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        """Take what is wrong, for a person; lines and columns count from 1."""
        super().__init__(reason)
        self.line, self.column = line, column


def convert(parts: Sequence[Part], base: str, output: Path, keep_free: int = 0) -> int:
    """Write documents as one N-Triples file; return how many triples they state.

    A part is a file's path, the media type of its format, and the name that its sender gives it.
    Blank nodes get new random labels, so those of two documents, or of the store, never meet.
    Raises Malformed, and InsufficientStorage when less than `keep_free` bytes are left on the disk.
    """
    written, room = 0, Room(output.parent, keep_free)
    with output.open("wb") as file:
        for path, media_type, name in parts:
            counted = _Counted(_triples(Path(path), _BY_MEDIA_TYPE[media_type], base), room)
            try:
                pyoxigraph.serialize(counted, file, RdfFormat.N_TRIPLES)
            except SyntaxError as error:
                raise _malformed(error, name) from error
            except UnsafeEntities as error:
                raise Malformed(str(error)) from error
            written += counted.count
    return written


class _Counted:
    """Counts what is taken from it, and ends it when there is too little room."""

    def __init__(self, triples: Iterator[Triple], room: Room) -> None:
        self._triples, self._room, self.count = triples, room, 0

    def __iter__(self) -> Iterator[Triple]:
        for triple in self._triples:
            if self.count % _LOOK_EVERY == 0:
                self._room.need()
            self.count += 1
            yield triple


def _triples(path: Path, format: RdfFormat, base: str) -> Iterator[Triple]:
    if format == RdfFormat.RDF_XML:
        check_entities(path.read_bytes())
    with path.open("rb") as file:
        parsed = pyoxigraph.parse(
            parser_input(file, format), format, base_iri=base, rename_blank_nodes=True
        )
        for quad in parsed:
            if not isinstance(quad.graph_name, DefaultGraph):
                raise Malformed(_NAMED_GRAPHS)
            yield quad.triple


def _malformed(error: SyntaxError, name: str) -> Malformed:
    reason = explain(error)
    return Malformed(f"{name}: {reason}" if name else reason, error.lineno, error.offset)


def _reply(parts: Sequence[Part], base: str, output: str, keep_free: int) -> list[Any]:
    try:
        return ["done", convert(parts, base, Path(output), keep_free)]
    except Malformed as error:
        place = f"Line {error.line}, column {error.column}: " if error.line else ""
        members = {"line": error.line, "column": error.column}
        return ["problem", "malformed-graph", f"{place}{error}.", members]
    except MemoryError:
        return ["memory"]
    except InsufficientStorage as error:
        return ["full", str(error)]
    except OSError as error:
        if not is_full(error):
            raise
        return ["full", "There is no room on the disk for this graph. Nothing was changed."]


def main(arguments: list[str]) -> None:
    """Serve the socket with a number; with a limit of bytes, for a parent."""
    number, limit, parent = arguments
    die_with_parent(int(parent))
    connection = socket.socket(fileno=int(number))
    leave_network()
    limit_memory(int(limit))
    connection.sendall(pack([0, "ready"]))
    while frame := receive(connection):
        (called, _, options), _ = frame
        reply = _reply(**options)
        connection.sendall(pack([called, *reply]))


if __name__ == "__main__":
    main(sys.argv[1:])
