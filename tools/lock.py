"""Renew the hashes of the pinned packages.

    python -m tools.lock [FILE …]

`make lock` does it for every file. A version is changed by hand, in its line `name==version`; this
then asks the index for the SHA-256 of each file that it has of that version, for every platform
and Python, and writes them below. uv asks: it has to be installed (`pip install uv`), and takes
another index than pypi.org from UV_DEFAULT_INDEX. Nothing else of a file changes but the order.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FILES: Final = (
    "requirements/build.txt",
    "requirements/run.txt",
    "requirements/dev.txt",
    "benchmarks/requirements-morph-kgc.txt",
    "benchmarks/requirements-peers.txt",
)
_OPTIONS: Final = (
    "--no-deps", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
    "--no-annotate", "--no-config", "--quiet",
)  # fmt: skip
_PIN: Final = re.compile(r"([A-Za-z0-9][\w.-]*)==([\w.!+-]+)\s*(?:;\s*(.+))?", re.ASCII)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class LockError(Exception):
    """A file of pins that cannot be read, or hashes that cannot be had; the message says why."""


@dataclass(frozen=True)
class Pin:
    """One package at one version, with the SHA-256 of each of its files."""

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as an index has it, by which pins are sorted."""
        return re.sub(r"[-_.]+", "-", self.name).lower()

    @property
    def line(self) -> str:
        """The pin without its hashes."""
        return f"{self.name}=={self.version}" + (f"; {self.marker}" if self.marker else "")

    def __str__(self) -> str:
        """Return the pin as a file has it."""
        return " \\\n    ".join([self.line, *(f"--hash=sha256:{found}" for found in self.hashes)])


@dataclass(frozen=True)
class Pins:
    """A file of pins: comments and included files at its head, then the pins."""

    head: tuple[str, ...]
    pins: tuple[Pin, ...]

    def __str__(self) -> str:
        """Return the file's text, with the pins in order."""
        pins = sorted(self.pins, key=lambda pin: pin.key)
        return "".join(f"{part}\n" for part in [*self.head, *pins])


def parsed(text: str) -> Pins:
    """Return what a file holds; raises LockError with the line that is neither pin nor hash."""
    head: list[str] = []
    pins: list[Pin] = []
    for line in text.replace("\\\n", "").splitlines():
        statement, *rest = line.split(" --hash=")
        found = _PIN.fullmatch(statement.strip())
        if line.startswith(("#", "-r ")) and not pins:
            head.append(line)
        elif found:
            hashes = _HASH.findall(" ".join(f"--hash={part}" for part in rest))
            if len(hashes) != len(rest):
                raise LockError(f"{found[1]} has a hash that is no SHA-256; `make lock` renews it")
            pins.append(Pin(found[1], found[2], found[3] or "", tuple(sorted(hashes))))
        elif line.strip():
            raise LockError(f"{line.strip()!r} is no pin; name==1.2.3 would be right")
    return Pins(tuple(head), tuple(pins))


def renewed(pins: Pins, published: Mapping[str, Sequence[str]]) -> Pins:
    """Return pins with the hashes that are published, by `Pin.key`; LockError if one has none."""
    missing = [pin.line for pin in pins.pins if not published.get(pin.key)]
    if missing:
        raise LockError(f"the index has no file of {', '.join(missing)}")
    return Pins(
        pins.head,
        tuple(
            Pin(pin.name, pin.version, pin.marker, tuple(sorted(set(published[pin.key]))))
            for pin in pins.pins
        ),
    )


def ask_index(pins: Iterable[Pin]) -> dict[str, tuple[str, ...]]:
    """Return the SHA-256 of every file that the index has of each pin; raises LockError."""
    asked = "".join(f"{pin.name}=={pin.version}\n" for pin in pins)
    command = [*_uv(), "pip", "compile", *_OPTIONS, "-"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LockError(done.stderr.strip())
    return {pin.key: pin.hashes for pin in parsed(done.stdout).pins}


def _uv() -> list[str]:
    if find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    if program := shutil.which("uv"):
        return [program]
    raise LockError("uv is not here, which asks the index. Install it: .venv/bin/pip install uv")


def main(names: Sequence[str]) -> int:
    """Renew the files; return the exit code."""
    for name in names or FILES:
        path = ROOT / name
        try:
            pins = parsed(path.read_text("utf-8"))
            path.write_text(str(renewed(pins, ask_index(pins.pins))), "utf-8")
        except (LockError, OSError) as error:
            print(f"{name} stays as it is: {error}", file=sys.stderr)
            return 1
        print(f"{name}: {len(pins.pins)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
