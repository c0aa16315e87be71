"""The rows of a SELECT: a sequence of tuples whose values also go by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, ClassVar, overload

from smegraph.client.display import as_html, as_text
from smegraph.client.frames import to_pandas, to_polars
from smegraph.client.values import Term, Value, to_python


class Row(tuple[Value, ...]):
    """One solution: a tuple whose values also go by the names of the variables.

    `row.firm`, `row["firm"]` and `row[0]` are the same. A variable whose name begins with "_", or
    is a word of Python such as "from", goes by `row["from"]`. What is unbound is None.
    """

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _positions: ClassVar[Mapping[str, int]] = {}

    @overload  # type: ignore[override]
    def __getitem__(self, key: int | str) -> Value: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, key: int | str | slice) -> Value | tuple[Value, ...]:
        """Return a value by its position or variable; raises KeyError for an unknown variable."""
        if isinstance(key, str):
            return tuple.__getitem__(self, _position(self._positions, key))
        return tuple.__getitem__(self, key)

    def __getattr__(self, name: str) -> Any:
        """Refuse a name that is no variable; those that are, are properties of a subclass."""
        raise AttributeError(_unknown(self._positions, name))

    def _asdict(self) -> dict[str, Value]:
        """Return the values by variable, as named tuples do."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        """Return the values with their names."""
        pairs = zip(self._fields, self, strict=True)
        return f"Row({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def __reduce__(self) -> tuple[Callable[..., Row], tuple[object, ...]]:
        """Let a row be copied and pickled, though its class is made while the program runs."""
        return _make_row, (self._fields, tuple(self))


@lru_cache(maxsize=256)
def _row_class(variables: tuple[str, ...]) -> type[Row]:
    """Return the class of rows with these variables.

    Its properties also hide the methods of `tuple`, so that `row.count` is the variable ?count.
    """
    members: dict[str, object] = {
        "__slots__": (),
        "_fields": variables,
        "_positions": {name: position for position, name in enumerate(variables)},
    }
    for position, name in enumerate(variables):
        if not name.startswith("_"):
            members[name] = property(_getter(position), doc=f"The value of ?{name}.")
    return type("Row", (Row,), members)


def _getter(position: int) -> Callable[[Row], Value]:
    return lambda row: tuple.__getitem__(row, position)


def _make_row(variables: tuple[str, ...], values: tuple[Value, ...]) -> Row:
    return _row_class(variables)(values)


def _position(positions: Mapping[str, int], name: str) -> int:
    if name not in positions:
        raise KeyError(_unknown(positions, name))
    return positions[name]


def _unknown(positions: Mapping[str, int], name: str) -> str:
    return f"There is no variable ?{name}; there are {', '.join(f'?{each}' for each in positions)}."


class Rows(Sequence[Row]):
    """The rows of a SELECT, in order.

    >>> from pyoxigraph import Literal
    >>> rows = Rows(["firm", "founded"], [(Literal("Firm A"), Literal(2014))])
    >>> rows[0].founded, len(rows), rows.variables
    (2014, 1, ('firm', 'founded'))
    >>> rows
    firm    founded
    ------- -------
    Firm A  2014
    (1 row)
    """

    variables: tuple[str, ...]
    """The names of the variables, without "?", in the order of the query."""

    terms: tuple[tuple[Term | None, ...], ...]
    """The same rows as terms of pyoxigraph: each literal as it was written, with its datatype."""

    hints: tuple[str, ...]
    """Sentences on the query: a term that is in no graph, one that is deprecated; mostly none."""

    def __init__(
        self,
        variables: Sequence[str],
        terms: Sequence[tuple[Term | None, ...]],
        hints: Sequence[str] = (),
    ) -> None:
        """Take the variables, for each row a term, or None, for each of them, and the hints."""
        self.variables, self.terms = tuple(variables), tuple(terms)
        self.hints = tuple(hints)

    @cached_property
    def _rows(self) -> list[Row]:
        make = _row_class(self.variables)
        return [make(map(to_python, terms)) for terms in self.terms]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.terms)

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> Rows: ...
    def __getitem__(self, key: int | slice) -> Row | Rows:
        """Return one row, or several as `Rows`."""
        if isinstance(key, slice):
            return Rows(self.variables, self.terms[key], self.hints)
        return self._rows[key]

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows."""
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        """Return whether the variables and the terms are the same, in the same order."""
        if not isinstance(other, Rows):
            return NotImplemented
        return (self.variables, self.terms) == (other.variables, other.terms)

    __hash__ = None  # type: ignore[assignment]

    def column(self, variable: str) -> list[Value]:
        """Return the values of one variable; raises KeyError when it is unknown."""
        position = _position(_row_class(self.variables)._positions, variable)
        return [tuple.__getitem__(row, position) for row in self._rows]

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`, one column for each variable.

        IRIs are texts, decimals are floats, times of day with a zone are in UTC; a column with
        values of several kinds is text. Raises MissingLibrary where pandas is not installed.
        """
        return to_pandas(self._columns())

    def to_polars(self) -> Any:
        """Return a `polars.DataFrame`; values as in `to_pandas`, and so is what it raises."""
        return to_polars(self._columns())

    def _columns(self) -> dict[str, list[Value]]:
        return {name: self.column(name) for name in self.variables}

    def __repr__(self) -> str:
        """Return the first rows as a table, with IRIs shortened."""
        return as_text(self.variables, self.terms, self.hints)

    def _repr_html_(self) -> str:
        """Return the first rows as notebooks show them."""
        return as_html(self.variables, self.terms, self.hints)
