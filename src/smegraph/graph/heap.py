"""How much memory HermiT's Java may take: half of the machine's, or what the operator says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from smegraph.graph.errors import ReasonerError

HEAP_VARIABLE: Final = "SMEGRAPH_JAVA_HEAP"
LEAST: Final = 16  # MiB; a Java machine does not start with less
_CGROUP: Final = Path("/sys/fs/cgroup")
_LIMITS: Final = ("memory.max", "memory/memory.limit_in_bytes")  # cgroup v2, and v1
_MIB: Final = 1 << 20


# Decision 049: docs/decisions/049-consistency-by-hermit.md
def heap_size() -> int:
    """Return the largest heap in MiB: `SMEGRAPH_JAVA_HEAP`, or half of the memory.

    Raises:
        ReasonerError: the variable holds no number of MiB that Java could start with.
    """
    stated = os.environ.get(HEAP_VARIABLE, "")
    if not stated:
        return max(LEAST, memory_size() // 2)
    if not stated.isascii() or not stated.isdigit() or int(stated) < LEAST:
        raise ReasonerError(
            f"{HEAP_VARIABLE} is {stated!r}; it is a number of MiB, {LEAST} or more."
        )
    return int(stated)


def memory_size(cgroup: Path = _CGROUP) -> int:
    """Return the memory in MiB: the machine's, or the limit of the control group if it is less."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in _LIMITS:
        try:
            limit = (cgroup / name).read_text("ascii").strip()
        except OSError:  # no such control group
            continue
        if limit.isdigit():  # "max" is no limit
            sizes.append(int(limit))
    return min(sizes) // _MIB
