"""`/data/export`: a part of the release in a format of one's choice, made for who asks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import BinaryIO, Final

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from smegraph.export.formats import FORMATS, Compression
from smegraph.export.listing import PATH as DATA
from smegraph.graph.header import LICENSE
from smegraph.server.endpoints.parameters import pairs_of
from smegraph.server.engine.engine import Engine, Generation
from smegraph.server.exports.maker import ExportMaker
from smegraph.server.exports.wanted import Wanted, wanted
from smegraph.server.http.conditional import entity_tag, has_tag, is_unchanged, validators
from smegraph.server.http.errors import ClientGone
from smegraph.server.http.exchange import ClientWatch
from smegraph.server.http.fields import request_fields
from smegraph.server.http.negotiation import choose_encoding
from smegraph.server.http.request_record import record_of
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.version import __version__

PATH: Final = f"{DATA}/export"
_VARY: Final = "Accept, Accept-Encoding"
_PIECE: Final = 2**18
_CODINGS: Final[dict[str, Compression]] = {"gzip": "gzip", "zstd": "zstd"}
_NOT_PACKED: Final = ("parquet",)  # it is packed by itself
_STUDIES: Final = load_query("exportable-studies")


@record
class Study:
    """A study that can be exported: its key, and what it is called."""

    key: str
    label: str


async def exportable_studies(engine: Engine) -> list[Study]:
    """Return the studies for the form, in the order of their names."""
    return await ask(engine, _STUDIES, Study)


def form_formats() -> dict[str, list[str]]:
    """Return the formats that the forms offer: for all on a concept, for a study, for a class."""
    named = {kind: [one.name for one in FORMATS.values() if one.kind == kind]
             for kind in ("graph", "dataset", "nanopubs", "table", "references")}  # fmt: skip
    graph = [name for name in named["graph"] if name != "functional"]
    about = graph + named["references"] + named["nanopubs"]
    return {"about": about, "study": about + named["dataset"], "class": named["table"]}


# Decision 087: docs/decisions/087-exports-on-demand.md
def add_exporting(app: FastAPI, maker: ExportMaker, site: str) -> None:
    """Add the address at which exports are made; `site` is the path of the site."""

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def export(request: Request) -> Response:
        found = wanted(pairs_of(request.scope["query_string"]), _accept(request))
        coding = _coding(request, found)
        generation = maker.engine.generation
        headers = _headers(found, coding, generation, request, site)
        fields = request_fields(request.scope)
        none_match, since = fields.get(b"if-none-match"), fields.get(b"if-modified-since")
        tag = headers.get("etag", "").encode()
        if tag and (has_tag(none_match, tag) or is_unchanged(none_match, since, generation)):
            return Response(status_code=304, headers=headers)
        try:
            with ClientWatch(request.receive):
                packing = coding if found.compress == "none" else found.compress
                file = await maker.make(found, packing, _table_address(request))
        except ClientGone:
            record_of(request.scope).outcome = "client-gone"
            return Response(status_code=204)  # nobody reads it
        return _sent(file, found, headers, request.method == "HEAD")


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))


def _coding(request: Request, found: Wanted) -> Compression:
    """Return the content coding; what is packed already is sent as it is."""
    if found.compress != "none" or found.form.name in _NOT_PACKED:
        return "none"
    choice = choose_encoding(request.headers.get("accept-encoding"))
    return _CODINGS.get(choice.name, "none") if choice else "none"


def _headers(
    found: Wanted, coding: Compression, generation: Generation, request: Request, site: str
) -> dict[str, str]:
    links = [f'<{LICENSE}>; rel="license"', f'<{site}{DATA}>; rel="collection"']
    if found.form.name == "csv" and found.scope == "class" and not found.metadata:
        query = request.scope["query_string"].decode("latin-1")
        described = f"{site}{PATH}?{query}&format=csv&metadata"
        if "format=" in query:
            described = f"{site}{PATH}?{query}&metadata"
        links.append(f'<{described}>; rel="describedby"; type="application/csvm+json"')
    headers = {
        "content-disposition": f'attachment; filename="{found.file_name}"',
        "link": ", ".join(links),
        "vary": _VARY,
    }
    tag = None
    if found.is_repeatable:
        name = b"%b-%b-%b" % (found.name, __version__.encode(), coding.encode())
        tag = entity_tag(generation, name)
    headers |= {key.decode(): text.decode() for key, text in validators(generation, tag)}
    if coding != "none":
        headers["content-encoding"] = coding
    return headers


def _table_address(request: Request) -> str:
    """Return the address of the table to which metadata belong."""
    kept = [part for part in request.url.query.split("&") if part.partition("=")[0] != "metadata"]
    return str(request.url.replace(query="&".join(kept)))


def _sent(file: BinaryIO, found: Wanted, headers: dict[str, str], is_head: bool) -> Response:
    length = os.fstat(file.fileno()).st_size
    headers = {**headers, "content-length": str(length), "content-type": found.content_type}
    if is_head:
        file.close()
        return Response(headers=headers)
    return StreamingResponse(_pieces(file), headers=headers)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
    finally:
        file.close()
