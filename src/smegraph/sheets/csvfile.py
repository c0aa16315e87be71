"""CSV files (RFC 4180) read as sheets, and written."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from smegraph.csv_fields import quoted
from smegraph.errors import Problem
from smegraph.sheets.table import MAX_CELL_CHARACTERS, Table, huge_cell, read_text

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")


def read_csv(path: Path, shown: str) -> Table:
    """Read a CSV file; what is wrong with it stands in the table's `problems`."""
    table = Table(shown)
    text = read_text(path, shown)
    if isinstance(text, Problem):
        table.problems.append(text)
        return table
    if not text.strip():
        table.problems.append(
            Problem(
                shown,
                kind="empty-file",
                message="The file is empty.",
                remedy="Its first row must hold the column names; `smegraph template` writes it.",
            )
        )
        return table
    _parse(text, table)
    return table


def _parse(text: str, table: Table) -> None:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_lines(text), strict=True)
    place, width = 0, -1
    rows, places = table.rows, table.places
    try:
        for place, cells in enumerate(reader, start=1):
            if len(cells) == width and cells[0]:  # as most rows are
                rows.append(cells)
                places.append(place)
            else:
                _take(cells, place, table)
                width = len(table.head) or -1
    except csv.Error as error:
        table.problems.append(_refusal(str(error), place + 1, reader.line_num, table.file))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends; `io.StringIO` would take four bytes a character."""
    return map(re.Match.group, _LINE.finditer(text))


def _take(cells: list[str], place: int, table: Table) -> None:
    if not table.head:
        table.head = [cell.strip() for cell in cells]
        table.head_place = place
        return
    width = len(table.head)
    if len(cells) != width:
        if not any(cells):
            return
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        else:
            table.problems.append(_width(cells, width, place, table.file))
            return
    elif not any(cells):
        return
    table.rows.append(cells)
    table.places.append(place)


def _width(cells: list[str], width: int, place: int, shown: str) -> Problem:
    more = "more" if len(cells) > width else "fewer"
    return Problem(
        shown,
        row=place,
        kind="row-width",
        message=f"The row has {len(cells)} cells, {more} than the {width} columns of the head.",
        remedy="A cell that holds a comma must stand between double quotes.",
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
