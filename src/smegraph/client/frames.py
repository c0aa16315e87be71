"""Data frames of columns of values, by the libraries that people have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import import_module
from typing import Any, Final, TypeAlias

from smegraph.client.errors import MissingLibrary
from smegraph.client.values import Value

Columns: TypeAlias = Mapping[str, list[Value]]

_LARGEST: Final = 2**63  # what a whole number in a frame can hold
_NUMBERS: Final = frozenset({"int", "float"})

# A plain column of numbers with a gap would turn them into floats, and truth values into objects.
_WITH_GAPS: Final = {"int": "Int64", "bool": "boolean"}


def to_pandas(columns: Columns) -> Any:
    """Return a `pandas.DataFrame`; raises MissingLibrary."""
    pandas = _library("pandas")
    series = {name: _series(pandas, values) for name, values in columns.items()}
    return pandas.DataFrame(series, columns=list(columns))


def _series(pandas: Any, values: list[Value]) -> Any:
    kind, plain = _plain(values)
    dtype = _WITH_GAPS.get(kind) if None in plain else None
    return pandas.Series(plain, dtype=dtype or (None if kind else object))


def to_polars(columns: Columns) -> Any:
    """Return a `polars.DataFrame`; raises MissingLibrary."""
    polars = _library("polars")
    plain = [polars.Series(name, _plain(values)[1]) for name, values in columns.items()]
    return polars.DataFrame(plain)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingLibrary(
            f"{name} is not installed; this would do: pip install {name}"
        ) from error


def _plain(values: list[Value]) -> tuple[str, list[Any]]:
    """Return the one kind that all values have, and the values in it; "" when all are None."""
    kinds = {_kind(value) for value in values if value is not None}
    kind = _common(kinds)
    make = _MAKERS.get(kind)
    return kind, [make(value) if make and value is not None else value for value in values]


def _common(kinds: set[str]) -> str:
    if len(kinds) <= 1:
        return next(iter(kinds), "")
    return "float" if kinds <= _NUMBERS else "str"


def _kind(value: Value) -> str:
    """Return what a frame makes of a value; names of kinds, not of types of any library."""
    if isinstance(value, datetime):
        return "zoned" if value.tzinfo else "datetime"
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return "str"
    return _KINDS.get(type(value), "str")


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


_KINDS: Final[Mapping[type, str]] = {
    bool: "bool",
    int: "int",
    float: "float",
    Decimal: "float",
    date: "date",
    time: "time",
}
_MAKERS: Final[Mapping[str, Callable[[Any], Any]]] = {"float": float, "str": str, "zoned": _in_utc}
