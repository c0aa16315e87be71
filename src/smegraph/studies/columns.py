"""One column of a sheet at work: cells become predicate-object pairs, each distinct cell once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from smegraph.namespaces import RDF, XSD
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Column
from smegraph.ontology.terms import IDENTIFIER, NAMES, OTHER_NAMES, PASSAGES, SOURCE_FILE, TYPE
from smegraph.sheets.errors import CellError, FormerName, UnknownName
from smegraph.sheets.invisible import identity, is_blank, lookalikes, plain
from smegraph.sheets.literals import NUMBERS, canonical, literal, split_cell
from smegraph.sheets.numbers import doubt_of, doubtful_mark, is_above, witness
from smegraph.studies.index import Ambiguous, NameIndex, Node, slug
from smegraph.suggest import nearest


class Cell(NamedTuple):
    """What a cell says.

    Attributes:
        pairs: for each value `" <predicate> object <graph> .\\n"`, to be set behind a subject.
        values: the canonical texts, or the IRIs of the nodes that are referred to.
        shown: the text for labels.
        key: the text for keys, where the column is part of one.
        errors: what is wrong with the cell.
    """

    pairs: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    shown: str = ""
    key: str = ""
    errors: tuple[CellError, ...] = ()


EMPTY = Cell()
MAX_SHOWN, MAX_SHEETS = 12, 3


class ColumnReader(dict[str, Cell]):
    """The distinct cells of one column by their text; `reader[text]` reads what is new.

    `suffix` closes a pair: the graph and the end of the statement. `keyed` tells whether keys
    are made from the column, and `cells` gives all of its cells. `notes` holds what somebody
    should be told of cells that could be read.
    """

    def __init__(
        self,
        column: Column,
        index: NameIndex,
        ontology: Ontology,
        suffix: str,
        keyed: bool = True,
        cells: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        super().__init__()
        self.notes: dict[str, CellError] = {}
        self._cells, self._is_number = cells, column.datatype in NUMBERS
        self.column, self._index, self._ontology, self._keyed = column, index, ontology, keyed
        self._predicate, self._suffix = f" <{column.predicate}> ", suffix
        self._folded = {identity(name): term for name, term in column.options.items()}
        self._is_text = not keyed and _holds_text(column)

    def read(self, text: str) -> Cell:
        """Return the cell, from memory where it was read before."""
        return self[text]

    def __missing__(self, text: str) -> Cell:
        cell = self[text] = self._parse(text)
        return cell

    def _parse(self, text: str) -> Cell:
        if is_blank(text):
            return EMPTY
        text = text.strip() if self._is_text else plain(text).strip()
        if self.column.single or ";" not in text:
            return self._parse_one(text)
        parts = split_cell(text)
        if not parts:
            return EMPTY
        pairs, values, shown, keys, errors = [], [], [], [], []
        for part in parts:
            try:
                term, value, label, key = self._value(part)
            except CellError as error:
                errors.append(error)
                continue
            if value in values:
                errors.append(CellError(f'"{part}" stands twice in the cell.', "Keep one."))
            pairs.append(f"{self._predicate}{term}{self._suffix}")
            values.append(value)
            shown.append(label)
            keys.append(key)
        return Cell(tuple(pairs), tuple(values), ", ".join(shown), "-".join(keys), tuple(errors))

    def _parse_one(self, text: str) -> Cell:
        try:
            term, value, label, key = self._value(text)
        except CellError as error:
            return Cell(errors=(error,))
        return Cell((f"{self._predicate}{term}{self._suffix}",), (value,), label, key)

    def _value(self, text: str) -> tuple[str, str, str, str]:
        """Term, canonical value, label and key of one value."""
        column = self.column
        if column.options:
            return self._option(text)
        if column.is_reference:
            node = self._node(text)
            return f"<{node.iri}>", node.iri, node.label, node.key
        value = self._number(text) if self._is_number else canonical(text, column)
        key = slug(value) if self._keyed else ""
        if column.language:
            quoted = literal(value, XSD + "string")
            return f"{quoted}@{column.language}", value, value, key
        return literal(value, column.datatype or ""), value, value, key

    def _number(self, text: str) -> str:
        """Return a number; one with two readings is decided by the other cells of the column."""
        column, accepts = self.column, self.column.accepts
        there = doubtful_mark(text, accepts)
        if there is None:
            return canonical(text, column)
        if is_above(text, accepts, column.maximum):
            return canonical(text, column, there)
        refusal = doubt_of(text, accepts, whole=column.datatype != XSD + "decimal")
        begins, cell = self._witness or (None, "")
        if begins is None or (begins != there and "GroupedNumber" not in accepts):
            raise refusal
        value = canonical(text, column, begins)
        name = "point" if begins == "." else "comma"
        message = f'"{text}" is read as {value}, as "{cell}" shows a decimal {name}.'
        self.notes[text] = CellError(message, refusal.remedy)
        return value

    @cached_property
    def _witness(self) -> tuple[str, str] | None:
        """What begins the decimals in the column, and a cell that shows it."""
        return witness(map(plain, self._cells()))

    def _option(self, text: str) -> tuple[str, str, str, str]:
        term = self.column.options.get(text) or self._folded.get(identity(text))
        if term is None:
            allowed = f"Allowed: {', '.join(self.column.options)}."
            near = nearest(text, self.column.options, cutoff=0.5)
            remedy = f'Did you mean "{near}"? {allowed}' if near else allowed
            raise CellError(f'"{text}" is not one of the allowed values.', remedy)
        if isinstance(term, ox.NamedNode):
            return f"<{term.value}>", term.value, text, slug(text)
        assert isinstance(term, ox.Literal)  # sh:in holds IRIs and literals only
        return str(term), term.value, term.value, slug(term.value) or term.value

    def _node(self, text: str) -> Node:
        class_ = self.column.class_
        found = self._index.find(text, class_)
        if isinstance(found, Node):
            return found
        kind = self._ontology.label(class_) if class_ else "thing"
        if isinstance(found, Ambiguous):
            keys = ", ".join(node.key for node in found.nodes)
            raise CellError(f'"{text}" names more than one {kind}.', f"Write a key: {keys}.")
        if former := self._index.formerly(text, class_):
            raise _former_name(text, former)
        remedy = self._suggestion(text, class_)
        raise UnknownName(f'"{text}" is no known {kind}.', remedy, text, class_)

    def _suggestion(self, text: str, class_: str | None) -> str:
        other = self._index.find(text, None)
        if isinstance(other, Node):
            kinds = sorted(self._ontology.label(c) for c in self._asserted(other))
            return f'"{text}" is known as {", ".join(kinds)} only ({other.place}).'
        near = self._index.nearest(text, class_)
        meant = "Did you mean " + " or ".join(f'"{name}"' for name in near) + "?" if near else ""
        ways = self._ways(class_) if class_ or not near else ""
        return " ".join(filter(None, (lookalikes(text), meant, ways)))

    def _ways(self, class_: str | None) -> str:
        """Say what a person can do about a name that nothing has."""
        if class_ is None:
            return "Add it to its sheet or write the key of something that is there."
        sheets = self._index.sheets_of(class_)
        if 0 < len(sheets) <= MAX_SHEETS:
            return f"Add it to its sheet, {' or '.join(sheets)}, or write the name of one there."
        concepts = self._index.concepts(class_)
        if 0 < len(concepts) <= MAX_SHOWN:
            return f"Allowed: {', '.join(concepts)}."
        if concepts and not sheets:
            return "The list is closed: codebook.md, which `smegraph template` writes, shows it."
        return "Add it to its sheet or write the key of something that is there."

    def _asserted(self, node: Node) -> Sequence[str]:
        """Return the classes of a node that are not above another of its classes."""
        return [
            c
            for c in node.classes
            if not any(c != d and c in self._ontology.superclasses(d) for d in node.classes)
        ]


# Decision 070: docs/decisions/070-labels-and-mentions.md
def _former_name(text: str, nodes: Sequence[Node]) -> FormerName:
    """Return the error of a name that a concept had, or that was merged into another."""
    keys = tuple(node.key for node in nodes)
    shown = " or ".join(f"{node.key} ({node.label})" for node in nodes)
    message = f'"{text}" is the name of no concept any more.'
    how = " `smegraph migrate` does so." if len(keys) == 1 else ""
    return FormerName(message, f"Write {shown} where it fits.{how}", keys)


# Decision 056: docs/decisions/056-names-that-look-the-same.md
def _holds_text(column: Column) -> bool:
    """Whether a column holds running text, which stays as it was written."""
    is_string = column.datatype in (XSD + "string", RDF + "langString")
    return is_string and not (column.options or column.pattern or column.path in _NAMING)


_NAMING = {IDENTIFIER, *NAMES, OTHER_NAMES, SOURCE_FILE, *(p.locator for p in PASSAGES)}


def kind_of(cell: Cell, column: Column) -> str | None:
    """Return the class that a `kind` cell gives to its row."""
    return cell.values[0] if column.path == TYPE and cell.values else None


def compare(first: Cell, second: Cell) -> int | None:
    """-1, 0 or 1 as the first value is below, at or above the second; None when one is missing.

    Numbers are compared as numbers, dates with times by their ISO 8601 text.
    """
    if not first.values or not second.values:
        return None
    left, right = first.values[0], second.values[0]
    try:
        numbers = Decimal(left), Decimal(right)
    except InvalidOperation:
        return (left > right) - (left < right)
    return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])


_ACCEPTED = {
    "GroupedNumber": "80 000",
    "DecimalComma": "85,71",
    "Percent": "92 %",
    "DayMonthYear": "14.5.2018 13.00",
}


def plain_kinds(column: Column) -> str:
    """Examples of the ways of writing that a column takes besides the canonical one."""
    return ", ".join(f"`{_ACCEPTED[name]}`" for name in sorted(column.accepts))
