"""Columns whose values are rows of another sheet today: `smegraph migrate` writes these rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from smegraph.csv_fields import quoted
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Column, Moved, Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER
from smegraph.sheets.csvfile import lines_of
from smegraph.sheets.invisible import is_blank
from smegraph.sheets.literals import split_cell
from smegraph.sheets.table import Table
from smegraph.studies.folder import StudyFolder, read_sheet
from smegraph.studies.index import slug
from smegraph.studies.migrating import Change
from smegraph.studies.strangers import shown_path

_NOTE = "note"


# Decision 065: docs/decisions/065-relations-findings-and-topics.md
def moves(folder: StudyFolder, schema: Schema, _: Ontology) -> Iterator[Change]:
    """Yield what the files of a folder need, in the order of their names."""
    for path, sheet in sorted(folder.files):
        if not sheet.is_record:
            yield from _moves(path, sheet, schema)


def _moves(path: Path, sheet: Sheet, schema: Schema) -> Iterator[Change]:
    """Yield the changes by which columns of a file become rows of other sheets, those first.

    The new sheet has the ending of the file's name, as `moderations.literature.csv` for
    `findings.literature.csv`. A row tells the key of the row that it came from, the value, what
    the new sheet asks for beside them, and in its note where it comes from.
    """
    table = read_sheet(sheet, path, shown_path(path))
    gone = {name: sheet.moved[name] for name in table.head if name in sheet.moved}
    if not gone:
        return
    key = sheet.column(IDENTIFIER)
    told = ", ".join(f"{name} moves to {to.sheet}" for name, to in gone.items())
    if key is None or key.name not in table.head:
        yield Change(path, told, obstacle="its rows have no id that another sheet could name")
        return
    added = {}
    for name, to in gone.items():
        rows = list(_rows(table, sheet, key.name, name, schema.sheets[to.sheet], to))
        target = path.with_name(path.name.replace(sheet.name, to.sheet, 1))
        if rows and target.exists():
            yield Change(path, told, obstacle=f"{target.name} is there already; put them together")
            return
        if rows:
            added[target] = rows
    for target, rows in added.items():
        yield Change(target, f"holds what stood in a column of {path.name}", text=_written(rows))
    yield Change(path, told, text=_without(path, table, gone))


def _rows(
    table: Table, sheet: Sheet, key: str, name: str, target: Sheet, to: Moved
) -> Iterator[dict[str, str]]:
    """Yield the rows that the values of a column become."""
    identity, owner = target.column(IDENTIFIER), _owner(target, sheet)
    if identity is None or owner is None:
        return
    asked = {c.name: c.when_moved for c in target.columns if c.when_moved is not None}
    position, keys = table.head.index(name), table.head.index(key)
    for row in table.rows:
        if is_blank(row[position]):
            continue
        for value in split_cell(row[position]):
            yield {
                identity.name: slug(f"{row[keys]} {value}"),
                owner.name: row[keys],
                to.column: value,
                **asked,
                _NOTE: f"From the column {name}; read the passage again for the rest.",
            }


def _owner(target: Sheet, sheet: Sheet) -> Column | None:
    """Return the column of the new sheet that names a row of the old one."""
    return next((column for column in target.columns if column.class_ == sheet.class_), None)


def _written(rows: list[dict[str, str]]) -> str:
    head = list(rows[0])
    lines = [head, *([row[name] for name in head] for row in rows)]
    return "".join(f"{','.join(map(quoted, line))}\n" for line in lines)


def _without(path: Path, table: Table, gone: Mapping[str, Moved]) -> str:
    """Return the text of a file without columns; what stands before the head stays."""
    text = path.read_bytes().decode("utf-8")
    before = "".join([*lines_of(text)][: table.head_place - 1])
    rows = csv.reader(io.StringIO(text[len(before) :], newline=""), delimiter=table.separator)
    left = [position for position, name in enumerate(table.head) if name not in gone]
    lines = (table.separator.join(quoted(row[at]) for at in left if at < len(row)) for row in rows)
    return before + "".join(f"{line}\n" for line in lines)
