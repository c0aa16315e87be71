"""A release states its version in its manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.release_files import MANIFEST, stated_version


def test_the_version_is_that_of_the_manifest(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"version": "1a2b", "files": {}}')
    assert stated_version(tmp_path) == "1a2b"


@pytest.mark.parametrize("text", ["", "[]", "{}", '"version"', "\xff"])
def test_a_manifest_that_states_none_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text, "latin-1")
    with pytest.raises(ValueError, match=r"."):
        stated_version(tmp_path)


def test_a_manifest_that_is_missing_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stated_version(tmp_path)
