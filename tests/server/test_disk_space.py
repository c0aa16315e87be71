"""What is left on a disk, and how a full one is known."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from smegraph.server.disk_space import DiskSpace, is_full
from smegraph.server.engine.errors import InsufficientStorage


def test_what_fits_beside_what_is_reserved_is_no_fault(tmp_path: Path) -> None:
    disk = DiskSpace(tmp_path, 2**20)
    assert disk.free > 2**21
    disk.require()
    disk.require(2**20)


@pytest.mark.parametrize(("reserved", "size"), [(0, 10**18), (10**18, 0), (10**18, 1)])
def test_what_would_leave_too_little_is_refused(tmp_path: Path, reserved: int, size: int) -> None:
    with pytest.raises(InsufficientStorage, match=r"\d+ MiB left, .* Nothing was changed\."):
        DiskSpace(tmp_path, reserved).require(size)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EDQUOT, "x"),
        RuntimeError(f"IO error: {os.strerror(errno.ENOSPC)}: While appending to file: /a/1.sst"),
    ],
)
def test_a_full_disk_is_known_by_its_number_or_its_sentence(error: Exception) -> None:
    assert is_full(error)


@pytest.mark.parametrize("error", [OSError(errno.EIO, "x"), RuntimeError("x"), ValueError("full")])
def test_other_failures_are_no_full_disk(error: Exception) -> None:
    assert not is_full(error)
