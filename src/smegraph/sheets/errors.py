"""What can be wrong with a cell."""

from __future__ import annotations


class CellError(ValueError):
    """A cell that is not what its column holds; `remedy` says what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)
