"""What the sheets of a study point at in its source: coded passages, literature, and headings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from smegraph.coverage.intervals import Span
from smegraph.coverage.segments import paragraphs
from smegraph.errors import Problem, count_errors
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Sheet
from smegraph.ontology.terms import (
    IDENTIFIER,
    LABEL,
    LITERATURE,
    PART_OF,
    PASSAGES,
    TEXT_PART,
    TYPE,
    PassageProperties,
)
from smegraph.sheets.header import Header, read_header
from smegraph.sheets.table import Table
from smegraph.studies.folder import StudyFolder
from smegraph.studies.passages import Source

# Decision 016: docs/decisions/016-coverage.md
_WIDE, _MANY = 1_500, 4  # characters and paragraphs; what has more of both is no passage


@dataclass(frozen=True)
class Heading:
    """A row that says: here a section or a table begins."""

    key: str
    label: str
    kind: str
    locator: str
    part_of: str | None
    span: Span


@dataclass
class Pointers:
    """What the rows of one study point at.

    Attributes:
        content: the passages of rows that say what the text tells.
        literature: the passages of citations, entries of the list of references, works and those
            who wrote them.
        headings: the parts of the text.
        problems: warnings of rows that could not be counted.
    """

    content: list[Span] = field(default_factory=list)
    literature: list[Span] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_pointers(folder: StudyFolder, ontology: Ontology, source: Source) -> Pointers:
    """Read the passages of all rows; one that does not hold in the source is not counted."""
    reader = _Reader(source)
    faults = count_errors(folder.problems)
    for sheet, table in folder.read():
        header = read_header(sheet, table)
        faults += count_errors([*table.problems, *header.problems])
        classes = ontology.superclasses(sheet.class_)
        if TEXT_PART in classes:
            reader.read_headings(table, header)
        elif not sheet.is_record:
            reader.read_passages(sheet, table, header, bool(classes.intersection(LITERATURE)))
    if faults:
        message = f"{faults} error{'' if faults == 1 else 's'} may hide rows of this study."
        reader.warn(folder.shown(folder.path), "faults", message, "`smegraph check` names them.")
    return reader.found


class _Reader:
    """Collects the passages of one study's sheets."""

    def __init__(self, source: Source) -> None:
        self.source, self.found = source, Pointers()
        self._starts = [paragraph.start for paragraph in paragraphs(source.text)]

    def read_passages(self, sheet: Sheet, table: Table, header: Header, literature: bool) -> None:
        """Take the passages of a sheet, first and second ones."""
        spans = self.found.literature if literature else self.found.content
        for passage in PASSAGES:
            if passage.start not in header.positions:
                continue
            wrong, wide = [], []
            for place, cells in _cells(table, header, passage):
                span = self._held(cells)
                if span is None:
                    wrong += [place] if any(cells) else []
                elif self._is_wide(span):
                    wide.append(place)
                else:
                    spans.append(span)
            column = sheet.by_path[passage.start].name
            remedy = "`smegraph check --sources` says why."
            self._leave_out("passage", wrong, table, column, "do not hold in the source", remedy)
            remedy = "They point at a whole part, and so tell of no passage that it is coded."
            self._leave_out("wide-passage", wide, table, column, "are very long", remedy)

    def read_headings(self, table: Table, header: Header) -> None:
        """Take the parts of the text."""
        keys = {}
        for row, (place, cells) in zip(table.rows, _cells(table, header, PASSAGES[0]), strict=True):
            entry = {path: row[at].strip() for path, at in header.positions.items()}
            key, label = entry.get(IDENTIFIER, ""), entry.get(LABEL, "")
            keys[key] = keys[label] = key
            span = self._held(cells)
            if span is None:
                message = f'"{label or key}" has no place in the source.'
                remedy = "What stands in it is counted to the part before it."
                self.warn(table.file, "no-place", message, remedy, row=place)
                continue
            locator = entry.get(PASSAGES[0].locator, "")
            parent = keys.get(entry.get(PART_OF, ""))
            kind = entry.get(TYPE, "")
            heading = Heading(key, label or key, kind, locator, parent or None, span)
            self.found.headings.append(heading)

    def warn(
        self,
        file: str,
        kind: str,
        message: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Note what was not counted."""
        problem = Problem(file, row, column, kind, message, None, remedy, "warning")
        self.found.problems.append(problem)

    def _held(self, cells: tuple[str, ...]) -> Span | None:
        """Return the passage of a row, when it stands in the source with the row's digest."""
        start, end, digest = cells
        if not (start.isdecimal() and end.isdecimal()):
            return None
        span = Span(int(start), int(end))
        if not span.start < span.end <= len(self.source.text):
            return None
        return span if self.source.holds(*span, digest) else None

    def _is_wide(self, span: Span) -> bool:
        """Whether a passage is a whole section or table, as a note on all of it has it."""
        begun = bisect_left(self._starts, span.end) - bisect_left(self._starts, span.start)
        return span.end - span.start > _WIDE and begun > _MANY

    def _leave_out(
        self, kind: str, places: list[int], table: Table, column: str, why: str, remedy: str
    ) -> None:
        if not places:
            return
        rows = ", ".join(map(str, places[:5])) + (" …" if len(places) > 5 else "")
        message = f"Passages that {why} are not counted (rows: {rows})."
        self.warn(table.file, kind, message, remedy, row=places[0], column=column)


def _cells(
    table: Table, header: Header, passage: PassageProperties
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the place of each row, and its start, end and digest."""
    positions = [header.positions.get(path) for path in passage[1:]]
    for row, place in zip(table.rows, table.places, strict=True):
        yield place, tuple(row[at].strip() if at is not None else "" for at in positions)
