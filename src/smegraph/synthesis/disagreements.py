"""Claims on which works report opposite directions: pairs of works, not of sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sides:
    """How many works there are on each side of a claim.

    Attributes:
        raising: how many report that the cause raises the effect.
        lowering: how many report that it lowers it.
        both: how many report the one and the other.
    """

    raising: int
    lowering: int
    both: int

    @property
    def between(self) -> int:
        """How many pairs of two works disagree.

        >>> Sides(2, 1, 1).between
        1
        """
        # Two works that both report both disagree once, and not once in each order.
        return self.raising * self.lowering - self.both - self.both * (self.both - 1) // 2

    @property
    def within(self) -> int:
        """How many works report both directions themselves."""
        return self.both
