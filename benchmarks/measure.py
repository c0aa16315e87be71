"""Whole processes measured: wall seconds, CPU seconds and peak memory, as the kernel counts."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


class BenchmarkError(Exception):
    """A measured program failed, or its result is not what it must be."""


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes:
        wall: seconds from its start to its end.
        cpu: seconds on all cores, those of its children included.
        memory: peak resident memory in MiB of the process or of its largest child.
    """

    wall: float
    cpu: float
    memory: float


def measure(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; what it prints goes into the log.

    The process is started by ``posix_spawn`` and awaited by ``wait4``. Its peak memory is at least
    that of this process, which is why benchmarks/ imports nothing large here.

    Raises:
        BenchmarkError: the command failed; the message ends with the last lines of its log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    begun = time.perf_counter()
    process = os.posix_spawn(
        command[0], list(command), dict(environment or os.environ), file_actions=actions
    )
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begun
    if code := os.waitstatus_to_exitcode(status):
        told = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BenchmarkError(f"{' '.join(command)} ended with {code}:\n{told}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    figures = [asdict(run) for run in runs]
    return Run(**{name: statistics.median(f[name] for f in figures) for name in figures[0]})
