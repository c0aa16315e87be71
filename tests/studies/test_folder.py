"""Folders of sheets: what belongs to a study, and what is a stranger in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.ontology.schema import REFERENCE, STUDY, Schema
from smegraph.studies.folder import find_folders, open_folder

if TYPE_CHECKING:
    from tests.conftest import StudyCopy


def test_a_study_is_named_by_its_folder(study: StudyCopy, schema: Schema) -> None:
    folder = open_folder(study.folder, schema, scope=STUDY)
    assert folder.problems == []
    assert folder.iri == f"https://w3id.org/smegraph/id/work-{study.name}"
    assert folder.graph == f"https://w3id.org/smegraph/graph/{study.name}"


def test_the_reference_data_are_no_study(study: StudyCopy, schema: Schema) -> None:
    folder = open_folder(study.data / "reference", schema, scope=REFERENCE)
    assert (folder.name, folder.iri, folder.problems) == ("reference", None, [])


def test_a_sheet_may_be_split_into_files(study: StudyCopy, schema: Schema) -> None:
    study.path("samples.csv").rename(study.path("samples.first.csv"))
    study.path("samples.second.csv").write_text("id,label,size,unit\n", encoding="utf-8")
    files = open_folder(study.folder, schema, scope=STUDY).files
    names = [path.name for path, sheet in files if sheet.name == "samples"]
    assert names == ["samples.first.csv", "samples.second.csv"]


def test_sheets_are_read_in_the_order_of_the_shapes(study: StudyCopy, schema: Schema) -> None:
    names = [sheet.name for _, sheet in open_folder(study.folder, schema, scope=STUDY).files]
    assert names == [name for name in schema.sheets if name in names]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "codebook.md",
        ".DS_Store",
        "~$firms.xlsx",
        "references.bib",
        "LICENSE",
        "Thumbs.db",
        "desktop.ini",
    ],
)
def test_what_is_no_sheet_by_custom_may_stand_there(
    study: StudyCopy, schema: Schema, name: str
) -> None:
    study.path(name).write_text("", encoding="utf-8")
    assert open_folder(study.folder, schema, scope=STUDY).problems == []


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("frims.csv", 'Did you mean "firms.csv"?'),
        ("Firms.CSV", 'Did you mean "firms.csv"?'),
        ("firms.xlsx", 'Did you mean "firms.csv"?'),
        ("qqq.csv", "Sheets are: places, organizations"),
        ("study.csv", "Write it as study.yaml."),
        ("study.yml", "Write it as study.yaml."),
    ],
)
def test_a_stranger_is_never_passed_over(
    study: StudyCopy, schema: Schema, name: str, remedy: str
) -> None:
    study.path(name).write_text("", encoding="utf-8")
    (problem,) = open_folder(study.folder, schema, scope=STUDY).problems
    assert problem.value == name
    assert remedy in str(problem.remedy)


def test_all_studies_are_found_in_the_order_of_their_names(tmp_path: Path, schema: Schema) -> None:
    for name in ("studies/b", "studies/a", "studies/.hidden", "reference"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "studies" / "notes.txt").write_text("", encoding="utf-8")
    assert [d.name for d in find_folders(tmp_path, schema)] == ["reference", "a", "b"]


def test_an_empty_folder_holds_no_datasets(tmp_path: Path, schema: Schema) -> None:
    assert find_folders(tmp_path, schema) == []
