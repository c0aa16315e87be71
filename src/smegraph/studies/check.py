"""``smegraph check``: every error of some studies, or of all, without building anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smegraph.errors import Problem
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import REFERENCE, STUDY, Schema
from smegraph.studies.folder import RECORD, Dataset, find_datasets, open_dataset
from smegraph.studies.ingest import ingest, require_clean
from smegraph.studies.passages import find_sources
from smegraph.studies.reader import Ingested


def check_studies(
    paths: Sequence[Path], ontology_folder: Path | None, data: Path, sources: Path | None
) -> list[Problem]:
    """Check the studies that hold the paths (all of ``data`` when there are none).

    Raises:
        OntologyError: the ontology folder cannot be read.
    """
    results = _ingest(paths, ontology_folder, data, sources)
    problems = [problem for result in results for problem in result.problems]
    if not paths and not results:
        message, remedy = "There are no studies here.", "`smegraph template DIR` starts one."
        problems.append(Problem(str(data), kind="no-data", message=message, remedy=remedy))
    return problems


def ingest_studies(
    paths: Sequence[Path], ontology_folder: Path | None, data: Path
) -> list[Ingested]:
    """The quads of the studies that hold the paths (all of ``data`` when there are none).

    Raises:
        DataError: a sheet has an error; every one is named.
        OntologyError: the ontology folder cannot be read.
    """
    results = _ingest(paths, ontology_folder, data, None)
    require_clean(results)
    return results


def _ingest(
    paths: Sequence[Path], ontology_folder: Path | None, data: Path, sources: Path | None
) -> list[Ingested]:
    ontology = Ontology.load(ontology_dir(ontology_folder))
    schema = Schema.read(ontology)
    datasets = find_datasets(data, schema) if data.is_dir() else []
    chosen = _choose(paths, datasets, schema)
    names = [dataset.name for dataset in chosen] if paths else None
    files = find_sources(sources) if sources else None
    results = ingest(datasets, ontology, schema, sources=files, only=names)
    return [r for r in results if names is None or r.dataset.name in names]


def _choose(paths: Sequence[Path], datasets: list[Dataset], schema: Schema) -> list[Dataset]:
    """The datasets of the paths; a study outside the data directory joins the others."""
    chosen: list[Dataset] = []
    for path in paths:
        for folder in _folders(path):
            dataset = _find(folder, datasets)
            if dataset is None:
                scope = REFERENCE if folder.name == "reference" else STUDY
                dataset = open_dataset(folder, schema, scope=scope)
                datasets[:] = [d for d in datasets if d.name != dataset.name]
                datasets.append(dataset)
            if dataset not in chosen:
                chosen.append(dataset)
    return chosen


def _folders(path: Path) -> list[Path]:
    """The folders of studies that a path means: itself, its parent, or those under it."""
    if path.is_file():
        return [path.parent]
    if (path / RECORD).is_file() or any(path.glob("*.csv")):
        return [path]
    inner = [folder for folder in sorted(path.rglob("*")) if folder.is_dir()]
    found = [f for f in inner if (f / RECORD).is_file() or any(f.glob("*.csv"))]
    return found or [path]


def _find(folder: Path, datasets: list[Dataset]) -> Dataset | None:
    real = folder.resolve()
    return next((d for d in datasets if d.folder.resolve() == real), None)
