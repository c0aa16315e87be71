"""Why a query that is well-formed gets no answer."""

from __future__ import annotations

from smegraph.sparql.errors import QueryRefused


class NotAccepted(QueryRefused):
    """The kind of result that the query gives is accepted in none of its formats."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        """Take the names of the formats that would do."""
        super().__init__("The query gives results that the request accepts in no format.")
        self.offered = offered


class EngineError(Exception):
    """What keeps a well-formed query from an answer; the ancestor of the reasons below."""


class DeadlineExceeded(EngineError):
    """The work was ended at its deadline."""

    def __init__(self, seconds: float) -> None:
        """Take the time that it had."""
        super().__init__(
            f"The query was ended after {seconds:g} s. Ask for less: a LIMIT, a narrower "
            "pattern, or a graph by name."
        )
        self.seconds = seconds


class MemoryExceeded(EngineError):
    """The query needed more memory than a worker may have."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(
            f"The query needed more than {limit // 2**20} MiB of memory and was ended. Group, "
            "sort or join fewer rows."
        )
        self.limit = limit


class ResultTooLarge(EngineError):
    """The result is larger than the service hands out."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(
            f"The result is larger than {limit} bytes. Ask for it in pages (ORDER BY with LIMIT "
            "and OFFSET), or download the graph."
        )
        self.limit = limit


class InsufficientStorage(EngineError):
    """There is too little room on a disk; with more of it the same would be done."""


class WorkerLost(EngineError):
    """The process that worked on the query has died for no reason that is known."""


class QueryTooComplex(EngineError):
    """The query is nested deeper, or its chains are longer, than the engine's stack allows."""

    def __init__(self) -> None:
        """Say what would do instead."""
        super().__init__(
            "The query is nested too deeply, or joins too many parts by the same operator. Bring "
            "long lists with VALUES or IN."
        )


class Overloaded(EngineError):
    """There is no room for another query now."""

    def __init__(self, retry_after: int, why: str = "Too many queries are waiting.") -> None:
        """Take the seconds after which asking again has a chance."""
        super().__init__(f"{why} Ask again in {retry_after} s.")
        self.retry_after = retry_after


class AnswerBroken(EngineError):
    """An answer whose beginning is out already cannot be finished."""
