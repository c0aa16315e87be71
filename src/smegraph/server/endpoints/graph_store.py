"""The SPARQL 1.1 Graph Store HTTP Protocol: graphs as things that HTTP reads and writes."""

from __future__ import annotations

import re
import string
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.dataset.layout import UPLOADS
from smegraph.server.dataset.writer import Check, DatasetWriter
from smegraph.server.endpoints.access import Access
from smegraph.server.endpoints.graph_response import GraphResponse
from smegraph.server.endpoints.parameters import UPDATE
from smegraph.server.endpoints.refusals import not_acceptable, problem_of
from smegraph.server.endpoints.uploads import received
from smegraph.server.engine.engine import Answer, Engine, Generation, QueryRequest
from smegraph.server.engine.errors import EngineError
from smegraph.server.http.body import check_coding, decode, parse_content_type, read_body
from smegraph.server.http.conditional import (
    Precondition,
    entity_tag,
    has_tag,
    is_unchanged,
    validators,
)
from smegraph.server.http.errors import ClientGone
from smegraph.server.http.fields import request_fields
from smegraph.server.http.headers import PAGE_METHODS, STANDARD_HEADERS, options_headers
from smegraph.server.http.negotiation import Choice, choose
from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.request_record import record_of
from smegraph.sparql.errors import QueryRefused

_METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
_ALLOW: Final = ", ".join(_METHODS)
_EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_HAS_STATEMENTS: Final = "ASK { GRAPH <%s> { ?s ?p ?o } }"
_EXISTS: Final = "ASK { GRAPH ?g {} FILTER(?g = <%s>) }"
_ESCAPE: Final = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(string.ascii_letters + string.digits + "-._~")
_MEBIBYTE: Final = 2**20
_VARY: Final = "Accept, Authorization"
_VARY_OPEN: Final = "Accept"
_READS: Final = ("GET", "HEAD")
_READ_ONLY: Final = (
    "Graphs are read here; to change them, serve with `smegraph serve --dataset DIR --writable`."
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a request addresses (§4).

    Attributes:
        graph: the IRI of a named graph; None for the default graph.
        base: where relative IRIs of a payload start.
        location: the address at which the graph is found again.
    """

    graph: str | None
    base: str
    location: str

    @property
    def name(self) -> str:
        """The graph as a sentence names it."""
        return "the default graph" if self.graph is None else f"the graph <{self.graph}>"


# Decision 031: docs/decisions/031-access-tokens.md
# Decision 075: docs/decisions/075-graphs-are-read.md
class GraphStoreEndpoint:
    """An ASGI application for `/graphs` and all that lies below it.

    Without a writer it only reads (§5.2, §5.6), for everyone, as queries do; its default graph is
    the one that a query sees.
    """

    def __init__(
        self,
        engine: Engine,
        writer: DatasetWriter | None = None,
        access: Access | None = None,
        *,
        path: str = "/graphs",
        base_url: str | None = None,
        body_limit: int = 256 * _MEBIBYTE,
        body_timeout: float = 30.0,
        send_timeout: float = 60.0,
    ) -> None:
        """Take what answers queries, what changes the dataset, and what knows the tokens.

        Without the latter two, what would change a graph is refused. `base_url` is the address of
        the service that clients see, without a slash at its end; when it is None, each request's
        own is taken. `body_limit` is in bytes, times in seconds.
        """
        self._engine, self._changing, self._access = engine, writer, access
        self._strict = writer is not None
        self._path, self._base_url = path, base_url
        self._limit, self._timeout = body_limit, body_timeout
        self._send_timeout = send_timeout
        self._handlers: Mapping[str, Callable[[Request, Target], Awaitable[Response]]] = {
            "GET": self._get,
            "HEAD": self._get,
            "PUT": self._put,
            "POST": self._post,
            "DELETE": self._delete,
            "PATCH": self._patch,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; every refusal is a problem (RFC 9457)."""
        record = record_of(scope)
        record.operation = "graph-store"
        try:
            response = await self._respond(Request(scope, receive))
        except (HttpProblem, QueryRefused, EngineError) as error:
            problem = _problem(error)
            record.outcome, response = problem.kind, problem.response()
        except ClientGone:
            record.outcome = "client-gone"
            return
        for name, value in STANDARD_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Vary"] = _VARY if self._access else _VARY_OPEN
        if scope["method"] == "HEAD":
            response.body = b""  # The length that GET would have stays in its header.
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":  # Browsers ask this before they send a token.
            allow = _ALLOW if self._changing else PAGE_METHODS
            return Response(status_code=204, headers=options_headers(allow))
        if request.method not in self._handlers:
            detail = f"A graph takes {_ALLOW}."
            raise HttpProblem("method-not-allowed", detail, headers={"Allow": _ALLOW})
        if self._changing is None and request.method not in _READS:
            raise HttpProblem("read-only", _READ_ONLY)
        if self._access is not None:
            self._access.require(request.scope, "graph-store")
        return await self._handlers[request.method](request, self._target(request))

    # ------------------------------------------------------------------------------ operations

    async def _get(self, request: Request, target: Target) -> Response:
        """Send the graph in a format that the client accepts (§5.2, §5.6)."""
        choice = choose(", ".join(request.headers.getlist("accept")), GRAPH_FORMATS)
        if choice is None:
            raise not_acceptable([found.name for found in GRAPH_FORMATS])
        if target.graph is not None and not (await self._state(target.graph))[0]:
            raise _absent(target)
        query = _whole(target, choice.format.name, strict=self._strict)
        return await self._graph(request, query, choice)

    async def _graph(self, request: Request, query: QueryRequest, choice: Choice) -> Response:
        answer = await self._engine.answer(query)
        record = record_of(request.scope)
        record.worker, record.cache = answer.worker, answer.cache
        tag = _tag(answer.generation, query)
        precondition = Precondition.of(request_fields(request.scope), changes=False)
        if precondition is not None and not precondition.holds([tag], answer.generation):
            await answer.close()
            raise _changed("The graph")
        headers = _decoded(validators(answer.generation, tag))
        if _has_already(request, answer, tag):
            await answer.close()
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = choice.content_type
        return GraphResponse(answer, headers, self._send_timeout)

    @property
    def _writer(self) -> DatasetWriter:
        assert self._changing is not None  # What changes a graph is refused without it.
        return self._changing

    async def _put(self, request: Request, target: Target) -> Response:
        """Put the payload, which is a whole graph, in the graph's place (§5.3)."""
        if "content-range" in request.headers:  # RFC 9110 §14.5
            raise HttpProblem("refused", "A graph is put whole: Content-Range has no meaning here.")
        return await self._store(request, target, replace=True)

    async def _post(self, request: Request, target: Target) -> Response:
        """Add the payload to the graph; posted to the store, it is a new graph (§5.5)."""
        return await self._store(request, target, replace=False)

    async def _store(self, request: Request, target: Target, *, replace: bool) -> Response:
        folder = self._writer.folder / UPLOADS
        async with received(
            request, folder, limit=self._limit, timeout=self._timeout, disk=self._writer.disk
        ) as documents:
            is_new = await self._writer.put(
                target.graph,
                documents,
                base=target.base,
                replace=replace,
                check=self._check(request, target),
            )
        if is_new:  # So counts an empty default graph (W3C test "PUT - default graph").
            return Response(status_code=201, headers={"Location": target.location})
        return Response(status_code=204 if replace or not documents else 200)

    async def _delete(self, request: Request, target: Target) -> Response:
        """Remove the graph; the default graph is emptied, and never absent (§5.4)."""
        existed = await self._writer.drop(target.graph, self._check(request, target))
        if not existed and target.graph is not None:
            raise _absent(target)
        return Response(status_code=200)

    async def _patch(self, request: Request, target: Target) -> Response:
        """Carry out an update that sees this graph alone, as its default graph (§5.7)."""
        media_type, _ = parse_content_type(request.headers.get("content-type", ""))
        if media_type != UPDATE:
            raise HttpProblem(
                "unsupported-media-type",
                f"A patch is sent as {UPDATE}.",
                headers={"Accept-Patch": UPDATE},
                supported=[UPDATE],
            )
        fields = request_fields(request.scope)
        check_coding(fields)
        body = await read_body(request.receive, fields, limit=self._limit, timeout=self._timeout)
        check = self._check(request, target)
        if not await self._writer.patch(target.graph, decode(body), base=target.base, check=check):
            raise _absent(target)
        return Response(status_code=204)

    def _check(self, request: Request, target: Target) -> Check | None:
        """Return what looks whether a graph is as a request requires; None when any will do.

        Where an absent graph is 404, no condition is looked at (RFC 9110 §13.2.1).
        """
        precondition = Precondition.of(request_fields(request.scope), changes=True)
        if precondition is None:
            return None

        async def check() -> None:
            exists, generation = await self._state(target.graph)
            if not exists and request.method in ("DELETE", "PATCH"):
                return
            formats = [found.name for found in GRAPH_FORMATS] if exists else []
            tags = [_tag(generation, _whole(target, name, strict=True)) for name in formats]
            if not precondition.holds(tags, generation):
                raise _changed(f"{target.name[:1].upper()}{target.name[1:]}")

        return check

    async def _state(self, graph: str | None) -> tuple[bool, Generation]:
        """Say whether there is such a graph, and in which state of the data.

        There is always a default graph. Only for an empty one are all of them gone over.
        """
        if graph is None:
            return await self._ask("ASK {}")
        found = await self._ask(_HAS_STATEMENTS % graph)
        return found if found[0] else await self._ask(_EXISTS % graph)

    async def _ask(self, query: str) -> tuple[bool, Generation]:
        answer = await self._engine.answer(QueryRequest(query, strict=True))
        return b"true" in await answer.read(), answer.generation

    # ------------------------------------------------------------------------------- addressing

    def _target(self, request: Request) -> Target:
        """Return what a request addresses; raises HttpProblem unless that is exactly one graph."""
        base = self._base_url or f"{request.url.scheme}://{request.url.netloc}"
        raw = request.scope.get("raw_path", b"").decode("ascii") or quote(request.url.path)
        path = _ESCAPE.sub(_normal, raw)
        below = path.removeprefix(self._path).strip("/")
        named = _parameters(request)
        if below and not named:
            return _direct(base + path)
        if below:
            raise HttpProblem(
                "conflicting-parameters",
                "The address names a graph already; ?default and ?graph= go with "
                f"{self._path} itself.",
            )
        if not named and request.method == "POST":
            return _direct(f"{base}{self._path}/{uuid.uuid4()}")
        return _indirect(named, base + self._path)


def _direct(iri: str) -> Target:
    """Return the graph whose IRI is the address of the request (§4.1)."""
    return Target(_iri(iri), iri, iri)


def _indirect(named: Mapping[str, str], store: str) -> Target:
    """Return the graph whose IRI is a parameter (§4.2)."""
    if len(named) != 1:
        detail = "Name one graph: ?default, or ?graph= and an IRI, or an address below this one."
        raise HttpProblem("conflicting-parameters", detail)
    if "default" in named:
        return Target(None, store, f"{store}?default")
    iri = _iri(named["graph"])
    return Target(iri, iri, f"{store}?graph={quote(iri, safe='')}")


def _normal(escape: re.Match[str]) -> str:
    """Return what an escape of a path is the same as (RFC 3986 §6.2.2)."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters; what is unknown or stands twice is refused by name.

    They are percent-decoded and no more (§4.2): "+" is no space.
    """
    query = request.url.query.replace("+", "%2B")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise HttpProblem("not-utf-8", "A percent-encoded parameter is not UTF-8.") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in ("default", "graph"):
            detail = f"{name!r} is no parameter; there are default and graph."
            raise HttpProblem(
                "unknown-parameter", detail, parameter=name, known=["default", "graph"]
            )
        if name in found:
            raise HttpProblem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        if name == "default" and value:
            raise HttpProblem("refused", "The parameter 'default' has no value.", parameter=name)
        found[name] = value
    return found


def _iri(text: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError as error:
        detail = f"{text!r} is not an absolute IRI: {error}."
        raise HttpProblem("invalid-graph-name", detail) from error


def _problem(error: HttpProblem | QueryRefused | EngineError) -> HttpProblem:
    return error if isinstance(error, HttpProblem) else problem_of(error, "malformed-update")


def _absent(target: Target) -> HttpProblem:
    return HttpProblem("no-such-graph", f"There is no such thing as {target.name}.")


def _changed(what: str) -> HttpProblem:
    detail = f"{what} is in another state than is required. Read it again, then decide."
    return HttpProblem("precondition-failed", detail)


def _whole(target: Target, format: str, *, strict: bool) -> QueryRequest:
    """Return the query for all of a graph; `strict` means the default graph as it is stored."""
    return QueryRequest(
        _EVERYTHING,
        default_graphs=None if target.graph is None else (target.graph,),
        table_format=None,
        graph_format=format,
        strict=strict,
    )


def _tag(generation: Generation, query: QueryRequest) -> bytes:
    """Return the entity tag of a graph: the same state gives the same bytes."""
    return entity_tag(generation, query.fingerprint("graph"), strong=True)


def _decoded(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers}


def _has_already(request: Request, answer: Answer, tag: bytes) -> bool:
    """Say whether the client has what it asks for (RFC 9110 §13.2.2)."""
    fields = request_fields(request.scope)
    none_match, since = fields.get(b"if-none-match"), fields.get(b"if-modified-since")
    return has_tag(none_match, tag) or is_unchanged(none_match, since, answer.generation)
