"""What may be wrong with a writable dataset, with a change of it, and with its tokens."""

from __future__ import annotations

from smegraph.errors import SmegraphError
from smegraph.server.engine.errors import DeadlineExceeded, EngineError
from smegraph.sparql.errors import QueryRefused


class DatasetUnusable(Exception):
    """The folder holds no dataset, or one that another process has, or a damaged one."""


class DatasetDiskFull(DatasetUnusable):
    """The disk is too full to open the dataset, or to finish what a crash has interrupted."""


class ChangeUnfinished(Exception):
    """A change that stands could not be carried out; only opening the dataset anew goes on."""


class ChangeRefused(QueryRefused):
    """A change that is well-formed and cannot be made; the message says why."""


class DatasetGone(EngineError):
    """The folder of the dataset is not there any more, or holds another one."""


class UpdateTooSlow(DeadlineExceeded):
    """An update was ended at its deadline."""

    def __init__(self, seconds: float) -> None:
        """Take the time that it had."""
        EngineError.__init__(
            self,
            f"The update was ended after {seconds:g} s, and nothing of it was applied. Change "
            "less at once.",
        )
        self.seconds = seconds


class MalformedDocument(QueryRefused):
    """A document is no RDF of its format; the place is None where it is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        """Take what is wrong, for a person; lines and columns count from 1."""
        place = f"Line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{reason}.")
        self.reason, self.line, self.column = reason, line, column


class TermTooLong(QueryRefused):
    """A literal or an IRI is too long; the place is None where it is not known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        """Take what is wrong, for a person; lines and columns count from 1."""
        place = f"Line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{reason}")
        self.reason, self.line, self.column = reason, line, column


class ChildProcessUnusable(SmegraphError):
    """A process cannot do its work; the message says why, for a person."""


class ChildProcessDiskFull(ChildProcessUnusable):
    """A process cannot do its work because a disk is full; with room on it, it can."""


class TokensUnreadable(SmegraphError):
    """The file of tokens is damaged, or may not be read."""


class NoSuchToken(SmegraphError):
    """No token has the identifier."""
