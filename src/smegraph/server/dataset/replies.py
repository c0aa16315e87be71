"""What the processes of a dataset reply to a command: results, refusals and failures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from smegraph.server.dataset.errors import (
    ChangeRefused,
    ChildProcessUnusable,
    MalformedDocument,
    TermTooLong,
)
from smegraph.server.engine.errors import InsufficientStorage, MemoryExceeded, WorkerLost
from smegraph.server.workers import errors
from smegraph.sparql.errors import DatasetConflict, QueryRefused

# The disk is full, and the process can do nothing more: what it has open must be opened anew.
FULL_FOR_GOOD: Final = "full-for-good"
# Something else went wrong, and the process must open the dataset anew as well.
BROKEN: Final = "broken"
# What was opened is not there any more.
UNUSABLE: Final = "unusable"
FOR_GOOD: Final = frozenset({FULL_FOR_GOOD, BROKEN, UNUSABLE})


def encode_refusal(refusal: QueryRefused) -> list[Any]:
    """Return the reply that tells of a refusal, as values for JSON.

    >>> encode_refusal(ChangeRefused("It names another graph."))
    ['refused', 'ChangeRefused', 'It names another graph.']
    """
    match refusal:
        case MalformedDocument():
            return ["refused", "MalformedDocument", [refusal.reason, refusal.line, refusal.column]]
        case TermTooLong():
            return ["refused", "TermTooLong", [refusal.reason, refusal.line, refusal.column]]
        case DatasetConflict():
            return ["refused", "DatasetConflict", None]
        case ChangeRefused():
            return ["refused", "ChangeRefused", str(refusal)]
    return ["refused", *errors.encode(refusal)]


def decode(reply: Sequence[Any], memory_limit: int) -> Any:
    """Return the result that a reply holds, or raise what it tells.

    Raises QueryRefused, MemoryExceeded of so many bytes, InsufficientStorage, ChildProcessUnusable,
    and WorkerLost for a process that failed, or for what is no reply.
    """
    match reply:
        case ["done", result]:
            return result
        case ["refused", "MalformedDocument", [reason, line, column]]:
            raise MalformedDocument(reason, line, column)
        case ["refused", "TermTooLong", [reason, line, column]]:
            raise TermTooLong(reason, line, column)
        case ["refused", "DatasetConflict", _]:
            raise DatasetConflict
        case ["refused", "ChangeRefused", message]:
            raise ChangeRefused(message)
        case ["refused", kind, content]:
            raise errors.decode(kind, content)
        case ["unusable", message]:
            raise ChildProcessUnusable(message)
        case ["broken", message]:
            raise WorkerLost(message)
        case ["memory"]:
            raise MemoryExceeded(memory_limit)
        case ["full" | "full-for-good", message]:
            raise InsufficientStorage(message)
    raise WorkerLost(f"The process gave the reply {reply!r}.")
