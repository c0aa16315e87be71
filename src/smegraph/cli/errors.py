"""What can be wrong with what a command was asked to do."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class BackupFailed(SmegraphError):
    """There is nothing to copy, or the copy cannot be made; the message says which."""
