"""The identity of a dataset, by which a service knows that its folder still is the one it opened.

Where the disk of a dataset is unmounted, the folder below is empty, and whatever makes a folder
there makes another dataset, which nobody has asked for.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Final

from smegraph.files import sync_file, sync_folder
from smegraph.server.dataset.errors import DatasetUnusable
from smegraph.server.dataset.layout import IDENTITY

GONE: Final = (
    "The folder of the dataset is gone, or holds another one. The service goes on when it is there "
    "again; the operator's log tells more."
)


def known_identity(folder: Path) -> str | None:
    """Return the identity of the dataset in a folder; None where none can be read."""
    try:
        found = json.loads((folder / IDENTITY).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    identity = found.get("identity") if isinstance(found, dict) else None
    return identity if isinstance(identity, str) else None


def new_identity(folder: Path) -> str:
    """Give the dataset in a folder an identity, and return it; raises OSError."""
    identity = uuid.uuid4().hex
    beside = folder / (IDENTITY + ".new")
    beside.write_text(json.dumps({"identity": identity}) + "\n", "utf-8")
    sync_file(beside)
    beside.replace(folder / IDENTITY)
    sync_folder(folder)
    return identity


# Decision 052: docs/decisions/052-proved-before-it-counts.md
def require_identity(folder: Path, identity: str) -> None:
    """Raise DatasetUnusable unless a folder holds the dataset with an identity."""
    if known_identity(folder) == identity:
        return
    raise DatasetUnusable(gone(folder))


def gone(folder: Path) -> str:
    """Return what to tell the operator of a folder that does not hold the dataset any more."""
    return (
        f"{folder} does not hold the dataset any more that this service has opened: is its disk "
        "mounted? Nothing is made in its place, and the service goes on when it is there again."
    )
