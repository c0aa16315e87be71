"""Test what is done to files: digests, and what must reach the disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from smegraph.files import digest_file, sync_file, sync_folder


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[os.stat_result]:
    """Return a list that gets what `os.fsync` is asked for."""
    found: list[os.stat_result] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append(os.fstat(descriptor)))
    return found


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert digest_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_file_is_synced_itself(tmp_path: Path, synced: list[os.stat_result]) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"data")
    sync_file(path)
    assert [found.st_ino for found in synced] == [path.stat().st_ino]


def test_a_folder_is_synced_itself(tmp_path: Path, synced: list[os.stat_result]) -> None:
    sync_folder(tmp_path)
    assert [found.st_ino for found in synced] == [tmp_path.stat().st_ino]
    assert stat.S_ISDIR(synced[0].st_mode)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.touch()
    with pytest.raises(NotADirectoryError):
        sync_folder(path)


def test_a_failure_leaves_no_descriptor_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []

    def full(descriptor: int) -> None:
        used.append(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        sync_folder(tmp_path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(*used)
