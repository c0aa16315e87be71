"""What may be wrong with data that are to be read or served."""

from __future__ import annotations

from dataclasses import dataclass

from smegraph.errors import SmegraphError


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place of a file; line and column count from 1, where they are known."""

    file: str
    line: int | None
    column: int | None
    message: str

    def sentence(self) -> str:
        """Return file, place and fault in one line."""
        place = f", line {self.line}" if self.line else ""
        if self.column:
            place += f", column {self.column}"
        return f"{self.file}{place}: {self.message}"


class SourceError(SmegraphError):
    """A path that cannot be served; `faults` holds every fault of every file, if it has files."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        """Take a sentence with the remedy, and the faults that it is about."""
        super().__init__("\n  ".join([message, *(fault.sentence() for fault in faults)]))
        self.message, self.faults = message, faults


class UnknownEncoding(SmegraphError):
    """An XML document that cannot be decoded; the message says why."""


class UnsafeEntities(SmegraphError):
    """An XML document whose entities may make it a huge graph."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "its XML entities are nested or long, which could fill the memory; write out what "
            "they stand for"
        )
