"""The options that commands share: what they are without a word, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from smegraph.cli.options import (
    data_option,
    form_option,
    ontology_option,
    out_option,
    sources_option,
)


@click.command()
@ontology_option
@data_option
@sources_option
@out_option
@form_option
def command(**given: object) -> None:
    """Print what the options give, one to a line."""
    for name, value in sorted(given.items()):
        click.echo(f"{name}={value!r}")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def given(*arguments: str) -> dict[str, str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return dict(line.split("=", 1) for line in result.output.splitlines())


def test_commands_read_the_working_folder_when_nothing_is_named() -> None:
    assert given() == {
        "data_folder": repr(Path("data")),
        "form": "'text'",
        "ontology_folder": "None",
        "out": repr(Path("build")),
        "sources": "None",
    }


@pytest.mark.parametrize(
    ("option", "name"),
    [("--ontology", "ontology_folder"), ("--data", "data_folder"), ("--sources", "sources"),
     ("--out", "out")],
)  # fmt: skip
def test_a_folder_that_is_named_comes_as_a_path(tmp_path: Path, option: str, name: str) -> None:
    assert given(option, str(tmp_path))[name] == repr(tmp_path)


@pytest.mark.parametrize("option", ["--ontology", "--data", "--sources", "--out"])
def test_a_file_is_no_folder(tmp_path: Path, option: str) -> None:
    file = tmp_path / "file.txt"
    file.touch()
    refused = run(option, str(file))
    assert refused.exit_code == 2
    assert "file.txt' is a file" in refused.output


def test_a_folder_of_sources_must_be_there() -> None:
    refused = run("--sources", "nowhere")
    assert refused.exit_code == 2
    assert "'nowhere' does not exist" in refused.output


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_is_for_people_or_for_programs(form: str) -> None:
    assert given("--format", form)["form"] == repr(form)


def test_another_form_is_refused_with_those_that_there_are() -> None:
    refused = run("--format", "xml")
    assert refused.exit_code == 2
    assert "'xml' is not one of 'text', 'json'" in refused.output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a study, and a folder in it."""
    (tmp_path / "data" / "studies" / "one" / "notes").mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    return tmp_path


@pytest.mark.parametrize("folder", ["data", "data/studies", "data/studies/one/notes", "ontology"])
def test_a_project_is_found_upwards_and_named(
    project: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMEGRAPH_ONTOLOGY", raising=False)
    monkeypatch.chdir(project / folder)
    result = run()
    assert result.stderr == f"smegraph: the project is {project}.\n"
    lines = dict(line.split("=", 1) for line in result.stdout.splitlines())
    up = Path(*[".."] * len(Path(folder).parts))
    assert (lines["data_folder"], lines["out"]) == (repr(up / "data"), repr(up / "build"))
    assert lines["ontology_folder"] == repr(up / "ontology")


def test_what_is_named_is_seen_from_the_working_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "data")
    result = run("--data", "mine", "--out", "there", "--ontology", "../ontology")
    assert result.stderr == ""
    assert f"data_folder={Path('mine')!r}\n" in result.stdout
