"""The command `smegraph backup`: a whole copy of a writable dataset, while it is served or not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import click
from pyoxigraph import Store

from smegraph.cli.errors import BackupFailed
from smegraph.cli.options import FOLDER
from smegraph.server.dataset.layout import CHANGE, LOCK, PENDING, SNAPSHOTS, STORE, UPLOADS

_TRIES: Final = 20
_TOKENS: Final = "tokens.json"


@click.command("backup")
@click.option("--dataset", type=FOLDER, required=True, metavar="DIR", help="The dataset's folder.")
@click.argument("target", type=FOLDER, metavar="TO")
def backup(dataset: Path, target: Path) -> None:
    """Copy a dataset and its tokens into the new folder TO, which can be served as it is.

    Beside a service that runs, the copy holds every update that a query has seen.
    """
    click.echo(f"{target} holds {back_up(dataset, target)} statements.")


def back_up(dataset: Path, target: Path) -> int:
    """Make the copy, or nothing at all; return how many statements it has. Raises BackupFailed."""
    if target.exists():
        raise BackupFailed(f"{target} is there already; a copy goes into a new folder.")
    if not (dataset / STORE).is_dir():
        raise BackupFailed(f"{dataset} holds no dataset of smegraph (no {STORE}/).")
    aside = dataset / UPLOADS / f"backup-{os.getpid()}"
    beside = target.with_name(f"{target.name}.partial-{os.getpid()}")
    try:
        _snapshot(dataset, aside)
        shutil.copytree(aside, beside / STORE)
        if (dataset / _TOKENS).exists():
            shutil.copy2(dataset / _TOKENS, beside)
        statements = len(Store.read_only(str(beside / STORE)))
        beside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)
    return statements


def _snapshot(dataset: Path, aside: Path) -> None:
    """Make a state of the dataset that stays: of the store, or of a running service's newest."""
    try:
        store = Store(str(dataset / STORE))
    except (OSError, RuntimeError) as error:
        if LOCK not in str(error):  # else a service has it
            raise BackupFailed(f"{dataset / STORE} cannot be read: {error}.") from error
    else:
        if (dataset / PENDING / CHANGE).exists():
            raise BackupFailed(f"{dataset} has an unfinished change; start the service once.")
        store.backup(str(aside))
        return
    for _ in range(_TRIES):
        if _linked(_newest(dataset / SNAPSHOTS), aside):
            return
        shutil.rmtree(aside)
    raise BackupFailed(f"{dataset} changes too quickly to be copied. Try again.")


def _newest(snapshots: Path) -> Path:
    found = [(path.stat().st_mtime_ns, path) for path in snapshots.iterdir() if path.is_dir()]
    if not found:
        raise BackupFailed(f"{snapshots} holds nothing to copy.")
    return max(found)[1]


def _linked(snapshot: Path, aside: Path) -> bool:
    """Make another name for each file; say whether the snapshot was there to the end."""
    aside.mkdir()
    try:
        for file in snapshot.iterdir():
            os.link(file, aside / file.name)
    except FileNotFoundError:
        return False
    return (aside / "CURRENT").exists() and snapshot.is_dir()
