"""`smegraph import`: a file of references into the sheets of one study."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.known import Known
from smegraph.bibliography.mapping import SHEETS, Mapping
from smegraph.bibliography.merge import Change, Merger
from smegraph.bibliography.source import read_references
from smegraph.bibliography.write import compose, lock, replace_files
from smegraph.errors import Problem, count_errors
from smegraph.ontology.terms import IDENTIFIER
from smegraph.studies.folder import StudyFolder, find_folders
from smegraph.studies.project import Project
from smegraph.suggest import nearest


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do.

    Attributes:
        counts: how many rows were added to each sheet, by the sheet's name.
        filled: how many empty cells were filled.
        records: how many records were taken.
        there: how many of them describe works that the study had already.
        differences: the changes as a unified diff, for a dry run.
        problems: the records that could not be read, and what is odd about others.
    """

    counts: dict[str, int]
    filled: int
    records: int
    there: int
    differences: str
    problems: Sequence[Problem]

    @property
    def changes(self) -> bool:
        """Whether any sheet changes."""
        return self.filled > 0 or any(self.counts.values())

    @property
    def errors(self) -> int:
        """How many records could not be read."""
        return count_errors(self.problems)


def import_references(
    project: Project,
    file: Path,
    study: str,
    *,
    encoding: str | None = None,
    form: str | None = None,
    coder: str | None = None,
    fill: bool = False,
    dry_run: bool = False,
) -> ImportResult:
    """Bring the references of a file into the sheets of a study; twice is as once.

    Args:
        project: the studies, and the ontology that maps the fields of the formats.
        file: BibTeX, RIS or CSL-JSON.
        study: the key of the study.
        encoding: what the file is encoded in, when it is not UTF-8.
        form: the format, when it shall not be found in the file.
        coder: who answers for the rows; the study's coder when None.
        fill: fill empty cells of rows that people wrote, too.
        dry_run: change nothing.

    Raises:
        BibliographyError: the file or the study cannot be used, or the sheets cannot be written.
        DataError: a sheet of the study cannot be read.
        OntologyError: the ontology folder cannot be read.
    """
    mapping = Mapping.read(project.ontology, project.schema)
    target = _find(study, project)
    reading = read_references(file, encoding, form, mapping.wanted())
    with contextlib.nullcontext() if dry_run else lock(target.path):
        # Listed anew, as an import that ended just before may have added sheets.
        folders = find_folders(project.data, project.schema, follow_links=project.follow_links)
        known = Known.read(folders, study, mapping, project.ontology)
        change = Merger(reading, known, mapping, _coder(coder, known, study), fill).run()
        texts = compose(target.path, change, mapping)
        differences = _differences(texts) if dry_run else ""
        if not dry_run and texts:
            replace_files(target.path, texts)
    return _outcome(change, mapping, differences)


def _outcome(change: Change, mapping: Mapping, differences: str) -> ImportResult:
    return ImportResult(
        {mapping.sheets[role].name: len(change.rows[role]) for role in SHEETS},
        len(change.fills), change.records, change.there, differences, change.problems,
    )  # fmt: skip


def _find(study: str, project: Project) -> StudyFolder:
    """Return the study with a key, which is never taken for a path."""
    data = project.data
    matcher = project.schema.record.by_path[IDENTIFIER].matcher
    if matcher and not matcher.search(study):
        raise BibliographyError(
            f'"{study}" is no key of a study: it is the name of a folder in {data / "studies"}, '
            "in small letters, digits and hyphens."
        )
    studies = project.studies
    if study in studies:
        return studies[study]
    near = nearest(study, studies, cutoff=0.5)
    begin = f"`smegraph template {data / 'studies' / study}` starts it."
    if near:
        hint = f'Did you mean "{near}"? If not, {begin}'
    else:
        hint = f"There are: {', '.join(studies)}. {begin}" if studies else f"There is none. {begin}"
    raise BibliographyError(f'There is no study "{study}" in {data / "studies"}. {hint}')


def _coder(named: str | None, known: Known, study: str) -> str:
    if named is not None and named.strip():
        return named.strip()
    if len(known.coders) > 1:
        raise BibliographyError(
            f"{study} has several coders ({', '.join(known.coders)}); say with --coder who answers "
            "for the imported rows."
        )
    return known.coders[0] if known.coders else ""


def _differences(texts: dict[Path, str]) -> str:
    """Return what would change, as `diff -u` shows it."""
    lines: list[str] = []
    for path, text in texts.items():
        before = path.read_text("utf-8").splitlines() if path.is_file() else []
        after = text.splitlines()
        lines += difflib.unified_diff(before, after, path.name, path.name, n=0, lineterm="")
    return "\n".join(lines)
