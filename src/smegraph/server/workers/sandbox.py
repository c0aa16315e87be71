"""What a process gives up before it answers strangers: network, memory, and long life."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PAGE: Final = resource.getpagesize()
_STACK: Final = 100 * 2**20
LOWEST_PRIORITY: Final = 19  # niceness, as setpriority(2) has it
LOW_PRIORITY: Final = 10
HUGE_PAGE: Final = 2 * 2**20
_MADV_COLLAPSE: Final = 25
_M_ARENA_MAX: Final = -8
_OOM_SCORE: Final = 800  # of 1000


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends (Linux).

    Exits at once when the parent, whose identifier is given, has gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def leave_network() -> bool:
    """Move into a network namespace without any interface; say whether the system let us.

    An ordinary user may do so inside a user namespace of its own, where the system allows those.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return bool(
        libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    )


def raise_stack_limit() -> None:
    """Let the stack of this process's first thread grow further: the engine recurses.

    Linux keeps 128 MiB free below it, whatever the limit was when the process began.
    """
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    wanted = _STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes of address space beyond what it has, and dump no core."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # where there is no /proc, or a lower limit
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (pages * _PAGE + more, hard))


def lift_memory_limit() -> None:
    """Let this process take as much address space as the system gives, until it is limited anew."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def prefer_for_oom_kill() -> None:
    """Let the kernel, when memory runs out, end this process before the service."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE), "ascii")


def resident_memory(pid: int | str = "self") -> int:
    """Return the resident memory of a process in bytes; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except OSError:
        return 0


def own_memory() -> int:
    """Return how many bytes of memory this process shares with no other (proc(5), smaps).

    To them belongs each page that it got by `fork` and has written to since, which resident memory
    does not tell from one that is shared. 0 where the system does not tell.
    """
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) * 1024
    return 0


def page_faults() -> int:
    """Return how many pages this process has been given so far, new ones and copies."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def huge_page_ranges() -> list[int]:
    """Return where this process has memory of its own that could lie in huge pages.

    They are addresses at each of which `HUGE_PAGE` bytes begin; none where nobody tells.
    """
    found: list[int] = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text("ascii", "replace").splitlines():
            places, permissions, *_, name = f"{line} ".split(" ", 5)
            if permissions != "rw-p" or name.strip():
                continue
            begin, end = (int(place, 16) for place in places.split("-"))
            found += range(-(-begin // HUGE_PAGE) * HUGE_PAGE, end - HUGE_PAGE + 1, HUGE_PAGE)
    return found


def collapse(address: int) -> bool:
    """Put the memory at an address into a huge page; say whether the system did (Linux 6.1)."""
    libc = ctypes.CDLL(None)
    return bool(
        libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(HUGE_PAGE), _MADV_COLLAPSE) == 0
    )


def allocate_in_one_area() -> None:
    """Let new threads allocate where the others do: glibc would reserve 64 MiB or more for each."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Give the system what has been freed; other C libraries than glibc keep it."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def processor_time(pid: int) -> float | None:
    """Return the seconds that a process has run on a processor; None where nobody tells."""
    try:
        file = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY)  # a fifth of the time of `Path`
        try:
            return int(os.read(file, 128).split()[0]) / 1e9
        finally:
            os.close(file)
    except (OSError, ValueError, IndexError):
        return None
