"""Columns whose values are rows of another sheet today: `smegraph migrate` writes these rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Column, Moved, Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER
from smegraph.sheets.csvfile import lines_of, spans_of, write_csv
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
        rows = _rows(table, sheet, key.name, name, schema.sheets[to.sheet], to)
        target = path.with_name(path.name.replace(sheet.name, to.sheet, 1))
        if rows is None:
            yield Change(path, told, obstacle=f"no row of {to.sheet} can name one of {sheet.name}")
            return
        if rows and target.exists():
            yield Change(path, told, obstacle=f"{target.name} is there already; put them together")
            return
        if rows:
            added[target] = write_csv([*rows[0]], ([*row.values()] for row in rows))
    for target, text in added.items():
        yield Change(target, f"holds what stood in a column of {path.name}", text=text)
    yield Change(path, told, text=_without(path, table, gone))


def _rows(
    table: Table, sheet: Sheet, key: str, name: str, target: Sheet, to: Moved
) -> list[dict[str, str]] | None:
    """Return the rows that the values of a column become; None where they could name no owner."""
    identity, owner = target.column(IDENTIFIER), _owner(target, sheet)
    if identity is None or owner is None:
        return None
    asked = {c.name: c.when_moved for c in target.columns if c.when_moved is not None}
    position, keys = table.head.index(name), table.head.index(key)
    return [
        {
            identity.name: slug(f"{row[keys]} {value}"),
            owner.name: row[keys],
            to.column: value,
            **asked,
            _NOTE: f"From the column {name}; read the passage again for the rest.",
        }
        for row in table.rows
        for value in split_cell(row[position])
    ]


def _owner(target: Sheet, sheet: Sheet) -> Column | None:
    """Return the column of the new sheet that names a row of the old one."""
    return next((column for column in target.columns if column.class_ == sheet.class_), None)


def _without(path: Path, table: Table, gone: Mapping[str, Moved]) -> str:
    """Return the text of a file without columns; all else stays, byte for byte."""
    text = path.read_bytes().decode("utf-8")
    before = "".join(islice(lines_of(text), table.head_place - 1))
    rest = text.removeprefix(before)
    left = [position for position, name in enumerate(table.head) if name not in gone]
    kept, at = [before], 0
    for row in spans_of(rest, table.separator):
        end = row[-1].stop
        after = end + 2 if rest.startswith("\r\n", end) else end + 1
        cells = table.separator.join(rest[row[place]] for place in left if place < len(row))
        kept += (rest[at : row[0].start], cells, rest[end:after])
        at = after
    return "".join(kept)
