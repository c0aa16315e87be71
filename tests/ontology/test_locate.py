"""The ontology's folder is found in a known order."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.ontology import locate as paths
from smegraph.ontology.errors import OntologyError


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with a space in its name, and no ontology named or installed."""
    folder = tmp_path / "working folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SMEGRAPH_ONTOLOGY", raising=False)
    monkeypatch.setattr(paths, "_PACKAGED", tmp_path / "no-package")
    monkeypatch.setattr(paths, "_CHECKOUT", tmp_path / "no-checkout")
    return folder


def folder_at(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_option_precedes_everything(
    working_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_at(working_folder / "ontology")
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", str(folder_at(tmp_path / "by variable")))
    by_option = folder_at(tmp_path / "by option")
    assert paths.ontology_dir(by_option) == by_option
    assert paths.ontology_dir(str(by_option)) == by_option


def test_variable_precedes_the_working_folder(
    working_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_at(working_folder / "ontology")
    by_variable = folder_at(tmp_path / "by variable")
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", str(by_variable))
    assert paths.ontology_dir() == by_variable


def test_working_folder_precedes_the_installed_copy(
    working_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_PACKAGED", folder_at(tmp_path / "package"))
    folder_at(working_folder / "ontology")
    assert paths.ontology_dir().resolve() == working_folder.resolve() / "ontology"


@pytest.mark.parametrize("place", ["_PACKAGED", "_CHECKOUT"])
def test_installed_copy_serves_any_working_folder(
    working_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    installed = folder_at(tmp_path / "installed")
    monkeypatch.setattr(paths, place, installed)
    assert paths.ontology_dir() == installed


def test_empty_variable_names_nothing(
    working_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_at(working_folder / "ontology")
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", "")
    assert paths.ontology_dir() == Path("ontology")


def test_option_that_names_no_folder_is_refused_by_name(working_folder: Path) -> None:
    folder_at(working_folder / "ontology")
    with pytest.raises(OntologyError, match="--ontology names missing"):
        paths.ontology_dir("missing")


def test_variable_that_names_a_file_is_refused_by_name(
    working_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = working_folder / "smegraph.ttl"
    file.touch()
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", str(file))
    with pytest.raises(OntologyError, match="SMEGRAPH_ONTOLOGY names"):
        paths.ontology_dir()


def test_no_ontology_anywhere_says_how_to_name_one(working_folder: Path) -> None:
    with pytest.raises(OntologyError, match="--ontology or SMEGRAPH_ONTOLOGY"):
        paths.ontology_dir()


def test_checkout_holds_the_ontology() -> None:
    assert (paths._CHECKOUT / "smegraph.ttl").is_file()
