"""The coverage of studies: each against its own source; one that has none does not hide others."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smegraph.coverage.measure import Coverage, cover
from smegraph.coverage.rows import read_pointers
from smegraph.errors import Problem, SmegraphError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import LABEL, SOURCE_FILE, SOURCE_SHA256
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.folder import Dataset, find_datasets, open_dataset
from smegraph.studies.passages import Source


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


def cover_studies(
    chosen: Sequence[str],
    ontology: Ontology,
    schema: Schema,
    data: Path,
    sources: Mapping[str, Path],
) -> list[StudyCoverage]:
    """Measure the studies that are chosen by key or folder, or all of a data directory.

    Raises:
        SmegraphError: a study is not there.
    """
    datasets = find_datasets(data, schema) if data.is_dir() else []
    studies = {dataset.name: dataset for dataset in datasets if dataset.scope == STUDY}
    if not chosen and not studies:
        raise SmegraphError(f"There are no studies in {data}; `smegraph template DIR` starts one.")
    wanted = [_find(name, studies, schema) for name in chosen] or list(studies.values())
    return cover_datasets(wanted, ontology, sources)


def cover_datasets(
    datasets: Iterable[Dataset], ontology: Ontology, sources: Mapping[str, Path]
) -> list[StudyCoverage]:
    """Measure the studies among datasets."""
    return [_cover(d, ontology, sources) for d in datasets if d.scope == STUDY]


def _find(name: str, studies: Mapping[str, Dataset], schema: Schema) -> Dataset:
    if name in studies:
        return studies[name]
    folder = Path(name)
    if folder.is_dir():
        return open_dataset(folder, schema, scope=STUDY)
    near = difflib.get_close_matches(name, studies, n=1, cutoff=0.4)
    remedy = f'Did you mean "{near[0]}"?' if near else f"Studies are: {', '.join(studies)}."
    raise SmegraphError(f'There is no study "{name}". {remedy}')


def _cover(dataset: Dataset, ontology: Ontology, sources: Mapping[str, Path]) -> StudyCoverage:
    record = _record(dataset)
    label = record.get(LABEL) or dataset.name
    file, sha256 = record.get(SOURCE_FILE, ""), record.get(SOURCE_SHA256, "")
    source = Source.find(dataset, sources)
    if source is None:
        return StudyCoverage(
            dataset.name, label, file, sha256, "", None, (_missing(dataset, file),)
        )
    if source.problems:
        problems = tuple(source.problems)
        return StudyCoverage(dataset.name, label, file, sha256, "", None, problems)
    found = read_pointers(dataset, ontology, source)
    coverage = cover(source.text, found)
    problems = tuple(found.problems)
    return StudyCoverage(dataset.name, label, file, sha256, source.text, coverage, problems)


def _record(dataset: Dataset) -> dict[str, str]:
    """What the study's record says of it, by property."""
    for path, sheet in dataset.files:
        if sheet.is_record:
            table = read_record(path, dataset.shown(path))
            named = dict(zip(table.head, table.rows[0], strict=True)) if table.rows else {}
            return {at: named[c.name] for at, c in sheet.by_path.items() if c.name in named}
    return {}


def _missing(dataset: Dataset, file: str) -> Problem:
    shown = next(
        (dataset.shown(path) for path, sheet in dataset.files if sheet.is_record),
        dataset.shown(dataset.folder),
    )
    if not file:
        message, remedy = "The study names no source document.", "Write sourceFile and its SHA-256."
    else:
        message = f"The source document {file} is not in the folder of sources."
        remedy = "Put it there under this name."
    return Problem(shown, kind="source-missing", message=message, remedy=remedy)
