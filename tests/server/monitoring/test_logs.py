"""What the log says, and that nothing that happens to it harms the service."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.server.monitoring.logs import (
    BUFFER_BYTES,
    FLUSH_BYTES,
    FLUSH_SECONDS,
    EventLog,
    LibraryHandler,
    LineWriter,
    open_log,
)

if TYPE_CHECKING:
    from tests.conftest import Hold

NASTY = 'a\n{"level": "error"}\r\x1b[31mred\x00\u2028b'


class Pipe:
    """A pipe whose reading end is looked at without waiting."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)

    def read(self) -> bytes:
        """What has come so far."""
        found = b""
        while True:
            try:
                part = os.read(self.reading, 2**20)
            except BlockingIOError:
                return found
            if not part:
                return found
            found += part

    def events(self) -> list[dict[str, Any]]:
        """The events that have come so far."""
        return [json.loads(line) for line in self.read().splitlines()]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    for descriptor in (made.reading, made.writing):
        try:
            os.close(descriptor)
        except OSError:
            continue  # the test closed it


@pytest.fixture
def log(pipe: Pipe) -> EventLog:
    return EventLog(LineWriter(pipe.writing))


def text_log(pipe: Pipe) -> EventLog:
    return EventLog(LineWriter(pipe.writing), "text")


def flushed(log: EventLog, pipe: Pipe) -> bytes:
    """What comes of what was waiting."""
    log.flush()
    return pipe.read()


# ------------------------------------------------------------------ what it says


def test_an_event_is_an_object_on_a_line(log: EventLog, pipe: Pipe) -> None:
    log.event("worker-killed", "warning", pid=12, why="deadline", study=None)
    (event,) = pipe.events()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("time"))
    assert event == {"level": "warning", "event": "worker-killed", "pid": 12, "why": "deadline"}


def test_the_time_comes_first(log: EventLog, pipe: Pipe) -> None:
    log.request({"status": 200})
    log.flush()
    assert list(pipe.events()[0]) == ["time", "level", "event", "status"]


def test_text_is_one_line_for_people(pipe: Pipe) -> None:
    text_log(pipe).event("ready", port=8000, path="a b", empty="")
    line = pipe.read().decode()
    assert line.endswith('Z info    ready port=8000 path="a b" empty=""\n')


@pytest.mark.parametrize("form", ["json", "text"])
def test_nobody_outside_can_write_lines_of_their_own(pipe: Pipe, form: Any) -> None:
    EventLog(LineWriter(pipe.writing), form).request({"path": NASTY})
    line = pipe.read().decode()
    assert line.count("\n") == 1
    assert line[:-1].isprintable()


@given(st.text())
def test_no_text_ends_a_line_early(text: str) -> None:
    pipe = Pipe()
    text_log(pipe).event("request", path=text)
    os.close(pipe.writing)
    written = pipe.read().decode()
    os.close(pipe.reading)
    assert len(written.splitlines()) == 1


@pytest.mark.parametrize("value", ["a\udc80", Path("b"), {"c": {1}}])
def test_what_json_has_no_form_for_is_told_all_the_same(
    log: EventLog, pipe: Pipe, value: object
) -> None:
    log.event("message", value=value)
    (event,) = pipe.events()
    assert event["value"]


def test_libraries_log_through_it(log: EventLog, pipe: Pipe) -> None:
    logger = logging.Logger("uvicorn.error")
    logger.addHandler(LibraryHandler(log))
    try:
        raise ValueError("wrong")
    except ValueError:
        logger.exception("It %s", "failed")
    (event,) = pipe.events()
    assert (event["level"], event["logger"], event["message"]) == (
        "error", "uvicorn.error", "It failed",
    )  # fmt: skip
    assert event["trace"].endswith("ValueError: wrong\n")


def test_the_lines_of_a_trace_cannot_pass_for_events(pipe: Pipe) -> None:
    text_log(pipe).event("message", "error", trace="one\n2026-01-01T00:00:00.000Z info x")
    first, *rest = pipe.read().decode().splitlines()
    assert first.endswith("error   message")
    assert all(line.startswith("    | ") for line in rest)


# ------------------------------------------------------------------ when it is written


def test_lines_are_written_together_after_a_while(log: EventLog, pipe: Pipe) -> None:
    async def several() -> tuple[bytes, int]:
        for number in range(3):
            log.request({"number": number})
        before = pipe.read()
        await asyncio.sleep(FLUSH_SECONDS * 2)
        return before, len(pipe.events())

    assert asyncio.run(several()) == (b"", 3)


def test_a_warning_is_written_at_once_with_what_was_before_it(log: EventLog, pipe: Pipe) -> None:
    async def both() -> list[str]:
        log.request({"status": 200})
        log.event("worker-lost", "warning")
        return [event["event"] for event in pipe.events()]

    assert asyncio.run(both()) == ["request", "worker-lost"]


def test_many_lines_do_not_wait(log: EventLog, pipe: Pipe) -> None:
    async def many() -> int:
        for _ in range(FLUSH_BYTES // 100):
            log.request({"path": "x" * 100})
        return len(pipe.read())

    assert asyncio.run(many()) >= FLUSH_BYTES


def test_without_an_event_loop_nothing_waits(log: EventLog, pipe: Pipe) -> None:
    log.request({"status": 200})
    assert len(pipe.events()) == 1


def test_on_a_terminal_it_is_text_at_once() -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:

        async def one() -> bytes:
            open_log("auto", terminal).event("ready", port=80)
            return os.read(leader, 1000)

        assert asyncio.run(one()).rstrip().endswith(b"ready port=80")
    os.close(leader)


def test_what_waits_is_written_at_the_end_and_once(tmp_path: Path) -> None:
    script = """if True:
        import asyncio, os
        from smegraph.server.monitoring.logs import open_log
        async def main():
            log = open_log("json")
            log.request({"status": 200})
            child = os.fork()
            if child:
                os.waitpid(child, 0)
        asyncio.run(main())
    """
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=paths)
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["request"]


# ------------------------------------------------------------------ when it cannot be written


def test_a_reader_that_has_gone_harms_nobody(log: EventLog, pipe: Pipe) -> None:
    os.close(pipe.reading)
    log.event("worker-lost", "warning")
    log.event("worker-lost", "warning")
    assert log.dropped == 2


def test_a_closed_descriptor_harms_nobody(log: EventLog, pipe: Pipe) -> None:
    os.close(pipe.writing)
    log.event("worker-lost", "warning")
    assert log.dropped == 1


def test_a_full_disk_harms_nobody() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        log = EventLog(LineWriter(full.fileno()))
        log.event("worker-lost", "warning")
        assert log.dropped == 1


def test_a_reader_that_sleeps_stops_nobody_and_misses_the_excess(log: EventLog, pipe: Pipe) -> None:
    async def much() -> None:
        for _ in range(3 * BUFFER_BYTES // 1000):
            log.event("worker-lost", "warning", why="x" * 1000)

    asyncio.run(much())  # would never end if a full pipe were waited for
    assert log.dropped > 0
    received = 0
    while part := flushed(log, pipe):
        received += part.count(b"\n")
    assert received + log.dropped == 3 * BUFFER_BYTES // 1000


def test_no_stream_is_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert not open_log("json").enabled
    assert open_log("none").dropped == 0


@pytest.mark.timed
def test_a_line_takes_little_time(hold: Hold) -> None:
    log = EventLog(LineWriter(os.open(os.devnull, os.O_WRONLY)))

    fields = {
        "method": "GET", "path": "/sparql", "status": 200, "bytes": 2345, "client": "127.0.0.1",
        "operation": "query", "query": "0123456789abcdef", "rows": 12, "worker": 12345,
    }  # fmt: skip

    async def many() -> float:
        began = time.process_time()
        for _ in range(5000):
            log.request(dict(fields))
        return (time.process_time() - began) / 5000

    hold("a line of the log", asyncio.run(many()), 100e-6)
