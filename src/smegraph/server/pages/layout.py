"""What the pages of a site share: the state that is served, and the way from page to page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse

from smegraph.server.pages.asking import Kept
from smegraph.server.pages.rendering import render


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the main navigation."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The frame around every page of a site.

    Attributes:
        version: the name of the state that is served, for people; may be empty.
        links: what asks for the main navigation, as the graph decides which pages there are.
        root: the path below which clients see the site, without a slash at its end.
        below: what asks for what every page leads to at its foot.
    """

    version: str
    links: Callable[[], Awaitable[Sequence[Link]]]
    root: str = ""
    below: Callable[[], Awaitable[Sequence[Link]]] | None = None

    async def render(self, template: str, path: str, **values: object) -> str:
        """Return the page at a path; raises EngineError when the graph cannot be asked."""
        frame = {
            "base": "layout.html",
            "version": self.version,
            "links": await self.links(),
            "below": await self.below() if self.below else (),
        }
        return render(template, path=path, root=self.root, **frame, **values)


def respond(page: str) -> HTMLResponse:
    """Return a page as a response; a new release may replace it at any time."""
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def add_page(app: FastAPI, path: str, make: Callable[[], Coroutine[Any, Any, str]]) -> None:
    """Add a page that is the same for everyone: made at the first request, and kept."""
    kept = Kept(make)

    @app.api_route(path, methods=["GET", "HEAD"], include_in_schema=False)
    async def page() -> HTMLResponse:
        return respond(await kept.get())


def add_report(app: FastAPI, layout: Layout, file: Path, template: str, **values: object) -> None:
    """Add a report of the release as a page under the file's name, and the file itself as data."""
    path = f"/{file.stem}"
    data = f"{path}.json"
    add_page(app, path, lambda: layout.render(template, path, data=layout.root + data, **values))

    @app.api_route(data, methods=["GET", "HEAD"], include_in_schema=False)
    async def as_data() -> FileResponse:
        return FileResponse(file, media_type="application/json")
