"""CSV files (RFC 4180) read as sheets, and written."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from smegraph.csv_fields import quoted
from smegraph.errors import Problem
from smegraph.sheets.invisible import is_blank, plain
from smegraph.sheets.table import MAX_CELL_CHARACTERS, Table, huge_cell, is_unnamed, read_text

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")

_SEPARATORS = str.maketrans(dict.fromkeys(',;\t"'))
_SEP = re.compile(r'"?sep=([;,\t|])"?[;,\t|]*', re.IGNORECASE)  # Excel's own first line


def read_csv(path: Path, shown: str, names: Container[str] = ()) -> Table:
    """Read a CSV file; what is wrong with it stands in the table's `problems`.

    Args:
        path: the file.
        shown: the path as it is shown to people.
        names: the columns that the sheet may have. Semicolons or tabs separate the cells where the
            head is made of such names then, or where a first line as `sep=;` says so.
    """
    table = Table(shown)
    text = read_text(path, shown)
    if isinstance(text, Problem):
        table.problems.append(text)
        return table
    if all(is_blank(part.translate(_SEPARATORS)) for part in (text[:1000], text)):
        table.problems.append(
            Problem(
                shown,
                kind="empty-file",
                message="The file is empty.",
                remedy="Its first row must hold the column names; `smegraph template` writes it.",
            )
        )
        return table
    _parse(text, table, names)
    return table


def _parse(text: str, table: Table, names: Container[str]) -> None:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    lines, separator, skipped = _separated(text, names)
    reader = csv.reader(lines, strict=True, delimiter=separator)
    table.separator = separator
    place, width = skipped, -1
    rows, places = table.rows, table.places
    try:
        for place, cells in enumerate(reader, start=skipped + 1):
            if len(cells) == width and "!" <= cells[0] < "\x7f":  # as most rows are
                rows.append(cells)
                places.append(place)
            else:
                _take(cells, place, table)
                width = len(table.head) or -1
    except csv.Error as error:
        table.problems.append(
            _refusal(str(error), place + 1, reader.line_num + skipped, table.file)
        )


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines with their ends; `io.StringIO` would take four bytes a character."""
    return map(re.Match.group, _LINE.finditer(text))


def spans_of(text: str, separator: str) -> Iterator[list[slice]]:
    r"""Yield where the cells of each row stand in the text of a sheet without a fault.

    >>> [[text[span] for span in row] for text in ['a,"b;""c"\n\n'] for row in spans_of(text, ",")]
    [['a', '"b;""c"'], ['']]
    """
    cell = re.compile(rf'"(?:[^"]|"")*+"|[^{re.escape(separator)}\r\n]*+')
    at = int(text.startswith("\ufeff"))
    while at < len(text):
        row: list[slice] = []
        while not row or text.startswith(separator, at):
            at += len(separator) if row else 0
            end = cell.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            row.append(slice(at, end))
            at = end
        yield row
        at += 2 if text.startswith("\r\n", at) else 1


def _separated(text: str, names: Container[str]) -> tuple[Iterator[str], str, int]:
    """Return the lines, what separates their cells, and how many lines before them are none."""
    lines, before = lines_of(text), []
    for line in lines:
        before.append(line)
        if not is_blank(line.translate(_SEPARATORS)):
            break
    first = before[-1].strip() if before else ""
    if match := _SEP.fullmatch(first):
        return lines, match.group(1), len(before)
    return chain(before, lines), _separator(first, names), 0


def _separator(head: str, names: Container[str]) -> str:
    """Return the mark that parts a head into names of columns, or else a comma."""
    for mark in (";", "\t"):
        try:
            cells = [plain(cell).strip() for cell in next(csv.reader([head], delimiter=mark))]
        except csv.Error:
            continue
        named = [cell for cell in cells if not is_unnamed(cell)]
        if len(cells) > 1 and named and all(cell in names for cell in named):
            return mark
    return ","


def _take(cells: list[str], place: int, table: Table) -> None:
    if all(map(is_blank, cells)):
        return
    if not table.head:
        table.head = [plain(cell).strip() for cell in cells]
        table.head_place = place
        return
    width = len(table.head)
    if len(cells) > width and all(map(is_blank, cells[width:])):
        cells = cells[:width]
    elif len(cells) < width and all(map(is_unnamed, table.head[len(cells) :])):
        cells = [*cells, *[""] * (width - len(cells))]
    if len(cells) != width:
        table.problems.append(_width(cells, width, place, table))
        return
    table.rows.append(cells)
    table.places.append(place)


def _width(cells: list[str], width: int, place: int, table: Table) -> Problem:
    mark = {";": "semicolon", "\t": "tab"}.get(table.separator, "comma")
    more = "more" if len(cells) > width else "fewer"
    return Problem(
        table.file,
        row=place,
        kind="row-width",
        message=f"The row has {len(cells)} cells, {more} than the {width} columns of the head.",
        remedy=f"A cell that holds a {mark} must stand between double quotes.",
    )


def _refusal(reason: str, row: int, line: int, shown: str) -> Problem:
    if "field larger" in reason:
        return huge_cell(shown, row, line)
    message = f"The row cannot be read as CSV near line {line}: {reason}."
    remedy = 'A quotation mark inside a quoted cell is written twice: "".'
    return Problem(shown, row=row, kind="csv-syntax", message=message, remedy=remedy)


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the text of a CSV file, with line feeds."""
    # csv.writer leaves a lone carriage return without quotes before Python 3.13.
    return "".join(",".join(map(quoted, row)) + "\n" for row in (head, *rows))
