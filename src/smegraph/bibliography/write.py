"""New rows go into `<sheet>.imported.csv`: all the sheets of a study, or none."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.known import PART
from smegraph.bibliography.mapping import SHEETS, Mapping
from smegraph.bibliography.merge import Change
from smegraph.files import sync_file
from smegraph.ontology.schema import Sheet
from smegraph.ontology.terms import IDENTIFIER, LABEL
from smegraph.sheets.csvfile import read_csv, write_csv
from smegraph.sheets.table import Table

_TEMPORARY = ".import.tmp"


def compose(folder: Path, change: Change, mapping: Mapping) -> dict[Path, str]:
    """Return the new texts of the files that change, those that others refer to first."""
    texts = {}
    for role in SHEETS:
        sheet = mapping.sheets[role]
        target = folder / f"{sheet.name}.{PART}.csv"
        filled = {f.row.path for f in change.fills if f.row.path.name.split(".")[0] == sheet.name}
        for path in sorted(filled | ({target} if change.rows[role] else set())):
            names = sheet.by_name
            table = read_csv(path, path.name, names) if path.is_file() else Table(path.name)
            if not table.head:
                table.head = _head(sheet, mapping)
            _fill(table, path, change, sheet)
            if path == target:
                _append(table, change.rows[role], sheet)
            texts[path] = _as_before(path, write_csv(table.head, table.rows))
    return texts


def _as_before(path: Path, text: str) -> str:
    """Return a text with the line ends and the byte order mark of the file, for a small diff."""
    before = path.read_bytes() if path.is_file() else b""
    if b"\r\n" in before:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"\ufeff{text}" if before.startswith(codecs.BOM_UTF8) else text


def _head(sheet: Sheet, mapping: Mapping) -> list[str]:
    """Return the columns that an import can fill, in the order of the sheet."""
    paths = {IDENTIFIER, LABEL, *mapping.always, *mapping.properties.values()}
    paths |= {path for fields in mapping.fields.values() for path in fields}
    classes = {other.class_ for other in mapping.sheets.values()}
    return [c.name for c in sheet.columns if c.path in paths or c.class_ in classes]


def _column(table: Table, sheet: Sheet, path: str) -> int | None:
    """Return the position of a property's column, which is added where it is missing."""
    column = sheet.column(path)
    if column is None:
        return None
    if column.name not in table.head:
        table.head.append(column.name)
        for row in table.rows:
            row.append("")
    return table.head.index(column.name)


def _fill(table: Table, path: Path, change: Change, sheet: Sheet) -> None:
    rows = {place: at for at, place in enumerate(table.places)}
    for fill in change.fills:
        if fill.row.path == path:
            position = _column(table, sheet, fill.path)
            if position is not None:
                table.rows[rows[fill.row.place]][position] = fill.value


def _append(table: Table, rows: list[dict[str, str]], sheet: Sheet) -> None:
    for cells in rows:
        placed = {_column(table, sheet, path): text for path, text in cells.items()}
        table.rows.append([placed.get(at, "") for at in range(len(table.head))])


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder of a study for one import; the system lets go when a process dies.

    Raises:
        BibliographyError: another import holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _hold(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BibliographyError(f"Another import is at work in {folder}.") from None


def replace_files(folder: Path, texts: dict[Path, str]) -> None:
    """Write files beside the old ones, make them durable, then let each take its place.

    Whatever refers to a row is switched after the row, so that a process that is killed in between
    leaves sheets that hold together; importing again completes them.

    Raises:
        BibliographyError: the disk is full, or the folder cannot be written.
    """
    try:
        for left in folder.glob(f".*{_TEMPORARY}"):
            left.unlink(missing_ok=True)
        beside = {path: path.with_name(f".{path.name}{_TEMPORARY}") for path in texts}
        for path, text in texts.items():
            with beside[path].open("w", encoding="utf-8", newline="") as file:
                file.write(text)
            sync_file(beside[path])
            if path.is_file():
                shutil.copymode(path, beside[path])
        for path in texts:
            beside[path].replace(path)
    except OSError as error:
        raise BibliographyError(
            f"The sheets cannot be written: {error}. Make room, or look at the permissions of "
            f"{folder}, and import again."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            for left in folder.glob(f".*{_TEMPORARY}"):
                left.unlink(missing_ok=True)
