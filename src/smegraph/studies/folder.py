"""The folders of a data directory: the reference data and the studies, with their sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smegraph.errors import Problem
from smegraph.namespaces import GRAPH
from smegraph.ontology.schema import REFERENCE, STUDY, Schema, Sheet
from smegraph.sheets.csvfile import read_csv
from smegraph.sheets.table import Table
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.lost import Lost
from smegraph.studies.strangers import RECORD, doubled_ending, leads_out, meet, shown_path

_IGNORED_NAMES = {
    "README.md", "LICENSE", "LICENSE.md", "codebook.md", "references.bib",
    "Thumbs.db", "desktop.ini", "__MACOSX",  # what systems leave behind
}  # fmt: skip


@dataclass
class StudyFolder:
    """A folder of sheets, of a study or of the reference data, that becomes one named graph.

    Attributes:
        name: the study's key, or `reference`.
        path: where the sheets lie.
        scope: `Study` or `Reference`.
        iri: the IRI of the study, or None for the reference data.
        files: the sheets' files in order, each with its sheet.
        problems: files that are no sheet, and the like.
        lost: the sheets among those, which are not read.
    """

    name: str
    path: Path
    scope: str
    iri: str | None = None
    files: list[tuple[Path, Sheet]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    @property
    def graph(self) -> str:
        """The IRI of the named graph."""
        return GRAPH + self.name

    def shown(self, path: Path) -> str:
        """Return a path as people see it: from the working folder where that is possible."""
        return shown_path(path)

    def read(self) -> list[tuple[Sheet, Table]]:
        """Every file of the folder as a table."""
        return [(sheet, read_sheet(sheet, path, self.shown(path))) for path, sheet in self.files]


def read_sheet(sheet: Sheet, path: Path, shown: str) -> Table:
    """Read one file of a sheet; what is wrong with it stands in the table's `problems`."""
    if sheet.is_record:
        return read_record(path, shown)
    names = sheet.by_name.keys() | sheet.renamed.keys() | sheet.moved.keys()
    return read_csv(path, shown, names)


# Decision 002: docs/decisions/002-one-work-one-node.md
def open_folder(
    path: Path,
    schema: Schema,
    *,
    scope: str,
    data: Path | None = None,
    follow_links: bool = False,
) -> StudyFolder:
    """Return a folder with its sheets; `findings.csv` and `findings.literature.csv` are one sheet.

    A file that is no sheet is a problem with the nearest sheet's name, never passed over. So is a
    link that leads out of the data, unless links are followed.

    Args:
        path: the folder, which may be a link itself.
        schema: the sheets.
        scope: `Study` or `Reference`.
        data: the folder of all data; the folder itself where none is named.
        follow_links: whether links are followed that lead out of the data.
    """
    name = path.resolve().name if scope == STUDY else "reference"
    iri = schema.record.base(name) + name if scope == STUDY else None
    folder = StudyFolder(name, path, scope, iri)
    sheets = {sheet.name: sheet for sheet in schema.tables(scope)}
    for file in sorted(path.iterdir()):
        if file.name.startswith((".", "~")) or file.name in _IGNORED_NAMES:
            continue
        stray = None if follow_links else leads_out(file, data or path)
        if stray is not None:
            folder.problems.append(stray.problem)
        elif scope == STUDY and file.name == RECORD:
            folder.files.append((file, schema.record))
        elif file.suffix.lower() == ".csv" and (sheet := sheets.get(file.name.split(".")[0])):
            folder.files.append((file, sheet))
            folder.problems += doubled_ending(file, sheet)
        else:
            stranger = meet(file, sheets, schema)
            folder.problems.append(stranger.problem)
            folder.lost += stranger.lost
    misnamed = any(lost.sheet is not None and lost.sheet.is_record for lost in folder.lost)
    if scope == STUDY and not (path / RECORD).is_file() and not misnamed:
        folder.problems.append(
            Problem(
                folder.shown(path / RECORD),
                kind="missing-record",
                message="The study has no study.yaml.",
                remedy="`smegraph template` writes an empty one.",
            )
        )
    order = list(schema.sheets)
    folder.files.sort(key=lambda entry: (order.index(entry[1].name), entry[0].name))
    return folder


def find_folders(data: Path, schema: Schema, *, follow_links: bool = False) -> list[StudyFolder]:
    """Return the reference data, when there are any, and every study of a data directory."""
    reference, studies = data / "reference", data / "studies"
    places = [(reference, REFERENCE)] if reference.is_dir() else []
    if studies.is_dir() and (follow_links or not leads_out(studies, data)):
        inside = (p for p in sorted(studies.iterdir()) if p.is_dir() and p.name[0] != ".")
        places += ((path, STUDY) for path in inside)
    return [
        open_folder(path, schema, scope=scope, data=data, follow_links=follow_links)
        for path, scope in places
        if follow_links or not leads_out(path, data)
    ]
