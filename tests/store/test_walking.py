"""What lies below a folder: links inside it are followed, and circles end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smegraph.store.walking import LEADS_OUT, NO_FILE, NOWHERE, Walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.nt").touch()
    (folder / "sub" / "b.nt").touch()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "c.nt").touch()
    return folder


def walk(folder: Path, *, follow_links: bool = False) -> tuple[list[str], dict[str, str]]:
    """The files by name, and what was refused."""
    found = Walk(folder, follow_links).run()
    return (
        [path.relative_to(folder).as_posix() for path, _ in found.files],
        {path.relative_to(folder).as_posix(): why for path, why in found.refused},
    )


def test_files_are_found_in_order(folder: Path) -> None:
    assert walk(folder) == (["a.nt", "sub/b.nt"], {})


@pytest.mark.parametrize("target", ["..", "../..", "../sub", "../sub/loop", "/"])
def test_circles_end(folder: Path, target: str) -> None:
    (folder / "sub" / "loop").symlink_to(target)
    found, refused = walk(folder)
    assert found == ["a.nt", "sub/b.nt"]
    assert set(refused) <= {"sub/loop"}


def test_circles_outside_end_where_links_are_followed(folder: Path) -> None:
    (folder / "out").symlink_to("../outside")
    (folder.parent / "outside" / "back").symlink_to("../folder")
    (folder.parent / "outside" / "self").symlink_to(".")
    assert walk(folder, follow_links=True)[0] == ["a.nt", "sub/b.nt", "out/c.nt"]


def test_what_kubernetes_mounts_is_found_once(folder: Path) -> None:
    """A ConfigMap's files are links into a hidden folder, which is changed as a whole."""
    (folder / "..2026").mkdir()
    (folder / "..2026" / "d.nt").touch()
    (folder / "..2026" / "deep").mkdir()
    (folder / "..2026" / "deep" / "e.nt").touch()
    (folder / "..data").symlink_to("..2026")
    (folder / "d.nt").symlink_to("..data/d.nt")
    (folder / "deep").symlink_to("..data/deep")
    assert walk(folder) == (["a.nt", "d.nt", "sub/b.nt", "deep/e.nt"], {})


def test_a_link_to_a_folder_beside_it_adds_nothing(folder: Path) -> None:
    (folder / "current").symlink_to("sub")
    assert walk(folder) == (["a.nt", "sub/b.nt"], {})


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("../outside/c.nt", LEADS_OUT),
        ("../outside", LEADS_OUT),
        ("/dev/null", LEADS_OUT),
        ("nowhere", NOWHERE),
        ("x.nt", NOWHERE),
        ("pipe", NO_FILE),
    ],
)
def test_what_is_not_followed_has_a_reason(folder: Path, target: str, why: str) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "x.nt").symlink_to(target)
    assert walk(folder) == (["a.nt", "sub/b.nt"], {"pipe": NO_FILE, "x.nt": why})


def test_a_device_is_no_file_even_where_links_are_followed(folder: Path) -> None:
    (folder / "x.nt").symlink_to("/dev/zero")
    assert walk(folder, follow_links=True)[1] == {"x.nt": NO_FILE}
