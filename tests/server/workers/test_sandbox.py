"""What a process gives up, each in a process of its own."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.server.workers import sandbox


def in_child(work: Callable[[], bool]) -> bool:
    """Say whether something holds in a forked process, which then ends."""
    child = os.fork()
    if child == 0:
        code = 2
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 1), f"the process ended with {code}"
    return code == 0


def test_a_process_ends_with_its_parent() -> None:
    """The grandchild would sleep for long; its end closes the pipe."""
    read, write = os.pipe()
    parent = os.fork()
    if parent == 0:
        try:
            mine = os.getpid()
            if os.fork() == 0:
                sandbox.die_with_parent(mine)
                os.write(write, b"x")
            time.sleep(600)
        finally:
            os._exit(1)  # None of them goes on with the tests.
    os.close(write)
    assert os.read(read, 1) == b"x"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert os.read(read, 1) == b""
    os.close(read)


def test_a_process_whose_parent_has_gone_already_ends_at_once() -> None:
    def work() -> bool:
        sandbox.die_with_parent(os.getppid() + 1)
        return False

    assert in_child(work)


def test_memory_is_limited_beyond_what_the_process_has() -> None:
    def work() -> bool:
        sandbox.limit_memory(64 * 2**20)
        kept = bytearray(16 * 2**20)
        try:
            bytearray(128 * 2**20)
        except MemoryError:
            return len(kept) > 0 and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        return False

    assert in_child(work)


def test_the_limit_of_memory_can_be_lifted_and_set_anew() -> None:
    def work() -> bool:
        sandbox.limit_memory(64 * 2**20)
        sandbox.lift_memory_limit()
        kept = bytearray(128 * 2**20)
        sandbox.limit_memory(64 * 2**20)
        try:
            bytearray(128 * 2**20)
        except MemoryError:
            return len(kept) > 0
        return False

    assert in_child(work)


def test_a_process_without_a_network_has_no_interface_but_its_own() -> None:
    def work() -> bool:
        if not sandbox.leave_network():
            return True  # The system does not permit it, and the process is told so.
        lines = Path("/proc/self/net/dev").read_text().splitlines()[2:]
        return [line.split(":")[0].strip() for line in lines] == ["lo"]

    assert in_child(work)


def test_the_stack_may_grow_as_far_as_the_system_permits() -> None:
    def work() -> bool:
        hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
        sandbox.raise_stack_limit()
        wanted = 100 * 2**20
        expected = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        return resource.getrlimit(resource.RLIMIT_STACK) == (expected, hard)

    assert in_child(work)


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux alone has it")
def test_a_worker_is_ended_before_the_service_when_memory_runs_out() -> None:
    def work() -> bool:
        sandbox.prefer_for_oom_kill()
        return int(Path("/proc/self/oom_score_adj").read_text()) >= 800

    assert in_child(work)


def test_the_memory_of_a_process_is_read_and_that_of_none_is_nought() -> None:
    before = sandbox.resident_memory()
    kept = b"x" * (32 * 2**20)
    assert sandbox.resident_memory() - before > 16 * 2**20
    assert len(kept) > 0
    assert sandbox.resident_memory(os.getpid()) > 0
    assert sandbox.resident_memory(1 << 23) == 0


def test_a_page_that_is_written_to_after_a_fork_is_memory_of_its_own() -> None:
    shared = bytearray(32 * 2**20)
    shared[::4096] = b"x" * (len(shared) // 4096)

    def work() -> bool:
        before, faults = sandbox.own_memory(), sandbox.page_faults()
        shared[::4096] = b"y" * (len(shared) // 4096)
        grown, given = sandbox.own_memory() - before, sandbox.page_faults() - faults
        return grown > 24 * 2**20 and given > 24 * 2**8

    assert in_child(work)


def test_memory_of_its_own_can_be_put_into_huge_pages() -> None:
    """The system may have none, but what is in memory stays as it is."""
    data = os.urandom(sandbox.HUGE_PAGE) * 6

    def work() -> bool:
        kept = mmap.mmap(-1, len(data), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        kept.write(data)
        ranges = sandbox.huge_page_ranges()
        place = ctypes.addressof(ctypes.c_char.from_buffer(kept))
        inside = [start for start in ranges if place <= start < place + len(data)]
        if not all(start % sandbox.HUGE_PAGE == 0 for start in ranges) or len(inside) < 5:
            return False
        put = sum(map(sandbox.collapse, inside))
        return put <= len(inside) and kept[:] == data

    assert in_child(work)
    assert not sandbox.collapse(1)


def test_what_was_freed_is_given_back_to_the_system() -> None:
    def work() -> bool:
        libc = ctypes.CDLL(None)
        libc.malloc.restype = ctypes.c_void_p
        blocks = [libc.malloc(4000) for _ in range(10_000)]
        for block in blocks:
            ctypes.memset(block, 1, 4000)
        for block in blocks[:-1]:  # The last one keeps the heap from shrinking by itself.
            libc.free(ctypes.c_void_p(block))
        before = sandbox.resident_memory()
        sandbox.give_back_memory()
        return before - sandbox.resident_memory() > 24 * 2**20

    assert in_child(work)


def test_the_time_on_a_processor_grows_with_work_and_not_with_sleep() -> None:
    if sandbox.processor_time(os.getpid()) is None:
        pytest.skip("this system does not tell")
    script = "import sys; sys.stdin.read(1); sum(range(3_000_000)); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        before = sandbox.processor_time(process.pid)
        process.stdin.write(b"x")
        process.stdin.flush()
        process.stdout.readline()
        after = sandbox.processor_time(process.pid)
        process.kill()
    assert before is not None
    assert after is not None
    assert after > before


def test_of_a_process_that_is_not_there_nobody_knows_the_time() -> None:
    assert sandbox.processor_time(1 << 23) is None
