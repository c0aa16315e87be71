"""`smegraph check`: what it prints, for people and for programs, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from smegraph.cli.main import main

if TYPE_CHECKING:
    from tests.conftest import StudyCopy


def test_all_is_well_in_one_line(study: StudyCopy) -> None:
    study.path("firm-observations.csv").unlink()  # its missing years are warnings
    checked = study.run("check")
    assert (checked.exit_code, checked.output) == (0, "No errors.\n")


def test_warnings_alone_are_no_failure(study: StudyCopy) -> None:
    checked = study.run("check")
    assert checked.exit_code == 0
    assert checked.output.endswith("2 warnings.\n")


def test_programs_get_one_json_document_whether_or_not_there_are_errors(study: StudyCopy) -> None:
    study.path("firm-observations.csv").unlink()
    assert json.loads(study.check().output) == {"errors": 0, "warnings": 0, "problems": []}
    study.set("samples.csv", 2, "size", "two")
    checked = study.check()
    assert (checked.exit_code, json.loads(checked.output)["errors"]) == (1, 1)


def test_a_process_ends_with_1_when_there_is_an_error(study: StudyCopy) -> None:
    study.set("samples.csv", 2, "size", "two")
    done = subprocess.run(
        [sys.executable, "-m", "smegraph", "check", "--ontology", str(study.ontology)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-3:] == [
        study.shown("samples.csv"),
        '  row 2, column "size": "two" is not a whole number. Write digits only, for example 2014.',
        "1 error and 2 warnings.",
    ]


@pytest.mark.parametrize(
    "arguments", [["data/studies/none"], ["--format", "xml"], ["--strict"], ["--sources", "none"]]
)
def test_what_is_unknown_to_the_command_is_refused_by_name(
    study: StudyCopy, arguments: list[str]
) -> None:
    refused = study.run("check", *arguments)
    assert refused.exit_code == 2
    assert arguments[-1] in refused.output


def test_a_missing_ontology_is_told_without_a_traceback(study: StudyCopy) -> None:
    result = CliRunner().invoke(main, ["check", "--ontology", "none"])
    assert result.exit_code == 1
    assert result.stderr == "smegraph: --ontology names none, which is not a folder.\n"


def test_a_folder_without_data_is_an_error(study: StudyCopy) -> None:
    checked = study.check("--data", "none")
    assert checked.exit_code == 1
    assert [error["kind"] for error in checked.errors] == ["no-data"]


def test_many_errors_of_a_kind_are_summed_up_unless_all_are_wanted(study: StudyCopy) -> None:
    head, rows = study.table("samples.csv")
    study.save("samples.csv", head, [[f"s{n}", *rows[0][1:]] for n in range(30)])
    for row in range(2, 32):
        study.set("samples.csv", row, "size", "two")
    short, long = study.run("check"), study.run("check", "--all")
    assert (short.exit_code, long.exit_code) == (1, 1)
    counts = [checked.output.count("is not a whole number") for checked in (short, long)]
    assert counts == [5, 30]
    assert "… and 25 more errors of this kind" in short.output
    assert short.output.splitlines()[-1] == long.output.splitlines()[-1]
    assert len(study.check().errors) == 30


@pytest.mark.parametrize("command", [("build", "--no-reason"), ("ingest",)])
def test_other_commands_list_all_errors_on_demand(
    study: StudyCopy, command: tuple[str, ...]
) -> None:
    text = study.path("firms.csv").read_text("utf-8")
    study.path("firms.csv").write_text(text, encoding="utf-16")
    short, long = study.run(*command), study.run(*command, "--all")
    assert (short.exit_code, long.exit_code) == (1, 1)
    assert "is no known firm" not in short.output
    assert "is no known firm" in long.output


def test_in_the_folder_of_a_study_that_one_is_checked(
    study: StudyCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(study.folder, study.folder.with_name("another"))
    study.set("samples.csv", 2, "size", "two")
    monkeypatch.chdir(study.folder)
    result = CliRunner().invoke(main, ["check", "--ontology", str(study.ontology)])
    assert result.exit_code == 1
    assert result.stderr == (
        f"smegraph: the project is {study.data.parent}.\n"
        f"smegraph: only {study.name} is checked, as you are in it.\n"
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "firm-observations.csv"
    assert lines[-3:-1] == [
        "samples.csv",
        '  row 2, column "size": "two" is not a whole number. Write digits only, for example 2014.',
    ]
    assert lines[-1].startswith("1 error and ")


def test_a_path_that_is_named_counts_in_the_folder_of_a_study_too(
    study: StudyCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(study.folder, study.folder.with_name("another"))
    monkeypatch.chdir(study.folder)
    checked = study.run("check", "../another")
    assert "The id must be the name of the folder" in checked.output


def test_without_a_project_the_way_to_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["check", "--ontology", str(repository / "ontology")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "Change to the folder of a project, which holds data/studies/" in result.output
    assert "`smegraph template data/studies/my-study` begins a study." in result.output
