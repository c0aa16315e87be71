"""Results are found again by their input, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.memo import Entry


def test_what_was_kept_is_found_by_the_same_input(tmp_path: Path) -> None:
    Entry.of(tmp_path, ".json", ["a", "b"], ["c"]).write("kept")
    assert Entry.of(tmp_path, ".json", ["a", "b"], ["c"]).read() == "kept"


@pytest.mark.parametrize(
    "parts", [(["a", "b"],), (["a"], ["b", "c"]), (["b", "a"], ["c"]), (["a", "b"], ["c"], [])]
)
def test_another_input_finds_nothing(tmp_path: Path, parts: tuple[list[str], ...]) -> None:
    Entry.of(tmp_path, ".json", ["a", "b"], ["c"]).write("kept")
    assert Entry.of(tmp_path, ".json", *parts).read() is None


def test_without_a_folder_nothing_is_kept() -> None:
    place = Entry.of(None, ".json", ["a"])
    place.write("kept")
    assert place.read() is None


def test_nothing_is_left_beside_the_result(tmp_path: Path) -> None:
    place = Entry.of(tmp_path / "new", ".nt", ["a"])
    place.write("kept")
    assert [*(tmp_path / "new").iterdir()] == [place.path]
