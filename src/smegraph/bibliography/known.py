"""The works and persons that the studies know already, so that one work stays one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from smegraph.bibliography.keys import fold, part
from smegraph.bibliography.mapping import AUTHORSHIPS, PERSONS, REFERENCES, WORKS, Mapping
from smegraph.bibliography.record import Name
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Sheet
from smegraph.ontology.terms import IDENTIFIER, LABEL, OTHER_NAMES
from smegraph.sheets.header import read_header
from smegraph.sheets.table import Table
from smegraph.studies.errors import DataError
from smegraph.studies.folder import StudyFolder, read_sheet
from smegraph.studies.index import slug

PART = "imported"


@dataclass
class Row:
    """One row of a sheet that describes a work or a person.

    Attributes:
        key: its key.
        label: its label.
        cells: its cells by property.
        study: the name of its folder.
        path: the file in which it stands.
        place: the row that a spreadsheet shows.
        own: whether it stands in a sheet of the study.
        near: whether the study may refer to it: also to reference data, and to other studies.
        imported: whether an import wrote its file.
    """

    key: str
    label: str
    cells: dict[str, str]
    study: str
    path: Path
    place: int
    own: bool
    near: bool
    imported: bool

    def shown(self) -> str:
        """Where the row stands."""
        return f"{self.study}/{self.path.name} row {self.place}"


@dataclass
class Known:
    """What the sheets of all studies say of works and persons, and this study of their relations.

    `authors` holds the persons of each work in order, `listed` the works among the study's
    references, both by the keys of the works.
    """

    mapping: Mapping
    works: dict[str, list[Row]] = field(default_factory=dict)
    persons: dict[str, list[Row]] = field(default_factory=dict)
    authors: dict[str, list[str]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    coders: list[str] = field(default_factory=list)
    _dois: dict[str, str] = field(default_factory=dict)
    _titles: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _shared: set[str] = field(default_factory=set)
    _names: dict[str, dict[str, str]] = field(default_factory=lambda: {WORKS: {}, PERSONS: {}})

    @classmethod
    def read(
        cls, folders: Iterable[StudyFolder], study: str, mapping: Mapping, ontology: Ontology
    ) -> Known:
        """Read the sheets of works and persons, this study's before the others.

        Raises:
            DataError: a sheet of the study into which references come cannot be read.
        """
        known = cls(mapping)
        folders = list(folders)
        known._shared = {folder.name for folder in folders if folder.scope == STUDY}
        ordered = sorted(folders, key=lambda d: (d.name != study, d.scope == STUDY, d.name))
        for folder in ordered:
            known._read(folder, folder.name == study, ontology)
        return known

    def _read(self, folder: StudyFolder, own: bool, ontology: Ontology) -> None:
        tables = list(_tables(folder, self.mapping, ontology, own))
        for path, sheet, table in tables:
            is_work = self.mapping.sheets[WORKS].class_ in ontology.superclasses(sheet.class_)
            if is_work or sheet is self.mapping.sheets[PERSONS]:
                role = WORKS if is_work else PERSONS
                shared = folder.scope != STUDY or sheet.is_record
                reach = (own and not sheet.is_record, own or shared)
                for cells, place in _cells(sheet, table):
                    self._enter(role, folder, (path, place), cells, reach)
            if sheet.is_record and own:
                self.coders = [
                    coder.strip()
                    for cells, _ in _cells(sheet, table)
                    for coder in cells.get(self.mapping.properties["Coders"], "").split(";")
                    if coder.strip()
                ]
        for _, sheet, table in tables if own else ():
            self._relate(sheet, table)

    def _enter(
        self,
        role: str,
        folder: StudyFolder,
        place: tuple[Path, int],
        cells: dict[str, str],
        reach: tuple[bool, bool],
    ) -> None:
        label = cells.get(LABEL, "")
        key = cells.get(IDENTIFIER) or self._made(slug(label), folder, reach[0])
        if not key:
            return
        if folder.scope != STUDY:
            self._shared.add(key)
        imported = place[0].name.split(".")[1:2] == [PART]
        self.add(role, Row(key, label or key, cells, folder.name, *place, *reach, imported))
        for name in (label, *cells.get(OTHER_NAMES, "").split(";")):
            self._names[role].setdefault(name.strip().casefold(), key)

    def _made(self, key: str, folder: StudyFolder, own: bool) -> str:
        """Return the key that names a row without an id from within this study."""
        if not key or own or folder.scope != STUDY or key in self._shared:
            return key
        return f"{folder.name}-{key}"

    def add(self, role: str, row: Row) -> None:
        """Enter a row, of a sheet or to come."""
        rows = (self.works if role == WORKS else self.persons).setdefault(row.key, [])
        rows.append(row)
        if role == WORKS:
            doi, title = (row.cells.get(self.mapping.properties[p], "") for p in ("Doi", "Title"))
            if doi:
                self._dois.setdefault(doi.casefold(), row.key)
            for start in {"", _start(row.key), _start(part(row.label))} if title else ():
                self._titles[fold(title), start].append(row.key)

    def _relate(self, sheet: Sheet, table: Table) -> None:
        mapping = self.mapping
        if sheet is mapping.sheets[REFERENCES]:
            work = mapping.link(REFERENCES, WORKS)
            self.listed |= {
                self._key(WORKS, cells.get(work, "")) for cells, _ in _cells(sheet, table)
            }
        elif sheet is mapping.sheets[AUTHORSHIPS]:
            work, person = mapping.link(AUTHORSHIPS, WORKS), mapping.link(AUTHORSHIPS, PERSONS)
            position = mapping.properties["Position"]
            rows = sorted(
                (cells for cells, _ in _cells(sheet, table)),
                key=lambda c: int(n) if (n := c.get(position, "")).isdecimal() else 0,
            )
            for cells in rows:
                names = self.authors.setdefault(self._key(WORKS, cells.get(work, "")), [])
                names.append(self._key(PERSONS, cells.get(person, "")))

    def _key(self, role: str, cell: str) -> str:
        """Return the key that a cell means, which may hold a label instead."""
        rows = self.works if role == WORKS else self.persons
        return cell if cell in rows else self._names[role].get(cell.casefold(), cell)

    # ------------------------------------------------------------------ looking up

    def work(self, doi: str, title: str, year: str, authors: list[Name], key: str) -> str | None:
        """Return the key of the work that a record describes, or None.

        It has the record's DOI; or its title, year and first author; or its key and no title that
        could tell them apart.
        """
        found = [known] if doi and (known := self._dois.get(doi.casefold())) else []
        first = part(authors[0].family) if authors else ""
        for other in self._titles.get((fold(title), _start(first)), ()) if title else ():
            if self._same_year(other, year) and (not first or self._begins(other, first)):
                found.append(other)
                if self.near(WORKS, other):
                    break
        if key in self.works and (not title or not self.text(key, "Title")):
            found.append(key)
        near = (one for one in found if self.near(WORKS, one))
        return next(near, found[0] if found else None)

    def _same_year(self, key: str, year: str) -> bool:
        there = self.text(key, "Year")
        return not there or not year or there == year

    def _begins(self, key: str, first: str) -> bool:
        label = self.works[key][0].label
        return any(f"{text}-".startswith(f"{first}-") for text in (key, part(label)))

    def text(self, key: str, role: str) -> str:
        """Return what some study says of a work, by the role of the property."""
        path = self.mapping.properties[role]
        return next((text for row in self.works[key] if (text := row.cells.get(path, ""))), "")

    def near(self, role: str, key: str) -> Row | None:
        """Return the row of a work or a person to which the study may refer."""
        rows = (self.works if role == WORKS else self.persons).get(key, ())
        return next((row for row in rows if row.near), None)


def _start(key: str) -> str:
    """Return the first word of a key, by which works of one title are looked up."""
    return key.partition("-")[0]


def _tables(
    folder: StudyFolder, mapping: Mapping, ontology: Ontology, strict: bool
) -> Iterator[tuple[Path, Sheet, Table]]:
    """Yield the files that describe works, persons and their relations."""
    sheets = list(mapping.sheets.values())
    for path, sheet in folder.files:
        above = ontology.superclasses(sheet.class_)
        if sheet not in sheets and mapping.sheets[WORKS].class_ not in above:
            continue
        table = read_sheet(sheet, path, folder.shown(path))
        problems = [*table.problems, *read_header(sheet, table).problems]
        if strict and (errors := [p for p in problems if p.severity == "error"]):
            raise DataError(errors)
        yield path, sheet, table


def _cells(sheet: Sheet, table: Table) -> Iterator[tuple[dict[str, str], int]]:
    positions = read_header(sheet, table).positions
    for row, place in zip(table.rows, table.places, strict=True):
        yield {path: row[at].strip() for path, at in positions.items()}, place
