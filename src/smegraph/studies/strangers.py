"""Files and folders that are no sheet where they lie: what each was perhaps meant to be."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smegraph.errors import Problem
from smegraph.ontology.schema import REFERENCE, STUDY, Schema, Sheet
from smegraph.studies.lost import Lost
from smegraph.suggest import nearest

# Decision 006: docs/decisions/006-sheets-from-the-ontology.md
RECORD: Final = "study.yaml"
FOLDERS: Final = ("reference", "studies")  # of a data directory
_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_RECORDS: Final = (".yaml", ".yml")
_HEAD_BYTES: Final = 64 * 1024
_SHOWN: Final = 3


@dataclass(frozen=True)
class Stranger:
    """A file or a folder that cannot stay where it lies; `lost` are the sheets that it holds."""

    problem: Problem
    lost: tuple[Lost, ...] = ()


def shown_path(path: Path) -> str:
    """Return a path as people see it: from the working folder where that is possible.

    A link is shown where it lies, and not where it leads.
    """
    try:
        return str((path.parent.resolve() / path.name).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def leads_out(path: Path, data: Path) -> Stranger | None:
    """Return what is wrong with a link that leads out of a folder of data, or nowhere."""
    if not path.is_symlink():
        return None
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        message, remedy = "The link leads nowhere.", "Put the file itself there."
    else:
        if target.is_relative_to(data.resolve()):
            return None
        message = f"The link leads out of {shown_path(data)} and is not followed."
        remedy = "Put the file itself there, or let links be followed with --follow-links."
    return Stranger(Problem(shown_path(path), None, None, "link", message, path.name, remedy))


def meet(path: Path, sheets: dict[str, Sheet], schema: Schema) -> Stranger:
    """Say what is wrong with something that lies beside sheets and is none.

    Args:
        path: where it lies.
        sheets: the sheets that may stand there, by name.
        schema: all sheets.
    """
    if path.is_dir():
        return _folder(path, schema)
    shown, stem = shown_path(path), path.name.split(".")[0]
    sheet = schema.sheets.get(stem)
    if schema.record.name in (stem.casefold(), stem) or path.suffix.lower() in _RECORDS:
        record = schema.record
        in_study = any(STUDY in sheet.scopes for sheet in sheets.values())
        problem = _misnamed_record(shown, path) if in_study else _misplaced(shown, path, record)
        return Stranger(problem, (Lost(shown, path, record),))
    if sheet and sheet.name not in sheets and path.suffix.lower() == ".csv":
        return Stranger(_misplaced(shown, path, sheet), (Lost(shown, path, sheet),))
    if stem in schema.renamed:
        return _renamed(shown, path, schema.renamed[stem])
    meant = _by_name(stem, sheets) or _by_head(path, sheets.values())
    message = f'"{path.name}" is not the name of a sheet.'
    remedy = _remedy(path, meant) if meant else f"Sheets are: {', '.join(sheets)}."
    problem = Problem(shown, kind="unknown-sheet", message=message, value=path.name, remedy=remedy)
    is_table = path.suffix.lower() in _TABLES
    return Stranger(problem, (Lost(shown, path, meant),) if meant and is_table else ())


def _renamed(shown: str, path: Path, sheet: Sheet) -> Stranger:
    """Return a sheet under the name that it had."""
    old = path.name.split(".")[0]
    message = f'The sheet "{old}" is now called "{sheet.name}".'
    remedy = f"`smegraph migrate` renames it, or call the file {sheet.name}.csv."
    problem = Problem(shown, None, None, "renamed-sheet", message, path.name, remedy)
    return Stranger(problem, (Lost(shown, path, sheet),))


def doubled_ending(path: Path, sheet: Sheet) -> Iterator[Problem]:
    """Yield a warning of a file such as `firms.csv.csv`: a hidden ending was written again."""
    if any(ending.lower() in _TABLES for ending in path.suffixes[:-1]):
        message = f'"{path.name}" has two endings; it is read as a file of the sheet {sheet.name}.'
        remedy = f"Rename it to {sheet.name}.csv."
        yield Problem(
            shown_path(path), None, None, "double-ending", message, path.name, remedy, "warning"
        )


def _misplaced(shown: str, path: Path, sheet: Sheet) -> Problem:
    where = "studies" if STUDY in sheet.scopes else "the reference data"
    message = f'The sheet "{sheet.name}" belongs into {where}.'
    remedy = f"Write it as {RECORD}." if sheet.is_record else "Move the file there."
    return Problem(shown, None, None, "misplaced-sheet", message, path.name, remedy)


def _misnamed_record(shown: str, path: Path) -> Problem:
    message = f'"{path.name}" is not the name of a study\'s record.'
    remedy = f"Write it as {RECORD}."
    return Problem(shown, None, None, "misplaced-sheet", message, path.name, remedy)


def _remedy(path: Path, meant: Sheet) -> str:
    name = f"{meant.name}.csv"
    remedy = f'Did you mean "{name}"?'
    if (path.parent / name).exists():
        more = f"{meant.name}.more.csv"
        return f"{remedy} That is there; take this one away, or name it {more} if both count."
    if path.suffix.lower() in (".csv", ".txt"):
        return f"{remedy} Rename the file."
    return f'{remedy} Save it as "CSV UTF-8" under this name.'


def _by_name(stem: str, sheets: dict[str, Sheet]) -> Sheet | None:
    """Return the sheet whose name is in that of a file, or is like it."""
    words = stem.casefold()
    within = [n for n in sheets if re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", words)]
    name = max(within, key=len, default=None) or nearest(stem, sheets, cutoff=0.5)
    return sheets[name] if name else None


def _by_head(path: Path, sheets: Iterable[Sheet]) -> Sheet | None:
    """Return the one sheet that has most of the columns in the first row of a CSV file."""
    if path.suffix.lower() not in (".csv", ".txt", ".tsv") or not path.is_file():
        return None
    with path.open("rb") as file:
        first = file.read(_HEAD_BYTES).decode("utf-8-sig", "replace").partition("\n")[0]
    try:
        cells = {cell.strip() for m in ",;\t" for cell in next(csv.reader([first], delimiter=m))}
    except (csv.Error, StopIteration):
        return None
    counts = sorted((len(cells & sheet.by_name.keys()), sheet.name, sheet) for sheet in sheets)
    if len(counts) < 2 or counts[-1][0] < 2 or counts[-1][0] == counts[-2][0]:
        return None
    return counts[-1][2]


def _folder(path: Path, schema: Schema) -> Stranger:
    shown, lost = shown_path(path), tuple(_sheets_below(path, schema))
    message, remedy = "A folder cannot stand beside sheets.", "Move it elsewhere."
    if lost:
        message = f"A folder cannot stand beside sheets, and this one holds {_names(lost)}."
        remedy = "Move them one folder up, beside the other sheets."
    if _holds_record(lost):
        remedy = "Move the folder into data/studies/, or its sheets one folder up."
    return Stranger(Problem(shown, None, None, "unknown-file", message, path.name, remedy), lost)


def _holds_record(lost: Iterable[Lost]) -> bool:
    return any(one.sheet is not None and one.sheet.is_record for one in lost)


def _names(lost: Iterable[Lost]) -> str:
    names = sorted((one.path.name for one in lost), key=lambda name: name != RECORD)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _sheets_below(folder: Path, schema: Schema) -> Iterator[Lost]:
    """Yield the files below a folder that have the name of a sheet."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if sheet := _named(path, schema):
                yield Lost(shown_path(folder), path, sheet)


def _named(path: Path, schema: Schema) -> Sheet | None:
    """Return the sheet whose name a file bears."""
    if path.name == RECORD:
        return schema.record
    sheet = schema.sheets.get(path.name.split(".")[0].casefold())
    return sheet if sheet and path.suffix.lower() == ".csv" and not sheet.is_record else None


def strays(data: Path, schema: Schema, *, follow_links: bool = False) -> Iterator[Stranger]:
    """Yield the sheets in a data directory that lie in none of its folders of sheets.

    A link that leads out of it is one, if it has the name of a sheet or takes the place of a study,
    unless links are followed.
    """
    for folder in (data, data / "studies"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name.startswith((".", "~")):
                continue
            has_place = folder != data or path.name in FOLDERS
            if has_place and not follow_links and (stray := leads_out(path, data)):
                yield stray
            elif path.is_file() and (sheet := _stray_sheet(path, schema)):
                yield _stray(path, sheet, data, schema)
            elif path.is_dir() and folder == data and path.name not in FOLDERS:
                yield from _stray_study(path, data, schema)


def _stray_sheet(path: Path, schema: Schema) -> Sheet | None:
    """Return the sheet that a file is likely to be; anything else may lie there."""
    if sheet := _named(path, schema):
        return sheet
    ending, stem = path.suffix.lower(), path.name.split(".")[0].casefold()
    if ending in _RECORDS and stem == schema.record.name:
        return schema.record
    tables = {name: sheet for name, sheet in schema.sheets.items() if not sheet.is_record}
    if ending == ".csv":
        return _by_name(stem, tables) or _by_head(path, tables.values())
    return tables.get(stem) if ending in _TABLES else None


def _stray(path: Path, sheet: Sheet, data: Path, schema: Schema) -> Stranger:
    shown = shown_path(path)
    message = f'The sheet "{sheet.name}" lies outside of every study, and is not read.'
    target = f"{shown_path(data / 'studies')}/<study>/"
    if sheet.scopes == {REFERENCE}:
        target = f"{shown_path(data / 'reference')}/"
    elif REFERENCE in sheet.scopes:
        target += f", or into {shown_path(data / 'reference')}/"
    name = RECORD if sheet.is_record else f"{sheet.name}.csv"
    remedy = f"Move it into {target}, as {name}."
    problem = Problem(shown, None, None, "misplaced-sheet", message, path.name, remedy)
    return Stranger(problem, (Lost(shown, path, sheet),))


def _stray_study(path: Path, data: Path, schema: Schema) -> Iterator[Stranger]:
    lost = tuple(_sheets_below(path, schema))
    if _holds_record(lost):
        message = f"The folder holds {_names(lost)}, and is not read."
        remedy = f"Move the folder of each study into {shown_path(data / 'studies')}/."
        shown = shown_path(path)
        problem = Problem(shown, None, None, "misplaced-study", message, path.name, remedy)
        yield Stranger(problem, lost)
