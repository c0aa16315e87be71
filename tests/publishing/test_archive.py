"""Archives and checksums depend on files and a day, and on nothing else."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest

from smegraph.publishing.archive import CHECKSUMS, checksums, digest_line, files_below, pack

DAY = date(2027, 1, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files."""
    place = tmp_path / "a folder"
    (place / "inner").mkdir(parents=True)
    (place / "b.txt").write_text("b", "utf-8")
    (place / "inner" / "a.txt").write_text("a", "utf-8")
    return place


def test_other_times_rights_and_order_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "inner").mkdir()
    (copy / "inner" / "a.txt").write_text("a", "utf-8")
    (copy / "b.txt").write_text("b", "utf-8")
    (copy / "b.txt").chmod(0o600)
    os.utime(copy / "b.txt", (0, 0))
    assert pack(folder, "x-1", DAY) == pack(copy, "x-1", DAY)
    assert pack(folder, "x-1", DAY) != pack(folder, "x-1", date(2027, 2, 1))


def test_an_archive_holds_every_file_under_its_name(folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(pack(folder, "x-1", DAY))) as archive:
        assert archive.getnames() == ["x-1/b.txt", "x-1/inner/a.txt"]
        member = archive.getmember("x-1/inner/a.txt")
        assert (member.mtime, member.mode, member.uid) == (1801353600, 0o644, 0)
        file = archive.extractfile(member)
        assert file is not None
        assert file.read() == b"a"


def test_checksums_are_what_sha256sum_reads(folder: Path) -> None:
    (folder / CHECKSUMS).write_text(checksums(folder), "utf-8")
    assert len(checksums(folder).splitlines()) == len(files_below(folder)) - 1
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("There is no sha256sum.")
    done = subprocess.run([tool, "-c", CHECKSUMS], cwd=folder, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert digest_line(b"b", "b.txt") in checksums(folder)
