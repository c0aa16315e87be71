"""What can go wrong for whoever asks: one class for each thing that calls for another remedy."""

from __future__ import annotations

from collections.abc import Mapping

from smegraph.errors import SmegraphError


class ClientError(SmegraphError):
    """Why there is no answer; the ancestor of the reasons below.

    Attributes:
        kind: a stable name for programs, such as "malformed-query"; empty where none was told.
        status: the status of the HTTP response; None when there was none.
        members: what else the service told (RFC 9457 §3.2).
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "",
        status: int | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        """Take a sentence for a person, and what a program may want to know."""
        super().__init__(message)
        self.kind, self.status, self.members = kind, status, dict(members or {})


class CannotConnect(ClientError):
    """There is nothing to ask: no such folder, no answer, or no SPARQL endpoint there."""


class WrongForm(ClientError):
    """The query is of another form (SPARQL 1.1 Query §16) than the method that was called."""


class InvalidBinding(ClientError):
    """A value cannot stand for a variable of the query."""


class MissingLibrary(ClientError):
    """A library is not installed that the call needs."""


class Refused(ClientError):
    """The request cannot be met as it is; asking the same again gives the same."""


class MalformedQuery(Refused):
    """The text is not SPARQL 1.1. Other services than smegraph tell no place.

    With bindings, the place is in the text that has the values in it.
    """

    @property
    def line(self) -> int | None:
        """The line of the fault, from 1."""
        return _number(self.members.get("line"))

    @property
    def column(self) -> int | None:
        """The column of the fault, in characters from 1."""
        return _number(self.members.get("column"))

    @property
    def expected(self) -> tuple[str, ...]:
        """What could stand there instead, as far as it is known."""
        expected = self.members.get("expected")
        return tuple(map(str, expected)) if isinstance(expected, list | tuple) else ()


class ReadOnly(Refused):
    """What is asked takes no updates."""


class NotAuthorized(Refused):
    """A token is missing, unknown, or does not allow this."""


class LimitExceeded(Refused):
    """The answer needs more memory, or is larger, than the service allows."""


class DeadlineExceeded(ClientError):
    """The time was over, here or at the service, before the answer was whole."""


class Unavailable(ClientError):
    """The service does not answer now, or has too much to do; later it may."""

    @property
    def retry_after(self) -> float | None:
        """The seconds after which asking again has a chance, where the service told."""
        seconds = self.members.get("retry_after")
        return seconds if isinstance(seconds, float) else None


class ServiceFailed(ClientError):
    """Something failed at the service, and not by the query's fault."""


class BrokenTransfer(ClientError):
    """The connection was lost in the middle of an answer; no part of it is handed out."""


class IncompleteAnswer(ClientError):
    """The service says itself that what it sends is not all of the answer; none is handed out."""


class UnexpectedAnswer(ClientError):
    """What came back is not what a SPARQL endpoint answers, such as a page for people."""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
