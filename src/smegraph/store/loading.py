"""Load what is served: as N-Quads into the pipe of a process that keeps it in memory, or on disk.

Run as `python -m smegraph.store.loading PATH --union|--strict [--base IRI]` it writes N-Quads
to its standard output. It ends with 0 only after the last byte is written, so whoever reads takes
the data for whole by the exit code. Standard error gets one JSON object on each line: on success
the fields of `Dumped`, else `{"error": ...}` and one `{"file": ..., "line": ...}` for each fault.
"""

from __future__ import annotations

import bz2
import gzip
import json
import os
import shutil
import sys
import zlib
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, Final, cast
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from smegraph.store.embedded import store_union
from smegraph.store.errors import Fault, SourceError, UnknownEncoding, UnsafeEntities
from smegraph.store.long_terms import TOO_LONG, TermTooLongToRead, line_of_long_term
from smegraph.store.rdf_input import as_utf8, check_entities, explain, parser_input
from smegraph.store.sorted_statements import SortedStatements
from smegraph.store.sources import RdfFile, Source, find_source, fingerprint

# Relative IRIs of a file resolve as if the served folder were the root of a file system: so they
# tell nothing about this machine, and are the same on every other.
# Decision 032: docs/decisions/032-relative-iris.md
LOCAL_BASE: Final = "file:///"
UNPACKED_LIMIT: Final = 2**30

_FAULTS_SHOWN: Final = 20
_BOM: Final = b"\xef\xbb\xbf"
_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Dumped:
    """What a loader has written.

    Attributes:
        quads: how many statements the source holds, a union not counted.
        union: whether the default graph is the union of all graphs, written as a second copy.
        disjoint: whether it is known that no triple stands in two graphs.
    """

    quads: int
    union: bool
    disjoint: bool


# Decision 012: docs/decisions/012-union-default-graph.md
def dump(source: Source, out: BinaryIO, *, union: bool, base: str = LOCAL_BASE) -> Dumped:
    """Write a source as N-Quads (RDF 1.1 N-Quads).

    With `union`, and where a triple stands in two graphs, every triple of a named graph is also
    written as one of the default graph. What reads it into a store, which is a set, so gets the
    union of all graphs (`store_union`), and counts a triple once that several graphs state. Else
    the default graph holds what the source itself has there; a release has nothing there but the
    union that it brings.

    Triples of formats without graphs go to the default graph. Blank nodes of different files are
    kept apart. `base` is where relative IRIs start. Raises SourceError with every fault.
    """
    if source.store is None:
        store = Store()
        load_files(source, store, base=base)
    else:
        store = _open(source.store)
    try:
        return _dump(source, store, SortedStatements(out, compare=union))
    except TermTooLongToRead as error:
        raise SourceError(str(error)) from error


def _dump(source: Source, store: Store, lines: SortedStatements) -> Dumped:
    output = cast(BinaryIO, lines)  # the engine calls nothing but `write`
    graphs = sorted(store.named_graphs(), key=str, reverse=True)
    for graph in graphs:
        lines.graph = graph
        store.dump(output, RdfFormat.N_TRIPLES, from_graph=graph)
        lines.flush()
    if source.kind != "release" or not lines.count:  # else it is the union, which is no new data
        lines.graph = None
        store.dump(output, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        lines.flush()
    count = lines.count
    if lines.shared:
        _dump_union(store, graphs, lines)
    return Dumped(count, union=lines.shared, disjoint=lines.compare and not lines.shared)


def _dump_union(
    store: Store, graphs: Iterable[NamedNode | BlankNode], lines: SortedStatements
) -> None:
    """Write what the named graphs hold once more, as statements of the default graph."""
    lines.graph = None
    for graph in graphs:
        store.dump(cast(BinaryIO, lines), RdfFormat.N_TRIPLES, from_graph=graph)
    lines.flush()


def _open(folder: Path) -> Store:
    try:
        return Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:  # RuntimeError: files that are cut short
        raise SourceError(f"{folder} is no Oxigraph store, or damaged: {error}.") from error


def prepare(source: Source, folder: Path, *, union: bool, base: str = LOCAL_BASE) -> Path:
    """Return a folder with a store on disk of a source that is too large for memory.

    A release, and a store without `union`, are served where they lie. Else the store is made in
    `folder` once for each state of the source, takes its name only when it is whole, and all but
    the two newest are removed. Raises SourceError with every fault, or OSError of the disk.
    """
    if source.store is not None and (source.kind == "release" or not union):
        return source.store
    target = folder / f"{fingerprint(source)}-{'union' if union else 'strict'}"
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".building-{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        try:
            _build(source, beside, union, base)
            beside.rename(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    _drop_old(folder, target)
    return target


def _build(source: Source, folder: Path, union: bool, base: str) -> None:
    """Make a store on disk; it is closed when this returns."""
    if source.store is not None:
        _open(source.store).backup(str(folder))
    store = Store(str(folder))
    if source.store is None:
        load_files(source, store, base=base)
    if union:
        store_union(store)
    store.flush()


def _drop_old(folder: Path, kept: Path) -> None:
    others = [path for path in folder.iterdir() if path != kept and not path.name.startswith(".")]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def load_files(
    source: Source, store: Store, *, base: str = LOCAL_BASE, limit: int = UNPACKED_LIMIT
) -> None:
    """Load every file of a source; `limit` is in bytes and holds for each unpacked file.

    Raises SourceError with the faults of all files; the store is of no use then.
    """
    faults: list[Fault] = []
    for file in source.files:
        iri = base + quote(file.name)
        try:
            with _open_decoded(file, limit) as data:
                store.bulk_load(data, file.format, base_iri=iri)
        except SyntaxError:
            faults += _faults(file, iri, limit)
        except MemoryError:
            faults.append(_long_term(file, iri, limit))
        except (OSError, UnknownEncoding, UnsafeEntities) as error:
            faults.append(Fault(file.name, None, None, str(error)))
    if faults:
        raise SourceError(_summary(faults), tuple(faults))


def _long_term(file: RdfFile, base: str, limit: int) -> Fault:
    with _open_decoded(file, limit) as data:
        line = line_of_long_term(data, file.format, base)
    return Fault(file.name, line, None, TOO_LONG)


def _summary(faults: Sequence[Fault]) -> str:
    count, files = len(faults), len({fault.file for fault in faults})
    shown = f"{count} fault{'s' * (count > 1)} in {files} file{'s' * (files > 1)}"
    return f"It cannot be served, as there {'are' if count > 1 else 'is'} {shown}:"


@contextmanager
def _open_decoded(file: RdfFile, limit: int) -> Iterator[IO[bytes]]:
    """Open a file, unpacked and behind its byte order mark."""
    with _open_file(file) as data:
        bounded = _Bounded(data, limit if file.packed else sys.maxsize)
        if file.format == RdfFormat.RDF_XML:
            document = as_utf8(bounded.read())
            check_entities(document)
            yield parser_input(BytesIO(document), file.format)
            return
        if bounded.read(len(_BOM)) != _BOM:
            data.seek(0)
        yield parser_input(bounded, file.format)


def _open_file(file: RdfFile) -> BinaryIO:
    if not file.packed:
        return file.path.open("rb")
    opened = bz2.open if file.name.lower().endswith(".bz2") else gzip.open
    return cast(BinaryIO, opened(file.path))


class _Bounded:
    """A file that gives no more than so many bytes, so that a small file cannot fill memory."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._limit = file, limit

    def read(self, size: int = -1) -> bytes:
        """Read like a file; raises OSError beyond the limit and for what cannot be unpacked."""
        asked = size if 0 <= size <= self._limit else min(self._limit, sys.maxsize - 1) + 1
        try:
            data = self._file.read(asked) if self._limit < sys.maxsize else self._file.read(size)
            beyond = self._file.tell() > self._limit
        except (EOFError, zlib.error) as error:
            raise OSError(f"it cannot be unpacked: {error}") from error
        if beyond:
            raise OSError(
                f"unpacked it is larger than {self._limit} bytes. Unpack it yourself if that is "
                "what it should be"
            )
        return data


def _faults(file: RdfFile, base: str, limit: int) -> Iterator[Fault]:
    """Parse a file again for all its faults: the parser goes on behind one where it can."""
    with _open_decoded(file, limit) as data:
        quads = pyoxigraph.parse(data, file.format, base_iri=base)
        for _ in range(_FAULTS_SHOWN):
            try:
                for _ in quads:
                    pass
                return
            except SyntaxError as error:
                yield Fault(file.name, error.lineno, error.offset, explain(error))
    yield Fault(file.name, None, None, "and perhaps more; only the first are shown")


def loader_command(
    path: Path, *, union: bool, base: str = LOCAL_BASE, follow_links: bool = False
) -> tuple[str, ...]:
    """Return the command that writes what a path holds as N-Quads to its standard output."""
    graph = "--union" if union else "--strict"
    links = ("--follow-links",) if follow_links else ()
    return (sys.executable, "-m", __name__, str(path), graph, "--base", base, *links)


def parse_failure(stderr: str) -> SourceError:
    """Return the error that a loader has written to its standard error."""
    message, faults = "", []
    for line in stderr.splitlines():
        with suppress(ValueError, TypeError):
            found = json.loads(line)
            if "error" in found:
                message = found["error"]
            elif "file" in found:
                faults.append(Fault(**found))
    return SourceError(message or f"The data cannot be loaded: {stderr.strip()}", tuple(faults))


def parse_report(stderr: str) -> Dumped:
    """Return what a loader that ended with 0 has reported."""
    return Dumped(**json.loads(stderr.splitlines()[-1]))


def main(arguments: list[str] | None = None) -> int:
    """Write a source to standard output; return the exit code."""
    parser = ArgumentParser(prog="python -m smegraph.store.loading")
    parser.add_argument("path", type=Path)
    graph = parser.add_mutually_exclusive_group(required=True)
    graph.add_argument("--union", action="store_true")
    graph.add_argument("--strict", action="store_true")
    parser.add_argument("--base", default=LOCAL_BASE)
    parser.add_argument("--follow-links", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        source = find_source(asked.path, follow_links=asked.follow_links)
        done = dump(source, sys.stdout.buffer, union=asked.union, base=asked.base)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _end_output()
        return 1
    except SourceError as error:
        _end_output()
        _report({"error": error.message}, *map(asdict, error.faults))
        return 1
    _report(asdict(done))
    return 0


def _end_output() -> None:
    """Let whoever reads the output first come to its end; what is not flushed yet is dropped."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(*objects: Mapping[str, object]) -> None:
    for found in objects:
        print(json.dumps(found, ensure_ascii=False), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
