"""A long run says which step it is at, and leaves nothing of it on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smegraph.cli.progress import build_progress


def test_steps_are_lines_on_standard_error_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with build_progress() as progress:
        progress(0, 2, "read the sheets")
        progress(1, 2, "write the release")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "[1/2] read the sheets\n[2/2] write the release\n")


def test_steps_are_a_bar_on_a_terminal_and_nothing_stays_of_it(repository: Path) -> None:
    code = (
        "from smegraph.cli.progress import build_progress\n"
        "with build_progress() as progress:\n    progress(1, 7, 'read the sheets')\n"
    )
    leader, terminal = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(repository / "src"), "TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=terminal,
        check=True,
    )  # fmt: skip
    os.close(terminal)
    said = b""
    try:
        while part := os.read(leader, 4096):
            said += part
    except OSError:  # so a terminal ends whose other side is closed
        pass
    finally:
        os.close(leader)
    assert done.stdout == b""
    assert b"1/7" in said
    assert b"read the sheets" in said
    assert said.decode().rstrip().endswith("\x1b[2K")  # the line is erased
