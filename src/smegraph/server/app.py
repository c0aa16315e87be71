"""Put a release behind HTTP: the endpoint, the pages, the health check."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route

from smegraph.server.engine import InProcessEngine
from smegraph.server.headers import StandardHeaders
from smegraph.server.pages import add_pages
from smegraph.server.problems import http_error, unexpected_error
from smegraph.server.sparql import SparqlEndpoint
from smegraph.store.embedded import EmbeddedStore


class ReleaseUnreadable(Exception):
    """The folder is no release, or a part of it is missing or broken."""


def create_app(release: Path) -> FastAPI:
    """Return the application for the release in a folder.

    The folder holds `store/`, `manifest.json` (with the key "version") and, for the page,
    `questions/*.rq`. Raises ReleaseUnreadable with what is missing and what would do.
    """
    version = _version(release)
    try:
        store = EmbeddedStore(release / "store")
    except OSError as error:
        raise ReleaseUnreadable(
            f"{release / 'store'} is no Oxigraph store: {error}. Run `smegraph build`."
        ) from error
    quads = store.quad_count()
    app = FastAPI(title="smegraph", version=version, docs_url=None, redoc_url=None)
    app.add_middleware(StandardHeaders)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected_error)
    app.router.routes.append(Route("/sparql", SparqlEndpoint(InProcessEngine(store))))
    add_pages(app, store, version, release / "questions")

    @app.get("/health")
    async def health() -> dict[str, str | int]:
        """Say that the service answers, from which release, and how much that holds."""
        return {"status": "ok", "version": version, "quads": quads}

    return app


def _version(release: Path) -> str:
    """Return the version that the release's manifest states."""
    manifest = release / "manifest.json"
    try:
        return str(json.loads(manifest.read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseUnreadable(
            f"{manifest} does not say which version this is ({error!r}). Run `smegraph build`."
        ) from error


def run(release: Path, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve a release until the process is told to stop; port 0 takes a free one.

    Being told to (SIGINT, SIGTERM) is no fault: the process then ends with the code 0.
    """
    app = create_app(release)
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)

    def stop(number: int, frame: FrameType | None) -> None:
        server.should_exit = True

    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, stop)  # uvicorn shuts down, then raises the signal once more
    socket = config.bind_socket()
    shown = f"[{host}]" if ":" in host else host
    print(
        f"smegraph serves http://{shown}:{socket.getsockname()[1]}/ "
        f"(release {app.version}; the SPARQL endpoint is /sparql; stop with Ctrl+C)",
        flush=True,
    )
    server.run(sockets=[socket])
