"""Sheets that are exported and read again make the same graph."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.export.errors import ExportError
from smegraph.export.extract import Release
from smegraph.export.sheets import write_sheets

if TYPE_CHECKING:
    from tests.conftest import Checkout

STUDIES = ("arnone-deprince", "da-rocha-et-al-2024")


def ingested(checkout: Checkout, data: Path, ontology: Path, study: str) -> set[str]:
    folder = data / "studies" / study
    done = checkout.run("ingest", "--data", data, "--ontology", ontology, folder)
    assert done.returncode == 0, done.stderr
    return {line for line in done.stdout.split("\n") if f"/graph/{study}>" in line}


@pytest.mark.parametrize("study", STUDIES)
def test_sheets_of_a_graph_make_the_graph(
    checkout: Checkout, release: Release, repository: Path, tmp_path: Path, study: str
) -> None:
    data, ontology = repository / "data", repository / "ontology"
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    folder = copy / "studies" / study
    shutil.rmtree(folder)
    names = write_sheets(release, study, folder)
    assert {"findings", "claims", "mentions"} & {*names}
    before = ingested(checkout, data, ontology, study)
    assert len(before) > 10_000
    assert ingested(checkout, copy, ontology, study) == before


def test_a_folder_that_holds_something_is_left_as_it_is(release: Release, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ExportError, match="holds something"):
        write_sheets(release, STUDIES[0], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
