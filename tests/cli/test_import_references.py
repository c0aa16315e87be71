"""`smegraph import`: which study the references go to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

BIB = "@book{b, title = {On Firms}, author = {Doe, Jane}, year = {2001}, publisher = {P}}\n"


@pytest.fixture
def references(tmp_path: Path) -> Path:
    path = tmp_path / "references.bib"
    path.write_text(BIB, "utf-8")
    return path


def test_in_the_folder_of_a_study_references_go_to_that_one(
    study: StudyCopy, references: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.folder)
    done = study.run("import", str(references))
    assert done.exit_code == 0, done.output
    assert f"only {study.name} is changed, as you are in it." in done.output
    assert "On Firms" in study.path("works.imported.csv").read_text("utf-8")


def test_elsewhere_a_study_must_be_named(study: StudyCopy, references: Path) -> None:
    refused = study.run("import", str(references))
    assert refused.exit_code == 2
    assert "Say which study lists the references: --study KEY." in refused.output
