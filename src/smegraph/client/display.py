"""The first rows of a result as a table, for a terminal and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from smegraph.client.values import Term
from smegraph.tables import Column, table_text, term_cell

Terms: TypeAlias = Sequence[Sequence[Term | None]]

SHOWN: Final = 20
_WIDTH: Final = 60
_LINKED: Final = ("http://", "https://")


def as_text(variables: Sequence[str], rows: Terms) -> str:
    """Return the first rows in columns of at most 60 characters, and how many rows there are."""
    columns = [Column(name, widest=_WIDTH) for name in variables]
    cells = ([term_cell(term) for term in row] for row in rows[:SHOWN])
    return f"{table_text(columns, cells)}\n({_count(rows)})"


def _count(rows: Sequence[object]) -> str:
    counted = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return f"{counted}, the first {SHOWN} shown" if len(rows) > SHOWN else counted


def as_html(variables: Sequence[str], rows: Terms) -> str:
    """Return the first rows as an HTML table; everything in it is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in variables)
    body = "".join(
        f"<tr>{''.join(f'<td>{_html(term)}</td>' for term in row)}</tr>" for row in rows[:SHOWN]
    )
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{_count(rows)}</p>"
    )


def _html(term: Term | None) -> str:
    """Return a term; an IRI as a link only where it leads to the web, not to a script."""
    text = escape(term_cell(term))
    if isinstance(term, NamedNode) and term.value.startswith(_LINKED):
        return f'<a href="{escape(term.value)}">{text}</a>'
    return text
