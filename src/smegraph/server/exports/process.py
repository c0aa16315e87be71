"""The process that writes one export: it asks the service what it needs, and has no store.

It reads its task as a line of JSON from standard input, and writes lines of JSON to standard
output: `{"ask": QUERY}`, which is answered by `{"form": …, "bytes": N}` and N bytes; and at the end
`{"done": true}`, or `{"error": SENTENCE, "option": NAME, "missing": …}`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any, BinaryIO, Final

from smegraph.errors import SmegraphError
from smegraph.export.errors import WriterMissing
from smegraph.export.extract import Release
from smegraph.export.formats import FORMATS
from smegraph.export.job import Job, prepare
from smegraph.export.output import packed
from smegraph.export.source import AskedSource
from smegraph.results.errors import NotWritable
from smegraph.server.workers.sandbox import LOW_PRIORITY, die_with_parent, leave_network

MEMORY: Final = 3  # exit codes
TOO_LARGE: Final = 4


def main() -> None:
    """Write the export to the descriptor that the task names."""
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    task = json.loads(reader.readline())
    die_with_parent(task["parent"])
    leave_network()
    os.nice(LOW_PRIORITY)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (task["memory"], task["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (task["largest"], task["largest"]))
    try:
        reply = _made(task, reader, writer)
    except MemoryError:
        sys.exit(MEMORY)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            sys.exit(TOO_LARGE)  # or there is no room on the disk, which is the same to a client
        raise
    _tell(writer, reply)


def _made(task: dict[str, Any], reader: BinaryIO, writer: BinaryIO) -> dict[str, Any]:
    """Write the export; return what is told of it."""

    def ask(query: str) -> tuple[str, bytes]:
        _tell(writer, {"ask": query})
        told = json.loads(reader.readline())
        return told["form"], reader.read(told["bytes"])

    own = task["value"] if task["scope"] == "query" else ""
    release = Release(AskedSource(ask, own), task["version"])
    job = Job(task["scope"], task["value"], FORMATS[task["form"]], task["header"])
    try:
        made = prepare(release, job)
        with (
            os.fdopen(task["descriptor"], "wb", closefd=False) as file,
            packed(file, task["coding"]) as target,
        ):
            if task["metadata"] and made.metadata is not None:
                target.write(made.metadata(task["metadata"]).encode())
            else:
                made.write(target)
    except (SmegraphError, NotWritable) as error:
        option = getattr(error, "option", "") or task["scope"]
        missing = isinstance(error, WriterMissing | NotWritable)
        return {"error": str(error), "option": option, "missing": missing}
    return {"done": True}


def _tell(writer: BinaryIO, message: dict[str, Any]) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    writer.flush()


if __name__ == "__main__":
    main()
