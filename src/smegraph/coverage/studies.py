"""The coverage of studies: each against its own source; one that has none does not hide others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smegraph.coverage.measure import Coverage, cover
from smegraph.coverage.rows import read_pointers
from smegraph.errors import Problem, SmegraphError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY
from smegraph.ontology.terms import LABEL, SOURCE_FILE, SOURCE_SHA256
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.folder import StudyFolder, open_folder
from smegraph.studies.passages import Source
from smegraph.studies.place import no_project
from smegraph.studies.project import Project
from smegraph.suggest import did_you_mean


@dataclass(frozen=True)
class StudyCoverage:
    """The coverage of one study.

    Attributes:
        study: its key.
        label: its name.
        file: the name of its source.
        sha256: the digest of its source, as the study states it.
        text: the source; it is shown on a terminal and never written.
        coverage: what was counted, or None when the source is missing or another one.
        problems: why nothing was counted, or which rows were not.
    """

    study: str
    label: str
    file: str
    sha256: str
    text: str
    coverage: Coverage | None
    problems: tuple[Problem, ...]


def cover_studies(project: Project, chosen: Sequence[str]) -> list[StudyCoverage]:
    """Measure the studies of a project that are chosen by key or folder, or all of them.

    Raises:
        SmegraphError: a study is not there.
    """
    studies = project.studies
    if not chosen and not studies:
        message = f"There are no studies in {project.data}."
        raise SmegraphError(f"{message} {no_project(project.data)}")
    wanted = [_find(name, project) for name in chosen] or list(studies.values())
    return cover_folders(wanted, project.ontology, project.sources or {})


def cover_folders(
    folders: Iterable[StudyFolder], ontology: Ontology, sources: Mapping[str, Path]
) -> list[StudyCoverage]:
    """Measure the studies among folders."""
    return [_cover(d, ontology, sources) for d in folders if d.scope == STUDY]


def _find(name: str, project: Project) -> StudyFolder:
    studies = project.studies
    if name in studies:
        return studies[name]
    if Path(name).is_dir():
        return open_folder(Path(name), project.schema, scope=STUDY)
    remedy = did_you_mean(name, studies, f"Studies are: {', '.join(studies)}.", cutoff=0.4)
    raise SmegraphError(f'There is no study "{name}". {remedy}')


def _cover(folder: StudyFolder, ontology: Ontology, sources: Mapping[str, Path]) -> StudyCoverage:
    record = _record(folder)
    label = record.get(LABEL) or folder.name
    file, sha256 = record.get(SOURCE_FILE, ""), record.get(SOURCE_SHA256, "")
    source = Source.find(folder, sources)
    if source is None:
        why = _faults(folder) or (_missing(folder, file),)
        return StudyCoverage(folder.name, label, file, sha256, "", None, why)
    if source.problems:
        problems = tuple(source.problems)
        return StudyCoverage(folder.name, label, file, sha256, "", None, problems)
    found = read_pointers(folder, ontology, source)
    coverage = cover(source.text, found)
    problems = tuple(found.problems)
    return StudyCoverage(folder.name, label, file, sha256, source.text, coverage, problems)


def _record(folder: StudyFolder) -> dict[str, str]:
    """Return what the study's record says of it, by property."""
    for path, sheet in folder.files:
        if sheet.is_record:
            table = read_record(path, folder.shown(path))
            named = dict(zip(table.head, table.rows[0], strict=True)) if table.rows else {}
            return {at: named[c.name] for at, c in sheet.by_path.items() if c.name in named}
    return {}


def _faults(folder: StudyFolder) -> tuple[Problem, ...]:
    """Return why the study's record cannot be read: then it names no source."""
    tables = [
        read_record(path, folder.shown(path)) for path, sheet in folder.files if sheet.is_record
    ]
    if not tables:
        return tuple(p for p in folder.problems if p.kind == "misplaced-sheet")
    return tuple(problem for table in tables for problem in table.problems)


def _missing(folder: StudyFolder, file: str) -> Problem:
    shown = next(
        (folder.shown(path) for path, sheet in folder.files if sheet.is_record),
        folder.shown(folder.path),
    )
    if not file:
        message, remedy = "The study names no source document.", "Write sourceFile and its SHA-256."
    else:
        message = f"The source document {file} is not in the folder of sources."
        remedy = "Put it there under this name."
    return Problem(shown, kind="source-missing", message=message, remedy=remedy)
