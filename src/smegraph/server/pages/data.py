"""The files of a release: the page at `/data`, the same as JSON, and each file below it.

A file has its SHA-256 as entity tag and as Repr-Digest (RFC 9530), a name for whoever saves it, and
is answered in parts (RFC 9110 section 14).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from pathlib import Path, PurePosixPath
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from smegraph.export.listing import PATH, DataFile, data_files
from smegraph.graph.header import LICENSE
from smegraph.release_files import CONTEXT, QUESTIONS, TURTLE
from smegraph.server.endpoints.reply import COMPRESS
from smegraph.server.exports.maker import ExportMaker
from smegraph.server.http.conditional import has_tag
from smegraph.server.http.negotiation import choose_encoding, parse_accept
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import Kept
from smegraph.server.pages.exporting import PATH as EXPORT
from smegraph.server.pages.exporting import add_exporting, exportable_studies, form_formats
from smegraph.server.pages.layout import Layout, respond
from smegraph.suggest import did_you_mean

_TEMPLATE: Final = "data.html"
_TO_ENCODE: Final = 1024  # bytes, from which a file is encoded


# Decision 079: docs/decisions/079-exports.md
def add_data(app: FastAPI, layout: Layout, release: Path, version: str, maker: ExportMaker) -> None:
    """Add the list of a release's files as a page and as JSON, the files, and exports."""
    studies = Kept(lambda: exportable_studies(maker.engine))
    add_exporting(app, maker, layout.root)
    files = {one.name: one for one in data_files(release)}
    encoded: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    async def listed() -> JSONResponse:
        told = [one.to_json(layout.root) for one in files.values()]
        body = {"version": version, "license": LICENSE, "files": told}
        return JSONResponse(body, headers={"Cache-Control": "no-cache", "Vary": "Accept"})

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def page(request: Request) -> Response:
        if _prefers_json(", ".join(request.headers.getlist("accept"))):
            return await listed()
        groups: dict[str, list[DataFile]] = {"": [], TURTLE: [], QUESTIONS: []}
        for one in files.values():
            groups.setdefault(one.name.rpartition("/")[0].partition("/")[0], []).append(one)
        forms = {"studies": await studies.get(), "formats": form_formats(), "export": EXPORT}
        text = await layout.render(_TEMPLATE, PATH, groups=groups, license=LICENSE, **forms)
        found = respond(text)
        found.headers["Vary"] = "Accept"
        return found

    @app.api_route(f"{PATH}.json", methods=["GET", "HEAD"], include_in_schema=False)
    async def as_json() -> Response:
        return await listed()

    @app.api_route(f"{PATH}/{{name:path}}", methods=["GET", "HEAD"], include_in_schema=False)
    async def file(name: str, request: Request) -> Response:
        found = files.get(name)
        if found is None:
            near = did_you_mean(name, files, f"{PATH} lists the files of this release.")
            raise HttpProblem("not-found", f"This release has no file {name}. {near}")
        return await _answer(release / name, found, request, encoded)

    if CONTEXT in files:

        @app.api_route(f"/{CONTEXT}", methods=["GET", "HEAD"], include_in_schema=False)
        async def context(request: Request) -> Response:
            return await _answer(release / CONTEXT, files[CONTEXT], request, encoded)


def _prefers_json(accept: str) -> bool:
    """Say whether JSON is named with a higher quality than HTML."""
    best = {"text/html": 0.0, "application/json": 0.0}
    for found in parse_accept(accept):
        name = f"{found.type}/{found.subtype}"
        if name in best:
            best[name] = max(best[name], found.quality)
    return best["application/json"] > best["text/html"]


async def _answer(
    path: Path,
    file: DataFile,
    request: Request,
    encoded: dict[tuple[str, str], asyncio.Task[bytes]],
) -> Response:
    """Return a file, encoded where that is asked for and no part of it is."""
    header = request.headers.get("accept-encoding")
    choice = choose_encoding(header)
    coding = choice.name if choice and file.bytes >= _TO_ENCODE else "identity"
    if coding == "identity" or "range" in request.headers:
        tag = file.tag
        headers = _headers(file, tag, bytes.fromhex(file.sha256))
        if has_tag(_raw(request, "if-none-match"), tag.encode()):
            return Response(status_code=304, headers=headers)
        _ignore_other_units(request)
        return FileResponse(path, media_type=file.media_type, headers=headers)
    tag = f'"{file.sha256}-{coding}"'
    key = (file.name, coding)
    if key not in encoded:
        encoded[key] = asyncio.create_task(asyncio.to_thread(_encode, path, coding))
    body = await asyncio.shield(encoded[key])
    headers = _headers(file, tag, hashlib.sha256(body).digest())
    headers["Content-Encoding"] = coding
    if has_tag(_raw(request, "if-none-match"), tag.encode()):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = file.media_type
    return Response(body, headers=headers)


def _encode(path: Path, coding: str) -> bytes:
    return COMPRESS[coding](path.read_bytes())


def _raw(request: Request, name: str) -> bytes | None:
    found = request.headers.get(name)
    return None if found is None else found.encode("latin-1")


def _headers(file: DataFile, tag: str, digest: bytes) -> dict[str, str]:
    return {
        "ETag": tag,
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
        "Content-Disposition": f'attachment; filename="{PurePosixPath(file.name).name}"',
        "Link": f'<{LICENSE}>; rel="license"',
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "bytes",
    }


def _ignore_other_units(request: Request) -> None:
    """Leave out a Range in units that are not bytes (RFC 9110 section 14.2)."""
    unit = request.headers.get("range", "bytes=").partition("=")[0].strip().lower()
    if unit != "bytes":
        kept = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        request.scope["headers"] = kept
