"""A study without references beside the real ones, and files of references to import."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smegraph.bibliography.mapping import Mapping
from smegraph.bibliography.record import Reading
from smegraph.bibliography.source import READERS
from smegraph.cli.main import main
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema

Row = dict[str, str]
KEY = "my-study"


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file by the names of its columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Desk:
    """A working folder with ``data/``, in which a curator imports references.

    Attributes:
        folder: the working folder.
        ontology: the ontology folder that commands are given.
    """

    folder: Path
    ontology: Path

    @property
    def study(self) -> Path:
        return self.folder / "data" / "studies" / KEY

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def run(self, *arguments: str) -> Result:
        result = CliRunner().invoke(main, [*arguments, "--ontology", str(self.ontology)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def take(self, file: str, *options: str) -> Result:
        """Import a file into the study."""
        return self.run("import", file, "--study", KEY, *options)

    def rows(self, sheet: str) -> list[Row]:
        """The imported rows of a sheet."""
        path = self.study / f"{sheet}.imported.csv"
        return read_rows(path) if path.is_file() else []

    def bytes(self) -> dict[str, bytes]:
        """Every file of the study, hidden ones too."""
        return {path.name: path.read_bytes() for path in sorted(self.study.iterdir())}

    def errors(self) -> str:
        """What ``smegraph check`` says of the study."""
        result = self.run("check", f"data/studies/{KEY}")
        return "" if result.exit_code == 0 else result.output


@pytest.fixture
def desk(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, read_once: None
) -> Desk:
    """A study of one's own with its record only, beside the reference data."""
    desk = Desk(tmp_path, repository / "ontology")
    desk.study.mkdir(parents=True)
    shutil.copytree(repository / "data" / "reference", tmp_path / "data" / "reference")
    record = (repository / "data" / "studies" / "finnish-software" / "study.yaml").read_text(
        "utf-8"
    )
    (desk.study / "study.yaml").write_text(
        record.replace("id: finnish-software", f"id: {KEY}"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return desk


@pytest.fixture
def beside(desk: Desk, repository: Path) -> Desk:
    """The same with the two real studies beside."""
    for name in ("arnone-deprince", "finnish-software"):
        source = repository / "data" / "studies" / name
        shutil.copytree(source, desk.study.parent / name)
    return desk


@pytest.fixture(scope="session")
def mapping(ontology: Ontology, schema: Schema) -> Mapping:
    """The mapping of this checkout."""
    return Mapping.read(ontology, schema)


@pytest.fixture(scope="session")
def read() -> Callable[[str, str], Reading]:
    """Reads a text in a format, given by its name."""

    def reader(form: str, text: str) -> Reading:
        reading = Reading("refs", form)
        READERS[form](text, reading)
        return reading

    return reader
