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
    cells = [head, *((r.what, r.ours, r.against, f"{r.ratio:.2f}×", r.note) for r in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = []
    for what, ours, against, ratio, note in cells:
        figures = f"{ours:>{widths[1]}}  {against:>{widths[2]}}  {ratio:>{widths[3]}}"
        lines.append(f"{what:<{widths[0]}}  {figures}  {note}".rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)
