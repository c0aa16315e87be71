"""What an export cannot do, with what would do."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class ExportError(SmegraphError):
    """An export cannot be made as it was asked for."""
