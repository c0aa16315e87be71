"""A project reads each part once, when it is asked for, and proves passages if it has sources."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import REFERENCE, STUDY, Schema
from smegraph.studies.errors import DataError
from smegraph.studies.project import Project

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

PARTS = ("ontology", "schema", "rules", "folders", "results")


@pytest.fixture
def project(study: StudyCopy, ontology: Ontology, schema: Schema) -> Project:
    """The study and the reference data, with the ontology that all tests share."""
    found = Project(study.ontology, study.data)
    found.ontology, found.schema = ontology, schema
    return found


def another(study: StudyCopy, path: Path) -> Path:
    """A folder with the record of a study that is named like it, and with one sample."""
    path.mkdir(parents=True)
    text = study.path("study.yaml").read_text("utf-8")
    record = text.replace(f"id: {study.name}", f"id: {path.name}")
    (path / "study.yaml").write_text(record, encoding="utf-8")
    (path / "samples.csv").write_text("id,label,size,unit\nnew,New,2,firm\n", encoding="utf-8")
    return path


def names(project: Project) -> list[str]:
    return [folder.name for folder in project.folders]


# ---------------------------------------------------------------- read once, when it is asked for


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_read_once(study: StudyCopy, part: str) -> None:
    project = Project(study.ontology, study.data)
    assert getattr(project, part) is getattr(project, part)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    project = Project(Path("no ontology"), Path("no data"))
    with pytest.raises(OntologyError, match="no ontology"):
        _ = project.ontology


def test_sheets_and_results_are_those_of_the_one_ontology(study: StudyCopy, tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(study.ontology, folder)
    project = Project(folder, study.data)
    assert project.ontology.folder == folder
    shutil.rmtree(folder)
    assert STUDY in project.schema.record.scopes
    assert [result.folder for result in project.results] == project.folders


def test_what_changes_after_it_was_read_is_not_seen(study: StudyCopy, project: Project) -> None:
    before = [result.lines for result in project.results]
    study.set("samples.csv", 2, "size", "two")
    assert [result.lines for result in project.results] == before
    assert project.clean_results is project.results


def test_rules_are_those_of_the_ontology_folder(project: Project) -> None:
    assert {path.parent for path in project.rules.files} == {
        project.ontology_folder / name for name in ("rules", "rules/before-reasoning", "mappings")
    }


# ---------------------------------------------------------------- the folders that somebody named


def test_a_project_is_found_by_its_folders(study: StudyCopy, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "ours.txt").touch()
    project = Project.find(study.ontology, study.data, tmp_path / "sources")
    assert (project.ontology_folder, project.data) == (study.ontology, study.data)
    assert project.sources == {"ours.txt": tmp_path / "sources" / "ours.txt"}


def test_a_project_without_a_word_is_that_of_the_working_folder(
    study: StudyCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", str(study.ontology))
    project = Project.find()
    assert (project.ontology_folder, project.data) == (study.ontology, Path("data"))
    assert project.sources is None


def test_a_folder_that_is_no_ontology_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="--ontology names"):
        Project.find(tmp_path / "none")


# ---------------------------------------------------------------- folders


def test_the_reference_data_stand_before_the_studies(study: StudyCopy, project: Project) -> None:
    another(study, study.data / "studies" / "another")
    assert names(project) == ["reference", "another", study.name]


def test_studies_are_known_by_key_and_the_reference_data_are_none(
    study: StudyCopy, project: Project
) -> None:
    assert {key: folder.path for key, folder in project.studies.items()} == {
        study.name: study.folder
    }


@pytest.mark.parametrize("spelt", ["data/studies/{}", "data/../data/studies/{}/", "link/{}"])
def test_a_folder_of_the_data_is_included_however_it_is_spelt(
    study: StudyCopy, project: Project, spelt: str
) -> None:
    Path("link").symlink_to(study.data / "studies")
    assert project.include(Path(spelt.format(study.name))) is project.studies[study.name]
    assert names(project) == ["reference", study.name]


def test_a_folder_outside_of_the_data_joins_them(
    study: StudyCopy, project: Project, tmp_path: Path
) -> None:
    path = another(study, tmp_path / "elsewhere")
    included = project.include(path)
    assert (included.name, included.path, included.scope) == ("elsewhere", path, STUDY)
    assert names(project) == ["reference", study.name, "elsewhere"]
    assert project.include(path) is included


def test_a_folder_outside_takes_the_place_of_one_of_its_name(
    study: StudyCopy, project: Project, tmp_path: Path
) -> None:
    path = another(study, tmp_path / "copy" / study.name)
    project.include(path)
    assert names(project) == ["reference", study.name]
    assert project.studies[study.name].path == path


def test_reference_data_outside_take_the_place_of_those_of_the_data(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "reference").mkdir(parents=True)
    included = project.include(tmp_path / "elsewhere" / "reference")
    assert (included.name, included.scope, included.iri) == ("reference", REFERENCE, None)
    assert [folder for folder in project.folders if folder.name == "reference"] == [included]


def test_an_included_study_is_read_with_the_others(
    study: StudyCopy, project: Project, tmp_path: Path
) -> None:
    project.include(another(study, tmp_path / "elsewhere"))
    assert [result.folder.name for result in project.results] == [
        "reference", study.name, "elsewhere",
    ]  # fmt: skip


# ---------------------------------------------------------------- results and problems


def test_some_studies_may_be_read_while_the_others_are_there_to_refer_to(
    study: StudyCopy, project: Project
) -> None:
    path = another(study, study.data / "studies" / "another")
    (path / "citations.csv").write_text(f"id,work\nc1,{study.name}\n", encoding="utf-8")
    results = project.ingest(["another"])
    assert [result.folder.name for result in results] == ["reference", "another"]
    assert results[-1].problems == []
    assert f"work-{study.name}> " in "".join(results[-1].lines)


def test_problems_are_those_of_all_folders(study: StudyCopy, project: Project) -> None:
    (study.data / "reference" / "zzz.csv").touch()
    study.set("samples.csv", 2, "size", "two")
    assert {(Path(problem.file).name, problem.severity) for problem in project.problems} == {
        ("zzz.csv", "error"), ("samples.csv", "error"), ("firm-observations.csv", "warning"),
    }  # fmt: skip


def test_results_with_an_error_are_refused_with_every_problem(
    study: StudyCopy, project: Project
) -> None:
    study.set("samples.csv", 2, "size", "two")
    with pytest.raises(DataError) as refused:
        _ = project.clean_results
    assert list(refused.value.problems) == project.problems
    assert {problem.severity for problem in refused.value.problems} == {"error", "warning"}


def test_results_with_warnings_alone_are_clean(project: Project) -> None:
    assert {problem.severity for problem in project.problems} == {"warning"}
    assert project.clean_results is project.results


# ---------------------------------------------------------------- sources

SOURCE = "Two firms were chosen."


def with_passage(study: StudyCopy, project: Project, digest: str) -> None:
    """Let the study name a source, and let a sample stand there."""
    source = study.data.parent / "ours.txt"
    source.write_text(SOURCE, encoding="utf-8")
    project.sources = {"ours.txt": source}
    lines = study.path("study.yaml").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("source")]
    sha = sha256(SOURCE.encode()).hexdigest()
    record = "".join([*kept, f"sourceFile: ours.txt\nsourceSha256: {sha}\n"])
    study.path("study.yaml").write_text(record, encoding="utf-8")
    text = f"id,label,size,unit,charStart,charEnd,passageHash\na,A,2,firm,0,9,{digest}\n"
    for path in study.folder.glob("*.csv"):
        path.unlink()
    study.path("samples.csv").write_text(text, encoding="utf-8")


def test_a_passage_that_its_source_bears_out_is_proved(study: StudyCopy, project: Project) -> None:
    with_passage(study, project, sha256(SOURCE[:9].encode()).hexdigest())
    assert project.problems == []


def test_a_passage_that_its_source_does_not_bear_out_is_an_error(
    study: StudyCopy, project: Project
) -> None:
    with_passage(study, project, "0" * 64)
    assert [(problem.kind, problem.row) for problem in project.problems] == [("passage", 2)]


def test_without_sources_no_passage_is_proved(study: StudyCopy, project: Project) -> None:
    with_passage(study, project, "0" * 64)
    project.sources = None
    assert project.problems == []


def test_a_source_that_is_not_among_them_is_a_warning(study: StudyCopy, project: Project) -> None:
    with_passage(study, project, "0" * 64)
    project.sources = {}
    assert [(p.kind, p.severity) for p in project.problems] == [("source-missing", "warning")]
