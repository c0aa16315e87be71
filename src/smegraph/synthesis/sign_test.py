"""Vote counting on the direction of effect, with the sign test.

Cochrane Handbook for Systematic Reviews of Interventions, chapter 12 (McKenzie & Brennan),
section 12.2.1.3: the share of the works that point one way among those that point somewhere, a
binomial test of whether both ways are as likely, and an interval for the share. What is
statistically significant is never counted (section 12.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

from smegraph.synthesis.directions import NEGATIVE, POSITIVE


@dataclass(frozen=True, slots=True)
class SignTest:
    """How many works point up, and how many down.

    Attributes:
        up: works whose direction is positive.
        down: works whose direction is negative.
        others: works that point nowhere: no effect, not a straight line, not stated, mixed.
    """

    up: int
    down: int
    others: int = 0

    @property
    def with_direction(self) -> int:
        """How many works point up or down."""
        return self.up + self.down

    @property
    def share(self) -> float | None:
        """The share of works that point up among those that point somewhere, from 0 to 1."""
        return self.up / self.with_direction if self.with_direction else None

    @property
    def p_value(self) -> float | None:
        """The exact two-sided p-value of the sign test, whose null is a share of one half.

        Twice the smaller tail of the binomial distribution, at most 1.
        """
        n = self.with_direction
        if not n:
            return None
        tail = sum(comb(n, i) for i in range(min(self.up, self.down) + 1))
        return min(1.0, 2 * tail / (1 << n))

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Return the Wilson score interval of the share, for a level between 0 and 1.

        Wilson (1927), as Brown, Cai & DasGupta (2001, Statistical Science 16(2)) recommend for
        few observations, and the Handbook after them.
        """
        n, share = self.with_direction, self.share
        if share is None:
            return None
        z = NormalDist().inv_cdf((1 + level) / 2)
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low = 0.0 if not self.up else max(0.0, middle - half)
        high = 1.0 if not self.down else min(1.0, middle + half)
        return low, high


def sign_test(signs: Iterable[str]) -> SignTest:
    """Return the test for the directions of works, one for each work.

    >>> sign_test(["positive"] * 5 + ["negative", "mixed"]).p_value
    0.21875
    """
    found = [*signs]
    up, down = found.count(POSITIVE), found.count(NEGATIVE)
    return SignTest(up, down, len(found) - up - down)
