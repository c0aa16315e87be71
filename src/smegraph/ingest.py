"""Rows become quads, or a list of everything that is wrong with them.

Each dataset (the reference data, or one study) is read in three passes: the rows that have keys of
their own are entered into the index, then the rows whose keys are made from their roles
(``owl:hasKey``), and then every cell is read against the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smegraph.cells import literal
from smegraph.columns import EMPTY, Cell, ColumnReader, compare, kind_of
from smegraph.datasets import Dataset
from smegraph.errors import DataError, Problem, Severity, count_errors
from smegraph.frame import IDENTIFIER, LABEL, NAMES, OTHER_NAMES, REPORTED_IN, TYPE, XSD
from smegraph.heads import Heads, read_heads
from smegraph.ontology import Ontology, local_name
from smegraph.passages import Source, check_passages
from smegraph.references import Index, Node, slug, vocabulary_index
from smegraph.schema import STUDY, Schema, Sheet
from smegraph.sheets.table import Table


@dataclass
class Ingested:
    """What became of one dataset.

    Attributes:
        dataset: the dataset.
        lines: its statements in N-Quads, one line each, in the order of the sheets.
        problems: what is wrong, in the order of the files.
    """

    dataset: Dataset
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Part:
    """One file of a dataset on its way: the table, its readers and its rows' subjects."""

    sheet: Sheet
    table: Table
    heads: Heads
    readers: list[ColumnReader | None] = field(default_factory=list)
    subjects: list[str | None] = field(default_factory=list)

    def at(self, path: str) -> int | None:
        """The position of a property's column in this file."""
        return self.heads.positions.get(path)

    def cell(self, row: list[str], path: str) -> Cell:
        """The cell of a property in a row; empty where the file has no such column."""
        position = self.at(path)
        reader = self.readers[position] if position is not None else None
        return reader.read(row[position]) if reader and position is not None else EMPTY


class _Reader:
    """Reads one dataset against the index of what all studies share."""

    def __init__(
        self, dataset: Dataset, ontology: Ontology, shared: Index, source: Source | None
    ) -> None:
        self.dataset, self.ontology, self.source = dataset, ontology, source
        self.index = Index(parent=shared)
        self.problems = list(dataset.problems)
        self.lines: list[str] = []
        self._seen: dict[str, tuple[str, int, str]] = {}
        self._suffix = f" <{dataset.graph}> .\n"
        self._parts: list[_Part] = []

    def run(self) -> Ingested:
        for sheet, table in self.dataset.read():
            self._parts.append(self._open(sheet, table))
        named = [part for part in self._parts if IDENTIFIER in part.sheet.by_path]
        keyed = [part for part in self._parts if IDENTIFIER not in part.sheet.by_path]
        for part in named:
            self._identify_named(part)
        for part in keyed:
            self._identify_keyed(part)
        for part in self._parts:
            self._read_rows(part)
        self.problems.sort(key=lambda p: (p.file, p.row or 0, p.column or ""))
        return Ingested(self.dataset, self.lines, self.problems)

    def _open(self, sheet: Sheet, table: Table) -> _Part:
        self.problems.extend(table.problems)
        heads = read_heads(sheet, table)
        self.problems.extend(heads.problems)
        part = _Part(sheet, table, heads)
        for column in heads.columns:
            reader = (
                ColumnReader(column, self.index, self.ontology, self._suffix) if column else None
            )
            part.readers.append(reader)
        return part

    # ------------------------------------------------------------------ keys

    def _identify_named(self, part: _Part) -> None:
        """Subjects of rows with an id, or with a label from which the id is made."""
        base = part.sheet.base(self.dataset.name)
        for row, place in zip(part.table.rows, part.table.places, strict=True):
            cell = part.cell(row, IDENTIFIER)
            label = next((c.shown for n in NAMES if (c := part.cell(row, n)).values), "")
            key = cell.values[0] if cell.values else slug(label)
            if not key or cell.errors:
                part.subjects.append(None)
                if not cell.errors and IDENTIFIER in part.heads.optional and label:
                    self._report(part, place, "id", "no-key", f'"{label}" gives no key.', None)
                continue
            made = not cell.values
            subject = self._claim(part, base + key, place, label or key, made)
            part.subjects.append(subject)
            if subject:
                self._enter(part, row, subject, key, label or key, place)

    def _identify_keyed(self, part: _Part) -> None:
        """Subjects of rows whose key is made from their roles."""
        base = part.sheet.base(self.dataset.name)
        roles = [path for path in part.sheet.key if path != REPORTED_IN]
        referred = self._is_referred_to(part.sheet)
        for row, place in zip(part.table.rows, part.table.places, strict=True):
            cells = [part.cell(row, path) for path in roles]
            if any(cell.errors for cell in cells) or not any(cell.key for cell in cells):
                part.subjects.append(None)
                continue
            key = "-".join(cell.key for cell in cells if cell.key)
            subject = self._claim(part, base + key, place, key, False)
            part.subjects.append(subject)
            if referred and subject:
                label = self._label(part, row) or key
                self._enter(part, row, subject, local_name(subject), label, place)

    def _is_referred_to(self, sheet: Sheet) -> bool:
        """Whether some column of the dataset may name rows of the sheet."""
        classes = self.ontology.superclasses(sheet.class_)
        columns = (c for part in self._parts for c in part.heads.columns if c is not None)
        return any(c.is_reference and (c.class_ is None or c.class_ in classes) for c in columns)

    def _claim(self, part: _Part, iri: str, place: int, name: str, made: bool) -> str | None:
        """Reserve an IRI for a row; a second row with the same one is an error naming both."""
        here = (part.table.file, place, name)
        there = self._seen.setdefault(iri, here)
        if there is here:
            return self._claim_shared(part, iri, place, name)
        where = f"row {there[1]}" if there[0] == here[0] else f"{there[0]} row {there[1]}"
        if made and there[2] != name:
            message = f'"{name}" and "{there[2]}" ({where}) would both have the key "{slug(name)}".'
            remedy = "Give each an id of its own."
            self._report(part, place, "id", "slug-collision", message, remedy)
        else:
            message = f"The row has the key of {where}: {local_name(iri)}."
            remedy = f"Each row needs a key of its own ({self._key_columns(part)})."
            self._report(part, place, None, "duplicate-key", message, remedy)
        return None

    def _claim_shared(self, part: _Part, iri: str, place: int, name: str) -> str | None:
        """A study may say more of a shared thing, but not under another name."""
        shared = self.index.parent.get(iri) if self.index.parent else None
        if shared is None or part.sheet.is_record:
            return iri
        known = {text.casefold() for text in (shared.label, *shared.names)}
        if name.casefold() in known:
            return iri
        message = f'"{name}" would have the key of "{shared.label}" ({shared.place}).'
        remedy = "Give it an id of its own, or write the name that is there."
        self._report(part, place, "id", "slug-collision", message, remedy)
        return None

    @staticmethod
    def _key_columns(part: _Part) -> str:
        paths = [IDENTIFIER] if IDENTIFIER in part.sheet.by_path else part.sheet.key
        names = [part.sheet.by_path[path].name for path in paths if path in part.sheet.by_path]
        return "made from " + ", ".join(names)

    def _enter(
        self, part: _Part, row: list[str], iri: str, key: str, label: str, place: int
    ) -> None:
        kind = part.sheet.column(TYPE)
        class_ = kind_of(part.cell(row, TYPE), kind) if kind else None
        classes = self.ontology.superclasses(class_ or part.sheet.class_)
        others = part.cell(row, OTHER_NAMES).values
        where = f"{part.table.file} row {place}"
        self.index.add(Node(iri, key, label, others, classes | {part.sheet.class_}, where))

    # ------------------------------------------------------------------ rows

    def _read_rows(self, part: _Part) -> None:
        sheet, append = part.sheet, self.lines.append
        constants = self._constants(part)
        label = f" <{LABEL}> " if sheet.label_template else None
        readers = [(i, r) for i, r in enumerate(part.readers) if r is not None]
        for row, place, subject in zip(
            part.table.rows, part.table.places, part.subjects, strict=True
        ):
            term = f"<{subject}>" if subject else None
            for position, reader in readers:
                cell = reader.read(row[position])
                if cell.errors:
                    self._report_cell(part, place, reader.column.name, row[position], cell)
                if term:
                    for pair in cell.pairs:
                        append(term + pair)
            if term:
                for pair in constants:
                    append(term + pair)
                if label:
                    text = literal(self._label(part, row), XSD + "string")
                    append(f"{term}{label}{text}{self._suffix}")
            self._check_row(part, row, place)
        check_passages(part.sheet, part.heads, part.table, self.source, self.problems)

    def _constants(self, part: _Part) -> list[str]:
        """What is said of every row: its class, and the study that reports it."""
        pairs = []
        if part.at(TYPE) is None:
            pairs.append(f" <{TYPE}> <{part.sheet.class_}>{self._suffix}")
        if part.sheet.is_fact and self.dataset.iri:
            pairs.append(f" <{REPORTED_IN}> <{self.dataset.iri}>{self._suffix}")
        return pairs

    def _label(self, part: _Part, row: list[str]) -> str:
        """The label of a row by the template of its sheet; what is empty leaves no trace."""
        if not part.sheet.label_template:
            return ""

        def fill(match: re.Match[str]) -> str:
            return part.cell(row, part.sheet.by_name[match.group(1)].path).shown

        text = _FIELD.sub(fill, part.sheet.label_template)
        return re.sub(r"\s+", " ", text).strip(" ,:")

    def _check_row(self, part: _Part, row: list[str], place: int) -> None:
        for position, column in part.heads.required:
            if not row[position].strip():
                remedy = f"Example: {column.example}." if column.example else "Fill it in."
                self._report(part, place, column.name, "empty-cell", "The cell is empty.", remedy)
        for position, column in part.heads.expected:
            if not row[position].strip():
                self._report(
                    part, place, column.name, "empty-cell", "The cell is empty.",
                    "Leave it so only when the document does not tell it.", warning=True,
                )  # fmt: skip
        for first, second, strict in part.heads.ordered:
            order = compare(part.cell(row, first.path), part.cell(row, second.path))
            if order is not None and (order > 0 or (strict and order == 0)):
                relation = "below" if strict else "at most"
                message = f"The value must be {relation} that of {second.name}."
                value = row[part.heads.positions[first.path]]
                self._report(part, place, first.name, "order", message, None, value=value)

    def _report_cell(self, part: _Part, place: int, column: str, text: str, cell: Cell) -> None:
        for error in cell.errors:
            self._report(
                part, place, column, "invalid-cell", error.message, error.remedy,
                value=text if len(text) <= 200 else text[:200] + "…",
            )  # fmt: skip

    def _report(
        self,
        part: _Part,
        place: int,
        column: str | None,
        kind: str,
        message: str,
        remedy: str | None,
        *,
        value: str | None = None,
        warning: bool = False,
    ) -> None:
        severity: Severity = "warning" if warning else "error"
        file = part.table.file
        place = part.table.lines.get(column or "", place)
        self.problems.append(Problem(file, place, column, kind, message, value, remedy, severity))


_FIELD = re.compile(r"\{(.*?)\}")


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
        reader = _Reader(dataset, ontology, index, None)
        done.append(reader.run())
        for node in reader.index.nodes.values():
            index.add(node)
    return index, done


def _enter_study(dataset: Dataset, ontology: Ontology, schema: Schema, index: Index) -> None:
    record = Dataset(dataset.name, dataset.folder, STUDY)
    record.files = [entry for entry in dataset.files if entry[1].is_record]
    reader = _Reader(record, ontology, Index(parent=index), None)
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
        sources: the folder of source documents by file name, to prove passages against.
        only: names of the studies to read; the others serve as things to refer to.
    """
    index, done = shared_index(ontology, schema, datasets)
    wanted = set(only) if only is not None else None
    for dataset in datasets:
        if dataset.scope == STUDY and (wanted is None or dataset.name in wanted):
            source = Source.find(dataset, sources or {})
            result = _Reader(dataset, ontology, index, source).run()
            result.problems.extend(_check_record(dataset, result))
            if source:
                result.problems.extend(source.problems)
            done.append(result)
    return done


def _check_record(dataset: Dataset, result: Ingested) -> list[Problem]:
    """The record's id must be the folder's name, as other studies refer to it by that."""
    record = next((path for path, sheet in dataset.files if sheet.is_record), None)
    subject = f"<{dataset.iri}> "
    if record is None or any(line.startswith(subject) for line in result.lines):
        return []
    file = dataset.shown(record)
    if any(p.file == file and p.severity == "error" for p in result.problems):
        return []
    message = f'The id must be the name of the folder, "{dataset.name}".'
    return [Problem(file, column="id", kind="record-id", message=message)]


def require_clean(results: Iterable[Ingested]) -> None:
    """Raise when any dataset has an error.

    Raises:
        DataError: with every problem of every dataset.
    """
    problems = [problem for result in results for problem in result.problems]
    if count_errors(problems):
        raise DataError(problems)
