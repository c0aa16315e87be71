"""What the processes of a service hold, as /proc tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "STORM_MARK"


def marked(mark: str) -> set[int]:
    """Return the processes that were started with a mark in their environment, and their children.

    Unlike the tree of parents, it shows those too whose parent has ended.
    """
    wanted = f"{MARK}={mark}".encode()
    found = set()
    for entry in _processes():
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
    return found


def _processes() -> Iterator[Path]:
    return (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())


def memory(pids: set[int]) -> int:
    """Return the bytes of memory that processes take together, shared pages counted once (PSS)."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def files(pid: int) -> list[str]:
    """Return what the open files of a process are."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.append(str(entry.readlink()))
    return found
