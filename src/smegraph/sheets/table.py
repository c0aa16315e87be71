"""A sheet as it was read: its head and its rows, with the places where they stand."""

from __future__ import annotations

import codecs
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from smegraph.errors import Problem

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_CELL_CHARACTERS = 100_000
_CHUNK_BYTES = 1024 * 1024  # holds more than a cell, whatever its characters are
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# Signatures of files: ZIP (APPNOTE 6.3, 4.3.7) and compound files ([MS-CFB], 2.2).
_WORKBOOKS = (
    (b"PK\x03\x04", "a workbook (as .xlsx and .ods are)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (.xls)"),
)


@dataclass
class Table:
    """The cells of one file.

    Attributes:
        file: the path as it is shown to people.
        head: the column names.
        head_place: the row in which they stand.
        rows: one list of cells for each row, as long as `head`; no row is empty.
        places: the row number that a spreadsheet shows for each row.
        lines: the line of each entry, where the sheet is a record.
        lists: the entries that hold a list, where the sheet is a record.
        separator: what stands between two cells.
        problems: what was wrong with the file itself.
    """

    file: str
    head: list[str] = field(default_factory=list)
    head_place: int = 1
    rows: list[list[str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    separator: str = ","
    problems: list[Problem] = field(default_factory=list)


# What programs call a column without a name: pandas, and readr.
_UNNAMED = re.compile(r"(?:Unnamed: \d+(?:_level_\d+)?|\.\.\.\d+)?")


def is_unnamed(name: str) -> bool:
    """Whether the head of a column is empty, or what a program wrote in place of a name."""
    return _UNNAMED.fullmatch(name) is not None


def column_letter(position: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    >>> column_letter(5), column_letter(27)
    ('F', 'AB')
    """
    rest, letter = divmod(position, 26)
    return (column_letter(rest - 1) if rest else "") + chr(ord("A") + letter)


def read_text(path: Path, shown: str) -> str | Problem:
    """Return the text of a UTF-8 file in Unicode normal form C, or what is wrong with it."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, a device has no end
            message, remedy = "It is no regular file.", "Put the sheet itself there."
            return Problem(shown, kind="unreadable", message=message, remedy=remedy)
        size = status.st_size
        if size > MAX_FILE_BYTES:
            return Problem(
                shown,
                kind="file-too-large",
                message=f"The file has {size:,} bytes.",
                remedy=f"At most {MAX_FILE_BYTES:,} are read; split the sheet into several files.",
            )
        if size > _CHUNK_BYTES and (line := _line_of_huge_cell(path)):
            return huge_cell(shown, line, line)
        data = path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error}."
        return Problem(shown, kind="unreadable", message=message, remedy="Look at its permissions.")
    return decode(data, shown)


def _line_of_huge_cell(path: Path) -> int | None:
    """Return the line of a stretch too long for a cell in which none ends, found piece by piece."""
    line = 1
    with path.open("rb") as file:
        while len(chunk := file.read(_CHUNK_BYTES)) == _CHUNK_BYTES:
            if not any(end in chunk for end in (b",", b"\n", b"\r")):
                return line
            line += chunk.count(b"\n")
    return None


def huge_cell(shown: str, row: int, line: int) -> Problem:
    """Return a cell over `MAX_CELL_CHARACTERS`."""
    message = f"A cell in line {line} has over {MAX_CELL_CHARACTERS:,} characters."
    remedy = "Is a closing quotation mark missing?"
    return Problem(shown, row=row, kind="cell-too-large", message=message, remedy=remedy)


def workbook_kind(data: bytes) -> str | None:
    """Return what a spreadsheet of its own format is called by its first bytes, or None."""
    return next((name for start, name in _WORKBOOKS if data.startswith(start)), None)


def decode(data: bytes, shown: str) -> str | Problem:
    """UTF-8 bytes, with or without a byte order mark, as text in normal form C."""
    if kind := workbook_kind(data):
        message = f"The file is {kind}, not text, whatever its name says."
        return _encoding(shown, message, None)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _encoding(shown, f"The file is {name}.", None)
    try:
        text = data.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        guess = _guess(data)
        message = f"The file is not UTF-8{guess}: byte 0x{byte:02X} in line {line}."
        return _encoding(shown, message, line)
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        return _encoding(shown, f"The file holds a NUL character in line {line}.", line)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _encoding(shown: str, message: str, line: int | None) -> Problem:
    remedy = "Save it as UTF-8." if shown.endswith(".yaml") else 'Save it as "CSV UTF-8".'
    return Problem(shown, row=line, kind="encoding", message=message, remedy=remedy)


def _guess(data: bytes) -> str:
    """Return what a file of another encoding is likely to be."""
    if b"\0" in data[:200]:
        return " but looks like UTF-16"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return " but looks like Windows-1252"
