"""Studies are measured each against its own source, and one that cannot be hides no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.coverage.studies import StudyCoverage, cover_folders, cover_studies
from smegraph.errors import SmegraphError
from smegraph.studies.project import Project

from .conftest import TEXT, Coded, digest

Make = Callable[..., Coded]


def only(project: Project) -> StudyCoverage:
    """The one study of a project."""
    (found,) = cover_studies(project, [])
    return found


# ---------------------------------------------------------------- which studies


def test_all_studies_are_measured_when_none_is_chosen(make: Make, project: Project) -> None:
    for key in ("b", "c", "a"):
        make(key)
    assert [found.study for found in cover_studies(project, [])] == ["a", "b", "c"]


def test_studies_are_chosen_by_key_in_the_order_in_which_they_are_named(
    make: Make, project: Project
) -> None:
    for key in ("a", "b", "c"):
        make(key)
    assert [found.study for found in cover_studies(project, ["c", "a"])] == ["c", "a"]


def test_a_study_may_be_chosen_by_its_folder_wherever_it_lies(make: Make, project: Project) -> None:
    coded = make()
    elsewhere = coded.folder.rename(project.data.parent / "elsewhere")
    (found,) = cover_studies(project, [str(elsewhere)])
    assert (found.study, found.label) == ("elsewhere", "Study ours")
    assert found.coverage is not None


def test_an_unknown_study_is_refused_with_the_nearest_one(make: Make, project: Project) -> None:
    make("finnish-software")
    with pytest.raises(SmegraphError, match=r'"finish"\. Did you mean "finnish-software"\?'):
        cover_studies(project, ["finish"])


def test_an_unknown_study_is_refused_with_those_that_there_are(
    make: Make, project: Project
) -> None:
    make("a")
    make("b")
    with pytest.raises(SmegraphError, match=r'There is no study "xyz"\. Studies are: a, b\.'):
        cover_studies(project, ["xyz"])


def test_a_folder_without_studies_is_refused_with_a_remedy(project: Project) -> None:
    with pytest.raises(
        SmegraphError, match=r"There are no studies in .*`smegraph template .*my-study`"
    ):
        cover_studies(project, [])


def test_the_reference_data_are_no_study_to_measure(make: Make, project: Project) -> None:
    make()
    (project.data / "reference").mkdir()
    assert [folder.name for folder in project.folders] == ["reference", "ours"]
    found = cover_folders(project.folders, project.ontology, project.sources or {})
    assert [study.study for study in found] == ["ours"]


# ---------------------------------------------------------------- what is told of one


def test_a_study_is_told_with_its_source_and_what_is_coded_of_it(
    make: Make, project: Project
) -> None:
    coded = make()
    sentence = "The firm sells abroad on two platforms."
    coded.add(
        "statements", id="s1", kind="method statement", statement="So.", **coded.passage(sentence)
    )
    found = only(project)
    assert (found.study, found.label, found.file) == ("ours", "Study ours", "ours.txt")
    assert (found.sha256, found.text, found.problems) == (digest(TEXT), TEXT, ())
    assert found.coverage is not None
    assert found.coverage.content == len("".join(sentence.split()))


def test_rows_that_are_not_counted_are_told(make: Make, project: Project) -> None:
    coded = make()
    cells = coded.passage("The firm") | {"passageHash": "0"}
    coded.add("statements", id="s1", kind="method statement", statement="So.", **cells)
    found = only(project)
    assert [problem.kind for problem in found.problems] == ["passage"]
    assert found.coverage is not None


def test_a_study_without_a_label_is_called_by_its_key(make: Make, project: Project) -> None:
    coded = make()
    coded.record(id="ours", sourceFile="ours.txt", sourceSha256=digest(TEXT))
    assert only(project).label == "ours"


def test_a_source_that_is_not_at_hand_is_an_error_and_hides_no_other_study(
    make: Make, project: Project
) -> None:
    make("ours")
    make("theirs").record(id="theirs", sourceFile="lost.txt", sourceSha256="0")
    ours, theirs = cover_studies(project, [])
    assert ours.coverage is not None
    assert (theirs.coverage, theirs.text, theirs.file) == (None, "", "lost.txt")
    (problem,) = theirs.problems
    assert (problem.kind, problem.severity) == ("source-missing", "error")
    assert problem.message == "The source document lost.txt is not in the folder of sources."
    assert problem.file.endswith("theirs/study.yaml")


def test_a_study_that_names_no_source_is_told_what_to_write(make: Make, project: Project) -> None:
    make().record(id="ours", label="Ours")
    (problem,) = only(project).problems
    assert problem.sentence() == (
        "The study names no source document. Write sourceFile and its SHA-256."
    )


def test_a_study_without_a_record_has_no_source(make: Make, project: Project) -> None:
    coded = make()
    (coded.folder / "study.yaml").unlink()
    found = only(project)
    (problem,) = found.problems
    assert (found.label, found.coverage) == ("ours", None)
    assert problem.kind == "source-missing"
    assert problem.file.endswith("studies/ours")


def test_a_source_that_is_not_the_one_that_was_coded_is_not_measured(
    make: Make, project: Project, documents: dict[str, Path]
) -> None:
    make()
    documents["ours.txt"].write_text(TEXT + "More.", encoding="utf-8", newline="")
    found = only(project)
    assert (found.coverage, found.text, found.sha256) == (None, "", digest(TEXT))
    assert [problem.kind for problem in found.problems] == ["source-changed"]


def test_a_record_that_cannot_be_read_is_told_in_place_of_a_missing_source(
    make: Make, project: Project
) -> None:
    record = make().folder / "study.yaml"
    record.write_text(record.read_text("utf-8") + "note: a: b\n", "utf-8")
    (found,) = cover_studies(project, [])
    assert [problem.kind for problem in found.problems] == ["yaml-syntax"]


def test_a_record_under_another_name_is_told_in_place_of_a_missing_source(
    make: Make, project: Project
) -> None:
    record = make().folder / "study.yaml"
    record.rename(record.with_suffix(".yml"))
    (found,) = cover_studies(project, [])
    assert [problem.remedy for problem in found.problems] == ["Write it as study.yaml."]
