"""The body of a request: its media type, its length, and its bytes within bounds.

Who reads a body bounds its size and its time here. `protocol` has a clock of its own: it reads
nothing, and ends connections whose body stalls although nobody reads it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from starlette.types import Receive

from smegraph.server.http.errors import ClientGone
from smegraph.server.http.fields import Fields
from smegraph.server.http.problems import HttpProblem

# What the charset of a body may say; "" is none at all.
UTF_8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})

BYTES_PER_SECOND: Final = 1024  # As many as a body must come with.

_CLOSE: Final = {"Connection": "close"}


def parse_content_type(value: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type, in lower case.

    >>> parse_content_type('Text/Turtle; charset="UTF-8"')
    ('text/turtle', 'utf-8')
    """
    media_type, *parameters = value.lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = [charset.strip(' "') for name, _, charset in pairs if name.strip() == "charset"]
    return media_type.strip(), charsets[0] if charsets else ""


def stated_length(fields: Fields) -> int:
    """Return the length that a request states for its body; 0 without one."""
    return int(fields.get(b"content-length", b"0"))


def has_body(fields: Fields) -> bool:
    """Say whether a request brings a body (RFC 9112 §6.3)."""
    return b"transfer-encoding" in fields or stated_length(fields) > 0


def check_coding(fields: Fields) -> None:
    """Raise HttpProblem `unsupported-encoding` for a body that is compressed."""
    coding = fields.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if coding not in ("", "identity"):
        raise HttpProblem(
            "unsupported-encoding",
            f"Send the body as it is, without the coding {coding}.",
            headers={"Accept-Encoding": "identity"},
        )


async def read_parts(
    receive: Receive, fields: Fields, *, limit: int, timeout: float
) -> AsyncGenerator[bytes, None]:
    """Yield a body of at most `limit` bytes as it comes.

    Nothing is read when its stated length is too much already. The client has `timeout` seconds,
    and one more for each KiB that has come. Raises HttpProblem `body-too-large` and
    `request-timeout`, both of which end the connection, and ClientGone.
    """
    if stated_length(fields) > limit:
        raise _too_large(limit)
    size, until = 0, asyncio.get_running_loop().time() + timeout
    more = True
    while more:
        try:
            async with asyncio.timeout_at(until + size / BYTES_PER_SECOND):
                message = await receive()
        except TimeoutError as error:
            detail = f"The body of the request came too slowly ({size} bytes so far)."
            raise HttpProblem("request-timeout", detail, headers=_CLOSE) from error
        if message["type"] == "http.disconnect":
            raise ClientGone
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        yield part


async def read_body(receive: Receive, fields: Fields, *, limit: int, timeout: float) -> bytes:
    """Return a whole body; raises what `read_parts` raises."""
    parts = read_parts(receive, fields, limit=limit, timeout=timeout)
    return b"".join([part async for part in parts])


def decode(body: bytes) -> str:
    """Return a body as text, with or without a byte order mark; raises HttpProblem `not-utf-8`."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HttpProblem("not-utf-8", f"Byte {error.start} of the body is not UTF-8.") from error


def _too_large(limit: int) -> HttpProblem:
    detail = f"The body of this request may have {limit} bytes at most."
    return HttpProblem("body-too-large", detail, headers=_CLOSE, limit=limit)
