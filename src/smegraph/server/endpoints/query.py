"""The SPARQL 1.1 Protocol at one address: queries, updates, the service description."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from anyio import to_thread
from starlette.types import Receive, Scope, Send

from smegraph.server.dataset.interface import Writer
from smegraph.server.endpoints.access import Access
from smegraph.server.endpoints.parameters import (
    FORM,
    QUERY,
    UPDATE,
    Pairs,
    ParsedQuery,
    asks_update,
    digest_of,
    grouped,
    joined,
    media_type,
    pairs_of,
    parsed_query,
    parsed_update,
)
from smegraph.server.endpoints.refusals import kind_of, problem_of
from smegraph.server.endpoints.reply import STANDARD, VARY, reply
from smegraph.server.endpoints.service_description import Describe, send_description
from smegraph.server.engine.engine import Engine
from smegraph.server.engine.errors import EngineError
from smegraph.server.http.body import decode, has_body, read_body
from smegraph.server.http.conditional import Precondition
from smegraph.server.http.errors import ClientGone
from smegraph.server.http.exchange import Exchange
from smegraph.server.http.fields import request_fields
from smegraph.server.http.headers import options_headers, raw_headers, send_empty
from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.request_record import record_of
from smegraph.sparql.errors import QueryRefused, UpdateRefused

_WEAK: Final = b'W/""'  # The endpoint exists, and has no strong entity tag.
_ALLOW: Final = "GET, HEAD, POST, OPTIONS"
_MEBIBYTE: Final = 2**20
_LARGE_FORM: Final = 16 * 1024  # Bytes; decoding more would keep all others waiting.
_MOST_KNOWN: Final = 1024
_LONGEST_KNOWN: Final = 8 * 1024

_Key = tuple[bytes, bytes | None, bytes | None]


class SparqlEndpoint:
    """An ASGI application for the SPARQL 1.1 Protocol (§2.1 query, §2.2 update)."""

    def __init__(
        self,
        engine: Engine,
        *,
        writer: Writer | None = None,
        access: Access | None = None,
        describe: Describe | None = None,
        timeout: float = 30.0,
        query_limit: int = _MEBIBYTE,
        update_limit: int = 256 * _MEBIBYTE,
        body_timeout: float = 30.0,
        send_timeout: float = 60.0,
    ) -> None:
        """Take what answers queries, and what there is besides.

        Without `writer` (which needs `access`) the service is read-only; without `describe` it
        has no description. `timeout` is the service's own for queries; limits are in bytes of a
        request's body, times in seconds.
        """
        if writer is not None and access is None:
            raise ValueError("a service that takes updates needs to know who may send them")
        self._engine, self._writer, self._access = engine, writer, access
        self._describe, self._timeout = describe, timeout
        self._query_limit, self._update_limit = query_limit, update_limit
        self._body_timeout, self._send_timeout = body_timeout, send_timeout
        self._known: dict[_Key, ParsedQuery] = {}
        self._accepted = (QUERY, FORM) if writer is None else (QUERY, FORM, UPDATE)
        options = {**options_headers(_ALLOW), "Accept-Post": ", ".join(self._accepted)}
        self._options = [*raw_headers(options), VARY]
        self._methods: Mapping[str, Callable[[Exchange], Awaitable[None]]] = {
            "GET": self._get,
            "HEAD": self._get,
            "POST": self._post,
            "OPTIONS": self._say_options,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; every refusal is a problem (RFC 9457).

        When the rest of an answer cannot be computed or the client takes no more, it returns
        without the response's end, so that the server breaks the connection.
        """
        record, method = record_of(scope), scope["method"]
        record.operation = "query"  # until more is known
        exchange = Exchange(scope, receive, send, request_fields(scope), record, self._send_timeout)
        try:
            await self._methods.get(method, _refuse_method)(exchange)
        except HttpProblem as problem:
            record.outcome = problem.kind
            await problem.send(send, method=method, headers=(VARY,))
        except ClientGone:
            record.outcome = "client-gone"
        except EngineError as error:
            record.outcome = kind_of(error)

    async def _say_options(self, exchange: Exchange) -> None:
        await send_empty(exchange.send, 204, self._options)

    async def _get(self, exchange: Exchange) -> None:
        fields, query_string = exchange.fields, exchange.scope["query_string"]
        if has_body(fields):
            raise HttpProblem(
                "unexpected-body", "A GET or HEAD has no body (SPARQL Protocol §2.1.1)."
            )
        key = (query_string, fields.get(b"accept"), fields.get(b"accept-encoding"))
        if parsed := self._known.get(key):
            await self._reply(exchange, parsed)
        elif not query_string and self._describe is not None:
            await send_description(exchange, self._describe)
        else:
            parsed = self._parsed(pairs_of(query_string), exchange)
            await self._reply(exchange, parsed)
            self._remember(key, parsed)

    def _parsed(self, pairs: Pairs, exchange: Exchange) -> ParsedQuery:
        """Check the parameters of a GET."""
        parameters = grouped(pairs, self._writer is not None)
        if asks_update(parameters):
            detail = "An update is sent with POST (SPARQL Protocol §2.2)."
            raise HttpProblem("method-not-allowed", detail, headers={"Allow": "POST, OPTIONS"})
        return parsed_query(parameters, exchange.fields, self._timeout)

    def _remember(self, key: _Key, parsed: ParsedQuery) -> None:
        """Keep what a request means, so that its repetition need not be read again."""
        if sum(len(part or b"") for part in key) > _LONGEST_KNOWN:
            return
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = parsed

    async def _post(self, exchange: Exchange) -> None:
        kind = media_type(exchange.fields, self._accepted)
        if kind == UPDATE:
            exchange.record.operation = "update"
            self._permit(exchange)
        limit, timeout = self._limit(kind, exchange), self._body_timeout
        body = await read_body(exchange.receive, exchange.fields, limit=limit, timeout=timeout)
        address = pairs_of(exchange.scope["query_string"])
        if kind == FORM:
            large = len(body) > _LARGE_FORM
            found = await to_thread.run_sync(pairs_of, body) if large else pairs_of(body)
        else:
            found = [("query" if kind == QUERY else "update", decode(body))]
        parameters = grouped(joined(address, found), self._writer is not None)
        if kind == UPDATE or asks_update(parameters):
            exchange.record.operation = "update"
            self._permit(exchange)
            await self._update(exchange, parameters)
        else:
            parsed = parsed_query(parameters, exchange.fields, self._timeout)
            await self._reply(exchange, parsed)

    async def _reply(self, exchange: Exchange, parsed: ParsedQuery) -> None:
        """Answer a query; what is an update where those are taken is sent in the wrong way."""
        try:
            await reply(self._engine, exchange, parsed)
        except HttpProblem as problem:
            if self._writer is None or not isinstance(problem.__cause__, UpdateRefused):
                raise
            raise _update_as_query(exchange.scope["path"]) from problem

    def _permit(self, exchange: Exchange) -> None:
        """Raise HttpProblem unless the request may update."""
        if self._access is None or self._writer is None:
            detail = (
                f"This service answers queries and takes no updates. A query is sent as {QUERY}, "
                "or as `query` in a form."
            )
            raise HttpProblem("read-only", detail)
        self._access.require(exchange.scope, "update")

    def _limit(self, kind: str, exchange: Exchange) -> int:
        """Return how large the body may be; a form may hold an update only of who may update."""
        if kind == UPDATE:
            return self._update_limit
        if kind == QUERY or self._writer is None:
            return self._query_limit
        try:
            self._permit(exchange)
        except HttpProblem:
            return self._query_limit
        return self._update_limit

    async def _update(self, exchange: Exchange, parameters: Mapping[str, list[str]]) -> None:
        assert self._writer is not None
        request = parsed_update(parameters, self._timeout)
        precondition = Precondition.of(exchange.fields, changes=True)
        if precondition is not None and not precondition.holds([_WEAK], self._engine.generation):
            detail = "An update can require nothing of the endpoint; change a graph at /graphs."
            raise HttpProblem("precondition-failed", detail)
        exchange.record.query = digest_of(request.text)
        try:
            await self._writer.update(request)
        except (QueryRefused, EngineError) as error:
            raise problem_of(error, "malformed-update") from error
        await send_empty(exchange.send, 204, [*STANDARD, (b"cache-control", b"no-store")])


def _update_as_query(path: str) -> HttpProblem:
    detail = (
        f"This is an update: send it as `update` by POST to {path}, in a form, or as {UPDATE} "
        "(SPARQL Protocol §2.2)."
    )
    return HttpProblem("malformed-query", detail, line=1, column=1, found="", expected=[])


async def _refuse_method(exchange: Exchange) -> None:
    detail = f"Ask with {_ALLOW}."
    raise HttpProblem("method-not-allowed", detail, headers={"Allow": _ALLOW})
