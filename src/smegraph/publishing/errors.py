"""What can be wrong with what is compared or published."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class ComparisonError(SmegraphError):
    """One of two sides cannot be read, or no patch can lead from one to the other."""


class PublishingError(SmegraphError):
    """A release that may not be published as it is, with what would be right."""


class Disappeared(PublishingError):
    """IRIs that were published and are no more.

    Attributes:
        iris: all of them, sorted.
    """

    def __init__(self, message: str, iris: tuple[str, ...]) -> None:
        super().__init__(message)
        self.iris = iris
