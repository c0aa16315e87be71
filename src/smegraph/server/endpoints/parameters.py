"""The parameters of a request of the SPARQL 1.1 Protocol, read and checked."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote_to_bytes

from smegraph.results.formats import FORMATS, GRAPH_FORMATS, TABLE_FORMATS
from smegraph.server.dataset.interface import UpdateRequest
from smegraph.server.endpoints.refusals import not_acceptable
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.http.body import UTF_8, check_coding, parse_content_type
from smegraph.server.http.fields import Fields
from smegraph.server.http.negotiation import Choice, choices, choose_encoding
from smegraph.server.http.problems import HttpProblem
from smegraph.sparql.engine_text import without_mark
from smegraph.sparql.tokens import is_deterministic, is_query
from smegraph.suggest import nearest

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

Pairs = list[tuple[str, str]]

# Every parameter and the operation that it belongs to; a timeout goes with both (§2.1, §2.2).
_OPERATION: Final[Mapping[str, str]] = {
    "query": "query",
    "default-graph-uri": "query",
    "named-graph-uri": "query",
    "format": "query",
    "update": "update",
    "using-graph-uri": "update",
    "using-named-graph-uri": "update",
    "timeout": "",
}
# What SPARQLWrapper and others send beside `format`, with other values, to suit every service.
_SYNONYMS: Final = ("output", "results")
# SPARQLWrapper names one format in two ways; the first that is known counts.
_REPEATABLE: Final = frozenset({"format", *(n for n in _OPERATION if n.endswith("-uri"))})
_READ_ONLY_NAMES: Final = [name for name, owner in _OPERATION.items() if owner != "update"]
# What RDF4J sends that looks like one of ours and is none.
_FOREIGN: Final = frozenset({"queryln"})
_LONGEST_NAME: Final = 40  # characters of what may be a slip of the pen
_ALIKE: Final = 0.75
_MOST_PARAMETERS: Final = 1000
_LONGEST_KEPT: Final = 1024
_SECONDS: Final = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query request, checked, with all that can be told before it is answered.

    Attributes:
        content_types: the Content-Type for each format that the answer may have.
        digest: the first 16 hexadecimal digits of the SHA-256 of the query's text.
        name: what the request is called in entity tags; None when its answer is never the same.
        identity: whether the client takes an answer that is not encoded.
    """

    request: QueryRequest
    content_types: Mapping[str, bytes]
    digest: str
    name: bytes | None
    identity: bool


def media_type(fields: Fields, supported: Sequence[str]) -> str:
    """Return the media type of a body, one of the protocol's three, in UTF-8.

    `supported` are those that a client is told of: without UPDATE when the service is read-only.
    Raises HttpProblem: `unsupported-media-type`, `unsupported-encoding` or `not-utf-8`.
    """
    found, charset = parse_content_type(fields.get(b"content-type", b"").decode("latin-1"))
    if found not in (QUERY, FORM, UPDATE):
        raise HttpProblem(
            "unsupported-media-type",
            f"POST what you send as one of these: {', '.join(supported)}.",
            headers={"Accept-Post": ", ".join(supported)},
            supported=list(supported),
        )
    if charset not in UTF_8:
        raise HttpProblem("not-utf-8", f"SPARQL is sent in UTF-8, not in {charset}.")
    check_coding(fields)
    return found


def pairs_of(encoded: bytes) -> Pairs:
    """Decode a query string or a form strictly (WHATWG URL §5.1); raises HttpProblem."""
    if encoded.count(b"&") >= _MOST_PARAMETERS:
        detail = f"There are more than {_MOST_PARAMETERS} parameters."
        raise HttpProblem("conflicting-parameters", detail)
    pairs = []
    try:
        for field in encoded.split(b"&"):
            if field:
                name, _, value = field.partition(b"=")
                pairs.append((_decoded(name), _decoded(value)))
    except UnicodeDecodeError as error:
        raise HttpProblem("not-utf-8", "A parameter is not in UTF-8.") from error
    return pairs


def _decoded(text: bytes) -> str:
    """Decode one part; a "%" without two digits after it stays as it is.

    Python's codec for escapes does what `unquote_to_bytes` does in an eighth of the time.
    """
    text = text.replace(b"+", b" ")
    if b"%" not in text:
        return text.decode()
    escaped = text.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
    try:
        found = escaped.decode("unicode_escape").encode("latin-1")
    except UnicodeDecodeError:  # a "%" without two digits
        found = unquote_to_bytes(text)
    return found.decode()


def joined(address: Pairs, body: Pairs) -> Pairs:
    """Return the parameters of a POST: those of the address may only say what goes with it.

    What is to be carried out stands in the body (§2.1.2, §2.1.3, §2.2.1, §2.2.2).
    """
    for name, _ in address:
        if name in ("query", "update"):
            detail = f"In a POST, {name!r} stands in the body, not in the address."
            raise HttpProblem("conflicting-parameters", detail, parameter=name)
    return address + body


def grouped(pairs: Pairs, writable: bool) -> dict[str, list[str]]:
    """Group parameters by name; what other services know, and this one does not, is left out.

    Raises HttpProblem for one that is nearly one of ours, as the answer would be another; for any
    unknown one of an update; and for two where one may be.
    """
    found: dict[str, list[str]] = {}
    synonyms, unknown = [], []
    for name, value in pairs:
        if name in _SYNONYMS:
            synonyms.append(value)
            continue
        if name not in _OPERATION:
            unknown.append(name)
            continue
        if name in found and name not in _REPEATABLE:
            raise HttpProblem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        found.setdefault(name, []).append(value)
    if unknown:
        _check_unknown(unknown, found, writable)
    if synonyms:
        found.setdefault("format", synonyms[:1])
    if "query" in found and "update" in found:
        detail = "One request carries a query or an update, not both."
        raise HttpProblem("conflicting-parameters", detail, parameter="update")
    if is_query(found.get("update", [""])[0]):
        detail = "This is a query, and an update was asked for: send it as `query`."
        raise HttpProblem("malformed-update", detail, line=1, column=1, found="", expected=[])
    if not writable:
        _refuse_updates(found)
    return found


def _check_unknown(unknown: Iterable[str], found: Iterable[str], writable: bool) -> None:
    """Refuse what cannot be left out: where it is nearly a name of ours, or beside an update."""
    known = list(_OPERATION) if writable else _READ_ONLY_NAMES
    is_update = any(_OPERATION[name] == "update" for name in found)
    for name in unknown:
        meant = None if name.lower() in _FOREIGN else _meant(name, (*known, *_SYNONYMS))
        if meant or is_update:
            question = f" Did you mean {meant!r}?" if meant else ""
            detail = f"{name!r} is no parameter; there are {', '.join(known)}.{question}"
            raise HttpProblem("unknown-parameter", detail, parameter=name, known=known)


def _meant(name: str, known: Sequence[str]) -> str | None:
    """Return which parameter a name is nearly; a part of one between its hyphens is one of that."""
    if len(name) > _LONGEST_NAME:
        return None
    parts = (other for other in known if "-" in name and name.lower() in other)
    return next(parts, None) or nearest(name, known, cutoff=_ALIKE)


def _refuse_updates(parameters: Iterable[str]) -> None:
    for name in parameters:
        if _OPERATION[name] == "update":
            raise HttpProblem("read-only", f"There are no updates here, and so no {name!r}.")


def _check_operation(parameters: Iterable[str], operation: str) -> None:
    """Refuse parameters that belong to the other operation."""
    for name in parameters:
        if _OPERATION[name] not in (operation, ""):
            detail = f"{name!r} does not go with a SPARQL {operation}."
            raise HttpProblem("conflicting-parameters", detail, parameter=name)


def parsed_query(parameters: Mapping[str, list[str]], fields: Fields, limit: float) -> ParsedQuery:
    """Return the query that parameters and header fields ask for (§2.1).

    `limit` is the service's own timeout in seconds. Raises HttpProblem.
    """
    _check_operation(parameters, "query")
    text = without_mark(parameters.get("query", [""])[0])
    if not text.strip():
        raise HttpProblem("missing-query", "Give a SPARQL query as the parameter 'query'.")
    formats = _offered(tuple(parameters.get("format", _NO_FORMAT)), fields.get(b"accept", b""))
    header = fields.get(b"accept-encoding")
    encoding = choose_encoding(None if header is None else header.decode("latin-1"))
    if encoding is None:
        raise HttpProblem("not-acceptable", "This is offered as zstd, gzip or identity.")
    request = QueryRequest(
        text=text,
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
        table_format=formats.table,
        graph_format=formats.graph,
        encoding=encoding.name,
        timeout=_timeout(parameters, limit),
        repeatable=is_deterministic(text),
    )
    digest = digest_of(text)
    return ParsedQuery(
        request,
        formats.content_types,
        digest,
        request.fingerprint(digest) if request.repeatable else None,
        encoding.identity,
    )


def parsed_update(parameters: Mapping[str, list[str]], limit: float) -> UpdateRequest:
    """Return the update that parameters ask for (§2.2); an empty one is legal.

    Raises HttpProblem.
    """
    _check_operation(parameters, "update")
    if "update" not in parameters:
        raise HttpProblem("missing-update", "Give a SPARQL update as the parameter 'update'.")
    return UpdateRequest(
        without_mark(parameters["update"][0]),
        _graphs(parameters, "using-graph-uri"),
        _graphs(parameters, "using-named-graph-uri"),
        _timeout(parameters, limit),
    )


def asks_update(parameters: Mapping[str, list[str]]) -> bool:
    """Say whether checked parameters without a query are those of an update."""
    return "query" not in parameters and any(_OPERATION[name] == "update" for name in parameters)


def digest_of(text: str) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...] | None:
    """Return the graphs that the request names for its dataset (§2.1.4)."""
    return tuple(parameters[name]) if name in parameters else None


def _timeout(parameters: Mapping[str, list[str]], limit: float) -> float | None:
    """Return the seconds that the client gives; None for 0, or when the service's own are less."""
    if "timeout" not in parameters:
        return None
    given = parameters["timeout"][0]
    seconds = float(given) if _SECONDS.fullmatch(given) else math.nan
    if not 0 <= seconds < math.inf:
        detail = f"{given!r} is no number of seconds, such as 2.5; 0 stands for the service's own."
        raise HttpProblem("invalid-timeout", detail)
    return seconds if 0 < seconds < limit else None


@dataclass(frozen=True, slots=True)
class _Formats:
    """The names of the formats for a table and for a graph, and the Content-Type of each."""

    table: str | None
    graph: str | None
    content_types: Mapping[str, bytes]


_NO_FORMAT: Final = ("",)


def _offered(names: tuple[str, ...], accept: bytes) -> _Formats:
    """Return the formats that a request takes; few differ, so what is short is remembered."""
    short = len(accept) + sum(map(len, names)) <= _LONGEST_KEPT
    return (_formats if short else _formats.__wrapped__)(names, accept)


@lru_cache(maxsize=256)
def _formats(names: tuple[str, ...], accept: bytes) -> _Formats:
    """Return the formats for tables and for graphs; `format` outweighs the Accept header.

    Of several names the first that is known counts. Raises HttpProblem.
    """
    name = next((name for name in names if name in _NAMED), names[0])
    if not name:
        table, graph = choices(accept.decode("latin-1"))
        if table is None and graph is None:
            raise not_acceptable(tuple(FORMATS))
    elif name in _NAMED:
        table, graph = map(_choice, _NAMED[name])
    else:
        detail = f"{name!r} is no format; there are {', '.join(FORMATS)}."
        raise HttpProblem("unknown-format", detail, offered=list(FORMATS))
    chosen = [found for found in (table, graph) if found]
    return _Formats(
        table.format.name if table else None,
        graph.format.name if graph else None,
        MappingProxyType({found.format.name: found.content_type.encode() for found in chosen}),
    )


def _choice(name: str | None) -> Choice | None:
    return Choice(FORMATS[name], FORMATS[name].media_type) if name else None


def _by_name() -> dict[str, tuple[str | None, str | None]]:
    """Return the formats of tables and graphs for each value of `format`."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for formats, is_graph in ((TABLE_FORMATS, False), (GRAPH_FORMATS, True)):
        for format in formats:
            for name in (format.name, *format.media_types):
                table, graph = found.get(name, (None, None))
                found[name] = (table, format.name) if is_graph else (format.name, graph)
    return found


# Names and media types; then what other services call them. "json" and "xml" fit any query.
_NAMED: Final[Mapping[str, tuple[str | None, str | None]]] = {
    **_by_name(),
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdfxml"),
    "json-ld": (None, "jsonld"),
    "rdf": (None, "rdfxml"),
    "rdf+xml": (None, "rdfxml"),
    "n3": (None, "turtle"),
    "ttl": (None, "turtle"),
    "nt": (None, "ntriples"),
    "nq": (None, "nquads"),
}
