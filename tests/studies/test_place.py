"""A project is found upwards from a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.studies.place import Place, find_place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data/studies/one/notes", "data/reference", "texts"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "root", "sheets", "is_in_study"),
    [
        (".", ".", None, False),
        ("texts", "..", None, False),
        ("data", "..", None, False),
        ("data/studies", "../..", None, False),
        ("data/studies/one", "../../..", ".", True),
        ("data/studies/one/notes", "../../../..", "..", True),
        ("data/reference", "../..", ".", False),
    ],
)
def test_every_folder_of_a_project_has_its_place(
    project: Path, folder: str, root: str, sheets: str | None, is_in_study: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(project / folder)
    place = find_place(Path())
    assert place == Place(Path(root), None if sheets is None else Path(sheets))
    assert (place.is_root, place.is_in_study) == (folder == ".", is_in_study)


def test_the_nearest_project_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = project / "texts" / "copy"
    (inner / "data" / "studies").mkdir(parents=True)
    monkeypatch.chdir(inner / "data")
    assert find_place(Path()) == Place(Path(".."))


def test_a_link_to_a_study_leads_to_its_project(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(project / "data" / "studies" / "one")
    place = find_place(link)
    assert place is not None
    assert place.is_root is False


def test_outside_of_a_project_there_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert find_place(tmp_path / "data") is None
