"""One folder read: its rows become quads, or a list of everything that is wrong with them.

Each folder (the reference data, or one study) is read in three passes: the rows that have keys of
their own are entered into the index, then the rows whose keys are made from their roles
(`owl:hasKey`), and then every cell is read against the index.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from smegraph.errors import Problem, Severity, count_errors
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.schema import STUDY, Column, Sheet
from smegraph.ontology.terms import IDENTIFIER, NAMES, OTHER_NAMES, REPORTED_IN, TYPE
from smegraph.sheets.errors import FormerName, UnknownName
from smegraph.sheets.header import Header, read_header
from smegraph.sheets.invisible import plain
from smegraph.sheets.literals import split_cell
from smegraph.sheets.table import Table
from smegraph.studies.claims import ClaimedKey, clash_with_shared, clash_with_study
from smegraph.studies.columns import EMPTY, Cell, ColumnReader, compare, kind_of
from smegraph.studies.folder import StudyFolder
from smegraph.studies.index import NameIndex, Node, slug
from smegraph.studies.lost import Lost, cause_of
from smegraph.studies.passages import Source, check_passages
from smegraph.studies.sheet_rows import Document, SheetRows


@dataclass
class Ingested:
    """What became of one folder.

    Attributes:
        folder: the folder.
        parts: its files, from which the statements are made.
        problems: what is wrong, in the order of the files.
        lost: the sheets of which something could not be taken in.
    """

    folder: StudyFolder
    parts: list[SheetRows] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def rows(self) -> Iterator[str]:
        """Return the statements in N-Quads, one line each, those of one row in one text."""
        return chain.from_iterable(part.statements() for part in self.parts)

    @property
    def lines(self) -> list[str]:
        """The statements in N-Quads, one line each, in the order of the sheets."""
        return [f"{line}\n" for row in self.rows() for line in row[:-1].split("\n")]


class FolderReader:
    """Reads one folder against the index of what all studies share.

    `claims` holds what the studies before it say of things beyond one study, by IRI; `lost` the
    sheets elsewhere of which something could not be taken in.
    """

    def __init__(
        self,
        folder: StudyFolder,
        ontology: Ontology,
        shared: NameIndex,
        source: Source | None = None,
        claims: dict[str, ClaimedKey] | None = None,
        lost: Iterable[Lost] = (),
    ) -> None:
        self.folder, self.ontology, self.source = folder, ontology, source
        self.index = NameIndex(parent=shared)
        self.problems = list(folder.problems)
        self._seen: dict[str, tuple[str, int, str]] = {}
        self._claims = {} if claims is None else claims
        self._lost, self._lost_elsewhere = list(folder.lost), tuple(lost)
        self._lost_in_part: list[Lost] = []  # perhaps as another sheet lacks something
        self._suffix = f" <{folder.graph}> .\n"
        self._parts: list[SheetRows] = []

    def run(self) -> Ingested:
        for sheet, table in self.folder.read():
            self._parts.append(self._open(sheet, table))
        named = [part for part in self._parts if IDENTIFIER in part.sheet.by_path]
        keyed = [part for part in self._parts if IDENTIFIER not in part.sheet.by_path]
        for part in named:
            self._identify_named(part)
        for part in keyed:
            self._identify_keyed(part)
        self._find_lost()
        document = self._document()
        for part in self._parts:
            if part.sheet.iri_base and not part.sheet.is_record:
                part.document = document
            self._check_rows(part)
        self._follow_to_roots()
        self.problems.sort(key=lambda p: (p.file, p.row or 0, p.column or ""))
        lost = [*self._lost, *self._lost_in_part]
        return Ingested(self.folder, self._parts, self.problems, lost)

    def _document(self) -> Document | None:
        """Return the document of the study; None for the reference data, which have none."""
        if self.folder.iri is None:
            return None
        node = self.index.get(self.folder.iri)
        label = node.label if node else self.folder.name
        return Document(self.folder.iri, self.folder.name, label)

    def _find_lost(self) -> None:
        """Find the sheets of which a row, a column or all of it could not be taken in."""
        for (path, sheet), part in zip(self.folder.files, self._parts, strict=True):
            is_keyed = IDENTIFIER not in sheet.by_path
            if count_errors((*part.table.problems, *part.header.problems)):
                self._lost.append(Lost(part.table.file, path, sheet, is_keyed))
            elif not all(part.subjects):
                self._lost_in_part.append(Lost(part.table.file, path, sheet, is_keyed))

    def _follow_to_roots(self) -> None:
        """Have what follows from a file without a fault of its own follow from that one's cause."""
        roots = {}
        for file in {problem.follows for problem in self.problems}:
            own = [p.follows for p in self.problems if p.file == file and p.severity == "error"]
            if own and None not in own:
                roots[file] = own[0]
        self.problems = [
            replace(p, follows=roots[p.follows]) if p.follows in roots else p for p in self.problems
        ]

    def claim(self) -> None:
        """Enter into the claims what the folder says of things beyond it; read nothing else."""
        for sheet, table in self.folder.read():
            if IDENTIFIER in sheet.by_path:
                self._identify_named(self._open(sheet, table))

    def _open(self, sheet: Sheet, table: Table) -> SheetRows:
        header = read_header(sheet, table)
        self.problems += [*table.problems, *header.problems]
        readers = [
            self._reader(column, column.path in sheet.key, table, position)
            if column
            else defaultdict(lambda: EMPTY)
            for position, column in enumerate(header.columns)
        ]
        return SheetRows(
            sheet, table, header, readers, self._suffix, self._constants(sheet, header)
        )

    def _reader(self, column: Column, keyed: bool, table: Table, position: int) -> ColumnReader:
        def cells() -> list[str]:
            return [row[position] for row in table.rows]

        return ColumnReader(column, self.index, self.ontology, self._suffix, keyed, cells)

    def _constants(self, sheet: Sheet, header: Header) -> list[str]:
        """Return what is said of every row: its class, and the study that reports it."""
        pairs = []
        if TYPE not in header.positions:
            pairs.append(f" <{TYPE}> <{sheet.class_}>{self._suffix}")
        if sheet.is_fact and self.folder.iri:
            pairs.append(f" <{REPORTED_IN}> <{self.folder.iri}>{self._suffix}")
        return pairs

    # ------------------------------------------------------------------ keys

    def _identify_named(self, part: SheetRows) -> None:
        """Subjects of rows with an id, or with a label from which the id is made."""
        base = part.sheet.base(self.folder.name)
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
            if subject and part.sheet.iri_base and not part.sheet.is_record:
                names = (label or key, *part.cell(row, OTHER_NAMES).values)
                subject = self._claim_shared(part, key, place, names, made)
            part.subjects.append(subject)
            if subject:
                self._enter(part, row, subject, key, label or key, place)

    # Decision 001: docs/decisions/001-fact-iris.md
    def _identify_keyed(self, part: SheetRows) -> None:
        """Subjects of rows whose key is made from their roles."""
        base = part.sheet.base(self.folder.name)
        roles = [path for path in part.sheet.key if path != REPORTED_IN]
        referred = self._is_referred_to(part.sheet)
        for row, place in zip(part.table.rows, part.table.places, strict=True):
            cells = [part.cell(row, path) for path in roles]
            key = "-".join([cell.key for cell in cells if cell.key])
            if not key or any(cell.errors for cell in cells):
                part.subjects.append(None)
                lacking = (
                    not c.values and part.requires(p) for p, c in zip(roles, cells, strict=True)
                )
                if not any(cell.errors for cell in cells) and not any(lacking):
                    self._report_no_key(part, place, "The row gives no key.", None)
                continue
            subject = self._claim(part, base + key, place, key, False)
            part.subjects.append(subject)
            if referred and subject:
                label = part.label(part.cells(row)) or key
                self._enter(part, row, subject, local_name(subject), label, place)

    def _is_referred_to(self, sheet: Sheet) -> bool:
        """Whether some column of the folder may name rows of the sheet."""
        classes = self.ontology.superclasses(sheet.class_)
        columns = (c for part in self._parts for c in part.header.columns if c is not None)
        return any(c.is_reference and (c.class_ is None or c.class_ in classes) for c in columns)

    def _claim(self, part: SheetRows, iri: str, place: int, name: str, made: bool) -> str | None:
        """Reserve an IRI for a row; a second row with the same one is an error naming both."""
        here = (part.table.file, place, name)
        there = self._seen.setdefault(iri, here)
        if there is here:
            return iri
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

    # Decision 002: docs/decisions/002-one-work-one-node.md
    def _claim_shared(
        self, part: SheetRows, key: str, place: int, names: tuple[str, ...], made: bool
    ) -> str | None:
        """Return the IRI of a row that may describe something beyond the study.

        What has no id and is unknown elsewhere is named by the study alone, and so its key holds
        that of the study. A study may say more of a shared thing, but not under another name.
        """
        base = part.sheet.base(self.folder.name)
        iri = base + key
        shared = self.index.parent.get(iri) if self.index.parent else None
        if made and self.folder.scope == STUDY and not self._knows(shared, part.sheet):
            shared, iri = None, f"{base}{self.folder.name}-{key}"
            if self._claim(part, iri, place, names[0], made) is None:
                return None
        if shared is not None:
            kind = self.ontology.label(part.sheet.class_)
            clash = clash_with_shared(names, shared, part.sheet.class_, kind)
        else:
            here = ClaimedKey(names, f"{part.table.file} row {place}", made)
            there = self._claims.setdefault(iri, here)
            clash = None if there is here else clash_with_study(here, there)
        if clash is None:
            return iri
        warning = clash.severity == "warning"
        kind = "shared-id" if warning else "slug-collision"
        self._report(
            part, place, "id", kind, clash.message, clash.remedy, value=names[0], warning=warning
        )
        return iri if warning else None

    @staticmethod
    def _knows(shared: Node | None, sheet: Sheet) -> bool:
        """Whether what all studies share has a thing of the sheet's class at an IRI."""
        return shared is not None and sheet.class_ in shared.classes

    def _report_no_key(self, part: SheetRows, place: int, message: str, value: str | None) -> None:
        """Report a row that cannot be told from others: it would be lost without a word."""
        column = part.sheet.column(IDENTIFIER)
        remedy = "A key is made of letters of the Latin alphabet, digits and hyphens."
        if column:
            remedy = f"Give it an {column.name}. {remedy}"
        name = column.name if column else None
        self._report(part, place, name, "no-key", message, remedy, value=value)

    @staticmethod
    def _key_columns(part: SheetRows) -> str:
        paths = [IDENTIFIER] if IDENTIFIER in part.sheet.by_path else part.sheet.key
        names = [part.sheet.by_path[path].name for path in paths if path in part.sheet.by_path]
        return "made from " + ", ".join(names)

    def _enter(
        self, part: SheetRows, row: list[str], iri: str, key: str, label: str, place: int
    ) -> None:
        kind = part.sheet.column(TYPE)
        class_ = kind_of(part.cell(row, TYPE), kind) if kind else None
        classes = self.ontology.superclasses(class_ or part.sheet.class_)
        others = part.cell(row, OTHER_NAMES).values
        where = f"{part.table.file} row {place}"
        self.index.add(Node(iri, key, label, others, classes | {part.sheet.class_}, where))

    # ------------------------------------------------------------------ rows

    def _check_rows(self, part: SheetRows) -> None:
        table = part.table
        for row, place in zip(table.rows, table.places, strict=True):
            cells = part.cells(row)
            for position, cell in enumerate(cells):
                if cell.errors:
                    self._report_cell(part, place, part.table.head[position], row[position], cell)
            self._check_row(part, row, cells, place)
        self._report_notes(part)
        check_passages(part.sheet, part.header, part.table, self.source, self.problems)

    def _check_row(self, part: SheetRows, row: list[str], cells: list[Cell], place: int) -> None:
        for position, column in part.header.required:
            if cells[position] is EMPTY:
                remedy = f"Example: {column.example}." if column.example else "Fill it in."
                self._report(part, place, column.name, "empty-cell", "The cell is empty.", remedy)
        for position, column in part.header.expected:
            if cells[position] is EMPTY:
                self._report(
                    part, place, column.name, "empty-cell", "The cell is empty.",
                    "Leave it so only when the document does not tell it.", warning=True,
                )  # fmt: skip
        at = part.header.positions
        for first, second, strict in part.header.ordered:
            order = compare(cells[at[first.path]], cells[at[second.path]])
            if order is not None and (order > 0 or (strict and order == 0)):
                relation = "below" if strict else "at most"
                message = f"The value must be {relation} that of {second.name}."
                value, other = (row[at[c.path]].strip() for c in (first, second))
                remedy = f"{second.name} is {other}; correct one of them."
                self._report(part, place, first.name, "order", message, remedy, value=value)

    def _report_notes(self, part: SheetRows) -> None:
        """Report how cells with two readings were read."""
        for position, reader in enumerate(part.readers):
            if not isinstance(reader, ColumnReader) or not reader.notes:
                continue
            name = part.table.head[position]
            for row, place in zip(part.table.rows, part.table.places, strict=True):
                for text in split_cell(plain(row[position])):
                    if note := reader.notes.get(text):
                        self._report(
                            part, place, name, "number-read", note.message, note.remedy,
                            value=text, warning=True,
                        )  # fmt: skip

    def _report_cell(self, part: SheetRows, place: int, column: str, text: str, cell: Cell) -> None:
        for error in cell.errors:
            message, remedy = error.message, error.remedy
            cause = None
            if isinstance(error, UnknownName):
                cause = self._cause(error, part.table.file)
            kind = "former-name" if isinstance(error, FormerName) else "invalid-cell"
            self._report(part, place, column, kind, message, remedy, value=text, follows=cause)

    def _cause(self, error: UnknownName, file: str) -> str | None:
        """Return the sheet in which the thing is likely to be that a cell misses."""
        lost = (*self._lost, *self._lost_elsewhere, *self._lost_in_part)
        others = (one for one in lost if one.file != file)
        found = cause_of(error.name, error.class_, others, self.ontology)
        return found or self._missing_sheet(error.class_)

    def _missing_sheet(self, class_: str | None) -> str | None:
        """Return the one sheet that describes things of a class, where there is nothing of it."""
        sheets = self.index.sheets_of(class_) if class_ else ()
        if len(sheets) != 1 or self.index.knows(class_):
            return None
        file = self.folder.shown(self.folder.path / sheets[0])
        if file not in {part.table.file for part in self._parts}:
            message = f"There is no {sheets[0]}, and rows refer to what it should hold."
            remedy = "Add the sheet; `smegraph template` writes an empty one."
            problem = Problem(file, None, None, "missing-sheet", message, None, remedy)
            if problem not in self.problems:
                self.problems.append(problem)
            return file
        return None

    def _report(
        self,
        part: SheetRows,
        place: int,
        column: str | None,
        kind: str,
        message: str,
        remedy: str | None,
        *,
        value: str | None = None,
        warning: bool = False,
        follows: str | None = None,
    ) -> None:
        severity: Severity = "warning" if warning else "error"
        file = part.table.file
        place = part.table.lines.get(column or "", place)
        message, value, remedy = _short(message), value and _short(value), remedy and _short(remedy)
        self.problems.append(
            Problem(file, place, column, kind, message, value, remedy, severity, follows)
        )


def _short(text: str) -> str:
    """Return a text of bearable length: a cell may have a hundred thousand characters."""
    return text if len(text) <= 1000 else f"{text[:200]} … {text[-100:]}"


_KEY = re.compile(r"[A-Za-z0-9._~-]+")
