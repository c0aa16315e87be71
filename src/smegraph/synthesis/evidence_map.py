"""An evidence map: findings by the family of their cause and the family of their effect.

A cell shows a mark for each finding, so that readers see where evidence is and where none is, and
not how strong it is. Maps of this kind: Snilstveit et al. 2016, "Evidence & Gap Maps", Journal of
Clinical Epidemiology 79.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

DIRECTIONS: Final = ("positive", "negative", "no-effect", "nonlinear", "unsigned")
"""The directions in the order in which marks stand; what is none of them is not stated."""

MOST_MARKS: Final = 120
PITCH: Final = 8  # from one mark to the next, in units of the drawing
SIZE: Final = 6  # of a mark, in the same units
_BAR_HEIGHT: Final = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings of one direction there are in a cell.

    Attributes:
        cause, effect: the families.
        direction: the direction; one that is not in DIRECTIONS counts as the last of them.
        hedged: whether the documents make a reserve.
        findings: how many.
    """

    cause: str
    effect: str
    direction: str
    hedged: bool
    findings: int


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is of one evidence basis, in a cell, a row, a column or the whole.

    Attributes:
        cause, effect: the families; empty for all of them.
        basis: the basis; empty for all of them.
        findings, works: how many.
    """

    cause: str
    effect: str
    basis: str
    findings: int
    works: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mark: a direction, with or without a reserve."""

    direction: str
    hedged: bool

    @property
    def place(self) -> tuple[int, bool]:
        """Where marks of this kind stand among others."""
        return DIRECTIONS.index(self.direction), self.hedged


@dataclass(frozen=True, slots=True)
class Shape:
    """A part of a drawing.

    Attributes:
        kind: what it stands for.
        path: its outline, as the attribute `d` of an SVG path (SVG 2, §9.3).
    """

    kind: Kind
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The marks of a cell, in units of which one is about a pixel."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What there is of one family on another.

    Attributes:
        cause, effect: the families.
        kinds: how many findings there are of each kind, in the order of marks.
        findings, works: how many, whatever their basis.
        bases: findings and works of each basis, most findings first.
    """

    cause: str
    effect: str
    kinds: Mapping[Kind, int]
    findings: int
    works: int
    bases: tuple[Amount, ...]

    def direction(self, name: str) -> int:
        """Return how many findings have a direction, with and without a reserve."""
        return sum(count for kind, count in self.kinds.items() if kind.direction == name)

    @property
    def hedged(self) -> int:
        """How many findings have a reserve."""
        return sum(count for kind, count in self.kinds.items() if kind.hedged)

    def drawing(self, in_a_row: int = 5) -> Drawing:
        """Return a mark for each finding; a bar in proportion where these would be too many."""
        if self.findings > MOST_MARKS:
            return _bar(self.kinds, self.findings, in_a_row * PITCH)
        return _marks(self.kinds, in_a_row)


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """The whole map.

    Attributes:
        causes, effects: the families of its rows and of its columns, in their order.
        cells: what there is, by families of cause and effect; a gap has no cell.
        of_cause, of_effect: the totals of rows and columns.
        total: that of the whole.
    """

    causes: tuple[str, ...]
    effects: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    of_cause: Mapping[str, Amount] = field(default_factory=dict)
    of_effect: Mapping[str, Amount] = field(default_factory=dict)
    total: Amount = Amount("", "", "", 0, 0)

    @property
    def gaps(self) -> int:
        """How many cells have no finding."""
        return len(self.causes) * len(self.effects) - len(self.cells)

    @property
    def most(self) -> int:
        """How many findings the fullest cell has."""
        return max((cell.findings for cell in self.cells.values()), default=0)

    def row(self, cause: str) -> list[Cell]:
        """Return the cells of a row that are no gaps, most findings first."""
        found = [cell for (one, _), cell in self.cells.items() if one == cause]
        return sorted(found, key=lambda cell: (-cell.findings, self.effects.index(cell.effect)))


def evidence_map(
    counts: Iterable[Count],
    amounts: Sequence[Amount],
    causes: Sequence[str],
    effects: Sequence[str],
) -> EvidenceMap:
    """Return the map of some findings.

    Args:
        counts: how many findings of each direction there are in each cell.
        amounts: findings and works of each cell, by basis and in all, and the totals of rows, of
            columns and of the whole.
        causes, effects: the families in the order of the map, also those that have no finding.
    """
    kinds: dict[tuple[str, str], Counter[Kind]] = {}
    for one in counts:
        direction = one.direction if one.direction in DIRECTIONS else DIRECTIONS[-1]
        of_cell = kinds.setdefault((one.cause, one.effect), Counter())
        of_cell[Kind(direction, one.hedged)] += one.findings
    bases: dict[tuple[str, str], list[Amount]] = {}
    totals: dict[tuple[str, str], Amount] = {}
    for amount in amounts:
        key = amount.cause, amount.effect
        if amount.basis:
            bases.setdefault(key, []).append(amount)
        else:
            totals[key] = amount
    cells = {
        key: _cell(found, totals[key], bases.get(key, ())) for key, found in sorted(kinds.items())
    }
    return EvidenceMap(
        causes=tuple(causes),
        effects=tuple(effects),
        cells=cells,
        of_cause={cause: one for (cause, effect), one in totals.items() if cause and not effect},
        of_effect={effect: one for (cause, effect), one in totals.items() if effect and not cause},
        total=totals.get(("", ""), Amount("", "", "", 0, 0)),
    )


def _cell(kinds: Counter[Kind], total: Amount, bases: Iterable[Amount]) -> Cell:
    return Cell(
        cause=total.cause,
        effect=total.effect,
        kinds={kind: kinds[kind] for kind in sorted(kinds, key=lambda kind: kind.place)},
        findings=kinds.total(),
        works=total.works,
        bases=tuple(sorted(bases, key=lambda one: (-one.findings, one.basis))),
    )


def _marks(kinds: Mapping[Kind, int], in_a_row: int) -> Drawing:
    """Return a mark for each finding, row by row."""
    shapes, number = [], 0
    for kind, count in kinds.items():
        outline = ""
        for _ in range(count):
            row, column = divmod(number, in_a_row)
            outline += mark(kind.direction, column * PITCH + 1, row * PITCH + 1)
            number += 1
        shapes.append(Shape(kind, outline))
    rows = -(-number // in_a_row)
    return Drawing(min(number, in_a_row) * PITCH, rows * PITCH, tuple(shapes))


def mark(direction: str, x: int, y: int) -> str:
    """Return the outline of a mark of SIZE whose upper left corner is at a place.

    Directions differ in shape and not in colour alone: a triangle that points upwards or
    downwards, a flat bar, a rhombus, and a small square where none is stated.

    >>> mark("positive", 0, 0)
    'M0 6h6l-3-6z'
    """
    half = SIZE // 2
    return {
        "positive": f"M{x} {y + SIZE}h{SIZE}l-{half}-{SIZE}z",
        "negative": f"M{x} {y}h{SIZE}l-{half} {SIZE}z",
        "no-effect": f"M{x} {y + 2}h{SIZE}v2h-{SIZE}z",
        "nonlinear": f"M{x + half} {y}l{half} {half}l-{half} {half}l-{half}-{half}z",
    }.get(direction, f"M{x + 1} {y + 1}h4v4h-4z")


def _bar(kinds: Mapping[Kind, int], findings: int, width: int) -> Drawing:
    """Return a bar with a part for each kind; each part is at least one unit wide."""
    shapes, before = [], 0
    for kind, count in kinds.items():
        left = round(before / findings * width)
        before += count
        right = max(round(before / findings * width), left + 1)
        shapes.append(Shape(kind, f"M{left} 0h{right - left}v{_BAR_HEIGHT}h-{right - left}z"))
    return Drawing(width, _BAR_HEIGHT, tuple(shapes))
