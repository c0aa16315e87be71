"""Releases: a build is made beside the others, made durable, and switched to in one step.

`<out>/releases/<version>/` holds a release and `<out>/current` points to the one that serves.
The version is a digest of everything that went in, so that an unchanged input is recognised and
the same input has the same version everywhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from smegraph.files import digest_file, sync_file, sync_folder
from smegraph.release.errors import ReleaseError
from smegraph.release.former import Former
from smegraph.release_files import MANIFEST, REPORT, STORE

KEPT = 5
_BUILDING, _DAMAGED = ".building-", ".damaged-"


# Decision 011: docs/decisions/011-release-versions.md
def version_of(files: Iterable[tuple[str, Path]], *conditions: str) -> str:
    """Twelve hexadecimal digits for a set of named input files and the conditions of a build."""
    digest = hashlib.sha256()
    for condition in conditions:
        digest.update(f"{condition}\n".encode())
    for name, path in sorted(files):
        digest.update(f"{name} {digest_file(path)}\n".encode())
    return digest.hexdigest()[:12]


class Releases:
    """The releases of one output folder."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / "releases"
        self.current = out / "current"
        self.cache = out / "cache"

    def path(self, version: str) -> Path:
        """Where a release lies."""
        return self.folder / version

    def current_release(self) -> Path:
        """Return the release that `current` points to.

        Raises:
            ReleaseError: there is none.
        """
        if not (self.current / MANIFEST).is_file():
            raise ReleaseError(f"{self.out} holds no release; `smegraph build` makes one.")
        return self.current.resolve()

    def former(self) -> Former | None:
        """Return the release that serves, where a new one can take something over from it."""
        try:
            folder = self.current_release()
        except ReleaseError:
            return None
        return Former.of(folder) if self.is_sound(folder.name) else None

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one build at a time; the system lets go when a process dies.

        Raises:
            ReleaseError: another build holds it, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.out / ".lock").open("w")
        except OSError as error:
            raise ReleaseError(f"{self.out} cannot be written: {error}") from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError(f"Another build is at work in {self.out}.") from None
            self._sweep()
            try:
                yield
            finally:
                self._sweep()

    def is_sound(self, version: str) -> bool:
        """Whether a release is there, its store opens, and its data files are as they were made.

        The manifest has their digests. The store's files have none, as no two builds write the
        same ones.
        """
        folder = self.path(version)
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            ox.Store.read_only(str(folder / STORE))
            return bool(manifest["files"]) and all(
                digest_file(folder / name) == entry["sha256"]
                for name, entry in manifest["files"].items()
            )
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError):
            return False

    @contextlib.contextmanager
    def new(self, version: str) -> Iterator[Path]:
        """Return a folder to build a release in; it takes its place only when nothing was raised.

        Raises:
            ReleaseError: the disk is full, or the folder cannot be written.
        """
        beside = self.folder / f"{_BUILDING}{os.getpid()}"
        try:
            beside.mkdir()
            yield beside
            _write_manifest(beside, version)
            _sync(beside)
            target = self.path(version)
            if target.exists():  # a release that is not sound: out of the way, not in it
                target.rename(self.folder / f"{_DAMAGED}{version}-{os.getpid()}")
            beside.rename(target)
            sync_folder(self.folder)
        except OSError as error:
            raise ReleaseError(f"The release cannot be written: {error}") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def switch(self, version: str) -> None:
        """Let `current` point to a release, in one step, and drop the oldest releases.

        Raises:
            ReleaseError: the folder cannot be written.
        """
        link = self.out / f".current-{os.getpid()}"
        try:
            link.unlink(missing_ok=True)
            link.symlink_to(Path("releases") / version)
            link.replace(self.current)
            sync_folder(self.out)
        except OSError as error:
            raise ReleaseError(f"{self.current} cannot be switched: {error}") from error
        self._drop_oldest(version)

    def _sweep(self) -> None:
        """Remove what builds left half-done; the lock says that no other build is at work."""
        for folder in self.folder.glob(".*-*"):
            if folder.name.startswith((_BUILDING, _DAMAGED)):
                shutil.rmtree(folder, ignore_errors=True)
        for link in self.out.glob(".current-*"):
            link.unlink(missing_ok=True)
        for file in self.cache.rglob("*.tmp"):
            file.unlink(missing_ok=True)

    def _drop_oldest(self, version: str) -> None:
        others = [f for f in self.folder.iterdir() if f.name[0] != "." and f.name != version]
        others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in others[KEPT - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)


def _write_manifest(folder: Path, version: str) -> None:
    """List the data files with their sizes and digests; the store and the report are not data."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(f"{STORE}/") and name != REPORT:
            files[name] = {"bytes": path.stat().st_size, "sha256": digest_file(path)}
    manifest = {"version": version, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _sync(folder: Path) -> None:
    """Make every file and folder below durable before the release takes its place."""
    for root, _, names in os.walk(folder):
        for name in names:
            sync_file(Path(root) / name)
        sync_folder(Path(root))
