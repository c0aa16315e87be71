"""The release that a command asks."""

from __future__ import annotations

from pathlib import Path

from smegraph.errors import SmegraphError
from smegraph.release.releases import Releases
from smegraph.release_files import STORE
from smegraph.store.embedded import EmbeddedStore


def open_current(out: Path) -> EmbeddedStore:
    """Return the store of the release that an output folder serves.

    Raises:
        SmegraphError: there is none, or its store is damaged.
    """
    release = Releases(out).current_release()
    try:
        return EmbeddedStore(release / STORE)
    except OSError as error:
        raise SmegraphError(f"{error}; `smegraph build` makes the release anew.") from error
