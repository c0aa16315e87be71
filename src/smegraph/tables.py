"""Rows of text as a table for people, wherever it is printed, and terms as people read them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from smegraph.namespaces import shorten
from smegraph.problem_report import visible

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_UNLIMITED = 1_000_000  # characters; what no table is as wide as


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        head: what stands above it.
        is_number: whether its texts end, rather than begin, under each other.
        widest: the characters after which a text is cut; None lets it go on in the next line.
    """

    head: str
    is_number: bool = False
    widest: int | None = None


def table_text(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None = None
) -> str:
    """Return rows in columns under their heads; control characters are written out.

    Args:
        columns: the columns, in order.
        rows: a text for each column.
        width: the characters that a line may have; None sets no limit.

    >>> print(table_text([Column("firm"), Column("founded", is_number=True)], [["Firm A", "2014"]]))
    firm    founded
    ------- -------
    Firm A     2014
    """
    from rich.box import Box  # here, since who prints nothing need not wait for it
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = Box("    \n    \n -  \n    \n    \n    \n    \n    \n", ascii=True)
    table = Table(box=plain, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(
            Text(visible(column.head)),
            justify="right" if column.is_number else "left",
            max_width=column.widest,
            no_wrap=column.widest is not None,
            overflow="fold" if column.widest is None else "ellipsis",
        )
    for row in rows:
        table.add_row(*(Text(visible(text)) for text in row))
    file = io.StringIO()
    limit = width or _UNLIMITED
    Console(file=file, width=limit, color_system=None, force_jupyter=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def term_text(term: Term | None) -> str:
    """Return a term as people read it: an IRI with its prefix, a literal without its datatype.

    >>> term_text(ox.NamedNode("https://w3id.org/smegraph/id/firm-a")), term_text(ox.Literal(7))
    ('id:firm-a', '7')
    """
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.Literal):
        return term.value
    return "" if term is None else str(term)


def term_cell(term: Term | None) -> str:
    """Return a term for a cell of a table: on one line.

    >>> term_cell(ox.Literal("Firm\\n A"))
    'Firm A'
    """
    return " ".join(term_text(term).split())
