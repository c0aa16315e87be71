"""Take in uploaded RDF: into files on disk, within bounds of size and time."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias, cast

from pyoxigraph import RdfFormat
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from smegraph.server.disk_space import Room, is_full
from smegraph.server.engine.engine import InsufficientStorage
from smegraph.server.http.problems import HttpProblem

# A document on disk: its path, the media type of its format, and the name its sender gives it.
Part: TypeAlias = tuple[str, str, str]

MULTIPART: Final = "multipart/form-data"
SUPPORTED: Final = (
    RdfFormat.TURTLE,
    RdfFormat.N_TRIPLES,
    RdfFormat.RDF_XML,
    RdfFormat.JSON_LD,
    RdfFormat.TRIG,
    RdfFormat.N_QUADS,
)
_NAMES: Final = [*(found.media_type for found in SUPPORTED), MULTIPART]
_UTF_8: Final = ("", "utf-8", "utf8", "us-ascii")
_SLOWEST: Final = 64 * 1024  # Bytes in a second that a large body must come with.
_MOST_FILES: Final = 1000
_UNTOLD: Final = "without a Content-Type this is read as RDF/XML"
_CLOSE: Final = {"Connection": "close"}


@asynccontextmanager
async def received(
    request: Request, folder: Path, *, limit: int, timeout: float, room: Room
) -> AsyncIterator[Sequence[Part]]:
    """Give the documents of a request as files in `folder`, which are removed afterwards.

    `limit` is in bytes; the client has `timeout` seconds, and more for a large body that keeps
    coming. A body of no bytes and no media type is no document; without a media type it
    is RDF/XML (Graph Store Protocol §5). Raises HttpProblem:
    `unsupported-media-type`, `unsupported-encoding`, `body-too-large`, `request-timeout`, `refused`
    for a broken multipart body; InsufficientStorage; and starlette's ClientDisconnect.
    """
    room.need(int(request.headers.get("content-length", "0")))
    place = folder / secrets.token_hex(8)
    try:
        place.mkdir()
        _check_coding(request)
        body = _bounded(request, limit, timeout)
        media_type, charset = split(request.headers.get("content-type", ""))
        if media_type == MULTIPART:
            yield await _files(request, body, place)
        else:
            document = place / "body"
            await _write(body, document, room)
            if not media_type and document.stat().st_size == 0:
                yield []
            elif not media_type:
                yield [(str(document), RdfFormat.RDF_XML.media_type, _UNTOLD)]
            else:
                yield [(str(document), _format(media_type, charset, ""), "")]
    except OSError as error:
        if not is_full(error):
            raise
        raise InsufficientStorage("There is no room for this body. Nothing was changed.") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


async def text_of(request: Request, *, limit: int, timeout: float) -> str:
    """Return a body that is text in UTF-8.

    Raises HttpProblem as `received` does, and `not-utf-8`.
    """
    _check_coding(request)
    parts = [part async for part in _bounded(request, limit, timeout)]
    try:
        return b"".join(parts).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HttpProblem("not-utf-8", f"Byte {error.start} of the body is not UTF-8.") from error


def split(content_type: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type, in lower case.

    >>> split('Text/Turtle; charset="UTF-8"')
    ('text/turtle', 'utf-8')
    """
    media_type, *parameters = content_type.lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    charsets = [value.strip(' "') for name, _, value in pairs if name.strip() == "charset"]
    return media_type.strip(), charsets[0] if charsets else ""


def _check_coding(request: Request) -> None:
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise HttpProblem(
            "unsupported-encoding",
            f"Send the body without coding, and not as {coding}.",
            headers={"Accept-Encoding": "identity"},
        )


async def _bounded(request: Request, limit: int, timeout: float) -> AsyncIterator[bytes]:
    """Yield the body; nothing is read when its stated length is too much already."""
    if int(request.headers.get("content-length", "0")) > limit:
        raise _too_large(limit)
    size, loop = 0, asyncio.get_running_loop()
    until, stream = loop.time() + timeout, request.stream()
    while True:
        try:
            async with asyncio.timeout_at(until + size / _SLOWEST):
                part = await anext(stream, None)
        except TimeoutError as error:
            detail = f"The body of the request came too slowly ({size} bytes so far)."
            raise HttpProblem("request-timeout", detail, headers=_CLOSE) from error
        if part is None:
            return
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        yield part


def _too_large(limit: int) -> HttpProblem:
    detail = f"The body of this request may have {limit} bytes at most."
    return HttpProblem("body-too-large", detail, headers=_CLOSE, limit=limit)


async def _write(body: AsyncIterator[bytes], path: Path, room: Room) -> None:
    with path.open("wb") as file:
        async for part in body:
            room.need(len(part))
            file.write(part)


async def _files(request: Request, body: AsyncIterator[bytes], place: Path) -> Sequence[Part]:
    """Write each file of a multipart body to one of its own (RFC 7578)."""
    stream = body.__aiter__()
    parser = MultiPartParser(
        request.headers,
        _as_generator(stream),
        max_files=_MOST_FILES,
        max_fields=0,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HttpProblem("refused", f"The multipart body is wrong: {error.message}") from error
    try:
        files = [value for _, value in form.multi_items()]
        return [
            await _file(cast(UploadFile, file), place / str(number))
            for number, file in enumerate(files)
        ]
    finally:
        await form.close()


async def _as_generator(stream: AsyncIterator[bytes]):  # type: ignore[no-untyped-def]
    async for part in stream:
        yield part


async def _file(file: UploadFile, path: Path) -> Part:
    media_type, charset = split(file.headers.get("content-type", ""))
    name = file.filename or ""
    if media_type in ("", "application/octet-stream", "text/plain"):
        found = RdfFormat.from_extension(name.rpartition(".")[2].lower())
        media_type = found.media_type if found else media_type
    canonical = _format(media_type, charset, name)
    with path.open("wb") as target:
        await asyncio.to_thread(shutil.copyfileobj, file.file, target)
    return str(path), canonical, name


def _format(media_type: str, charset: str, name: str) -> str:
    """Return the canonical media type of a format, refused when it is not taken or not in UTF-8."""
    found = RdfFormat.from_media_type(media_type) if media_type else None
    if found not in SUPPORTED or charset not in _UTF_8:
        of = f" of {name!r}" if name else ""
        what = (
            f"The media type{of} is {media_type!r}" if media_type else f"No media type{of} is given"
        )
        raise HttpProblem(
            "unsupported-media-type",
            f"{what}; graphs are taken as {', '.join(_NAMES)}, in UTF-8.",
            headers={"Accept-Post": ", ".join(_NAMES)},
            supported=_NAMES,
        )
    assert found is not None
    return found.media_type
