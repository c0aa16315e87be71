"""Numbers as people write them in tables: which mark begins the decimals, and which groups digits.

`80.000` is 80 to some and 80 000 to others. Nobody guesses: such a cell is refused with both
readings, unless other cells of its column show how the marks are used there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from smegraph.sheets.errors import CellError

POINT, COMMA = ".", ","
_SPACES = " \u00a0\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
_GROUP_MARKS = f"{_SPACES}'\u2019\u02bc\uff07"
# The mark between the groups is one throughout.
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}([{_GROUP_MARKS}])\d{{3}}(?:\1\d{{3}})*(?:[.,]\d+)?")
_POINT_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
_COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")
_DOUBTFUL = re.compile(r"([+-]?[1-9]\d{0,2})([.,])(\d{3})")
_DECIMALS = re.compile(r"[+-]?\d+([.,])\d+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_NAMES = {POINT: "point", COMMA: "comma"}
_LOOKALIKES = str.maketrans({"\u2212": "-", "\uff0e": ".", "\uff0c": ",", "\uff05": "%"})


def plain_number(cell: str, accepts: Iterable[str], mark: str | None = None) -> str:
    """Return a number as people write it, where the column takes that, as digits with a point.

    What is no number is returned as it is, but for its digits.

    Args:
        cell: the cell.
        accepts: the ways of writing that the column takes.
        mark: what begins the decimals in the column, where other cells show it.

    Raises:
        CellError: the number has two readings, or is in scientific notation.
    """
    text = _number(cell, accepts)
    if _SCIENTIFIC.fullmatch(text):
        raise CellError(
            f'"{cell}" is in scientific notation.',
            "Write all digits; a spreadsheet that shows it so may have rounded it.",
        )
    if "GroupedNumber" in accepts:
        text = _ungrouped(text, mark)
    if mark is None and accepts and _DOUBTFUL.fullmatch(text):
        raise doubt(cell, text)
    if "DecimalComma" in accepts and text.count(COMMA) == 1 and POINT not in text:
        text = text.replace(COMMA, POINT)
    return text


def _number(cell: str, accepts: Iterable[str]) -> str:
    """Return a cell with the digits of ASCII, and without the percent sign of a percentage."""
    text = cell
    if not text.isascii():
        digits = (str(unicodedata.decimal(c, c)) for c in text.translate(_LOOKALIKES))
        text = "".join(digits)
    if "Percent" in accepts and text.endswith("%"):
        text = text[:-1].rstrip(_SPACES)
    return text


def _ungrouped(text: str, mark: str | None) -> str:
    if _GROUPED.fullmatch(text):
        return re.sub(f"[{_GROUP_MARKS}]", "", text)
    found = _DOUBTFUL.fullmatch(text)
    if _POINT_GROUPS.fullmatch(text) or (found and mark == COMMA and found.group(2) == POINT):
        return text.replace(POINT, "")
    if _COMMA_GROUPS.fullmatch(text) or (found and mark == POINT and found.group(2) == COMMA):
        return text.replace(COMMA, "")
    return text


# Decision 059: docs/decisions/059-numbers-with-two-readings.md
def doubtful_mark(cell: str, accepts: Iterable[str]) -> str | None:
    """Return the mark of a number that may group digits or begin the decimals, or None.

    >>> doubtful_mark("80.000", ()), doubtful_mark("0.125", ()), doubtful_mark("1234.567", ())
    ('.', None, None)
    """
    found = _DOUBTFUL.fullmatch(_number(cell, accepts))
    return found.group(2) if found else None


def is_above(cell: str, accepts: Iterable[str], maximum: Decimal | None) -> bool:
    """Whether a doubtful number would be above a maximum if its mark grouped digits."""
    digits = _number(cell, accepts).replace(POINT, "").replace(COMMA, "")
    return maximum is not None and Decimal(digits) > maximum


def doubt(cell: str, text: str) -> CellError:
    """Return the refusal of a cell with two readings; `text` is its number alone."""
    whole, mark, rest = re.split(r"([.,])", text, maxsplit=1)
    name = _NAMES[mark]
    message = f'The {name} in "{cell}" may group digits or begin the decimals.'
    # A fourth decimal tells them from a group.
    return CellError(message, f"Write {whole}{rest}, or {whole}.{rest}0 with one decimal more.")


def doubt_of(cell: str, accepts: Iterable[str], *, whole: bool = False) -> CellError:
    """Return the refusal of a cell that is doubtful, in a column of whole numbers or of others."""
    refusal = doubt(cell, _number(cell, accepts))
    if whole:
        digits = _number(cell, accepts).replace(POINT, "").replace(COMMA, "")
        refusal.remedy = f"Write {digits} if it does; a whole number has no decimals."
        refusal.message = f'The mark in "{cell}" may group digits.'
    return refusal


def decimal_mark(cell: str) -> str | None:
    """Return the mark that begins decimals for whoever wrote a number, where it shows that.

    >>> decimal_mark("9.09"), decimal_mark("1.234.567"), decimal_mark("80.000")
    ('.', ',', None)
    """
    text = _number(cell.strip(), ("Percent",))
    if _GROUPED.fullmatch(text):
        text = re.sub(f"[{_GROUP_MARKS}]", "", text)
    if _POINT_GROUPS.fullmatch(text):
        return COMMA
    if _COMMA_GROUPS.fullmatch(text):
        return POINT
    found = _DECIMALS.fullmatch(text)
    return found.group(1) if found and not _DOUBTFUL.fullmatch(text) else None


def witness(cells: Iterable[str]) -> tuple[str, str] | None:
    """Return the decimal mark of a column and a cell that shows it.

    None where no cell does, or where two contradict each other.
    """
    shown: dict[str, str] = {}
    for cell in cells:
        if (mark := decimal_mark(cell)) is not None:
            shown.setdefault(mark, cell.strip())
    return next(iter(shown.items())) if len(shown) == 1 else None
