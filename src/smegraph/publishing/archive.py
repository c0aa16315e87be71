"""Checksums and an archive: of the same files the same bytes, whenever and wherever."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from smegraph.files import digest_file

CHECKSUMS: Final = "SHA256SUMS"


def files_below(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, with slashes, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def checksums(folder: Path) -> str:
    """Return the SHA-256 digests of all files but this list, as `sha256sum -c` reads them."""
    names = [name for name in files_below(folder) if name != CHECKSUMS]
    return "".join(f"{digest_file(folder / name)}  {name}\n" for name in names)


def pack(folder: Path, name: str, day: date) -> bytes:
    """Return a folder as a tar.gz in which it is called `name`.

    Names are sorted; time stamps are those of a day; owners and rights are nobody's in particular
    (reproducible-builds.org, "Archive metadata").
    """
    time = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(
            filename="", mode="wb", fileobj=buffer, mtime=time, compresslevel=9
        ) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for info, path in _members(folder, name, time):
            with path.open("rb") as file:
                archive.addfile(info, file)
    return buffer.getvalue()


def _members(folder: Path, name: str, time: int) -> Iterator[tuple[tarfile.TarInfo, Path]]:
    for inner in files_below(folder):
        path = folder / inner
        info = tarfile.TarInfo(f"{name}/{inner}")
        info.size, info.mtime, info.mode = path.stat().st_size, time, 0o644
        yield info, path


def digest_line(data: bytes, name: str) -> str:
    """Return the line of a checksum file for one file."""
    return f"{hashlib.sha256(data).hexdigest()}  {name}\n"
