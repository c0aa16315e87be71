"""Put a dataset back to a snapshot, and a change that cannot be carried out out of the way."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Final

from smegraph.files import sync_file, sync_folder
from smegraph.server.dataset.layout import CHANGE, DATA, PENDING, RESTORED, SET_ASIDE, STORE

_TABLES: Final = ".sst"  # The engine never changes such a file, so that a hard link is a copy.


# Decision 052: docs/decisions/052-proved-before-it-counts.md
def restore(folder: Path, snapshot: Path) -> None:
    """Put a copy of a snapshot in the place of a dataset's store, which nobody may have open.

    A crash leaves either of them, and `finish_restoring` goes on.
    """
    restored = folder / RESTORED
    shutil.rmtree(restored, ignore_errors=True)
    beside = restored.with_name(RESTORED + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for path in snapshot.iterdir():
        if path.suffix == _TABLES:
            os.link(path, beside / path.name)
        else:
            shutil.copyfile(path, beside / path.name)
            sync_file(beside / path.name)
    sync_folder(beside)
    beside.rename(restored)
    sync_folder(folder)
    shutil.rmtree(folder / STORE)
    finish_restoring(folder)


def finish_restoring(folder: Path) -> None:
    """Let a copy that is whole take the place of a store that is being removed."""
    restored = folder / RESTORED
    if restored.is_dir():
        shutil.rmtree(folder / STORE, ignore_errors=True)
        restored.rename(folder / STORE)
        sync_folder(folder)


def set_aside(folder: Path) -> Path:
    """Move the change that is pending into a folder of its own, and return that."""
    pending, stamp = folder / PENDING, time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    place = folder / SET_ASIDE / stamp
    number = 1
    while place.exists():
        number += 1
        place = folder / SET_ASIDE / f"{stamp}-{number}"
    place.mkdir(parents=True)
    if (pending / DATA).exists():
        os.link(pending / DATA, place / DATA)
    (pending / CHANGE).rename(place / CHANGE)  # From here on, it does not stand any more.
    sync_folder(place)
    sync_folder(pending)
    (pending / DATA).unlink(missing_ok=True)
    return place
