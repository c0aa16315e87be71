"""`smegraph release` takes its day from the sources, never from the clock."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import smegraph.build
from smegraph.cli.main import main
from tests.publishing.test_published import Workshop, begin


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A project whose builds are quick, in which the command is called."""
    made = begin(tmp_path / "one")

    def build(*arguments: Any, **options: Any) -> smegraph.build.Built:
        return smegraph.build.Built(made.build(), fresh=True)

    monkeypatch.setattr(smegraph.build, "build", build)
    monkeypatch.chdir(made.root)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return made


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["release", *arguments, "--data", "data"])
    return done.exit_code, done.output


def day(workshop: Workshop) -> str:
    text = (workshop.root / "CITATION.cff").read_text("utf-8")
    return text.partition("date-released: '")[2][:10]


def test_a_day_that_is_named_is_the_release_s(workshop: Workshop) -> None:
    code, said = run("0.1.0", "--date", "2027-01-31")
    assert (code, day(workshop)) == (0, "2027-01-31"), said
    assert "Version 0.1.0 is in" in said


def test_else_the_day_is_that_of_the_variable(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert (run("0.1.0")[0], day(workshop)) == (0, "2001-09-09")


def test_else_it_is_that_of_the_last_commit(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-02-29T23:30:00Z")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    try:
        for words in ("init -q", "commit -q --allow-empty -m a"):
            subprocess.run(["git", *words.split()], check=True)
    except FileNotFoundError:
        pytest.skip("There is no git.")
    assert (run("0.1.0")[0], day(workshop)) == (0, "2020-02-29")


def test_without_any_it_asks(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run("0.1.0")
    assert code == 2
    assert "--date 2027-01-31" in said
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert "SOURCE_DATE_EPOCH is no number" in run("0.1.0")[1]


def test_a_refusal_says_what_would_be_right(workshop: Workshop) -> None:
    run("0.1.0", "--date", "2027-01-31")
    code, said = run("0.2.0", "--date", "2027-01-31")
    assert code == 1
    assert "nothing to publish" in said
