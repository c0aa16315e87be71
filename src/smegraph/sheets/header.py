"""The first row of a sheet: which column is which, and what is wrong with the names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from smegraph.errors import Problem
from smegraph.ontology.schema import Column, Moved, Sheet
from smegraph.sheets.invisible import is_blank
from smegraph.sheets.table import Table, column_letter, is_unnamed
from smegraph.suggest import did_you_mean


@dataclass
class Header:
    """The columns of one file, by position.

    Attributes:
        columns: the column of each position; None where the name is unknown.
        positions: the position of each property.
        required: positions of columns that no row may leave empty.
        expected: positions of columns that no row should leave empty.
        ordered: pairs of columns of which the first must be below (True) or at most the second.
        optional: properties whose cells may stay empty.
        problems: unknown, missing and repeated names.
    """

    columns: list[Column | None] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    required: list[tuple[int, Column]] = field(default_factory=list)
    expected: list[tuple[int, Column]] = field(default_factory=list)
    ordered: list[tuple[Column, Column, bool]] = field(default_factory=list)
    optional: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_header(sheet: Sheet, table: Table) -> Header:
    """Match the names in a table's head with the columns of a sheet."""
    header = Header()
    if not table.head:
        return header
    if _wrong_separator(sheet, table, header):
        return header
    for position, name in enumerate(table.head):
        column = sheet.by_name.get(name)
        header.columns.append(column)
        if column is None and is_unnamed(name) and not sheet.is_record:
            header.problems += _unnamed(position, sheet, table)
        elif column is None:
            header.problems.append(_unknown(name, sheet, table))
        elif column.path in header.positions:
            header.columns[-1] = None
            message = f'The column "{name}" stands twice.'
            problem = Problem(
                table.file, table.head_place, name, "repeated-column", message, name,
                "Keep one of them.",
            )  # fmt: skip
            header.problems.append(problem)
        else:
            _place(header, column, position)
            if column.single and name in table.lists:
                header.problems.append(_list(name, table))
    _find_missing(header, sheet, table)
    _find_pairs(header, sheet)
    return header


def _place(header: Header, column: Column, position: int) -> None:
    header.positions[column.path] = position
    if column.required:
        header.required.append((position, column))
    else:
        header.optional.add(column.path)
    if column.expected:
        header.expected.append((position, column))


def _wrong_separator(sheet: Sheet, table: Table, header: Header) -> bool:
    if len(table.head) != 1 or table.head[0] in sheet.by_name:
        return False
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        names = [part.strip().strip('"') for part in table.head[0].split(mark)]
        if len(names) > 1 and any(part in sheet.by_name for part in names):
            message = f"The columns are separated by {name}."
            remedy = "Save the sheet with commas between the columns."
            # A comma in some cell made rows of several cells: no fault of those rows.
            table.problems[:] = [p for p in table.problems if p.kind != "row-width"]
            place, head = table.head_place, table.head[0]
            header.problems.append(
                Problem(table.file, place, None, "separator", message, head, remedy)
            )
            header.columns = [None]
            return True
    return False


def _unknown(name: str, sheet: Sheet, table: Table) -> Problem:
    if name in sheet.renamed:
        return _renamed(name, sheet.renamed[name].name, table)
    if name in sheet.moved:
        return _moved(name, sheet.moved[name], table)
    remedy = did_you_mean(name, sheet.by_name, _columns(sheet))
    shown = f'"{name}" is no column of the sheet "{sheet.name}".'
    line = table.lines.get(name, table.head_place)
    return Problem(table.file, line, name or None, "unknown-column", shown, name, remedy)


# Decision 062: docs/decisions/062-names-that-change.md
def _renamed(name: str, new: str, table: Table) -> Problem:
    """Return the problem of a name that a column had."""
    message = f'The column "{name}" is now called "{new}".'
    remedy = f'`smegraph migrate` renames it, or write "{new}" in its place.'
    line = table.lines.get(name, table.head_place)
    return Problem(table.file, line, name, "renamed-column", message, name, remedy)


def _moved(name: str, to: Moved, table: Table) -> Problem:
    """Return the problem of a column whose values are rows of another sheet today."""
    message = f'Each value of "{name}" is a row of the sheet "{to.sheet}" now, under "{to.column}".'
    remedy = "`smegraph migrate` writes these rows and takes the column away."
    line = table.lines.get(name, table.head_place)
    return Problem(table.file, line, name, "moved-column", message, name, remedy)


def _unnamed(position: int, sheet: Sheet, table: Table) -> Iterator[Problem]:
    """Yield the problem of a column that has no name and holds something; others are no columns."""
    cells = zip(table.rows, table.places, strict=True)
    first = next((place for row, place in cells if not is_blank(row[position])), None)
    if first is not None:
        letter, name = column_letter(position), table.head[position]
        message = f"Column {letter} has no name, and a value in row {first}."
        remedy = f"Give it a name, or clear its cells. {_columns(sheet)}"
        place = table.head_place
        yield Problem(table.file, place, None, "unknown-column", message, name, remedy)


def _columns(sheet: Sheet) -> str:
    return f"Columns of this sheet: {', '.join(sheet.by_name)}."


def _list(name: str, table: Table) -> Problem:
    message = f'The entry "{name}" holds a list, where one value belongs.'
    remedy = f'Write one value; brackets that belong to it stand in quotes: {name}: "[...] ...".'
    return Problem(table.file, table.lines.get(name), name, "list", message, None, remedy)


def _find_missing(header: Header, sheet: Sheet, table: Table) -> None:
    for column in sheet.columns:
        if column.required and column.path not in header.positions:
            kind = "missing-value" if sheet.is_record else "missing-column"
            thing = "entry" if sheet.is_record else "column"
            example = f" Example: {column.example.rstrip('.')}." if column.example else ""
            remedy = f"{column.description}{example}"
            message = f'The {thing} "{column.name}" is missing.'
            header.problems.append(
                Problem(table.file, table.head_place, column.name, kind, message, None, remedy)
            )

    for column in sheet.columns:
        if column.expected and column.path not in header.positions and table.rows:
            message = f'The column "{column.name}" is missing, though most documents tell it.'
            problem = Problem(
                table.file,
                table.head_place,
                column.name,
                "missing-column",
                message,
                remedy="Add it, or leave it out when the document does not tell it.",
                severity="warning",
            )
            header.problems.append(problem)


def _find_pairs(header: Header, sheet: Sheet) -> None:
    for column in header.columns:
        if column is None:
            continue
        for other_path, strict in (
            (column.less_than, True),
            (column.less_than_or_equals, False),
        ):
            other = sheet.by_path.get(other_path or "")
            if other is not None and other.path in header.positions:
                header.ordered.append((column, other, strict))
