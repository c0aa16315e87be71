"""Write query results as they are computed, part by part, and count what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import IO, Final, TypeAlias

import pyoxigraph
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from smegraph.namespaces import PREFIXES, prefixes_used
from smegraph.results.counting import COUNTERS
from smegraph.results.csv_table import write_csv
from smegraph.results.errors import NotWritable
from smegraph.results.formats import ResultFormat
from smegraph.results.xml_limits import CharacterCheck, kept_line_ends, with_names
from smegraph.sparql.errors import EngineErrors
from smegraph.sparql.result import QueryResult

PART: Final = 65_536
_LOOKED_AT: Final = 10_000  # triples, to find the prefixes of a graph

_Take: TypeAlias = Callable[[bytes], object]

_WITH_PREFIXES: Final = frozenset({"turtle", "trig", "rdfxml"})

# No format here writes these datatypes out.
_UNWRITTEN: Final = (
    pyoxigraph.Literal("").datatype,
    pyoxigraph.Literal("", language="en").datatype,
)


def write_result(
    result: QueryResult,
    format: ResultFormat,
    write: _Take,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
) -> int | None:
    """Write the result in `format`, one of `formats_for(result)`; return its length in rows.

    `write` takes parts of at least 64 KiB, but for the last; what it raises ends the work and
    is raised here. The length counts solutions or triples; a truth value has none. A graph
    declares those of `prefixes` that it uses, or all of them when it is long.

    Raises NotWritable when the kind of result has no such format, or when RDF/XML or an XML result
    cannot carry a name or a character (perhaps after some parts are out), and what
    `EmbeddedStore.query` raises, since results are computed as they are written.
    """
    try:
        with EngineErrors():
            return _write(result, format, write, prefixes)
    except _WriteFailed as failure:
        raise failure.error from None


def _write(
    result: QueryResult, format: ResultFormat, write: _Take, prefixes: Mapping[str, str]
) -> int | None:
    engine = format.engine
    if isinstance(result, QueryTriples):
        if not isinstance(engine, RdfFormat):
            raise NotWritable(f"A graph has no form in {format.name}.")
        return _write_graph(result, format.name, engine, write, prefixes)
    if not isinstance(engine, QueryResultsFormat):
        raise NotWritable(f"A table or a truth value has no form in {format.name}.")
    return _write_table(result, format.name, engine, write)


def _write_table(
    result: QuerySolutions | QueryBoolean, name: str, engine: QueryResultsFormat, write: _Take
) -> int | None:
    """Let the engine write by itself, but for CSV, and count the rows in what it writes."""
    if isinstance(result, QueryBoolean):
        output = _Output((write,))
        result.serialize(output.file, engine)
        output.finish()
        return None
    if name == "csv":
        output = _Output((write,))
        rows = write_csv(result, output.write)
        output.finish()
        return rows
    counter = COUNTERS[name]()
    if name == "xml":
        output = _Output((CharacterCheck().feed, counter.feed, kept_line_ends(write)))
    else:
        output = _Output((counter.feed, write))
    result.serialize(output.file, engine)
    output.finish()
    return counter.rows


def _write_graph(
    triples: QueryTriples, name: str, engine: RdfFormat, write: _Take, prefixes: Mapping[str, str]
) -> int:
    """Let the engine write lines by itself; hand it the triples for the other formats."""
    if name in COUNTERS:
        lines = COUNTERS[name]()
        output = _Output((lines.feed, write))
        triples.serialize(output.file, engine)
        output.finish()
        return lines.rows
    source = with_names(triples) if name == "rdfxml" else iter(triples)
    first = list(islice(source, _LOOKED_AT))
    rows = _Count()
    is_xml = name == "rdfxml"
    output = _Output((CharacterCheck().feed, kept_line_ends(write)) if is_xml else (write,))
    counted = rows.of(chain(first, source))
    declared = _declared(first, prefixes) if name in _WITH_PREFIXES else None
    pyoxigraph.serialize(counted, output.file, engine, prefixes=declared)
    output.finish()
    return rows.n


class _Count:
    """Counts what passes."""

    def __init__(self) -> None:
        self.n = 0

    def of(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        for triple in triples:
            self.n += 1
            yield triple


def _declared(first: Sequence[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes to declare; of a graph that goes on after `first`, all of them."""
    if not prefixes or len(first) == _LOOKED_AT:
        return dict(prefixes)
    used = prefixes_used(_iris(first))
    return {prefix: start for prefix, start in used.items() if prefixes.get(prefix) == start}


def _iris(triples: Iterable[Triple]) -> Iterator[str]:
    """Yield the IRIs of triples, those of datatypes that are written included."""
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, pyoxigraph.Literal) and term.datatype not in _UNWRITTEN:
                yield term.datatype.value


class _WriteFailed(Exception):
    """Carries what a caller's `write` raised past the engine, whose own errors look the same."""

    def __init__(self, error: OSError | RuntimeError | ValueError) -> None:
        super().__init__(str(error))
        self.error = error


class _Output:
    """The file that the engine writes to: collects its pieces of 8 KiB, and passes parts on."""

    def __init__(self, takers: Sequence[_Take]) -> None:
        """Take what each part is given to, in turn."""
        self._takers = takers
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def file(self) -> IO[bytes]:
        """The output as the engine's types want it; it needs no more than the methods here."""
        return self  # type: ignore[return-value]

    def write(self, piece: bytes) -> int:
        """Take a piece of any length."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= PART:
            self.finish()
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the last part goes out with `finish`, when the engine has met no error."""

    def finish(self) -> None:
        """Pass on what is collected."""
        if not self._pieces:
            return
        part = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces, self._size = [], 0
        try:
            for take in self._takers:
                take(part)
        except (OSError, RuntimeError, ValueError) as error:
            raise _WriteFailed(error) from error
