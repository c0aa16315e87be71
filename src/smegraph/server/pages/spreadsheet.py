"""A table as an Office Open XML workbook (ECMA-376), for who works in a spreadsheet."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | float | bool | None

MOST_ROWS: Final = 1_048_576  # of a sheet, its heading among them
LONGEST: Final = 32_767  # characters of a cell
_CUT: Final = " … (cut here; the CSV has all)"
_WIDEST: Final = 60  # characters, beyond which a column is not made wider
_DATE: Final = datetime.datetime(
    2000, 1, 1, tzinfo=datetime.UTC
)  # so that equal rows are equal files


class TooManyRows(ValueError):
    """A table has more rows than a sheet can hold."""


def workbook(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: a heading that stays in sight, and the rows.

    Texts stay texts: what looks like a number, a formula or an address is none. A text that is too
    long for a cell is cut, and says so at its end.

    Raises TooManyRows.
    """
    from xlsxwriter import Workbook

    if len(rows) >= MOST_ROWS:
        raise TooManyRows(f"A sheet holds {MOST_ROWS - 1:,} rows, and there are {len(rows):,}.")
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": _DATE})
        sheet = book.add_worksheet("smegraph")
        bold, top = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
            texts = [len(str(row[at])) for row in rows[:200] if row[at] is not None]
            sheet.set_column(at, at, min(_WIDEST, max([len(name), *texts]) + 2), top)
        for place, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                _write(sheet, place, at, value)
        sheet.autofilter(0, 0, len(rows), max(0, len(columns) - 1))
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str) or not math.isfinite(value):  # a sheet has no infinite number
        sheet.write_string(row, column, _fitting(str(value)))
    else:
        sheet.write_number(row, column, value)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT
