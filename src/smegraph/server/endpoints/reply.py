"""The answer to a query as it is sent: 304, whole, or in parts as they are computed."""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from smegraph.results.hint_field import FIELD, encode_hints
from smegraph.server.endpoints.parameters import ParsedQuery
from smegraph.server.endpoints.refusals import problem_of
from smegraph.server.engine.engine import Answer, Engine, Generation
from smegraph.server.engine.errors import EngineError
from smegraph.server.http.conditional import (
    Precondition,
    entity_tag,
    has_tag,
    is_unchanged,
    validators,
)
from smegraph.server.http.exchange import Exchange
from smegraph.server.http.headers import RAW_STANDARD_HEADERS, RawHeader, send_empty
from smegraph.server.http.problems import HttpProblem
from smegraph.sparql.errors import QueryRefused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

VARY: Final = (b"vary", b"Accept, Accept-Encoding")
STANDARD: Final = (*RAW_STANDARD_HEADERS, VARY)

COMPRESS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "identity": bytes,
}
_AGED: Final = ("hit", "shared")
_CACHE_HEADERS: Final[Mapping[str, RawHeader]] = {
    state: (b"x-cache", state.encode()) for state in ("hit", "miss", "shared", "bypass")
}
_HINT: Final = FIELD.lower().encode()
_IN_MEMORY: Final = 2**20
_PIECE: Final = 2**16


async def reply(engine: Engine, exchange: Exchange, parsed: ParsedQuery) -> None:
    """Answer a query; with 304 and no work at all when the client's entity tag fits.

    Raises HttpProblem before anything is sent; after that, EngineError when the rest of the answer
    cannot be computed, and ClientGone.
    """
    record = exchange.record
    record.query = parsed.digest
    name = parsed.name if exchange.scope["method"] != "POST" else None
    precondition = Precondition.of(exchange.fields, changes=False) if name is not None else None
    if_none_match = exchange.fields.get(b"if-none-match")
    if name is not None and precondition is None and if_none_match:
        generation = engine.generation
        if has_tag(if_none_match, entity_tag(generation, name)):
            await _send_unchanged(exchange, generation, entity_tag(generation, name))
            return
    try:
        with exchange.watch():
            answer = await engine.answer(parsed.request)
    except (QueryRefused, EngineError) as error:
        raise problem_of(error) from error
    record.worker, record.cache = answer.worker, answer.cache
    try:
        await _send_answer(exchange, parsed, answer, name, precondition)
    finally:
        await answer.close()


async def _send_unchanged(exchange: Exchange, generation: Generation, tag: bytes) -> None:
    """Answer 304 with the headers that 200 would have (RFC 9110 §15.4.5)."""
    await send_empty(exchange.send, 304, [*STANDARD, *validators(generation, tag)])


async def _send_answer(
    exchange: Exchange,
    parsed: ParsedQuery,
    answer: Answer,
    name: bytes | None,
    precondition: Precondition | None,
) -> None:
    fields, tag = exchange.fields, None
    if name is not None:
        tag = entity_tag(answer.generation, name)
        if precondition is not None and not precondition.holds([tag], answer.generation):
            raise HttpProblem("precondition-failed", "The answer is another one than is required.")
        since = fields.get(b"if-modified-since")
        if is_unchanged(fields.get(b"if-none-match"), since, answer.generation):
            await _send_unchanged(exchange, answer.generation, tag)
            return
    body, encoding = _encoded(parsed, answer)
    headers = [
        *STANDARD,
        (b"content-type", parsed.content_types[answer.format]),
        *validators(answer.generation, tag),
        _CACHE_HEADERS[answer.cache],
    ]
    if answer.hints:
        headers.append((_HINT, encode_hints(answer.hints)))
    if encoding != "identity":
        headers.append((b"content-encoding", encoding.encode()))
    if answer.cache in _AGED and answer.computed:
        headers.append((b"age", b"%d" % max(0, int(time.time() - answer.computed))))
    await send_result(exchange, headers, body, answer.parts)


async def send_result(
    exchange: Exchange,
    headers: list[RawHeader],
    body: bytes | None,
    parts: AsyncIterator[bytes] | None,
) -> None:
    """Send a result, whole or in parts, with the status 200; for HEAD without its body.

    Raises HttpProblem before anything is sent; after that, EngineError, and ClientGone.
    """
    if body is not None:
        await exchange.whole(headers, body)
    elif exchange.is_head:
        await exchange.begin(headers)
        await exchange.end()
    elif parts is not None:
        send = _send_spooled if exchange.scope["http_version"] == "1.0" else _send_parts
        await send(exchange, parts, headers)


def _encoded(parsed: ParsedQuery, answer: Answer) -> tuple[bytes | None, str]:
    """Return the body and its coding; a short one is encoded after all for who takes no other."""
    if parsed.identity or answer.body is None or answer.encoding != "identity":
        return answer.body, answer.encoding
    encoding = parsed.request.encoding
    return COMPRESS[encoding](answer.body), encoding


async def _send_parts(
    exchange: Exchange, parts: AsyncIterator[bytes], headers: list[RawHeader]
) -> None:
    """Send parts as they come; what goes wrong before the first one still has a status."""
    with exchange.watch():
        first = await _first(parts)
        await exchange.begin(headers)
        if first:
            await exchange.put(first)
        async for part in parts:
            await exchange.put(part)
    await exchange.end()


async def _first(parts: AsyncIterator[bytes]) -> bytes:
    """Return the first part, or nothing when there is none."""
    try:
        return await anext(parts, b"")
    except (QueryRefused, EngineError) as error:
        raise problem_of(error) from error


async def _send_spooled(
    exchange: Exchange, parts: AsyncIterator[bytes], headers: list[RawHeader]
) -> None:
    """Send parts to a client of HTTP/1.0, which knows no chunks: its answer needs a length."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        try:
            with exchange.watch():
                async for part in parts:
                    spool.write(part)
        except (QueryRefused, EngineError) as error:
            raise problem_of(error) from error
        await exchange.begin([*headers, (b"content-length", b"%d" % spool.tell())])
        spool.seek(0)
        while piece := spool.read(_PIECE):
            await exchange.put(piece)
        await exchange.end()
