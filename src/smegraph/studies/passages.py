"""Passages: offsets and hashes that point into a source document, proved where it is at hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from unicodedata import normalize

from smegraph.errors import Problem, SmegraphError
from smegraph.ontology.schema import Sheet
from smegraph.ontology.terms import PASSAGES, SOURCE_FILE, SOURCE_SHA256, PassageProperties
from smegraph.sheets.header import Header
from smegraph.sheets.invisible import plain
from smegraph.sheets.table import Table
from smegraph.sheets.yamlfile import read_record
from smegraph.studies.folder import StudyFolder


@dataclass
class Source:
    """The text of a study's source document.

    Offsets count Unicode code points from 0, as in a Python string; the text is taken as it is,
    without any change of line ends.
    """

    text: str
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def find(cls, folder: StudyFolder, sources: Mapping[str, Path]) -> Source | None:
        """Return the source that the study's record names, when it is among the files at hand."""
        for path, sheet in folder.files:
            if sheet.is_record:
                return cls._open(read_record(path, folder.shown(path)), sheet, sources)
        return None

    @classmethod
    def _open(cls, table: Table, sheet: Sheet, sources: Mapping[str, Path]) -> Source | None:
        if not table.rows:
            return None
        values = dict(zip(table.head, table.rows[0], strict=True))
        names = {path: column.name for path, column in sheet.by_path.items()}
        path = sources.get(plain(values.get(names.get(SOURCE_FILE, ""), "")).strip())
        if path is None:
            return None
        data = path.read_bytes()
        column = names[SOURCE_SHA256]
        expected, found = plain(values.get(column, "")).strip(), _sha256(data)
        text = data.decode("utf-8", errors="replace")  # U+FFFD fails the passages that hold it
        if expected == found:
            return cls(text)
        place = table.lines.get(column, table.places[0])
        if not expected:
            message = f'The entry "{column}" is missing, which tells the text that was coded.'
            remedy = f"Write {column}: {found}, if it was {path.name}."
            kind = "missing-value"
        else:
            message = (
                f"{path.name} has the SHA-256 {found}, and the text that was coded has {expected}."
            )
            remedy, kind = _changed(data, expected), "source-changed"
        problem = Problem(table.file, place, column, kind, message, expected or None, remedy)
        return cls(text, [problem])

    def holds(self, start: int, end: int, digest: str) -> bool:
        """Whether the passage at the offsets has the digest."""
        return digest == digest_of(self.text[start:end])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _changed(data: bytes, expected: str) -> str:
    """Say what to do about a text that is not the one that was coded."""
    unix = data.replace(b"\r\n", b"\n")
    others = {
        "Only its line ends differ: take the file as it was, with LF.": unix,
        "Only its line ends differ: take the file as it was, with CRLF.": unix.replace(
            b"\n", b"\r\n"
        ),
    }
    for remedy, other in others.items():
        if _sha256(other) == expected:
            return remedy
    return "Use the document that was coded, or code the new one anew."


def lacks_source(
    record: Sheet, table: Table, parts: Iterable[tuple[Sheet, Header, Table]]
) -> list[Problem]:
    """Return what a record does not say of the text into which rows point, if any row does.

    Args:
        record: the sheet of the record.
        table: the record.
        parts: the sheets of the study.
    """
    place = next((found for part in parts if (found := _first_passage(*part))), None)
    if place is None or not table.rows:
        return []
    values = dict(zip(table.head, table.rows[0], strict=True))
    names = [record.by_path[path].name for path in (SOURCE_FILE, SOURCE_SHA256)]
    remedies = (
        "Name the file that holds the text.",
        "Write the SHA-256 of that file, as `sha256sum FILE` or `shasum -a 256 FILE` prints it.",
    )
    return [
        Problem(
            table.file, table.lines.get(name, table.head_place), name, "missing-value",
            f'The entry "{name}" is missing, as rows point into a text: {place}.', None, remedy,
        )
        for name, remedy in zip(names, remedies, strict=True)
        if not values.get(name, "").strip()
    ]  # fmt: skip


def _first_passage(sheet: Sheet, header: Header, table: Table) -> str | None:
    """Return the place of the first row that points into a text."""
    paths = (path for passage in PASSAGES for path in passage[1:])
    positions = [header.positions[path] for path in paths if path in header.positions]
    for row, place in zip(table.rows, table.places, strict=True) if positions else ():
        if any(row[position].strip() for position in positions):
            return f"{PurePath(table.file).name} row {place}"
    return None


def without_source(folder: StudyFolder) -> list[Problem]:
    """Return a warning that no passage of a study was proved, as its source is not at hand."""
    message = "The source document is not at hand, so no passage was proved."
    remedy = "Put it into the folder of sources, under the name of sourceFile."
    return [
        Problem(
            folder.shown(path),
            kind="source-missing",
            message=message,
            remedy=remedy,
            severity="warning",
        )
        for path, sheet in folder.files
        if sheet.is_record
    ]


def digest_of(passage: str) -> str:
    """Return the SHA-256 digest of a passage in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(passage.encode("utf-8")).hexdigest()


def find_sources(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by name, in normal form C as the names in sheets are."""
    return {
        plain(normalize("NFC", path.name)): path
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def check_passages(
    sheet: Sheet, header: Header, table: Table, source: Source | None, problems: list[Problem]
) -> None:
    """Report passages that are given in part, or that the source does not bear out."""
    for passage in PASSAGES:
        positions = [header.positions.get(path) for path in passage[1:]]
        if all(position is None for position in positions):
            continue
        for row, place in zip(table.rows, table.places, strict=True):
            cells = [plain(row[p]).strip() if p is not None else "" for p in positions]
            problem = _check(cells, passage, sheet, source)
            if problem:
                message, remedy = problem
                column = sheet.by_path[passage.start].name
                problems.append(
                    Problem(table.file, place, column, "passage", message, cells[0] or None, remedy)
                )


def _check(
    cells: list[str], passage: PassageProperties, sheet: Sheet, source: Source | None
) -> tuple[str, str] | None:
    if not any(cells):
        return None
    names = [sheet.by_path[path].name for path in passage[1:]]
    if not all(cells):
        missing = ", ".join(n for n, c in zip(names, cells, strict=True) if not c)
        return (f"The passage lacks {missing}.", f"Give {', '.join(names)} together.")
    if source is None or not (cells[0].isdecimal() and cells[1].isdecimal()):
        return None
    start, end = int(cells[0]), int(cells[1])
    if end > len(source.text):
        return (f"The passage ends at {end}.", f"The source has {len(source.text)} characters.")
    if not source.holds(start, end, cells[2]):
        found = digest_of(source.text[start:end])
        return (
            "The source has another text at these offsets than the one that was coded.",
            f"The passage there has the SHA-256 {found}.",
        )
    return None


@dataclass(frozen=True)
class Passage:
    """A span of a source text: offsets in code points (the end is not part of it) and digest."""

    start: int
    end: int
    digest: str


def locate(path: Path, start: str, end: str | None = None) -> list[Passage]:
    """Where a passage stands in a text; runs of white space count as one space.

    Args:
        path: the source text in UTF-8.
        start: how the passage begins, or all of it.
        end: how it ends; the nearest end behind each beginning is taken.

    Raises:
        SmegraphError: the text does not hold the passage, or is not UTF-8.
    """
    if not start.split():
        raise SmegraphError("Say how the passage begins.")
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SmegraphError(f"{path} is not UTF-8: {error}.") from error
    found = []
    for match in _words(start).finditer(text):
        last = _words(end).search(text, match.end()) if end else match
        if last:
            passage = text[match.start() : last.end()]
            found.append(Passage(match.start(), last.end(), digest_of(passage)))
    if not found:
        raise SmegraphError(f"{path} holds no such passage.")
    return found


def _words(phrase: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in phrase.split()))
