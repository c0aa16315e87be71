"""Speak the SPARQL 1.1 Protocol's query operation at one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from smegraph.server.engine import Engine, NotAccepted, QueryRequest
from smegraph.server.negotiation import Choice, choose
from smegraph.server.problems import Problem, internal_error
from smegraph.store.embedded import (
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    QueryRefused,
    UnsupportedFunction,
    UpdateRefused,
)
from smegraph.store.results import FORMATS, GRAPH_FORMATS, TABLE_FORMATS, NotWritable

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_PARAMETERS: Final = ("query", "default-graph-uri", "named-graph-uri", "format")
_REPEATABLE: Final = ("default-graph-uri", "named-graph-uri")
_UPDATE_PARAMETERS: Final = ("update", "using-graph-uri", "using-named-graph-uri")

_KINDS: Final[Mapping[type[QueryRefused], str]] = {
    UpdateRefused: "read-only",
    FederationRefused: "federation-refused",
    InvalidGraphName: "invalid-graph-name",
    UnsupportedFunction: "unsupported-function",
    NotWritable: "not-writable",
}


class SparqlEndpoint:
    """An ASGI application for SPARQL queries (SPARQL 1.1 Protocol §2.1)."""

    def __init__(self, engine: Engine) -> None:
        """Take what answers the queries."""
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; every refusal is a problem (RFC 9457)."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except Problem as problem:
            response = problem.response()
        response.headers["Vary"] = "Accept"
        if request.method == "HEAD":
            response.body = b""  # The length that GET would have stays in its header.
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        parameters = await _parameters(request)
        table, graph = _choices(request, parameters)
        query = QueryRequest(
            text=_query(parameters),
            default_graphs=_graphs(parameters, "default-graph-uri"),
            named_graphs=_graphs(parameters, "named-graph-uri"),
            table_format=table.format.name if table else None,
            graph_format=graph.format.name if graph else None,
        )
        try:
            answer = await self._engine.answer(query)
        except QueryRefused as refusal:
            raise _problem(refusal) from refusal
        choice = table if table and table.format.name == answer.format else graph
        assert choice is not None  # An engine answers in a format that it was asked for.
        return Response(answer.body, headers={"Content-Type": choice.content_type})


async def _parameters(request: Request) -> dict[str, list[str]]:
    """Return the parameters, wherever the operation carries them (§2.1.1 to §2.1.3)."""
    pairs = _decode(request.url.query)
    if request.method == "POST":
        media_type = _media_type(request)
        if media_type == UPDATE:
            raise Problem("read-only", "This service answers queries and takes no updates.")
        body = await request.body()
        pairs += _decode(_text(body)) if media_type == FORM else [("query", _text(body))]
    elif request.method not in ("GET", "HEAD"):
        raise Problem("method-not-allowed", f"Ask with {_ALLOW}.", headers={"Allow": _ALLOW})
    return _checked(pairs)


def _media_type(request: Request) -> str:
    """Return the media type of a POST, refused unless the protocol has it, in UTF-8."""
    media_type, *rest = request.headers.get("content-type", "").lower().split(";")
    supported = [QUERY, FORM]
    if media_type.strip() not in (*supported, UPDATE):
        raise Problem(
            "unsupported-media-type",
            f"POST a query as {QUERY}, or as a form ({FORM}).",
            headers={"Accept-Post": ", ".join(supported)},
            supported=supported,
        )
    for parameter in rest:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise Problem("unsupported-media-type", "SPARQL is sent in UTF-8.", supported=supported)
    return media_type.strip()


def _text(body: bytes) -> str:
    """Decode a body strictly."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("not-utf-8", f"Byte {error.start} of the body is not UTF-8.") from error


def _decode(encoded: str) -> list[tuple[str, str]]:
    """Decode a query string or a form strictly."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise Problem("not-utf-8", "A percent-encoded parameter is not UTF-8.") from error


def _checked(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Group the parameters by name; refuse an unknown one, and two where there can be one."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in _UPDATE_PARAMETERS:
            raise Problem("read-only", f"There are no updates here, and so no {name!r}.")
        if name not in _PARAMETERS:
            known = list(_PARAMETERS)
            detail = f"{name!r} is no parameter; there are {', '.join(known)}."
            raise Problem("unknown-parameter", detail, parameter=name, known=known)
        if name in found and name not in _REPEATABLE:
            raise Problem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        found.setdefault(name, []).append(value)
    return found


def _query(parameters: Mapping[str, list[str]]) -> str:
    """Return the text of the query."""
    if not (text := parameters.get("query", [""])[0]).strip():
        raise Problem("missing-query", "Give a SPARQL query as the parameter 'query'.")
    return text


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...] | None:
    """Return the graphs that the request names for its dataset (§2.1.4)."""
    return tuple(parameters[name]) if name in parameters else None


def _choices(
    request: Request, parameters: Mapping[str, list[str]]
) -> tuple[Choice | None, Choice | None]:
    """Return the formats for tables and for graphs; `format` outweighs the Accept header."""
    name = parameters.get("format", [""])[0]
    if name and name not in FORMATS:
        detail = f"{name!r} is no format; there are {', '.join(FORMATS)}."
        raise Problem("unknown-format", detail, offered=list(FORMATS))
    if name:
        choice = Choice(FORMATS[name], FORMATS[name].media_type)
        return (choice, None) if choice.format in TABLE_FORMATS else (None, choice)
    accept = ", ".join(request.headers.getlist("accept"))
    table, graph = choose(accept, TABLE_FORMATS), choose(accept, GRAPH_FORMATS)
    if table is None and graph is None:
        raise _not_acceptable(tuple(FORMATS))
    return table, graph


def _not_acceptable(names: Sequence[str]) -> Problem:
    """Return the refusal that lists what is offered (RFC 9110 §15.5.7)."""
    offered = [FORMATS[name].media_type for name in names]
    detail = f"This is offered as {', '.join(offered)} (format={', '.join(names)})."
    return Problem("not-acceptable", detail, offered=offered, formats=list(names))


def _problem(refusal: QueryRefused) -> Problem:
    """Return the problem that tells a client of a refusal."""
    if isinstance(refusal, MalformedQuery):
        found = refusal.diagnosis
        return Problem(
            "malformed-query",
            str(refusal),
            line=found.line,
            column=found.column,
            found=found.found,
            expected=list(found.expected),
        )
    if isinstance(refusal, NotAccepted):
        return _not_acceptable(refusal.offered)
    kind = _KINDS.get(type(refusal))
    return Problem(kind, str(refusal)) if kind else internal_error(refusal)
