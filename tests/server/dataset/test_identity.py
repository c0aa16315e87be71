"""By what a dataset is known again."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.server.dataset.errors import DatasetUnusable
from smegraph.server.dataset.identity import known_identity, new_identity, require_identity


def test_two_datasets_have_two_identities(tmp_path: Path) -> None:
    found = []
    for name in "ab":
        (tmp_path / name).mkdir()
        found.append(new_identity(tmp_path / name))
        assert known_identity(tmp_path / name) == found[-1]
    assert found[0] != found[1]


@pytest.mark.parametrize("text", [None, "", "{", "[]", '"x"', "{}", '{"identity": 1}', "\xff"])
def test_what_cannot_be_read_is_no_identity(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "dataset.json").write_text(text, "latin-1")
    assert known_identity(tmp_path) is None
    with pytest.raises(DatasetUnusable, match="does not hold the dataset"):
        require_identity(tmp_path, "x")


def test_the_dataset_that_was_opened_is_taken_wherever_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    identity = new_identity(folder)
    require_identity(folder, identity)
    require_identity(folder.rename(tmp_path / "b"), identity)
