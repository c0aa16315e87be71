"""The first rows of a result as a table, for a terminal and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from rdflib import BNode, URIRef

from smegraph.client.values import Value
from smegraph.namespaces import shorten

SHOWN: Final = 20
_WIDTH: Final = 60
_LINKED: Final = ("http://", "https://")


def as_text(variables: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    """Return the first rows in columns of at most 60 characters, and how many rows there are."""
    cells = [[_short(_text(value)) for value in row] for row in rows[:SHOWN]]
    table = [list(variables), *cells]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [_line(row, widths) for row in table]
    lines.insert(1, _line(["-" * width for width in widths], widths))
    return "\n".join([*lines, f"({_count(rows)})"])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return "  ".join(cell.ljust(width) for cell, width in pairs).rstrip()


def _text(value: Value) -> str:
    """Return a value as a person reads it, on one line."""
    if value is None:
        return ""
    if isinstance(value, URIRef):
        return shorten(value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"_:{value}" if isinstance(value, BNode) else " ".join(str(value).split())


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _count(rows: Sequence[object]) -> str:
    counted = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return f"{counted}, the first {SHOWN} shown" if len(rows) > SHOWN else counted


def as_html(variables: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    """Return the first rows as an HTML table; everything in it is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in variables)
    body = "".join(
        f"<tr>{''.join(f'<td>{_html(value)}</td>' for value in row)}</tr>" for row in rows[:SHOWN]
    )
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{_count(rows)}</p>"
    )


def _html(value: Value) -> str:
    """Return a value; an IRI as a link only where it leads to the web, not to a script."""
    text = escape(_text(value))
    if isinstance(value, URIRef) and str(value).startswith(_LINKED):
        return f'<a href="{escape(value)}">{text}</a>'
    return text
