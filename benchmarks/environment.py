"""Programs to measure against, each in an environment of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from measure import BenchmarkError


def prepare(target: Path, pins: Path, name: str, part: str) -> Path:
    """Make an environment with what a file pins, unless it is there, and return its Python.

    `name` is what is installed, and `part` the part of the measurements that can do without.

    Raises:
        BenchmarkError: it could not be installed.
    """
    python, stamp = target / "bin" / "python", target / "made-for"
    wanted = hashlib.sha256(pins.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted and python.exists():
        return python
    print(f"Installing {name} into {target} (once)", file=sys.stderr)
    venv.create(target, clear=True, with_pip=False)
    command = [*_pip(name), "--python", str(python), "install", "--quiet"]
    command += ["--require-hashes", "-r", str(pins)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        remedy = f"`make bench ARGS=--only={part}` does without."
        raise BenchmarkError(f"{name} could not be installed; {remedy}\n{done.stderr[-2000:]}")
    stamp.write_text(wanted, encoding="ascii")
    return python


def _pip(name: str) -> list[str]:
    """A pip that can install into another environment: ours, or that of the Python behind it."""
    for python in (sys.executable, str(Path(sys.base_prefix) / "bin" / "python3")):
        command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
        if not subprocess.run([*command, "--version"], capture_output=True, check=False).returncode:
            return command
    raise BenchmarkError(f"There is no pip to install {name} with.")
