"""A study of a few rows, made for one test, with the text that it points at."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.sheets.csvfile import write_csv
from smegraph.studies.folder import StudyFolder, open_folder
from smegraph.studies.project import Project

TEXT = """\
1. Findings

The firm sells abroad on two platforms. It found most customers on one of them (Nummela, 2010).

Table 1: Figures

Firm\tYear
"""


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@dataclass
class Coded:
    """A folder of a study, and the text of its source.

    Attributes:
        folder: where the sheets lie.
        text: what their passages point at.
        schema: what sheets there are.
    """

    folder: Path
    text: str
    schema: Schema

    def add(self, sheet: str, **cells: str) -> None:
        """Add a row to a sheet, which gets a column for every cell that is new to it."""
        path, head, rows = self.folder / f"{sheet}.csv", [], []
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                head, *rows = csv.reader(file)
        new = [name for name in cells if name not in head]
        rows = [[*row, *([""] * len(new))] for row in rows]
        head = [*head, *new]
        rows.append([cells.get(name, "") for name in head])
        path.write_text(write_csv(head, rows), encoding="utf-8")

    def passage(self, text: str) -> dict[str, str]:
        """The cells that point at the first place of a text."""
        start = self.text.index(text)
        end = str(start + len(text))
        return {"charStart": str(start), "charEnd": end, "passageHash": digest(text)}

    def record(self, **entries: str) -> None:
        """Write the record."""
        lines = [f"{name}: {entry}\n" for name, entry in entries.items()]
        (self.folder / "study.yaml").write_text("".join(lines), encoding="utf-8")

    def open(self) -> StudyFolder:
        return open_folder(self.folder, self.schema, scope=STUDY)


@pytest.fixture
def documents() -> dict[str, Path]:
    """The source documents of the studies that `make` makes."""
    return {}


@pytest.fixture
def make(tmp_path: Path, schema: Schema, documents: dict[str, Path]) -> Callable[..., Coded]:
    """Makes a study by its key, of a text, with a source document of that text."""

    def maker(key: str = "ours", text: str = TEXT) -> Coded:
        coded = Coded(tmp_path / "data" / "studies" / key, text, schema)
        coded.folder.mkdir(parents=True)
        source = documents[f"{key}.txt"] = tmp_path / f"{key}.txt"
        source.write_bytes(text.encode())
        coded.record(
            id=key, label=f"Study {key}", title="T", sourceFile=f"{key}.txt",
            sourceSha256=digest(text), rights="none", coders="me", status="coded",
        )  # fmt: skip
        return coded

    return maker


@pytest.fixture
def project(
    tmp_path: Path, ontology: Ontology, schema: Schema, documents: dict[str, Path]
) -> Project:
    """The studies that `make` makes, with their sources."""
    found = Project(ontology.folder, tmp_path / "data", documents)
    found.ontology, found.schema = ontology, schema  # read once for all tests
    return found
