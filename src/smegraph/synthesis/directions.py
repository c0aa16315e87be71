"""The direction of a work: what all that it says of a pair, or of a group of pairs, amounts to.

If all its statements have one sign, that is its direction; else it is mixed (docs/model.md, "The
direction of a work"). Boon & Thomson (2021, Research Synthesis Methods 12(1), "The effect direction
plot revisited") draw such directions of works.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

POSITIVE: Final = "positive"
NEGATIVE: Final = "negative"
MIXED: Final = "mixed"


@dataclass(frozen=True, slots=True)
class Said:
    """What a work says with one sign in one column.

    Attributes:
        work: the work.
        column: what it is said of, such as a family of outcomes.
        sign: the sign: positive, negative, no-effect, nonlinear or unsigned.
        findings: how many findings say so, restatements left out; at least 1.
        hedged: how many of them have a reserve.
    """

    work: str
    column: str
    sign: str
    findings: int = 1
    hedged: int = 0


@dataclass(frozen=True, slots=True)
class Direction:
    """The direction of a work in a column.

    Attributes:
        sign: the one sign of all its findings; `mixed` where there are several.
        signs: how many findings there are of each sign, most first, then by name.
        hedged: how many findings have a reserve.
    """

    sign: str
    signs: tuple[tuple[str, int], ...]
    hedged: int

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return sum(count for _, count in self.signs)

    @property
    def is_hedged(self) -> bool:
        """Whether nothing is said without a reserve."""
        return self.hedged == self.findings


def directions(rows: Iterable[Said]) -> dict[tuple[str, str], Direction]:
    """Return the direction of each work in each column of which it says something.

    >>> said = [Said("a", "growth", "positive", 2), Said("a", "growth", "negative")]
    >>> directions(said)["a", "growth"].sign
    'mixed'
    """
    counts: dict[tuple[str, str], dict[str, int]] = {}
    hedged: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row.work, row.column
        signs = counts.setdefault(key, {})
        signs[row.sign] = signs.get(row.sign, 0) + row.findings
        hedged[key] = hedged.get(key, 0) + row.hedged
    return {key: _direction(signs, hedged[key]) for key, signs in counts.items()}


def _direction(signs: dict[str, int], hedged: int) -> Direction:
    ordered = tuple(sorted(signs.items(), key=lambda pair: (-pair[1], pair[0])))
    return Direction(ordered[0][0] if len(ordered) == 1 else MIXED, ordered, hedged)
