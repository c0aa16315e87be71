"""What can be wrong with a release."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class ReleaseError(SmegraphError):
    """A release that is missing, incomplete or cannot be written."""
