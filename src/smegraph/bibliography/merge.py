"""Records become rows: what the studies know keeps its key, what is new gets one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from urllib.parse import unquote

from smegraph.bibliography.keys import (
    authors_label,
    first_name,
    fold,
    part,
    person_key,
    person_label,
    title_words,
    work_key,
    work_label,
)
from smegraph.bibliography.known import Known, Row
from smegraph.bibliography.mapping import AUTHORSHIPS, PERSONS, REFERENCES, SHEETS, WORKS, Mapping
from smegraph.bibliography.record import Name, Reading, Record, clean
from smegraph.errors import Problem
from smegraph.ontology.schema import Column
from smegraph.ontology.terms import IDENTIFIER, LABEL
from smegraph.sheets.errors import CellError
from smegraph.sheets.literals import canonical
from smegraph.sheets.table import MAX_CELL_CHARACTERS
from smegraph.studies.index import slug

_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
_DOI_PREFIX = re.compile(
    r"^(?:(?:https?://)?(?:www\.)?(?:dx\.)?doi\.org/|(?:info:|urn:)?doi[:/ ]\s*|doi\s+)+",
    re.IGNORECASE,
)
_DOI_END = re.compile(r"(?:\s*\[doi\]|[.,;\s]|\s+\(.*)+$", re.IGNORECASE)


@dataclass(frozen=True)
class Fill:
    """A value for an empty cell of a row."""

    row: Row
    path: str
    value: str


@dataclass
class Change:
    """What an import would write, and what it has to say.

    Attributes:
        rows: new rows of each sheet, by its role.
        fills: values for empty cells.
        problems: errors and warnings, those of the reading too.
        records: how many records were taken.
        there: how many of them describe works that the study has already.
    """

    rows: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {role: [] for role in SHEETS}
    )
    fills: list[Fill] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    records: int = 0
    there: int = 0


@dataclass
class _Work:
    """A record on its way into the sheets; `names` are those in its key."""

    record: Record
    authors: list[Name]
    names: list[Name]
    more: bool
    cells: dict[str, str]
    title: str
    year: str
    doi: str
    notes: list[str] = field(default_factory=list)


class Merger:
    """Merges the records of one file into what is known."""

    def __init__(
        self, reading: Reading, known: Known, mapping: Mapping, coder: str, fill: bool = False
    ) -> None:
        self._reading, self._known, self._mapping = reading, known, mapping
        self._coder, self._fills_all = coder, fill
        self._is = mapping.properties
        self._fields = mapping.fields[reading.form]
        self._concepts = mapping.concepts[reading.form]
        self._taken: dict[str, int] = {}
        self._next: dict[str, Iterator[str]] = {}
        self._change = Change(problems=list(reading.problems))

    def run(self) -> Change:
        """Merge every record; the problems come in the order of the lines."""
        for record in self._reading.records:
            self._merge(record)
        self._change.problems.sort(key=lambda p: p.row or 0)
        return self._change

    def _merge(self, record: Record) -> None:
        work = self._work(record)
        if reason := _unusable(work):
            self._tell(record, "unreadable-record", reason, "Complete it, then import again.", True)
            return
        base = work_key(work.names, work.more, work.year, work.title)
        key = self._known.work(work.doi, work.title, work.year, work.names, base)
        if key is not None and key in self._taken:
            reason = f"describes the work of line {self._taken[key]} again; the first is kept."
            self._tell(record, "duplicate", reason)
            return
        self._change.records += 1
        for flaw in record.flaws:
            self._tell(record, "odd-record", flaw)
        self._place(work, key, base)

    def _place(self, work: _Work, key: str | None, base: str) -> None:
        """Write what the study lacks of a work: its row, its authors, its reference."""
        row = None
        if key is None:
            key, label = self._fresh(work, base)
        else:
            row, label = self._known.near(WORKS, key), self._known.works[key][0].label
            self._meet(work, key, base)
        self._taken[key] = work.record.line
        if row is None:
            self._add(WORKS, {IDENTIFIER: key, LABEL: label, **work.cells}, work)
        else:
            self._change.there += 1
            self._compare(row, work)
        if row is None or row.own:
            self._add_authors(key, work)
        if key not in self._known.listed:
            self._known.listed.add(key)
            self._add(REFERENCES, {self._mapping.link(REFERENCES, WORKS): key}, work)
        # What the record says of it tells the next record whether it is the same work.
        near = Row(key, label, work.cells, "", Path(self._reading.file), 0, False, False, False)
        self._known.add(WORKS, near)

    # ------------------------------------------------------------------ one record

    def _work(self, record: Record) -> _Work:
        authors = self._names_in(record, self._is["Author"])
        names = authors or self._names_in(record, self._is["Editors"])
        more = any(field in record.incomplete for field in self._fields[self._is["Author"]])
        work = _Work(record, authors, names, more, {}, "", "", "")
        for column in self._mapping.sheets[WORKS].columns:
            if text := self._field(record, column.path):
                self._fill(work, column, text)
        work.title, work.year, work.doi = (
            work.cells.get(self._is[role], "") for role in ("Title", "Year", "Doi")
        )
        year = self._field(record, self._is["Year"])
        for found, thing in ((names, "author"), (work.title, "title"), (year, "year")):
            if not found:
                record.flaws.append(f"It gives no {thing}.")
        for name, times in Counter(authors).items():
            if times > 1 and name.is_person:
                said = f'The author "{name.text[:60]}" stands there {times} times: so many persons.'
                record.flaws.append(said)
        self._note(work)
        return work

    def _names_in(self, record: Record, path: str) -> list[Name]:
        lists = (record.names.get(field) for field in self._fields.get(path, ()))
        return next((names for names in lists if names), [])

    def _field(self, record: Record, path: str) -> str:
        """Return the text of the first of a property's fields that the record has."""
        if path == self._is["Editors"]:
            return " and ".join(name.text for name in self._names_in(record, path))
        fields = (record.fields.get(field, "") for field in self._fields.get(path, ()))
        return next((text for text in fields if text), "")

    def _fill(self, work: _Work, column: Column, text: str) -> None:
        """Put a field's text into the cell of a column, or say why it cannot be."""
        path, record = column.path, work.record
        if column.class_ is not None:
            label = self._concepts.get(text.casefold())
            if label:
                work.cells[path] = label
            else:
                work.notes.append(f'Its {column.name} there is "{text}".')
            return
        if path == self._is["Year"]:
            match = _YEAR.search(text)
            if match is None:
                record.flaws.append(f'"{text[:60]}" holds no year.')
                return
            text = match.group()
        if path == self._is["Doi"]:
            text = _doi(text)
        try:
            text = canonical(text, column)
        except CellError as error:
            record.flaws.append(f"Its {column.name} is left empty: {error.message} {error.remedy}")
            return
        work.cells[path] = text if column.single else text.replace(";", "\\;")

    def _note(self, work: _Work) -> None:
        for name in work.authors:
            if not name.is_person:
                work.notes.append(f'It names the organization "{name.family}" as author.')
        if work.more:
            work.notes.append("It does not list all authors.")

    def _meet(self, work: _Work, key: str, base: str) -> None:
        """Note where a work is taken for another on little ground."""
        if key == base and work.title and not self._known.text(key, "Title"):
            where = self._known.works[key][0].shown()
            said = f"Taken for {key} of {where}, which gives no title."
            work.notes.append(said)
            self._tell(work.record, "same-key", said)

    def _fresh(self, work: _Work, base: str) -> tuple[str, str]:
        """Return a key and a label that no other work has."""
        label = work_label(work.names, work.more, work.year, work.title)
        if base not in self._known.works:
            return base, label
        other = self._known.works[base][0]
        said = f"Not {base}, which is another work of the same authors and year."
        work.notes.append(said)
        title = self._known.text(base, "Title")
        self._tell(work.record, "same-key", f'{said} That one is "{title[:80]}".')
        start = authors_label(work.names, work.more) or other.label
        numbers = self._next.setdefault(base, map(str, count(2)))
        for word in chain(title_words(work.title), numbers):
            key = f"{base}-{part(word)}"
            if key not in self._known.works:
                return key, f"{start} ({work.year or 'n.d.'}, {word})"
        raise AssertionError("numbers never end")

    # ------------------------------------------------------------------ rows

    def _add_authors(self, key: str, work: _Work) -> None:
        if there := self._known.authors.get(key):
            self._compare_authors(key, there, work)
            return
        names: list[str] = []
        taken: set[str] = set()
        # Names that are alike go on where the last one found a key.
        alike: dict[tuple[str, str, str], Iterator[tuple[str, str]]] = {}
        for name in work.authors:
            if name.is_person:
                sort = (*_keys(name), first_name(name.given))
                candidates = alike.setdefault(sort, _candidates(name))
                names.append(self._person(name, candidates, taken, work))
                taken.add(names[-1])
        link, person = (self._mapping.link(AUTHORSHIPS, to) for to in (WORKS, PERSONS))
        positions = (n for n, name in enumerate(work.authors, start=1) if name.is_person)
        for position, name_key in zip(positions, names, strict=True):
            cells = {link: key, self._is["Position"]: str(position), person: name_key}
            self._add(AUTHORSHIPS, cells, work)
        self._known.authors[key] = names

    def _person(
        self, name: Name, candidates: Iterator[tuple[str, str]], taken: set[str], work: _Work
    ) -> str:
        """Return the key of a person; whom the study may not refer to yet gets a row."""
        key, label = next(
            (key, label)
            for key, label in candidates
            if key not in taken and self._may_be(key, name)
        )
        if self._known.near(PERSONS, key) is None:
            rows = self._known.persons.get(key)
            label = rows[0].label if rows else label
            cells = {self._is["FamilyName"]: name.family, self._is["GivenName"]: name.given}
            self._add(PERSONS, {IDENTIFIER: key, LABEL: label, **cells}, work)
            file = Path(self._reading.file)
            row = Row(key, label, cells, "", file, work.record.line, True, True, False)
            self._known.add(PERSONS, row)
        return key

    def _may_be(self, key: str, name: Name) -> bool:
        """Whether a name may be that of whoever has the key already."""
        path = self._is["GivenName"]
        there = (row.cells.get(path, "") for row in self._known.persons.get(key, ()))
        return all(_agree(given, name.given) for given in there)

    def _add(self, role: str, cells: dict[str, str], work: _Work) -> None:
        """Add a row with what can be known of where it comes from."""
        row = {path: text for path, text in cells.items() if text}
        row.update(self._mapping.always)
        row[self._is["Coder"]] = self._coder
        record = work.record
        source = f"record {record.id}" if record.id else f"line {record.line}"
        notes = [f"Imported from {clean(self._reading.file)}, {source}."]
        row[self._is["Note"]] = " ".join(notes + (work.notes if role == WORKS else []))
        self._change.rows[role].append(row)

    # ------------------------------------------------------------------ differences

    def _compare(self, row: Row, work: _Work) -> None:
        """Fill what an import left empty; say where else file and sheet differ."""
        said = []
        for path, text in work.cells.items():
            column = self._mapping.sheets[WORKS].by_path[path]
            there = row.cells.get(path, "")
            if fold(there) == fold(text):
                continue
            if row.own and (row.imported or self._fills_all) and not there:
                self._change.fills.append(Fill(row, path, text))
            else:
                said.append(f'{column.name} "{text}" ({_quoted(there)})')
        if said:
            self._differ(work.record, row.key, row.shown(), ", ".join(said))

    def _compare_authors(self, key: str, there: list[str], work: _Work) -> None:
        here = [name for name in work.authors if name.is_person]
        same = len(here) == len(there) and all(
            f"{known}-".startswith(f"{part(name.family)}-")
            for name, known in zip(here, there, strict=True)
        )
        if here and not same:
            names = "; ".join(person_label(name) for name in here)
            where = self._mapping.sheets[AUTHORSHIPS].name
            self._differ(work.record, key, where, f"authors {names} ({'; '.join(there)})")

    def _differ(self, record: Record, key: str, where: str, said: str) -> None:
        """Tell a difference with the sheet's own value behind the file's."""
        reason = f"differs from {key} ({where}), which is left as it is: {_short(said)}."
        self._tell(record, "differs", reason)

    def _tell(
        self, record: Record, kind: str, reason: str, remedy: str = "", error: bool = False
    ) -> None:
        mark = " " if reason[:1].islower() else ": "
        message = clean(f"{record.shown}{mark}{reason}")
        self._change.problems.append(
            Problem(
                self._reading.file, record.line, None, kind, message, None, remedy or None,
                "error" if error else "warning",
            )
        )  # fmt: skip


def _doi(text: str) -> str:
    """Return a DOI without what addresses and databases put around it.

    >>> _doi("https://dx.doi.org/10.1000%2FABC."), _doi("doi: 10.1000/x [doi]")
    ('10.1000/ABC', '10.1000/x')
    """
    plain = _DOI_PREFIX.sub("", text)
    if plain != text and "/" not in plain.partition("%")[0]:
        plain = unquote(plain)
    return _DOI_END.sub("", plain)


def _unusable(work: _Work) -> str:
    """Why no row can be made from a record, or an empty text."""
    if not work.names and not work.title:
        return "has neither author nor title."
    texts = [*work.cells.values(), *(name.text for name in (*work.authors, *work.names))]
    if any(len(text) > MAX_CELL_CHARACTERS // 2 for text in texts):
        return f"has a field with over {MAX_CELL_CHARACTERS // 2:,} characters."
    return ""


def _candidates(name: Name) -> Iterator[tuple[str, str]]:
    """Keys and labels for a person: by initials, by full name, then numbered."""
    (key, full), label = _keys(name), person_label(name)
    yield key, label
    if full != key:
        yield full, name.text
    number = 2
    while True:
        yield f"{key}-{number}", f"{label} ({number})"
        number += 1


def _keys(name: Name) -> tuple[str, str]:
    return person_key(name), slug(f"{part(name.family)} {name.given} {name.suffix}")


def _agree(known: str, given: str) -> bool:
    """Whether two given names may be one person's: no two full first names that differ."""
    first, second = first_name(known), first_name(given)
    return len(first) < 2 or len(second) < 2 or first == second


def _quoted(text: str) -> str:
    return f'sheet: "{text}"' if text else "sheet: empty"


def _short(text: str) -> str:
    return text if len(text) <= 600 else f"{text[:600]} …"
