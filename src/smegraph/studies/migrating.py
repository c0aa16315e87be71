"""Sheets that were written for an earlier ontology get the names of today.

Sheets and columns that are called otherwise get their new names, and so do the concepts that cells
name; everything else stays, byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smegraph.csv_fields import quoted
from smegraph.files import replace_file
from smegraph.namespaces import SKOS
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Column, Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER, NAMES, OTHER_NAMES
from smegraph.sheets.csvfile import lines_of, spans_of
from smegraph.sheets.invisible import identity, plain
from smegraph.sheets.literals import split_cell
from smegraph.sheets.table import Table
from smegraph.studies.folder import StudyFolder, read_sheet
from smegraph.studies.index import NameIndex, Node, vocabulary_index
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


def changes(folder: StudyFolder, schema: Schema, ontology: Ontology) -> Iterator[Change]:
    """Yield what the files of a folder need, in the order of their names."""
    for path in sorted(folder.path.iterdir()):
        stem, dot, rest = path.name.partition(".")
        if stem in schema.renamed and path.suffix.lower() == ".csv":
            yield _renamed_sheet(path, f"{schema.renamed[stem].name}{dot}{rest}")
    concepts = _Concepts(vocabulary_index(ontology), _own_names(folder, ontology))
    for path, sheet in sorted(folder.files):
        yield from _record(path, sheet) if sheet.is_record else _table(path, sheet, concepts)


def _renamed_sheet(path: Path, name: str) -> Change:
    target = path.with_name(name)
    obstacle = f"{name} is there already; put them together" if target.exists() else None
    return Change(path, f"is now called {name}", target=target, obstacle=obstacle)


def _table(path: Path, sheet: Sheet, concepts: _Concepts) -> Iterator[Change]:
    table = read_sheet(sheet, path, shown_path(path))
    renamed = {name: sheet.renamed[name].name for name in table.head if name in sheet.renamed}
    told = _told(renamed)
    if clash := sorted(set(renamed.values()) & set(table.head)):
        obstacle = f"it has a column {clash[0]} already; put them together"
        yield Change(path, told, obstacle=obstacle)
        return
    text = path.read_bytes().decode("utf-8")
    if renamed:
        lines = [*lines_of(text)]
        number = table.head_place - 1  # What stands before the head takes a line each.
        cells = next(csv.reader(io.StringIO(lines[number], newline=""), delimiter=table.separator))
        if len(cells) != len(table.head):
            yield Change(path, told, obstacle="its head takes more than one line; rename by hand")
            return
        lines[number] = _head(lines[number], cells, renamed, table.separator)
        text = "".join(lines)
    moved: dict[str, str] = {}
    if not table.problems:
        text = _cells(text, table, sheet, concepts, moved)
    if renamed or moved:
        yield Change(path, ", ".join(filter(None, (told, _told(moved)))), text=text)


def _cells(
    text: str, table: Table, sheet: Sheet, concepts: _Concepts, moved: dict[str, str]
) -> str:
    """Return the text of a sheet in which cells name concepts as today; tell what moved."""
    named = [sheet.by_name.get(name) or sheet.renamed.get(name) for name in table.head]
    columns = [(at, c) for at, c in enumerate(named) if c and c.is_reference and c.class_]
    rows, done, kept = set(table.places), 0, []
    for place, spans in enumerate(spans_of(text, table.separator), start=1):
        for at, column in columns if place in rows else ():
            old = text[spans[at]]
            if (new := concepts.renamed(old, column, moved)) != old:
                kept += [text[done : spans[at].start], new]
                done = spans[at].stop
    return "".join([*kept, text[done:]])


def _own_names(folder: StudyFolder, ontology: Ontology) -> frozenset[str]:
    """Return the names that the sheets of a folder give to concepts of their own."""
    found: set[str] = set()
    for path, sheet in folder.files:
        if SKOS + "Concept" in ontology.superclasses(sheet.class_):
            table = read_sheet(sheet, path, shown_path(path))
            columns = (sheet.by_path.get(path) for path in (IDENTIFIER, *NAMES, OTHER_NAMES))
            names = {column.name for column in columns if column}
            at = [position for position, name in enumerate(table.head) if name in names]
            found.update(identity(t) for row in table.rows for i in at for t in split_cell(row[i]))
    return frozenset(found)


# Decision 070: docs/decisions/070-labels-and-mentions.md
@dataclass
class _Concepts:
    """The concepts of the vocabulary, and the names that a folder gives to its own."""

    index: NameIndex
    own: frozenset[str]

    def renamed(self, raw: str, column: Column, moved: dict[str, str]) -> str:
        """Return a cell as it stands in its file, naming concepts as they are called today."""
        inner = raw.removeprefix('"').removesuffix('"')
        cell = inner.replace('""', '"') if raw.startswith('"') else raw
        parts = [cell] if column.single else re.split(r"(?<!\\);", cell)
        new = [*self._parts(parts, column, moved)]
        if new == parts:
            return raw
        written = ";".join(new).strip()
        return '"' + written.replace('"', '""') + '"' if raw.startswith('"') else quoted(written)

    def _parts(self, parts: Iterable[str], column: Column, moved: dict[str, str]) -> Iterator[str]:
        texts = [(part, plain(part).strip()) for part in parts]
        there = {self._key(text, column.class_) for _, text in texts}
        for part, text in texts:
            node = self._survivor(text, column.class_)
            if node is None:
                yield part
                continue
            moved[text] = node.key
            if node.key not in there:  # Two concepts that became one stand once.
                there.add(node.key)
                yield part.replace(part.strip(), node.key)

    def _survivor(self, text: str, class_: str | None) -> Node | None:
        if identity(text) in self.own or self.index.find(text, class_) is not None:
            return None
        found = self.index.formerly(text, class_)
        return found[0] if len(found) == 1 else None

    def _key(self, text: str, class_: str | None) -> str:
        found = self.index.find(text, class_)
        return found.key if isinstance(found, Node) else text


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
