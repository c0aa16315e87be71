"""``smegraph import``: a file of references into the sheets of one study."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from smegraph.bibliography.known import Known
from smegraph.bibliography.mapping import SHEETS, Mapping
from smegraph.bibliography.merge import Change, Merger
from smegraph.bibliography.source import read_references
from smegraph.bibliography.write import compose, lock, replace_files
from smegraph.errors import BibliographyError, Problem, count_errors
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import IDENTIFIER
from smegraph.studies.folder import Dataset, find_datasets


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
    file: Path,
    study: str,
    *,
    ontology_folder: Path | None = None,
    data: Path = Path("data"),
    encoding: str | None = None,
    form: str | None = None,
    coder: str | None = None,
    fill: bool = False,
    dry_run: bool = False,
) -> ImportResult:
    """Bring the references of a file into the sheets of a study; twice is as once.

    Args:
        file: BibTeX, RIS or CSL-JSON.
        study: the key of the study.
        ontology_folder: where the sheets and the mapping of the fields are described.
        data: the folder with ``reference/`` and ``studies/``.
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
    ontology = Ontology.load(ontology_dir(ontology_folder))
    schema = Schema.read(ontology)
    mapping = Mapping.read(ontology, schema)
    target = _find(study, data, schema)
    reading = read_references(file, encoding, form, mapping.wanted())
    with contextlib.nullcontext() if dry_run else lock(target.folder):
        known = Known.read(find_datasets(data, schema), study, mapping, ontology)
        change = Merger(reading, known, mapping, _coder(coder, known, study), fill).run()
        texts = compose(target.folder, change, mapping)
        differences = _differences(texts) if dry_run else ""
        if not dry_run and texts:
            replace_files(target.folder, texts)
    return _outcome(change, mapping, differences)


def _outcome(change: Change, mapping: Mapping, differences: str) -> ImportResult:
    return ImportResult(
        {mapping.sheets[role].name: len(change.rows[role]) for role in SHEETS},
        len(change.fills), change.records, change.there, differences, change.problems,
    )  # fmt: skip


def _find(study: str, data: Path, schema: Schema) -> Dataset:
    """The study with a key, which is never taken for a path."""
    matcher = schema.record.by_path[IDENTIFIER].matcher
    if matcher and not matcher.search(study):
        raise BibliographyError(
            f'"{study}" is no key of a study: it is the name of a folder in {data / "studies"}, '
            "in small letters, digits and hyphens."
        )
    studies = {d.name: d for d in find_datasets(data, schema) if d.scope == STUDY}
    if study in studies:
        return studies[study]
    near = difflib.get_close_matches(study, studies, n=1, cutoff=0.5)
    begin = f"`smegraph template {data / 'studies' / study}` starts it."
    if near:
        hint = f'Did you mean "{near[0]}"? If not, {begin}'
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
    """What would change, as ``diff -u`` shows it."""
    lines: list[str] = []
    for path, text in texts.items():
        before = path.read_text("utf-8").splitlines() if path.is_file() else []
        after = text.splitlines()
        lines += difflib.unified_diff(before, after, path.name, path.name, n=0, lineterm="")
    return "\n".join(lines)
