"""Ingestion: datasets become quads, each study against what all of them share."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smegraph.errors import DataError, Problem, count_errors
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.folder import Dataset
from smegraph.studies.index import Index, Node, vocabulary_index
from smegraph.studies.passages import Source, without_source
from smegraph.studies.reader import Claim, DatasetReader, Ingested


def shared_index(
    ontology: Ontology, schema: Schema, datasets: Iterable[Dataset]
) -> tuple[Index, list[Ingested]]:
    """What every study may refer to: the vocabulary, the reference data and the studies."""
    index = vocabulary_index(ontology)
    done = []
    for dataset in datasets:
        if dataset.scope == STUDY:
            _enter_study(dataset, ontology, schema, index)
            continue
        reader = DatasetReader(dataset, ontology, index)
        done.append(reader.run())
        for node in reader.index.nodes.values():
            index.add(node)
    return index, done


def _enter_study(dataset: Dataset, ontology: Ontology, schema: Schema, index: Index) -> None:
    record = Dataset(dataset.name, dataset.folder, STUDY, dataset.iri)
    record.files = [entry for entry in dataset.files if entry[1].is_record]
    reader = DatasetReader(record, ontology, Index(parent=index))
    reader.run()
    label = next((n.label for n in reader.index.nodes.values()), dataset.name)
    classes = ontology.superclasses(schema.record.class_)
    iri = schema.record.base(dataset.name) + dataset.name
    index.add(Node(iri, dataset.name, label, (), classes, f"study {dataset.name}"))


def ingest(
    datasets: list[Dataset],
    ontology: Ontology,
    schema: Schema,
    *,
    sources: Mapping[str, Path] | None = None,
    only: Iterable[str] | None = None,
) -> list[Ingested]:
    """Read datasets into quads; nothing is raised for wrong sheets, the problems tell.

    Args:
        datasets: all datasets of a data directory.
        sources: the source documents by file name, to prove passages against.
        only: names of the studies to read; the others serve as things to refer to.
    """
    with _uncollected():
        return _ingest(datasets, ontology, schema, sources, only)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic garbage collector: it would walk all cells over and over for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _ingest(
    datasets: list[Dataset],
    ontology: Ontology,
    schema: Schema,
    sources: Mapping[str, Path] | None,
    only: Iterable[str] | None,
) -> list[Ingested]:
    index, done = shared_index(ontology, schema, datasets)
    wanted = set(only) if only is not None else None
    claims: dict[str, Claim] = {}
    for dataset in datasets:
        if dataset.scope == STUDY and (wanted is None or dataset.name in wanted):
            source = Source.find(dataset, sources or {})
            result = DatasetReader(dataset, ontology, index, source, claims).run()
            result.problems.extend(_check_record(dataset, result))
            if source:
                result.problems.extend(source.problems)
            elif sources is not None:
                result.problems.extend(without_source(dataset))
            done.append(result)
    return done


def _check_record(dataset: Dataset, result: Ingested) -> list[Problem]:
    """The record's id must be the folder's name, as other studies refer to it by that."""
    record = next((path for path, sheet in dataset.files if sheet.is_record), None)
    subject = f"<{dataset.iri}> "
    if record is None or any(row.startswith(subject) for row in result.rows()):
        return []
    file = dataset.shown(record)
    if any(p.file == file and p.severity == "error" for p in result.problems):
        return []
    table = read_record(record, file)
    entries = dict(zip(table.head, table.rows[0], strict=True))
    message = f'The id must be the name of the folder, "{dataset.name}".'
    remedy = "Write this name, or rename the folder."
    row, value = table.lines.get("id"), entries.get("id")
    return [Problem(file, row, "id", "record-id", message, value, remedy)]


def require_clean(results: Iterable[Ingested]) -> None:
    """Raise when any dataset has an error.

    Raises:
        DataError: with every problem of every dataset.
    """
    problems = [problem for result in results for problem in result.problems]
    if count_errors(problems):
        raise DataError(problems)
