"""A file is there when it is whole; compressed ones read back and have the same bytes each time."""

from __future__ import annotations

import contextlib
import gzip
import sys
from pathlib import Path
from typing import Literal

import pytest

from smegraph.export.output import output

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ = {"none": bytes, "gzip": gzip.decompress, "zstd": zstd.decompress}


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
def test_what_is_written_reads_back(
    tmp_path: Path, compression: Literal["none", "gzip", "zstd"]
) -> None:
    written = []
    for name in ("one", "other"):
        with output(tmp_path / name, compression) as file:
            file.write(b"a" * 100_000)
        written.append((tmp_path / name).read_bytes())
    assert READ[compression](written[0]) == b"a" * 100_000
    assert written[0] == written[1]


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("before")
    with contextlib.suppress(KeyError), output(target) as file:
        file.write(b"half")
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert target.read_text() == "before"
