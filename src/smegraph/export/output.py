"""Where an export goes: standard output, or a file that is there when it is whole."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from smegraph.export.formats import Compression

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdFile
else:
    from backports.zstd import ZstdFile


@contextmanager
def output(target: Path | None, compression: Compression = "none") -> Iterator[IO[bytes]]:
    """Return what an export is written to; a file takes its place when all of it is written.

    Compressed files say neither when they were made nor how they were called, so that the same
    export has the same bytes.

    Raises:
        OSError: the file cannot be written, or the disk is full.
        BrokenPipeError: nobody reads standard output any more.
    """
    if target is None:
        with packed(sys.stdout.buffer, compression) as whole:
            yield whole
        sys.stdout.buffer.flush()
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            with packed(file, compression) as whole:
                yield whole
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def packed(file: IO[bytes], compression: Compression) -> Iterator[IO[bytes]]:
    """Return what is written to in place of a file, so that the file is packed."""
    if compression == "none":
        yield file
        return
    whole: Any = (
        gzip.GzipFile("", "wb", fileobj=file, mtime=0)
        if compression == "gzip"
        else ZstdFile(file, "wb")
    )
    with whole:
        yield whole
