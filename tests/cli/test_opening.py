"""The release that a command asks: the current one of an output folder, or a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.cli.opening import open_current
from smegraph.errors import SmegraphError
from smegraph.namespaces import GRAPH
from smegraph.release.errors import ReleaseError
from smegraph.release.releases import Releases
from smegraph.release.stored import write_store


def release(out: Path, version: str, *statements: str) -> Path:
    """Make a release of one graph the current one."""
    releases = Releases(out)
    with releases.lock():
        with releases.new(version) as folder:
            write_store(folder, {f"{GRAPH}one": statements})
        releases.switch(version)
    return releases.path(version)


def test_the_store_of_the_current_release_is_opened(tmp_path: Path) -> None:
    release(tmp_path, "first", "<urn:a> <urn:p> <urn:b> .\n")
    release(tmp_path, "second", "<urn:a> <urn:p> <urn:c> .\n", "<urn:a> <urn:p> <urn:d> .\n")
    assert open_current(tmp_path).quad_count() == 2


def test_a_folder_without_a_release_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"holds no release; `smegraph build` makes one"):
        open_current(tmp_path)


def test_a_damaged_store_is_refused_with_a_remedy(tmp_path: Path) -> None:
    made = release(tmp_path, "first", "<urn:a> <urn:p> <urn:b> .\n")
    (made / "store" / "CURRENT").write_text("")
    with pytest.raises(SmegraphError, match=r"damaged store.*`smegraph build` makes the release"):
        open_current(tmp_path)


def test_a_release_without_a_store_is_refused_with_a_remedy(tmp_path: Path) -> None:
    made = release(tmp_path, "first", "<urn:a> <urn:p> <urn:b> .\n")
    (made / "store").rename(made / "no store")
    with pytest.raises(SmegraphError, match="`smegraph build` makes the release anew"):
        open_current(tmp_path)
