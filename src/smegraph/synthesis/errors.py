"""Why numbers cannot be put together."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class NotCombined(SmegraphError):
    """Estimates that cannot be combined, with the reason and what would do."""


class NotInstalled(NotCombined):
    """The library that combines estimates is not installed."""
