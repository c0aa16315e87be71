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
        with _packed(sys.stdout.buffer, compression) as packed:
            yield packed
        sys.stdout.buffer.flush()
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            with _packed(file, compression) as packed:
                yield packed
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _packed(file: IO[bytes], compression: Compression) -> Iterator[IO[bytes]]:
    if compression == "none":
        yield file
        return
    packed: Any = (
        gzip.GzipFile("", "wb", fileobj=file, mtime=0)
        if compression == "gzip"
        else ZstdFile(file, "wb")
    )
    with packed:
        yield packed
