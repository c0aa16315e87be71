"""Sheets that were written for an earlier ontology get the names of today; cells stay."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smegraph.csv_fields import quoted
from smegraph.files import replace_file
from smegraph.ontology.schema import Schema, Sheet
from smegraph.sheets.csvfile import lines_of
from smegraph.sheets.invisible import plain
from smegraph.studies.folder import StudyFolder, read_sheet
from smegraph.studies.strangers import shown_path


# Decision 062: docs/decisions/062-names-that-change.md
@dataclass(frozen=True)
class Change:
    """What a file needs.

    Attributes:
        path: the file.
        told: the change, as a sentence without its full stop.
        text: its new text, or None where it stays.
        target: its new place, or None where it stays.
        obstacle: why it cannot be made, or None.
    """

    path: Path
    told: str
    text: str | None = None
    target: Path | None = None
    obstacle: str | None = None

    def carry_out(self) -> None:
        """Make the change; whoever reads at the same time sees all of it or nothing."""
        if self.text is not None:
            replace_file(self.path, self.text.encode("utf-8"))
        if self.target is not None:
            self.path.rename(self.target)


def changes(folder: StudyFolder, schema: Schema) -> Iterator[Change]:
    """Yield what the files of a folder need, in the order of their names."""
    for path in sorted(folder.path.iterdir()):
        stem, dot, rest = path.name.partition(".")
        if stem in schema.renamed and path.suffix.lower() == ".csv":
            yield _renamed_sheet(path, f"{schema.renamed[stem].name}{dot}{rest}")
    for path, sheet in sorted(folder.files):
        yield from _record(path, sheet) if sheet.is_record else _table(path, sheet)


def _renamed_sheet(path: Path, name: str) -> Change:
    target = path.with_name(name)
    obstacle = f"{name} is there already; put them together" if target.exists() else None
    return Change(path, f"is now called {name}", target=target, obstacle=obstacle)


def _table(path: Path, sheet: Sheet) -> Iterator[Change]:
    table = read_sheet(sheet, path, shown_path(path))
    renamed = {name: sheet.renamed[name].name for name in table.head if name in sheet.renamed}
    if not renamed:
        return
    told = _told(renamed)
    if clash := sorted(set(renamed.values()) & set(table.head)):
        obstacle = f"it has a column {clash[0]} already; put them together"
        yield Change(path, told, obstacle=obstacle)
        return
    lines = [*lines_of(path.read_bytes().decode("utf-8"))]
    number = table.head_place - 1  # What stands before the head takes a line each.
    cells = next(csv.reader(io.StringIO(lines[number], newline=""), delimiter=table.separator))
    if len(cells) != len(table.head):
        yield Change(path, told, obstacle="its head takes more than one line; rename by hand")
        return
    lines[number] = _head(lines[number], cells, renamed, table.separator)
    yield Change(path, told, text="".join(lines))


def _head(line: str, cells: list[str], renamed: Mapping[str, str], separator: str) -> str:
    """Return a head with new names, and with its byte order mark and its end as they were."""
    mark = "\ufeff" if line.startswith("\ufeff") else ""
    end = line[len(line.rstrip("\r\n")) :]
    names = (plain(cell).strip() for cell in cells)
    written = (quoted(renamed.get(name, name)) for name in names)
    return f"{mark}{separator.join(written)}{end}"


def _record(path: Path, sheet: Sheet) -> Iterator[Change]:
    table = read_sheet(sheet, path, shown_path(path))
    renamed = {name: sheet.renamed[name].name for name in table.head if name in sheet.renamed}
    if not renamed:
        return
    text = path.read_bytes().decode("utf-8")
    for old, new in renamed.items():
        text = re.sub(rf"(?m)^{re.escape(old)}(?=\s*:)", new, text)
    yield Change(path, _told(renamed), text=text)


def _told(renamed: Mapping[str, str]) -> str:
    return ", ".join(f"{old} is now {new}" for old, new in renamed.items())
