"""Why a query or an update is refused, whoever would answer it."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import TracebackType
from typing import Final

from smegraph.sparql.diagnosis import Diagnosis


class QueryRefused(Exception):
    """A query that cannot be answered: the ancestor of the reasons below."""


class MalformedQuery(QueryRefused):
    """The text is not a SPARQL 1.1 query; `diagnosis` says where and what was expected."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        """Keep the diagnosis and say it as a sentence."""
        super().__init__(diagnosis.sentence())
        self.diagnosis = diagnosis


class UpdateRefused(QueryRefused):
    """The text is a SPARQL Update, and the store is read-only."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "This is an update, and this store is read-only: it answers queries and takes no "
            "updates."
        )


class FederationRefused(QueryRefused):
    """The query calls SERVICE, which would send parts of it to another machine."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        """Say what would do instead; `allowed` are the services that may be called."""
        called = ", ".join(f"<{service}>" for service in sorted(allowed))
        super().__init__(
            f"SERVICE is refused but for {called}, written in full."
            if called
            else "SERVICE is refused: a query here never reaches another machine. Ask the other "
            "service yourself and bring its answers with VALUES."
        )


class CalledServiceFailed(QueryRefused):
    """A service that the query calls gives no answer that is one; `service` is its address."""

    def __init__(self, service: str, reason: str) -> None:
        """Take the address, and why."""
        super().__init__(f"SERVICE <{service}> failed. {reason}")
        self.service, self.reason = service, reason


class CalledServiceSlow(CalledServiceFailed):
    """A service that the query calls gives no whole answer in the time that there is for it."""


class UnsupportedFunction(QueryRefused):
    """The query calls a function by an IRI that the engine does not have."""


class InvalidGraphName(QueryRefused):
    """A graph of the dataset is not given by an absolute IRI."""


class QueryFailed(QueryRefused):
    """The engine failed at a well-formed query; the cause is not the asker's."""


class DatasetConflict(QueryRefused):
    """The request names a dataset, and so does the update (SPARQL 1.1 Protocol §2.2.3)."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "The request names a dataset (using-graph-uri, using-named-graph-uri), and so does "
            "the update (USING, USING NAMED or WITH). Leave out one of them."
        )


class ReachRefused(FederationRefused):
    """The update would reach another machine."""

    def __init__(self, word: str, instead: str) -> None:
        """Take the word that is refused, and what would do instead."""
        QueryRefused.__init__(
            self, f"{word} is refused: an update here never reaches another machine. {instead}"
        )


class ServiceRefused(ReachRefused):
    """The update calls SERVICE."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__("SERVICE", "Ask the other service yourself and send what it answers.")


class LoadRefused(ReachRefused):
    """The update calls LOAD."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__("LOAD", "Fetch the file yourself and POST it to /graphs.")


_UNSUPPORTED: Final = re.compile(r"The custom (?:aggregate )?function <[^>]*> is not supported")

_OF_ENGINE: Final = (RuntimeError, OSError, ValueError)


class EngineErrors:
    """A context that names what the engine raises while it evaluates or serialises, lazily.

    Every query passes it twice, and a class costs a third of what a generator does.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise UnsupportedFunction or QueryFailed for an error of the engine."""
        if isinstance(error, RuntimeError) and _UNSUPPORTED.search(str(error)):
            raise UnsupportedFunction(f"{error}.") from error
        if isinstance(error, _OF_ENGINE):
            raise QueryFailed(str(error)) from error
