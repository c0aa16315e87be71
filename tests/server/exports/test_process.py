"""The process that writes an export says what it needs, and what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from smegraph.server.exports import process

TASK = {
    "scope": "query", "value": "SELECT ?x { }", "form": "csv", "header": True, "metadata": "",
    "coding": "none", "version": "1", "memory": 2**30, "largest": 2**20, "parent": os.getpid(),
}  # fmt: skip
BINDINGS = b'[{"x": {"type": "literal", "value": "1"}}]'
ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": ' + BINDINGS + b"}}"


def spoken(task: dict[str, Any], answer: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """What a process says that gets one answer, and what it writes."""
    with tempfile.TemporaryFile() as file:
        told = {**task, "descriptor": file.fileno()}
        reply = json.dumps({"form": "json", "bytes": len(answer)}).encode() + b"\n" + answer
        done = subprocess.run(
            [sys.executable, "-m", process.__name__], capture_output=True, check=True,
            input=json.dumps(told).encode() + b"\n" + reply, pass_fds=[file.fileno()],
        )  # fmt: skip
        file.seek(0)
        return [json.loads(line) for line in done.stdout.splitlines()], file.read()


def test_it_asks_and_writes() -> None:
    said, written = spoken(TASK, ROWS)
    assert said == [{"ask": "SELECT ?x { }"}, {"done": True}]
    assert written == b"x\r\n1\r\n"


def test_what_is_wrong_is_told_with_the_option() -> None:
    said, written = spoken({**TASK, "form": "turtle"}, ROWS)
    assert said[-1]["option"] == "format"
    assert "CONSTRUCT" in said[-1]["error"]
    assert written == b""
