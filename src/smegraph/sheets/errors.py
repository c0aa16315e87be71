"""What can be wrong with a cell."""

from __future__ import annotations


class CellError(ValueError):
    """A cell that is not what its column holds; `remedy` says what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(message)


class FormerName(CellError):
    """A cell with a name that a thing had; `keys` are those of the things that it may mean."""

    def __init__(self, message: str, remedy: str, keys: tuple[str, ...]) -> None:
        super().__init__(message, remedy)
        self.keys = keys


class UnknownName(CellError):
    """A cell that names nothing that there is; `name` is its text, `class_` what it should be."""

    def __init__(self, message: str, remedy: str, name: str, class_: str | None) -> None:
        super().__init__(message, remedy)
        self.name, self.class_ = name, class_
