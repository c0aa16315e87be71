"""Cells read as RDF literals: what people write in tables, made canonical or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from smegraph.namespaces import XSD
from smegraph.ontology.schema import Column
from smegraph.sheets.errors import CellError
from smegraph.sheets.numbers import doubt_of, doubtful_mark, plain_number

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_BARE_POINT = re.compile(r"^([+-]?)\.(?=[0-9])")  # as in p = .017
_DAY_MONTH_YEAR = re.compile(
    r"^(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ ,T]+(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?$"
)
_CANONICAL_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{0,29}[1-9])?")
_NO_KEY = re.compile(r"[^a-z0-9]+")
_DOI = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)")
_ESCAPED = re.compile(r'[\\"\n\r\t]')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def literal(value: str, datatype: str) -> str:
    """Return a literal in N-Triples; `xsd:string` is unsaid (RDF 1.1 N-Triples, section 2.4)."""
    text = value.translate(_ESCAPES) if _ESCAPED.search(value) else value
    if datatype == XSD + "string":
        return f'"{text}"'
    return f'"{text}"^^<{datatype}>'


def canonical(cell: str, column: Column, mark: str | None = None) -> str:
    """Return the canonical text of a cell for its column's datatype (XSD 1.1 Part 2, section 3).

    Args:
        cell: the cell, without white space around it.
        column: what it must be.
        mark: what begins the decimals of a number, where its column shows that.

    Raises:
        CellError: the cell is not of the datatype, breaks the pattern or lies out of range.
    """
    if not cell.isprintable() and _CONTROL.search(cell):
        raise CellError("The cell holds a control character.", "Type the text anew.")
    if number := NUMBERS.get(column.datatype or ""):
        value = number(cell, column.accepts, mark)
    else:
        parse = _PARSERS.get(column.datatype or "")
        value = parse(cell, column.accepts) if parse else cell
    if column.matcher and not column.matcher.search(value):
        remedy = _hint(value, column.matcher, column)
        raise CellError(f'"{cell}" does not have the form of this column.', remedy)
    if column.minimum is not None or column.maximum is not None:
        _check_range(cell, value, column)
    return value


def _hint(value: str, matcher: re.Pattern[str], column: Column) -> str:
    small = value.lower()
    others = (small, value.upper(), _NO_KEY.sub("-", small).strip("-"), _DOI.sub("", small))
    near = next((f'Did you mean "{other}"? ' for other in others if matcher.search(other)), "")
    example = f" Example: {column.example}." if column.example else ""
    return f"{near}It must match {column.pattern}.{example}"


def _check_range(cell: str, value: str, column: Column) -> None:
    number = Decimal(value)
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        if low is None:
            bounds = f"It must be at most {high}."
        elif high is None:
            bounds = f"It must be at least {low}."
        else:
            bounds = f"It must be from {low} to {high}."
        raise CellError(f'"{cell}" is out of range.', bounds)


def _integer(cell: str, accepts: frozenset[str], mark: str | None = None) -> str:
    if cell.isdecimal() and cell.isascii() and cell[0] != "0" and len(cell) <= 18:
        return cell  # as most are
    if mark is None and doubtful_mark(cell, accepts):
        raise doubt_of(cell, accepts, whole=True)
    text = plain_number(cell, accepts, mark)
    if not _INTEGER.fullmatch(text):
        raise CellError(f'"{cell}" is not a whole number.', "Write digits only, for example 2014.")
    return str(int(text))


def _natural(cell: str, accepts: frozenset[str], mark: str | None = None) -> str:
    text = _integer(cell, accepts, mark)
    if text.startswith("-"):
        raise CellError(f'"{cell}" is below 0.', "Write a whole number from 0.")
    return text


def _decimal(cell: str, accepts: frozenset[str], mark: str | None = None) -> str:
    if _CANONICAL_DECIMAL.fullmatch(cell) and not (accepts and cell[-4:-3] == "."):
        return cell  # as most are
    text = _BARE_POINT.sub(r"\g<1>0.", plain_number(cell, accepts, mark))
    if not _DECIMAL.fullmatch(text):
        remedy = "Write digits with a point before the decimals, for example 85.71."
        raise CellError(f'"{cell}" is not a number.', remedy)
    return canonical_decimal(text)


def canonical_decimal(text: str) -> str:
    """Return a decimal without needless signs and zeros (XSD 1.1 Part 2, 3.3.3.2)."""
    try:
        value = format(Decimal(text), "f")
    except InvalidOperation as error:
        raise CellError(f'"{text}" is not a number.', "Write digits.") from error
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    return "0" if value in ("-0", "") else value


# What spreadsheets of other languages write for TRUE and FALSE.
_TRUE = re.compile(
    "true|wahr|vrai|verdadero|verdadeiro|vero|waar|sant|sann|sand|tosi|prawda", re.IGNORECASE
)
_FALSE = re.compile(
    "false|falsch|faux|falso|onwaar|falskt|falsk|usann|epätosi|fałsz", re.IGNORECASE
)


def _boolean(cell: str, accepts: frozenset[str]) -> str:
    if _TRUE.fullmatch(cell):
        return "true"
    if _FALSE.fullmatch(cell):
        return "false"
    raise CellError(f'"{cell}" is neither true nor false.', "Write true or false.")


def _date_time(cell: str, accepts: frozenset[str]) -> str:
    remedy = "Write date and time as 2018-05-14T13:00:00."
    if "DayMonthYear" in accepts and (match := _DAY_MONTH_YEAR.match(cell)):
        day, month, year, hour, minute, second = match.groups()
        if hour is None:
            raise CellError(f'"{cell}" has no time of day.', remedy)
        cell_iso = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}"
    else:
        cell_iso = cell.replace(" ", "T", 1)
    if "T" not in cell_iso:
        raise CellError(f'"{cell}" is not a date with a time.', remedy)
    try:
        value = datetime.fromisoformat(cell_iso)
    except ValueError:
        raise CellError(f'"{cell}" is not a date with a time.', remedy) from None
    return value.isoformat()


def _date(cell: str, accepts: frozenset[str]) -> str:
    try:
        return date.fromisoformat(cell).isoformat()
    except ValueError:
        raise CellError(f'"{cell}" is not a date.', "Write the date as 2018-05-14.") from None


def _any_uri(cell: str, accepts: frozenset[str]) -> str:
    if not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+$", cell):
        raise CellError(
            f'"{cell}" is not a web address.', "Write it in full, as https://example.org/."
        )
    return cell


NUMBERS: dict[str, Callable[[str, frozenset[str], str | None], str]] = {
    XSD + "integer": _integer,
    XSD + "int": _integer,
    XSD + "nonNegativeInteger": _natural,
    XSD + "decimal": _decimal,
}
_PARSERS: dict[str, Callable[[str, frozenset[str]], str]] = {
    XSD + "boolean": _boolean,
    XSD + "dateTime": _date_time,
    XSD + "date": _date,
    XSD + "anyURI": _any_uri,
}


def split_cell(cell: str) -> list[str]:
    """Return the values of a cell, separated by `;` (written `\\;` inside one).

    >>> split_cell("France; Cameroon")
    ['France', 'Cameroon']
    """
    if "\\" not in cell:
        parts = cell.split(";")
    else:
        parts = [part.replace("\\;", ";") for part in re.split(r"(?<!\\);", cell)]
    return [part for part in (part.strip() for part in parts) if part]
