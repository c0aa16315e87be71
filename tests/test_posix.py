"""On Windows itself the first thing that smegraph says is what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What Windows has not; click would look for a console of Windows.
WINDOWS = """
import sys
sys.platform = "win32"
for name in ("fcntl", "resource", "pwd", "grp", "uvloop", "click"):
    sys.modules[name] = None
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WINDOWS + code], capture_output=True, text=True, check=False,
        timeout=300, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")},
    )  # fmt: skip


@pytest.mark.parametrize(
    "start",
    [
        "from smegraph.cli.main import main; main(['check'])",  # the command that pip installs
        "import runpy; runpy.run_module('smegraph', run_name='__main__')",
    ],
)
def test_a_command_says_what_is_needed_and_ends_with_1(start: str) -> None:
    done = run(start)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("smegraph needs Linux, macOS, or WSL on Windows")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "code", ["import smegraph; smegraph.connect('build')", "from smegraph import connect"]
)
def test_a_program_is_told_what_is_needed(code: str) -> None:
    done = run(code)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: smegraph needs Linux, macOS, or WSL on Windows")


def test_the_version_is_told_anywhere() -> None:
    assert run("import smegraph; print(smegraph.__version__)").returncode == 0


def test_the_first_lines_on_installing_say_what_is_needed(repository: Path) -> None:
    commands = (repository / "README.md").read_text("utf-8").partition("## Two commands")[2]
    first = commands.split("```")[0]
    assert "Linux, macOS, or Windows with WSL" in first
    assert "`pip install .`" in first
