"""What an export cannot do, with what would do."""

from __future__ import annotations

from smegraph.errors import SmegraphError


class ExportError(SmegraphError):
    """An export cannot be made as it was asked for.

    Attributes:
        option: what is wrong, as options are named: "study", "format" …; "" where none is.
    """

    def __init__(self, message: str, option: str = "") -> None:
        """Take a sentence that says what would do, and the option."""
        super().__init__(message)
        self.option = option


class WriterMissing(ExportError):
    """The library that writes a format is not installed."""
