"""The pages of the service and its small answers for programs: an ordinary FastAPI application."""

from __future__ import annotations

import json
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from smegraph.server.http.headers import StandardHeaders
from smegraph.server.http.problems import http_error, unexpected_error
from smegraph.server.pages.index import Desk, add_index, add_pages
from smegraph.store.embedded import EmbeddedStore
from smegraph.version import __version__


class ReleaseUnreadable(Exception):
    """The folder is no release, or a part of it is missing or broken."""


def release_site(release: Path) -> FastAPI:
    """Return the pages of a release: its questions, contradictions, audit and coverage.

    The folder holds `store/`, `manifest.json` (with the key "version") and `questions/*.rq`.
    Raises ReleaseUnreadable with what is missing and what would do.
    """
    version = _version(release)
    try:
        store = EmbeddedStore(release / "store")
    except OSError as error:
        raise ReleaseUnreadable(
            f"{release / 'store'} is no Oxigraph store: {error}. Run `smegraph build`."
        ) from error
    app = _bare(version)
    add_pages(app, store, version, release / "questions")
    return app


def dataset_site(desk: Desk) -> FastAPI:
    """Return the page of a dataset that is no release: one to ask from."""
    app = _bare(desk.version)
    add_index(app, desk)
    return app


def _bare(version: str) -> FastAPI:
    app = FastAPI(title="smegraph", version=version or __version__, docs_url=None, redoc_url=None)
    app.add_middleware(StandardHeaders)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected_error)
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
