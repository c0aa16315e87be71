"""Query results written as they are computed, part by part."""

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
from smegraph.results.csv_table import write_csv
from smegraph.results.errors import NotWritable
from smegraph.results.formats import ResultFormat
from smegraph.results.xml_limits import CharacterCheck, kept_line_ends, with_names
from smegraph.sparql.errors import EngineErrors
from smegraph.sparql.result import QueryResult

PART: Final = 65_536
_LOOKED_AT: Final = 10_000  # triples, to find the prefixes of a graph

_Take: TypeAlias = Callable[[bytes], object]
# Writes triples as Turtle that is grouped, with those of the prefixes that it uses.
Turtle: TypeAlias = Callable[[Sequence[Triple], Mapping[str, str]], str]

_BY_LINE: Final = frozenset({"ntriples", "nquads"})
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
    turtle: Turtle | None = None,
) -> None:
    """Write the result in `format`, one of `formats_for(result)`.

    A graph in Turtle of less than 10,000 triples is written by `turtle`, where there is one; the
    triples of a longer one are written as they come.

    `write` takes parts of at least 64 KiB, but for the last; what it raises ends the work and
    is raised here. A graph declares those of `prefixes` that it uses, or all of them when it is
    long.

    Raises NotWritable when the kind of result has no such format, or when RDF/XML or an XML result
    cannot carry a name or a character (perhaps after some parts are out), and what
    `EmbeddedStore.query` raises, since results are computed as they are written.
    """
    try:
        with EngineErrors():
            _write(result, format, write, prefixes, turtle)
    except _WriteFailed as failure:
        raise failure.error from None


def _write(
    result: QueryResult,
    format: ResultFormat,
    write: _Take,
    prefixes: Mapping[str, str],
    turtle: Turtle | None,
) -> None:
    engine = format.engine
    if isinstance(result, QueryTriples):
        if not isinstance(engine, RdfFormat):
            raise NotWritable(f"A graph has no form in {format.name}.")
        _write_graph(result, format.name, engine, write, prefixes, turtle)
        return
    if not isinstance(engine, QueryResultsFormat):
        raise NotWritable(f"A table or a truth value has no form in {format.name}.")
    _write_table(result, format.name, engine, write)


def _write_table(
    result: QuerySolutions | QueryBoolean, name: str, engine: QueryResultsFormat, write: _Take
) -> None:
    """Let the engine write by itself, but for CSV."""
    is_xml = name == "xml" and isinstance(result, QuerySolutions)
    output = _Output((CharacterCheck().feed, kept_line_ends(write)) if is_xml else (write,))
    if name == "csv" and isinstance(result, QuerySolutions):
        write_csv(result, output.write)
    else:
        result.serialize(output.file, engine)
    output.finish()


# Decision 078: docs/decisions/078-readable-turtle.md
def _write_graph(
    triples: QueryTriples,
    name: str,
    engine: RdfFormat,
    write: _Take,
    prefixes: Mapping[str, str],
    turtle: Turtle | None,
) -> None:
    """Let the engine write lines by itself; hand it the triples for the other formats."""
    is_xml = name == "rdfxml"
    output = _Output((CharacterCheck().feed, kept_line_ends(write)) if is_xml else (write,))
    if name in _BY_LINE:
        triples.serialize(output.file, engine)
    else:
        source = with_names(triples) if is_xml else iter(triples)
        first = list(islice(source, _LOOKED_AT))
        if name == "turtle" and turtle is not None and len(first) < _LOOKED_AT:
            output.write(turtle(first, prefixes).encode())
            output.finish()
            return
        declared = _declared(first, prefixes) if name in _WITH_PREFIXES else None
        pyoxigraph.serialize(chain(first, source), output.file, engine, prefixes=declared)
    output.finish()


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
