"""What the pages that only show things have in common: head, masthead, footer, look."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse

HERE: Final = Path(__file__).parent

_LINKS: Final = (
    '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">\n'
    '<link rel="stylesheet" href="/static/smegraph.css">\n'
    '<script src="/static/ask.js" type="module"></script>'
)


def site_page(*, title: str, description: str, main: str, version: str) -> str:
    """A page of the service; `main` is HTML, all else is text."""
    name = (
        '<a class="name" href="/"><img src="/static/icon.svg" alt="" width="28" height="28">'
        " smegraph</a>"
    )
    note = (
        '<p>Programs ask at <code>/sparql</code>. <a href="/">Ask a question of your own</a>.</p>'
    )
    return _page(title, description, main, _LINKS, name, f"Release {version}", note)


def add_report(
    app: FastAPI, file: Path, *, title: str, description: str, main: str, version: str
) -> None:
    """Add a report of the release as a page under the file's name, and the file itself as data."""
    name = file.stem
    data = f'<p>The same <a href="/{name}.json">as data</a>.</p>'
    page = site_page(title=title, description=description, main=main + data, version=version)

    @app.api_route(f"/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    async def as_page() -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    @app.api_route(f"/{name}.json", methods=["GET", "HEAD"], include_in_schema=False)
    async def as_data() -> FileResponse:
        return FileResponse(file, media_type="application/json")


def file_page(*, title: str, description: str, main: str) -> str:
    """A page that stands alone in a file: it carries its look and needs nothing else."""
    look = (HERE / "static" / "smegraph.css").read_text("utf-8")
    head = f"<style>\n{look}</style>"
    return _page(title, description, main, head, '<p class="name">smegraph</p>', "", "")


def _page(
    title: str, description: str, main: str, head: str, name: str, release: str, note: str
) -> str:
    template = Template((HERE / "templates" / "page.html").read_text("utf-8"))
    return template.substitute(
        title=escape(title),
        description=escape(description),
        head=head,
        name=name,
        release=escape(release),
        main=main,
        note=note,
    )


def ask(query: str, text: str) -> str:
    """A link that answers a query in CSV; with a script, on the page where one asks."""
    address = "/sparql?" + urlencode({"query": query, "format": "csv"})
    return f'<a href="{escape(address)}" data-query="{escape(query)}">{escape(text)}</a>'
