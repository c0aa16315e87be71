"""Ingestion: folders become quads, each study against what all of them share."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from smegraph.errors import Problem
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import IDENTIFIER, SOURCE_FILE, TYPE
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.claims import ClaimedKey
from smegraph.studies.folder import StudyFolder
from smegraph.studies.index import NameIndex, Node, vocabulary_index
from smegraph.studies.lost import Lost
from smegraph.studies.passages import Source, lacks_source, without_source
from smegraph.studies.reader import FolderReader, Ingested


def shared_index(
    ontology: Ontology, schema: Schema, folders: Iterable[StudyFolder]
) -> tuple[NameIndex, list[Ingested]]:
    """Return what every study may refer to: the vocabulary, the reference data and the studies."""
    index = vocabulary_index(ontology)
    index.sheets = sheets_by_class(ontology, schema)
    done = []
    for folder in folders:
        if folder.scope == STUDY:
            _enter_study(folder, ontology, schema, index)
            continue
        reader = FolderReader(folder, ontology, index)
        done.append(reader.run())
        for node in reader.index.nodes.values():
            index.add(node)
    return index, done


def sheets_by_class(ontology: Ontology, schema: Schema) -> dict[str, tuple[str, ...]]:
    """Return the sheets of a study that describe things of a class, or of one below it."""
    found: dict[str, list[str]] = defaultdict(list)
    for sheet in schema.tables(STUDY):
        if sheet.by_path.get(IDENTIFIER):
            for class_ in ontology.superclasses(sheet.class_):
                found[class_].append(f"{sheet.name}.csv")
            # A sheet whose rows have kinds describes those as well.
            kinds = sheet.by_path.get(TYPE)
            for kind in kinds.options.values() if kinds else ():
                if isinstance(kind, ox.NamedNode):
                    found[kind.value].append(f"{sheet.name}.csv")
    return {class_: tuple(dict.fromkeys(names)) for class_, names in found.items()}


def _enter_study(folder: StudyFolder, ontology: Ontology, schema: Schema, index: NameIndex) -> None:
    record = StudyFolder(folder.name, folder.path, STUDY, folder.iri)
    record.files = [entry for entry in folder.files if entry[1].is_record]
    reader = FolderReader(record, ontology, NameIndex(parent=index))
    reader.run()
    label = next((n.label for n in reader.index.nodes.values()), folder.name)
    classes = ontology.superclasses(schema.record.class_)
    iri = schema.record.base(folder.name) + folder.name
    index.add(Node(iri, folder.name, label, (), classes, f"study {folder.name}"))


def ingest(
    folders: list[StudyFolder],
    ontology: Ontology,
    schema: Schema,
    *,
    sources: Mapping[str, Path] | None = None,
    only: Iterable[str] | None = None,
    lost: Iterable[Lost] = (),
) -> list[Ingested]:
    """Read folders into quads; nothing is raised for wrong sheets, the problems tell.

    Args:
        folders: all folders of a data directory.
        sources: the source documents by file name, to prove passages against.
        only: names of the studies to read; the others serve as things to refer to.
        lost: sheets outside of all folders, which are not read.
    """
    with uncollected():
        return _ingest(folders, ontology, schema, sources, only, lost)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic garbage collector: it would walk all that is read over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _ingest(
    folders: list[StudyFolder],
    ontology: Ontology,
    schema: Schema,
    sources: Mapping[str, Path] | None,
    only: Iterable[str] | None,
    lost: Iterable[Lost],
) -> list[Ingested]:
    index, done = shared_index(ontology, schema, folders)
    elsewhere = [*lost, *(one for result in done for one in result.lost), *_lost_records(folders)]
    wanted = set(only) if only is not None else None
    claims: dict[str, ClaimedKey] = {}
    for folder in folders:
        if folder.scope == STUDY and wanted is not None and folder.name not in wanted:
            FolderReader(_things_of(folder), ontology, index, claims=claims).claim()
    for folder in folders:
        if folder.scope == STUDY and (wanted is None or folder.name in wanted):
            source = Source.find(folder, sources or {})
            result = FolderReader(folder, ontology, index, source, claims, elsewhere).run()
            result.problems.extend(_check_record(folder, result))
            if source and source.problems:
                result.problems.extend(source.problems)
            else:
                missing = _lacks_source(result)
                result.problems.extend(missing)
                if sources is not None and not (source or missing) and _has_text(result):
                    result.problems.extend(without_source(folder))
            done.append(result)
    return done


def _lost_records(folders: Iterable[StudyFolder]) -> Iterator[Lost]:
    """Yield the records that cannot be read, or bear another name: studies lack their names."""
    for folder in folders:
        yield from (one for one in folder.lost if one.sheet is not None and one.sheet.is_record)
        for path, sheet in folder.files:
            if sheet.is_record and read_record(path, folder.shown(path)).problems:
                yield Lost(folder.shown(path), path, sheet)


def _lacks_source(result: Ingested) -> list[Problem]:
    """Return what the record does not say of the text into which rows point."""
    parts = [(part.sheet, part.header, part.table) for part in result.parts]
    records = [(sheet, table) for sheet, _, table in parts if sheet.is_record]
    return [problem for record in records for problem in lacks_source(*record, parts)]


def _has_text(result: Ingested) -> bool:
    """Whether the study names a text, or cannot be asked."""
    records = [part for part in result.parts if part.sheet.is_record and part.table.rows]
    return not records or any(part.cell(part.table.rows[0], SOURCE_FILE).values for part in records)


def _things_of(folder: StudyFolder) -> StudyFolder:
    """Return a study's folder with those sheets alone that describe things beyond it."""
    things = StudyFolder(folder.name, folder.path, STUDY, folder.iri)
    things.files = [(p, s) for p, s in folder.files if s.iri_base and not s.is_record]
    return things


def _check_record(folder: StudyFolder, result: Ingested) -> list[Problem]:
    """Return the record's id must be the folder's name, as other studies refer to it by that."""
    record = next((path for path, sheet in folder.files if sheet.is_record), None)
    if record is None or any(folder.iri in part.subjects for part in result.parts):
        return []
    file = folder.shown(record)
    if any(p.file == file and p.severity == "error" for p in result.problems):
        return []
    table = read_record(record, file)
    entries = dict(zip(table.head, table.rows[0], strict=True))
    message = f'The id must be the name of the folder, "{folder.name}".'
    remedy = "Write this name, or rename the folder."
    row, value = table.lines.get("id"), entries.get("id")
    return [Problem(file, row, "id", "record-id", message, value, remedy)]
