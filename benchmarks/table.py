"""The table that is printed: what was measured, both figures side by side, and their ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line; the ratio says how many times better the first figure is than the second."""

    what: str
    ours: str
    against: str
    ratio: float
    note: str = ""


def number(value: float) -> str:
    """A whole number with spaces between the thousands.

    >>> number(930010)
    '930 010'
    """
    return f"{value:,.0f}".replace(",", " ")


def render(rows: Sequence[Row], rival: str) -> str:
    """The lines as a table of plain text."""
    head = ("", "smegraph", rival, "ratio", "")
    return columns(head, [(r.what, r.ours, r.against, f"{r.ratio:.2f}×", r.note) for r in rows])


def columns(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """A table of plain text: names to the left, figures to the right, notes to the left.

    >>> print(columns(("", "ours", "note"), [("join", "3 ms", "met"), ("regex", "12 ms", "")]))
            ours  note
    ------------------
    join    3 ms  met
    regex  12 ms
    """
    first, *others, _ = (max(map(len, column)) for column in zip(head, *cells, strict=True))
    lines = []
    for what, *figures, note in (head, *cells):
        shown = (f"{text:>{width}}" for text, width in zip(figures, others, strict=True))
        lines.append("  ".join((f"{what:<{first}}", *shown, note)).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)
