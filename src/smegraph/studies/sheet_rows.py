"""One file of a folder on its way: its table, the memories of its columns, its rows' subjects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import getitem

from smegraph.namespaces import ID, XSD
from smegraph.ontology.ontology import local_name
from smegraph.ontology.schema import Sheet
from smegraph.ontology.terms import LABEL, MENTION, MENTION_OF, NAMES, PRINTED_IN, TYPE
from smegraph.sheets.header import Header
from smegraph.sheets.literals import literal
from smegraph.sheets.table import Table
from smegraph.studies.columns import EMPTY, Cell

_STRING = XSD + "string"
_FIELD = re.compile(r"\{(.*?)\}")


@dataclass(frozen=True)
class Document:
    """The document of a study.

    Attributes:
        iri: its IRI.
        key: the study's key.
        label: its label.
    """

    iri: str
    key: str
    label: str


@dataclass
class SheetRows:
    """One file of a folder.

    Attributes:
        sheet: what the file may hold.
        table: what it holds.
        header: which column is which.
        readers: the reader of each column; that of an unknown one finds every cell empty.
        suffix: the graph and the end of a statement.
        constants: what is said of every row, each to be set behind a subject.
        subjects: the IRI of each row, None where the row gives no key.
        document: where things that are no facts are mentioned; None where none are.
    """

    sheet: Sheet
    table: Table
    header: Header
    readers: list[dict[str, Cell]]
    suffix: str
    constants: list[str]
    subjects: list[str | None] = field(default_factory=list)
    document: Document | None = None

    def requires(self, path: str) -> bool:
        """Whether no row may leave the property's cell empty; that is an error of its own."""
        column = self.sheet.column(path)
        return column is not None and column.required

    def cell(self, row: list[str], path: str) -> Cell:
        """Return the cell of a property in a row; empty where the file has no such column."""
        position = self.header.positions.get(path)
        return EMPTY if position is None else self.readers[position][row[position]]

    def cells(self, row: list[str]) -> list[Cell]:
        """Return the cells of a row in the order of the columns."""
        return list(map(getitem, self.readers, row))

    def statements(self) -> Iterator[str]:
        """Yield the statements of each row that has a key, one line each, in one text.

        They are put together when they are wanted: all at once they would take much memory.
        """
        label, end = f" <{LABEL}> ", self.suffix
        for row, subject in zip(self.table.rows, self.subjects, strict=True):
            if subject:
                cells = self.cells(row)
                pairs = [""]
                for position in self._own:
                    pairs += cells[position].pairs
                pairs += self.constants
                if self.sheet.label_template:
                    pairs.append(f"{label}{literal(self.label(cells), _STRING)}{end}")
                said = self._said_of_others(cells)
                yield f"<{subject}>".join(pairs) + said + self._mention(subject, cells)

    # Decision 003: docs/decisions/003-classes-follow-the-studies.md
    def _said_of_others(self, cells: list[Cell]) -> str:
        """Return the statements of the columns that speak of a node which another one names."""
        text = ""
        for position, named in self._others:
            if cells[position].pairs and (node := cells[named].values):
                text += f"<{node[0]}>".join(("", *cells[position].pairs))
        return text

    # Decision 073: docs/decisions/073-mentions.md
    def _mention(self, subject: str, cells: list[Cell]) -> str:
        """Return the statements on what the document printed for the thing of a row, if any."""
        said = [pair for position in self._of_mention for pair in cells[position].pairs]
        if not said or self.document is None:
            return ""
        end = self.suffix
        name = self.label(cells) if self.sheet.label_template else self._name(cells)
        label = f"{name or local_name(subject)}, in {self.document.label}"
        pairs = (
            f" <{TYPE}> <{MENTION}>{end}",
            f" <{MENTION_OF}> <{subject}>{end}",
            f" <{PRINTED_IN}> <{self.document.iri}>{end}",
            f" <{LABEL}> {literal(label, _STRING)}{end}",
        )
        mention = f"{ID}mention-{self.document.key}-{local_name(subject)}"
        return f"<{mention}>".join(("", *pairs, *said))

    def _name(self, cells: list[Cell]) -> str:
        positions = (self.header.positions.get(path) for path in NAMES)
        return next((cells[place].shown for place in positions if place is not None), "")

    @cached_property
    def _of_mention(self) -> list[int]:
        """The positions of the columns that speak of the mention of what a row describes."""
        if self.document is None:
            return []
        columns = enumerate(self.header.columns)
        return [position for position, column in columns if column and column.of_mention]

    @cached_property
    def _own(self) -> list[int]:
        """The positions of the columns that speak of the row itself."""
        others = {position for position, _ in self._others} | {*self._of_mention}
        return [position for position in range(len(self.header.columns)) if position not in others]

    @cached_property
    def _others(self) -> list[tuple[int, int]]:
        """The other columns' positions, each with that of the column that names the node."""
        return [
            (position, self.header.positions[column.via])
            for position, column in enumerate(self.header.columns)
            if column is not None and column.via in self.header.positions
        ]

    def label(self, cells: list[Cell]) -> str:
        """Return the label of a row by the template of its sheet; what is empty leaves no trace."""
        template, positions = self._template
        text = template % tuple([cells[position].shown for position in positions])
        return " ".join(text.split()).strip(" ,:")

    @cached_property
    def _template(self) -> tuple[str, list[int]]:
        """The template with `%s` for each column that the file has, and their positions."""
        template, positions = "", []
        for number, text in enumerate(_FIELD.split(self.sheet.label_template or "")):
            if number % 2 == 0:
                template += text.replace("%", "%%")
                continue
            position = self.header.positions.get(self.sheet.by_name[text].path)
            if position is not None:
                template += "%s"
                positions.append(position)
        return template, positions
