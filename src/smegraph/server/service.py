"""What is served, from its start to its end: the workers, the pages, and the switch to new data."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from anyio import to_thread
from fastapi import FastAPI

from smegraph.errors import SmegraphError
from smegraph.namespaces import PREFIXES
from smegraph.release.releases import Releases
from smegraph.release_files import STORE
from smegraph.server.dataset.writer import DatasetWriter, Limits, Snapshot
from smegraph.server.disk_space import DiskSpace
from smegraph.server.engine.engine import Answer, Engine, Generation, QueryRequest
from smegraph.server.engine.errors import EngineError, Overloaded
from smegraph.server.exports.maker import ExportLimits
from smegraph.server.pages.ask_page import QueryPage
from smegraph.server.pages.errors import ReleaseUnreadable
from smegraph.server.pages.site import dataset_site, release_site
from smegraph.server.settings import MEBIBYTE, Settings
from smegraph.server.workers.errors import PoolFailed
from smegraph.server.workers.forkserver import ForkserverSettings
from smegraph.server.workers.in_process import InProcessEngine
from smegraph.server.workers.pool import Pool, PoolSettings
from smegraph.store.embedded import EmbeddedStore
from smegraph.store.loading import loader_command, prepare
from smegraph.store.sources import Source, estimate, find_source, fingerprint

_SHOWN: Final = 10  # files that are passed over
_POLL_INTERVAL: Final = 1.0  # seconds
_IN_MEMORY: Final = 4_000_000  # statements; above, workers read the store from disk
_QUERIES_OF_AN_EXPORT: Final = 4  # so much longer than a query may one take
_SPOOL_PREFIX: Final = "smegraph-spool-"
_START_ERRORS: Final = (PoolFailed, EngineError, SmegraphError, ReleaseUnreadable, OSError)


@dataclass(slots=True, eq=False)
class State:
    """One state of the data, with all that serves it."""

    source: Source | None
    pool: Pool
    site: FastAPI


class Service:
    """The engine behind the endpoint; `start` it before the first question, `stop` it at the end.

    It answers from the newest state of what it serves: a new release takes over between two
    queries, and queries that run are finished on the state that they began with.
    """

    def __init__(self, settings: Settings, event: Callable[..., None]) -> None:
        """Take the settings and who is told of what happens."""
        self.settings, self._event = settings.effective(), event
        self._state: State | None = None
        self._spool: Path | None = None
        self._draining: set[Pool] = set()
        self._poll_now = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.stopping = False
        self.address = "http://localhost"
        self.decorate: Callable[[FastAPI], None] = lambda app: None
        self.ended: Counter[str] = Counter()
        self.writer: DatasetWriter | None = None
        if settings.writable:
            assert settings.dataset is not None  # The settings see to that.
            self.writer = _writer(settings.dataset, self.settings, event)

    # Beginning and end

    async def start(self) -> None:
        """Load what is served and start its workers; raises SmegraphError with the remedy."""
        if self._state is not None:
            return
        try:
            self._spool = _spool_folder(self.settings.spool)
            self._state = await (self._open_writable() if self.writer else self._open())
        except _START_ERRORS as error:
            await self.stop()
            raise SmegraphError(str(error)) from error
        self._event("ready", version=self.version, quads=self.quads, isolated=self.isolated)
        if self.writer is None:
            self._spawn(self._watch())

    async def stop(self) -> None:
        """End every process, and remove what waited on the disk."""
        self.stopping = True
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pool in [*self._draining, *([self._state.pool] if self._state else [])]:
            await pool.close(0)
        if self.writer is not None:
            # What is committed is finished by the next start, so ending it here is no harm.
            with suppress(TimeoutError):
                await asyncio.wait_for(self.writer.stop(), self.settings.stop_timeout)
        if self._spool is not None:
            shutil.rmtree(self._spool, ignore_errors=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> State:
        """Load the newest state of what is served."""
        source = await to_thread.run_sync(self._find)
        if source.skipped:
            shown = ", ".join(source.skipped[:_SHOWN])
            self._event("files-passed-over", count=len(source.skipped), files=shown)
        if source.links_out:
            shown = ", ".join(source.links_out[:_SHOWN])
            why = "They lead out of the folder; --follow-links lets the service follow them."
            self._event("links-passed-over", count=len(source.links_out), files=shown, why=why)
        # Never before the last switch, so that a client's date keeps its meaning.
        modified = max(_modified(source), time.time() if self._state else 0.0)
        generation = Generation(fingerprint(source), modified)
        union = self.settings.default_graph == "union"
        if estimate(source) <= _IN_MEMORY:
            command = loader_command(source.path, union=union, follow_links=source.follows_links)
            pool = self._pool(generation, command, stored_union=union)
        else:
            folder = await to_thread.run_sync(
                lambda: prepare(source, _cache_folder(source.path), union=union)
            )
            stored = union or source.kind == "release"
            pool = self._pool(generation, (), stored_union=stored)
            pool.use(folder, generation)
        return await self._started(source, pool)

    async def _open_writable(self) -> State:
        """Start the writer, and workers over what it holds."""
        assert self.writer is not None
        self.writer.base = f"{self.settings.base_url or self.address}/sparql"
        snapshot = await self.writer.start()
        pool = self._pool(_generation(snapshot), (), stored_union=False)
        pool.use(snapshot.path, _generation(snapshot))
        return await self._started(None, pool)

    async def _started(self, source: Source | None, pool: Pool) -> State:
        await pool.start()
        async with AsyncExitStack() as undo:
            undo.push_async_callback(pool.close, 0)
            # Only the service sees an update before the next query does.
            engine = pool if self.writer is None else self
            site = await to_thread.run_sync(_site, self.settings, source, pool, engine, self._spool)
            self.decorate(site)
            undo.pop_all()
            return State(source, pool, site)

    def _pool(self, generation: Generation, loader: tuple[str, ...], *, stored_union: bool) -> Pool:
        settings = self.settings
        forkserver = ForkserverSettings(
            parent=os.getpid(),
            loader=loader,
            stored_union=stored_union,
            spool=str(self._spool),
            memory=settings.worker_memory * MEBIBYTE,
            result=settings.result_limit * MEBIBYTE,
            prefixes=settings.default_prefixes,
            union=settings.default_graph == "union",
            services=settings.allow_service,
            base=f"{settings.base_url or self.address}/sparql",
        )
        numbers = PoolSettings(
            short=settings.workers,
            heavy=settings.heavy_workers,
            queue=settings.queue,
            timeout=settings.timeout,
        )
        return Pool(forkserver, numbers, generation, self._event, self.ended)

    # New data

    def look_now(self) -> None:
        """Look for a new release without waiting for the next turn."""
        self._poll_now.set()

    async def _watch(self) -> None:
        """Take over a new state of the data once it has been seen twice alike."""
        seen = ""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._poll_now.wait(), _POLL_INTERVAL)
            at_once = self._poll_now.is_set()
            self._poll_now.clear()
            now = await to_thread.run_sync(self._newest)
            if not now and (seen or at_once):
                self._event(
                    "switch-failed", version="", why="What is served is not there any more."
                )
            if now and now != self.generation.name and (at_once or now == seen):
                await self._switch(now)
                seen = ""
            else:
                seen = now

    def _find(self) -> Source:
        """Say what is to be served now; raises SmegraphError."""
        dataset = self.settings.dataset
        path = dataset or Releases(self.settings.out).current_release()
        return find_source(path, follow_links=self.settings.follow_links)

    def _newest(self) -> str:
        """Return the name of the newest state; nothing when there is none that can be read."""
        with suppress(SmegraphError, OSError):
            return fingerprint(self._find())
        return ""

    async def _switch(self, name: str) -> None:
        """Load a new state beside the old one, then let it take over."""
        old = self._state
        try:
            new = await self._open()
        except _START_ERRORS as error:
            self._event("switch-failed", version=name, why=str(error))
            with suppress(TimeoutError):  # SIGHUP ends the wait, and looks again.
                await asyncio.wait_for(self._poll_now.wait(), 10 * _POLL_INTERVAL)
            return
        self._state = new
        self._event("switched", version=self.version, quads=self.quads)
        if old is not None:
            self._draining.add(old.pool)
            self._spawn(self._drain(old.pool))

    async def _drain(self, pool: Pool) -> None:
        """Let the queries on a former state come to their end."""
        await pool.close(self.settings.timeout)
        self._draining.discard(pool)

    # Questions

    @property
    def generation(self) -> Generation:
        """The state of the data that the next query sees (`Engine.generation`).

        Behind an update that no query has seen yet, it is a name that stands for no answer.
        """
        if self._state is None:
            return Generation("", 0.0)
        if self.writer is not None and self.writer.current is None:
            return Generation(f"{self._state.pool.generation.name}+", 0.0)
        return self._state.pool.generation

    async def answer(self, request: QueryRequest) -> Answer:
        """Answer a query from the newest state (`Engine.answer`)."""
        return await self.submit(request)

    def submit(self, request: QueryRequest) -> asyncio.Future[Answer]:
        """Begin to answer a query from the newest state (`Submitting.submit`)."""
        state = self._state
        if state is None or self.stopping:
            raise Overloaded(5, "The service is not ready.")
        if self.writer is not None and self.writer.current is None:
            return asyncio.ensure_future(self._publish_and_answer(state, self.writer, request))
        return state.pool.submit(request)

    async def _publish_and_answer(
        self, state: State, writer: DatasetWriter, request: QueryRequest
    ) -> Answer:
        """Let the workers see what has been written, then ask them."""
        await self._publish(state, writer)
        return await state.pool.answer(request)

    async def _publish(self, state: State, writer: DatasetWriter) -> None:
        """Let the workers see what has been written."""
        snapshot = await writer.snapshot()
        if snapshot.generation != state.pool.generation.name:
            state.pool.use(snapshot.path, _generation(snapshot))
        writer.retire(state.pool.generations())

    # What is told of it

    @property
    def ready(self) -> bool:
        """Whether queries are answered now."""
        there = self.writer is None or self.writer.is_there
        return self._state is not None and self._state.pool.ready and there and not self.stopping

    @property
    def state(self) -> State:
        """What is served now; only after the start."""
        assert self._state is not None
        return self._state

    @property
    def version(self) -> str:
        """The name of the state that is served."""
        return self.generation.name

    @property
    def quads(self) -> int:
        """How many statements the store has, a stored union included; 0 where it is on disk."""
        return self.state.pool.quads

    @property
    def isolated(self) -> bool:
        """Whether the workers have no network."""
        return self.state.pool.isolated

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return self._state.pool.waiting if self._state is not None else 0

    def free_bytes(self) -> dict[tuple[str, ...], float]:
        """Return how many bytes are left where results wait, and where updates go."""
        places = {"spool": self._spool, "dataset": self.writer.folder if self.writer else None}
        return {
            (name,): DiskSpace(place).free
            for name, place in places.items()
            if place and place.is_dir()
        }

    def worker_states(self) -> Iterator[str]:
        """Yield what each worker does: "idle", "short", "heavy" or "suspended"."""
        return self._state.pool.states() if self._state is not None else iter(())


def _writer(folder: Path, settings: Settings, event: Callable[..., None]) -> DatasetWriter:
    limits = Limits(
        timeout=settings.timeout,
        queue=settings.queue,
        keep_free=settings.keep_free * MEBIBYTE,
        literal=settings.literal_limit * 1024,
    )
    prefixes = PREFIXES if settings.default_prefixes else {}
    return DatasetWriter(
        folder, prefixes=prefixes, allow_service=settings.allow_service, limits=limits, event=event
    )


def _generation(snapshot: Snapshot) -> Generation:
    return Generation(snapshot.generation, snapshot.modified)


def _site(
    settings: Settings, source: Source | None, pool: Pool, engine: Engine, spool: Path | None
) -> FastAPI:
    """Return the pages of a state; what they show of the data they ask of the engine."""
    union = settings.default_graph == "union"
    if source is not None and source.kind == "release":
        limits = ExportLimits(
            timeout=_QUERIES_OF_AN_EXPORT * settings.timeout,
            memory=settings.worker_memory * MEBIBYTE,
            largest=settings.result_limit * MEBIBYTE,
            at_once=settings.heavy_workers,
            folder=spool,
        )
        return release_site(
            source.path, pool, union=union, base_url=settings.base_url,
            sources=settings.sources, limits=limits,
        )  # fmt: skip
    path = source.path if source is not None else settings.dataset
    name = path.name if path else "dataset"
    page = QueryPage(
        title=f"Ask {name}",
        lead="A dataset in RDF, served by smegraph. It answers SPARQL queries"
        + (", and takes updates from who has a token." if settings.writable else "."),
        prefixes=settings.default_prefixes,
        union=union,
    )
    version = "" if settings.writable else f"State {pool.generation.name}"
    counts = {"statements": pool.quads} if pool.quads else {}
    return dataset_site(page, version, counts, engine, base_url=settings.base_url)


def offline_site(release: Path) -> FastAPI:
    """Return the pages of a release, which ask its store in this process and start no workers.

    For who looks at what the service would answer, as the audit does; a query cannot be stopped.
    """
    return release_site(release, InProcessEngine(EmbeddedStore(release / STORE)))


def _modified(source: Source) -> float:
    """Return when the data last changed, in Unix seconds."""
    files = [file.path for file in source.files] or [source.path]
    return max(path.stat().st_mtime for path in files)


def _cache_folder(path: Path) -> Path:
    """Return the folder for stores that are made of what lies at a path."""
    home = os.environ.get("XDG_CACHE_HOME")
    place = (Path(home) if home else Path.home() / ".cache") / "smegraph"
    return place / sha256(os.fsencode(path)).hexdigest()[:16]


def _spool_folder(parent: Path | None) -> Path:
    """Make a folder for large results; remove those of services that were killed."""
    place = parent or Path(tempfile.gettempdir())
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob(f"{_SPOOL_PREFIX}*"):
        pid = left.name.removeprefix(_SPOOL_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_SPOOL_PREFIX}{os.getpid()}-", dir=place))
