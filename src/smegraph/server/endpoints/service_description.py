"""The descriptions of the endpoint (SPARQL 1.1 Service Description) and of its dataset (VoID)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from fastapi import FastAPI
from pyoxigraph import RdfFormat, Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from smegraph.results.formats import GRAPH_FORMATS
from smegraph.server.endpoints.refusals import not_acceptable
from smegraph.server.endpoints.reply import COMPRESS, STANDARD
from smegraph.server.engine.engine import Generation
from smegraph.server.http.conditional import Precondition, has_tag
from smegraph.server.http.exchange import Exchange
from smegraph.server.http.headers import send_empty
from smegraph.server.http.negotiation import choose, choose_encoding, prefers_page
from smegraph.server.http.problems import HttpProblem
from smegraph.server.metadata.triples import WELL_KNOWN, to_bytes

Describe: TypeAlias = Callable[[Scope], Awaitable[Sequence[Triple]]]

_NEVER_DATED: Final = Generation("", 0.0)
_REVALIDATE: Final = (b"cache-control", b"no-cache")


async def send_description(exchange: Exchange, describe: Describe) -> None:
    """Send the description in the format that is liked best; who likes pages better, gets one.

    Raises HttpProblem `not-acceptable`.
    """
    exchange.record.operation = "description"
    accept = exchange.fields.get(b"accept", b"").decode("latin-1")
    if prefers_page(accept):
        await send_empty(exchange.send, 303, [*STANDARD, (b"location", b"./")])
        return
    choice = choose(accept, GRAPH_FORMATS)
    header = exchange.fields.get(b"accept-encoding")
    encoding = choose_encoding(None if header is None else header.decode("latin-1"))
    if choice is None or encoding is None:
        raise not_acceptable([found.name for found in GRAPH_FORMATS])
    assert isinstance(choice.format.engine, RdfFormat)  # All of GRAPH_FORMATS have one.
    body = to_bytes(await describe(exchange.scope), choice.format.engine)
    tag = b'W/"%b"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
    headers = [*STANDARD, _REVALIDATE, (b"etag", tag)]
    precondition = Precondition.of(exchange.fields, changes=False)
    if precondition is not None and not precondition.holds([tag], _NEVER_DATED):
        raise HttpProblem("precondition-failed", "The description is another one than is required.")
    if has_tag(exchange.fields.get(b"if-none-match"), tag):
        await send_empty(exchange.send, 304, headers)
        return
    headers.append((b"content-type", choice.content_type.encode()))
    if encoding.name != "identity":
        headers.append((b"content-encoding", encoding.name.encode()))
    await exchange.whole(headers, COMPRESS[encoding.name](body))


def add_void(app: FastAPI, describe: Describe) -> None:
    """Add the route `/.well-known/void` (RFC 8615), in Turtle unless another format is asked for.

    `describe` is asked at each request for what `void_triples` returns.
    """

    @app.api_route(WELL_KNOWN, methods=["GET", "HEAD"], include_in_schema=False)
    async def well_known_void(request: Request) -> Response:
        choice = choose(", ".join(request.headers.getlist("accept")), GRAPH_FORMATS)
        if choice is None:
            return not_acceptable([found.name for found in GRAPH_FORMATS]).response()
        assert isinstance(choice.format.engine, RdfFormat)  # All of GRAPH_FORMATS have one.
        body = to_bytes(await describe(request.scope), choice.format.engine)
        return Response(body, headers=_void_headers(choice.content_type))


def _void_headers(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type, "Vary": "Accept", "Cache-Control": "no-cache"}
