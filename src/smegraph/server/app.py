"""The service behind HTTP: the endpoint, the graph store, the pages; its start and its end."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from smegraph.errors import SmegraphError
from smegraph.export.listing import DataFile, data_files
from smegraph.server.addresses import ANY, NONE
from smegraph.server.dataset.writer import DatasetWriter
from smegraph.server.endpoints.access import TokenAccess
from smegraph.server.endpoints.graph_store import GraphStoreEndpoint
from smegraph.server.endpoints.openapi import describe_endpoints
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.endpoints.service_description import add_void
from smegraph.server.engine.cache import CachingEngine
from smegraph.server.http.base_path import BelowBasePath, as_clients_see, path_of
from smegraph.server.http.cross_origin import OnlyOrigins
from smegraph.server.http.headers import STANDARD_HEADERS
from smegraph.server.http.hosts import OnlyHosts
from smegraph.server.http.protocol import allow_files, uvicorn_config
from smegraph.server.http.rate_limit import RateLimited
from smegraph.server.metadata.description import ServiceDescription
from smegraph.server.monitoring.logs import EventLog, Level, open_log
from smegraph.server.monitoring.metrics import Metrics
from smegraph.server.monitoring.observe import Observed
from smegraph.server.monitoring.operations import add_operations, add_sources
from smegraph.server.service import Service
from smegraph.server.settings import MEBIBYTE, Settings

_LEVELS: Final[dict[str, Level]] = {
    "worker-lost": "warning",
    "worker-missing": "warning",
    "store-process-lost": "error",
    "store-process-missing": "error",
    "switch-failed": "error",
    "change-failed": "error",
    "change-set-aside": "error",
    "dataset-unusable": "error",
    "dataset-gone": "error",
}


# Decision 024: docs/decisions/024-front-process.md
_COLLECT_AFTER: Final = 20_000


class Application:
    """The whole service as an ASGI application.

    The endpoint and the graph store are plain ASGI and come first; everything else is a page of
    the FastAPI application that belongs to the present state of the data. Its lifespan starts and
    stops the service.
    """

    def __init__(self, settings: Settings, log: EventLog) -> None:
        """Take the settings; nothing is started yet."""
        self.service = Service(settings, self._event)
        self.metrics = Metrics()
        self._log, settings = log, self.service.settings
        self._base_url = settings.base_url
        self.cache = CachingEngine(self.service, settings.cache_size * MEBIBYTE)
        self.description = ServiceDescription(self.cache, settings, self._files)
        self._sparql = self._endpoint(settings)
        self._graphs = self._graph_store(settings)
        add_sources(self.metrics, self.service, self.cache)
        self.service.decorate = self._decorate
        app: ASGIApp = self._answer
        if ANY not in settings.allowed_host:
            app = OnlyHosts(app, settings.allowed_host)
        if settings.rate_limit:
            app = RateLimited(app, settings.rate_limit)
        self.observed = Observed(app, log, self.metrics)
        self._outermost = _as_outside(self.observed, settings)
        self.metrics.follow(lambda: self.service.generation)
        self.metrics.add_source(
            "smegraph_log_lines_dropped", "Log lines that could not be written.",
            lambda: log.dropped, kind="counter",
        )  # fmt: skip

    def _endpoint(self, settings: Settings) -> SparqlEndpoint:
        writer = self.service.writer
        return SparqlEndpoint(
            self.cache,
            writer=writer,
            access=self._access(writer) if writer else None,
            describe=self.description.service,
            timeout=settings.timeout,
            query_limit=settings.query_limit * MEBIBYTE,
            update_limit=settings.body_limit * MEBIBYTE,
            body_timeout=settings.body_timeout,
            send_timeout=settings.send_timeout,
        )

    def _graph_store(self, settings: Settings) -> ASGIApp:
        writer = self.service.writer
        return GraphStoreEndpoint(
            self.cache,
            writer,
            self._access(writer) if writer else None,
            base_url=settings.base_url,
            body_limit=settings.body_limit * MEBIBYTE,
            body_timeout=settings.body_timeout,
            send_timeout=settings.send_timeout,
        )

    def _files(self) -> list[DataFile]:
        """Return the files of the release that is served; of other data there are none."""
        source = self.service.state.source
        return data_files(source.path) if source and source.kind == "release" else []

    def _access(self, writer: DatasetWriter) -> TokenAccess:
        own = urlsplit(self._base_url).netloc if self._base_url else ""
        return TokenAccess(writer.folder, lambda: writer.is_there, own)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            return self._live(receive, send)
        return self._outermost(scope, receive, send)

    def _answer(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path = scope["path"]
        if path == "/sparql":
            return self._sparql(scope, receive, send)
        if path == "/sparql/":
            return _without_slash(scope, receive, send)
        if path == "/graphs" or path.startswith("/graphs/"):
            return self._graphs(scope, receive, send)
        if self._base_url:
            scope = as_clients_see(scope, self._base_url)
        return self.service.state.site(scope, receive, send)

    def _decorate(self, app: FastAPI) -> None:
        """Add to the pages what programs ask for."""
        add_operations(app, self.service, self.metrics)
        add_void(app, self.description.dataset)
        describe_endpoints(app, self.service.settings.writable)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Follow the server's start and end (ASGI lifespan)."""
        await receive()
        try:
            await self.service.start()
        except SmegraphError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.service.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _event(self, name: str, **fields: Any) -> None:
        self._log.event(name, _LEVELS.get(name, "info"), **fields)


async def _without_slash(scope: Scope, receive: Receive, send: Send) -> None:
    """Redirect to the endpoint, whatever lies before its path; method and body stay (308)."""
    query = scope["query_string"].decode("latin-1")
    location = "../sparql" + (f"?{query}" if query else "")
    await Response(status_code=308, headers={**STANDARD_HEADERS, "Location": location})(
        scope, receive, send
    )


def _as_outside(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put around an application what depends on who asks it from where."""
    if ANY not in settings.cors_origin:
        app = OnlyOrigins(app, [origin for origin in settings.cors_origin if origin != NONE])
    if path_of(settings.base_url):
        app = BelowBasePath(app, path_of(settings.base_url))
    return app


def create_app(settings: Settings, log: EventLog | None = None) -> Application:
    """Return the application for what the settings name; its lifespan starts the service."""
    return Application(settings, log or EventLog(None))


class _Server(uvicorn.Server):
    """uvicorn's server, which says where it serves once it does, and hears SIGHUP."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self.service = service

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.service.start()
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self.service.look_now)
        what = "dataset" if self.service.settings.dataset else "release"
        print(
            f"smegraph serves {self.service.address}/ "
            f"({what} {self.service.version}; "
            "the SPARQL endpoint is /sparql; stop with Ctrl+C)",
            flush=True,
        )


def run(settings: Settings) -> None:
    """Serve until the process is told to stop; port 0 takes a free one.

    Being told to (SIGINT, SIGTERM) is no fault: what runs is finished within `stop_timeout`, and
    the process ends with the code 0. Raises SmegraphError when there is nothing to serve, or when
    the address is taken.
    """
    log = open_log(settings.log_format)
    app = create_app(settings, log)
    service = app.service
    config = uvicorn_config(app, service.settings, app.observed.refused)
    allow_files(service.settings.connections)
    server = _Server(config, service)

    def stop(number: int, frame: FrameType | None) -> None:
        service.stopping = True
        server.should_exit = True

    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, stop)
    gc.freeze()  # What is there now stays, and need not be looked at again and again.
    gc.set_threshold(_COLLECT_AFTER)
    listener = _listen(settings)
    service.address = address = _address(listener)
    log.event("start", address=address)
    try:
        server.run(sockets=[listener])
    finally:
        log.event("stop")
        log.flush(1.0)


def _listen(settings: Settings) -> socket.socket:
    """Take the address; it is listened to when everything is ready."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        raise SmegraphError(
            f"http://{settings.host}:{settings.port} cannot be served: {error}."
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    """Return where a socket is bound, as an address without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
