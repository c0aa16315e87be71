"""What of a graph a query can see: its triple patterns, of which its answer is made.

A basic graph pattern matches triples one pattern at a time (SPARQL 1.1 Query §18.3), and a property
path walks along its predicates (§18.4). So a query gives the same answer over a part of the graph
that holds every triple which one of its patterns matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from smegraph.sparql.tokens import calls_service, prefixes_in

Pattern: TypeAlias = tuple[NamedNode | None, NamedNode | None, NamedNode | Literal | None]

# A relative IRI, or an escape in a name: only the engine knows what they stand for. A comparison
# may look like the former, which does no harm.
_UNSURE: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\s]*>|\\")
EVERYTHING: Final[Pattern] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Triple patterns, with None where any term will do.

    Attributes:
        default: those that the default graph is asked for.
        named: those that named graphs are asked for.
    """

    default: frozenset[Pattern]
    named: frozenset[Pattern]


class _Unsure(Exception):
    """A query may see anything."""


def patterns_of(query: str, prefixes: Mapping[str, str]) -> Patterns | None:
    """Return the patterns of a SPARQL 1.1 query; nothing where it may see anything.

    They may match more than the query does, never less. `prefixes` are those that it need not
    declare.

    >>> patterns_of("SELECT * { ?a <urn:p> ?b GRAPH <urn:g> { ?b <urn:q> ?c } }", {}).default
    frozenset({(None, <NamedNode value=urn:p>, None)})
    """
    if _UNSURE.search(query) or calls_service(query) or not _is_sound(query, prefixes):
        return None
    # What the parser has raised and caught stays for a while, in circles with the frames that
    # called it. In a thread none of these is ours, with a result that another thread must not drop.
    with ThreadPoolExecutor(1) as parser:
        return parser.submit(_read, query, prefixes).result()


def _read(query: str, prefixes: Mapping[str, str]) -> Patterns | None:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.sparql import SPARQLError

    try:
        algebra = translateQuery(parseQuery(query), initNs=dict(prefixes)).algebra
        found = list(_patterns(algebra, named=False))
    except (ParseBaseException, SPARQLError, RecursionError, ValueError, TypeError, KeyError):
        return None  # what rdflib cannot read, such as RDF 1.2
    except _Unsure:
        return None
    return Patterns(
        frozenset(pattern for named, pattern in found if not named),
        frozenset(pattern for named, pattern in found if named),
    )


_NOTHING: Final = Store()


def _is_sound(query: str, prefixes: Mapping[str, str]) -> bool:
    """Say whether the engine reads a query; of a prefix that nobody declares it alone says so.

    It evaluates some queries at once, here over nothing: none may call a service.
    """
    try:
        _NOTHING.query(query, prefixes=prefixes_in(query, prefixes))
    except (SyntaxError, ValueError):
        return False
    return True


def _patterns(node: Any, *, named: bool) -> Iterator[tuple[bool, Pattern]]:
    """Yield each pattern below a node of the algebra, and whether named graphs are asked for it."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, list | tuple | set):
        for part in node:
            yield from _patterns(part, named=named)
    elif isinstance(node, CompValue):
        if node.name == "DescribeQuery":
            raise _Unsure
        if node.name == "BGP" or node.name.startswith("TriplesBlock"):
            yield from ((named, pattern) for pattern in _of_triples(node.triples))
            return
        inside = named or node.name in ("Graph", "GraphGraphPattern")
        for key, value in node.items():
            if key not in ("template", "_vars"):
                yield from _patterns(value, named=inside)


def _of_triples(triples: Iterable[Any]) -> Iterator[Pattern]:
    """Yield the patterns of a block, which rdflib has as triples or, in EXISTS, in flat lists."""
    terms = [term for triple in triples for term in triple]
    for subject, predicate, object in zip(terms[::3], terms[1::3], terms[2::3], strict=True):
        yield from _of_triple(subject, predicate, object)


def _of_triple(subject: Any, predicate: Any, object: Any) -> Iterator[Pattern]:
    from rdflib import URIRef
    from rdflib.paths import Path
    from rdflib.term import Node

    if isinstance(predicate, Path):
        if _may_be_empty(predicate):
            raise _Unsure  # It joins each node of the graph to itself.
        yield from ((None, step, None) for step in _steps(predicate))
    elif isinstance(predicate, Node):
        verb = NamedNode(str(predicate)) if isinstance(predicate, URIRef) else None
        subject = _constant(subject)
        yield subject if isinstance(subject, NamedNode) else None, verb, _constant(object)
    else:
        raise _Unsure


def _constant(term: Any) -> NamedNode | Literal | None:
    """Return a term as the engine has it; of literals only plain ones, which rdflib keeps so."""
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.Literal) and term.datatype is None and term.language is None:
        return Literal(str(term))
    return None


def _may_be_empty(path: Any) -> bool:
    """Say whether a path has a match of length zero (SPARQL 1.1 Query §18.4)."""
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath

    if isinstance(path, MulPath):
        return path.mod in ("*", "?") or _may_be_empty(path.path)
    if isinstance(path, InvPath):
        return _may_be_empty(path.arg)
    if isinstance(path, AlternativePath):
        return any(map(_may_be_empty, path.args))
    return isinstance(path, SequencePath) and all(map(_may_be_empty, path.args))


def _steps(path: Any) -> Iterator[NamedNode]:
    """Yield each predicate that a path follows, in whatever direction."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath

    if isinstance(path, URIRef):
        yield NamedNode(str(path))
    elif isinstance(path, MulPath):
        yield from _steps(path.path)
    elif isinstance(path, InvPath):
        yield from _steps(path.arg)
    elif isinstance(path, AlternativePath | SequencePath):
        for arg in path.args:
            yield from _steps(arg)
    else:
        raise _Unsure  # A negated set follows any predicate but a few.
