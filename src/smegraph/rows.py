"""One dataset read: its rows become quads, or a list of everything that is wrong with them.

Each dataset (the reference data, or one study) is read in three passes: the rows that have keys of
their own are entered into the index, then the rows whose keys are made from their roles
(``owl:hasKey``), and then every cell is read against the index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from smegraph.cells import literal
from smegraph.columns import EMPTY, Cell, ColumnReader, compare, kind_of
from smegraph.datasets import Dataset
from smegraph.errors import Problem, Severity
from smegraph.frame import IDENTIFIER, LABEL, NAMES, OTHER_NAMES, REPORTED_IN, TYPE, XSD
from smegraph.heads import Heads, read_heads
from smegraph.ontology import Ontology, local_name
from smegraph.passages import Source, check_passages
from smegraph.references import Index, Node, slug
from smegraph.schema import Sheet
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

    def requires(self, path: str) -> bool:
        """Whether no row may leave the property's cell empty; that is an error of its own."""
        column = self.sheet.column(path)
        return column is not None and column.required

    def cell(self, row: list[str], path: str) -> Cell:
        """The cell of a property in a row; empty where the file has no such column."""
        position = self.at(path)
        reader = self.readers[position] if position is not None else None
        return reader.read(row[position]) if reader and position is not None else EMPTY


@dataclass(frozen=True)
class Claim:
    """A row that gave a shared thing its IRI; ``made`` tells that its label became the key."""

    name: str
    where: str
    made: bool


class DatasetReader:
    """Reads one dataset against the index of what all studies share.

    ``claims`` holds what the studies before it say of things beyond one study, by IRI.
    """

    def __init__(
        self,
        dataset: Dataset,
        ontology: Ontology,
        shared: Index,
        source: Source | None = None,
        claims: dict[str, Claim] | None = None,
    ) -> None:
        self.dataset, self.ontology, self.source = dataset, ontology, source
        self.index = Index(parent=shared)
        self.problems = list(dataset.problems)
        self.lines: list[str] = []
        self._seen: dict[str, tuple[str, int, str]] = {}
        self._claims = {} if claims is None else claims
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
        heads = read_heads(sheet, table)
        self.problems += [*table.problems, *heads.problems]
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
                if not cell.errors and label and not part.requires(IDENTIFIER):
                    self._report_no_key(part, place, f'"{label}" gives no key.', label)
                continue
            if not _KEY.fullmatch(key):  # a shape without sh:pattern would let it into an IRI
                part.subjects.append(None)
                self._report_no_key(part, place, f'"{key}" cannot be a key.', key)
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
                lacking = (
                    not c.values and part.requires(p) for p, c in zip(roles, cells, strict=True)
                )
                if not any(cell.errors for cell in cells) and not any(lacking):
                    self._report_no_key(part, place, "The row gives no key.", None)
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
            return self._claim_shared(part, iri, place, name, made)
        where = f"row {there[1]}" if there[0] == here[0] else f"{there[0]} row {there[1]}"
        if made and there[2] != name:
            message = f'"{name}" and "{there[2]}" ({where}) would both have the key "{slug(name)}".'
            remedy = "Give each an id of its own."
            self._report(part, place, "id", "slug-collision", message, remedy, value=name)
        else:
            message = f"The row has the key of {where}: {local_name(iri)}."
            remedy = f"Each row needs a key of its own ({self._key_columns(part)})."
            self._report(part, place, None, "duplicate-key", message, remedy, value=name)
        return None

    def _claim_shared(self, part: _Part, iri: str, place: int, name: str, made: bool) -> str | None:
        """A study may say more of a shared thing, but not under another name."""
        if part.sheet.is_record or not part.sheet.iri_base:
            return iri
        shared = self.index.parent.get(iri) if self.index.parent else None
        if shared is not None:
            known, there, where = (shared.label, *shared.names), shared.label, shared.place
        else:
            here = Claim(name, f"{part.table.file} row {place}", made)
            claim = self._claims.setdefault(iri, here)
            if not made and not claim.made:
                return iri  # both chose the id, and so mean one thing
            known, there, where = (claim.name,), claim.name, claim.where
        if name.casefold() in {text.casefold() for text in known}:
            return iri
        message = f'"{name}" would have the key of "{there}" ({where}).'
        remedy = "Give it an id of its own, or write the name that is there."
        self._report(part, place, "id", "slug-collision", message, remedy, value=name)
        return None

    def _report_no_key(self, part: _Part, place: int, message: str, value: str | None) -> None:
        """A row that cannot be told from others would be lost without a word."""
        column = part.sheet.column(IDENTIFIER)
        remedy = "A key is made of letters of the Latin alphabet, digits and hyphens."
        if column:
            remedy = f"Give it an {column.name}. {remedy}"
        name = column.name if column else None
        self._report(part, place, name, "no-key", message, remedy, value=value)

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
                value, other = (row[part.heads.positions[c.path]].strip() for c in (first, second))
                remedy = f"{second.name} is {other}; correct one of them."
                self._report(part, place, first.name, "order", message, remedy, value=value)

    def _report_cell(self, part: _Part, place: int, column: str, text: str, cell: Cell) -> None:
        for error in cell.errors:
            self._report(
                part, place, column, "invalid-cell", error.message, error.remedy,
                value=text,
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
        message, value, remedy = _short(message), value and _short(value), remedy and _short(remedy)
        self.problems.append(Problem(file, place, column, kind, message, value, remedy, severity))


def _short(text: str) -> str:
    """A text of bearable length: a cell may have a hundred thousand characters."""
    return text if len(text) <= 1000 else f"{text[:200]} … {text[-100:]}"


_KEY = re.compile(r"[A-Za-z0-9._~-]+")
_FIELD = re.compile(r"\{(.*?)\}")
