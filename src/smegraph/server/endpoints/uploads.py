"""Take in uploaded RDF: into files on disk, within bounds of size and time."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, cast

from pyoxigraph import RdfFormat
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from smegraph.server.dataset.interface import Document
from smegraph.server.disk_space import DiskSpace, is_full
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.http.body import (
    UTF_8,
    check_coding,
    parse_content_type,
    read_parts,
    stated_length,
)
from smegraph.server.http.fields import request_fields
from smegraph.server.http.problems import HttpProblem

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
_MOST_FILES: Final = 1000
_UNTOLD: Final = "without a Content-Type this is read as RDF/XML"


@asynccontextmanager
async def received(
    request: Request, folder: Path, *, limit: int, timeout: float, disk: DiskSpace
) -> AsyncIterator[Sequence[Document]]:
    """Give the documents of a request as files in `folder`, which are removed afterwards.

    `limit` is in bytes; the client has `timeout` seconds, and more for a large body that keeps
    coming. A body of no bytes and no media type is no document; without a media type it
    is RDF/XML (Graph Store Protocol §5). Raises HttpProblem:
    `unsupported-media-type`, `unsupported-encoding`, `body-too-large`, `request-timeout`, `refused`
    for a broken multipart body; InsufficientStorage; and ClientGone.
    """
    fields = request_fields(request.scope)
    disk.require(stated_length(fields))
    place = folder / secrets.token_hex(8)
    try:
        place.mkdir()
        check_coding(fields)
        body = read_parts(request.receive, fields, limit=limit, timeout=timeout)
        media_type, charset = parse_content_type(request.headers.get("content-type", ""))
        if media_type == MULTIPART:
            yield await _files(request, body, place)
        else:
            document = place / "body"
            await _write(body, document, disk)
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


async def _write(body: AsyncIterator[bytes], path: Path, disk: DiskSpace) -> None:
    with path.open("wb") as file:
        async for part in body:
            disk.require(len(part))
            file.write(part)


async def _files(
    request: Request, body: AsyncGenerator[bytes, None], place: Path
) -> Sequence[Document]:
    """Write each file of a multipart body to one of its own (RFC 7578)."""
    parser = MultiPartParser(
        request.headers,
        body,
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


async def _file(file: UploadFile, path: Path) -> Document:
    media_type, charset = parse_content_type(file.headers.get("content-type", ""))
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
    if found not in SUPPORTED or charset not in UTF_8:
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
