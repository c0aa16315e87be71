"""Files and folders that are no sheets where they lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import StudyCopy


def told(study: StudyCopy) -> list[tuple[str, str, str]]:
    """File, kind and remedy of each error."""
    return [(e["file"], e["kind"], e["remedy"]) for e in study.check().errors]


def test_a_copy_of_a_sheet_is_told_from_a_misnamed_one(study: StudyCopy) -> None:
    copy = study.path("samples (1).csv")
    copy.write_bytes(study.path("samples.csv").read_bytes())
    remedy = 'Did you mean "samples.csv"? That is there; take this one away, or name it '
    assert told(study) == [
        (study.shown(copy.name), "unknown-sheet", f"{remedy}samples.more.csv if both count.")
    ]


@pytest.mark.parametrize(
    "name", ["study.yml", "Study.yaml", "study.yaml.txt", "study (1).yaml", "record.yaml"]
)
def test_a_record_under_another_name_is_not_missing(study: StudyCopy, name: str) -> None:
    study.path("study.yaml").rename(study.path(name))
    assert told(study) == [(study.shown(name), "misplaced-sheet", "Write it as study.yaml.")]


def test_an_ending_that_was_written_twice_is_told_and_the_sheet_read(study: StudyCopy) -> None:
    study.path("firms.csv").rename(study.path("firms.csv.csv"))
    checked = study.check()
    assert checked.exit_code == 0
    warnings = [p for p in checked.problems if p["kind"] == "double-ending"]
    assert [p["remedy"] for p in warnings] == ["Rename it to firms.csv."]


def test_a_study_in_a_folder_of_a_study_is_one_error(study: StudyCopy) -> None:
    inner = study.path("inner")
    inner.mkdir()
    for path in study.folder.iterdir():
        if path != inner:
            path.rename(inner / path.name)
    remedy = "Move the folder into data/studies/, or its sheets one folder up."
    assert told(study) == [(study.shown("inner"), "unknown-file", remedy)]


def test_a_study_that_lies_beside_the_studies_is_told(study: StudyCopy) -> None:
    study.folder.rename(study.data / "mine")
    assert ("data/mine", "misplaced-study") in [(file, kind) for file, kind, _ in told(study)]


def test_a_build_refuses_a_sheet_beside_the_studies(study: StudyCopy) -> None:
    study.path("samples.csv").rename(study.data / "samples.csv")
    refused = study.run("build", "--no-reason")
    assert refused.exit_code == 1
    assert 'The sheet "samples" lies outside of every study' in refused.output


@pytest.mark.parametrize("name", ["notes.txt", "README.md", "texts/firms.txt", "texts/a.csv"])
def test_what_is_no_sheet_may_lie_beside_the_studies(study: StudyCopy, name: str) -> None:
    path: Path = study.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("words\n", "utf-8")
    assert told(study) == []


@pytest.fixture
def elsewhere(study: StudyCopy, tmp_path: Path) -> Path:
    """The samples of the study outside of its data; the study has a link to them."""
    target = tmp_path / "elsewhere" / "samples.csv"
    target.parent.mkdir()
    study.path("samples.csv").rename(target)
    study.path("samples.csv").symlink_to(target)
    return target


def test_a_sheet_that_is_a_link_out_of_the_data_is_refused(
    study: StudyCopy, elsewhere: Path
) -> None:
    remedy = "Put the file itself there, or let links be followed with --follow-links."
    assert told(study) == [(study.shown("samples.csv"), "link", remedy)]
    assert study.run("check", "--follow-links").exit_code == 0


def test_a_build_heeds_links_as_the_check_does(study: StudyCopy, elsewhere: Path) -> None:
    refused = study.run("build", "--no-reason")
    assert (refused.exit_code, "leads out of data" in refused.output) == (1, True)


def test_a_study_that_is_a_link_out_of_the_data_is_refused(
    study: StudyCopy, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere" / study.name
    target.parent.mkdir()
    study.folder.rename(target)
    study.folder.symlink_to(target)
    assert ("link", study.name_in_data()) in [(kind, file) for file, kind, _ in told(study)]
    assert study.run("check", "--follow-links").exit_code == 0
    assert study.run("check", study.name_in_data()).exit_code == 0


def test_the_data_may_be_a_link_and_hold_links_inside(study: StudyCopy, tmp_path: Path) -> None:
    hidden = study.path("..2026")
    hidden.mkdir()
    study.path("samples.csv").rename(hidden / "samples.csv")
    study.path("..data").symlink_to("..2026")
    study.path("samples.csv").symlink_to("..data/samples.csv")
    (tmp_path / "link").symlink_to(study.data)
    assert study.check("--data", "link").errors == []
    assert study.check().errors == []


@pytest.mark.parametrize("name", ["samples.csv", "sampels.csv", "study.yaml", "samples.more.csv"])
def test_a_pipe_is_told_and_not_waited_for(study: StudyCopy, name: str) -> None:
    study.path(name).unlink(missing_ok=True)
    os.mkfifo(study.path(name))
    assert study.shown(name) in {file for file, *_ in told(study)}


@pytest.mark.parametrize("target", ["samples.csv", "/dev/zero", "nowhere"])
def test_a_link_that_leads_to_no_file_is_told(study: StudyCopy, target: str) -> None:
    study.path("samples.csv").unlink()
    study.path("samples.csv").symlink_to(target)
    for options in ((), ("--follow-links",)):
        checked = study.check(*options)
        assert [error["file"] for error in checked.errors][:1] != []
        assert checked.exit_code == 1
