"""The log: a line on standard error for each request and event, which nobody ever waits for."""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import select
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, TextIO

from pydantic_core import PydanticSerializationError, to_json

LogFormat = Literal["auto", "json", "text", "none"]
Level = Literal["info", "warning", "error"]

FLUSH_SECONDS: Final = 0.2
FLUSH_BYTES: Final = 32 * 2**10
BUFFER_BYTES: Final = 2**20

# A pipe that poll(2) calls writable takes this many bytes without blocking (POSIX PIPE_BUF).
_ATOMIC: Final = select.PIPE_BUF

# What uvicorn says of what `Observed` has logged: an error, an answer that is broken off.
_TOLD: Final = (
    "Exception in ASGI application",
    "ASGI callable returned without completing response",
    "Cancel ",  # what runs when the time to stop is over
)

_HEAD: Final = frozenset({"time", "level", "event"})
_LEVELS: Final = ((logging.ERROR, "error"), (logging.WARNING, "warning"), (logging.NOTSET, "info"))


class LineWriter:
    """Collects lines and writes them when there are many, or after a while, or when told.

    What cannot be written (no reader, full disk, a reader that is too slow) is dropped and
    counted; writing neither raises nor blocks. Lines may come from any thread.
    """

    def __init__(self, descriptor: int, *, prompt: bool = False) -> None:
        """Write to a file descriptor; `prompt` writes every line at once, as a terminal needs."""
        self._descriptor = descriptor
        self._prompt = prompt
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self._lines: deque[str] = deque()
        self._size = 0  # of the lines
        self._rest = b""  # what was taken from them and is not written yet
        self._lock = threading.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self.dropped = 0

    def write(self, line: str, *, urgent: bool = False) -> None:
        """Take a line without its end."""
        if self._size > BUFFER_BYTES:
            self.dropped += 1
            self._flush_later()
            return
        self._lines.append(line)
        self._size += len(line) + 1
        if urgent or self._prompt or (self._size > FLUSH_BYTES and not self._rest):
            self.flush()
        elif self._timer is None:
            self._flush_later()

    def flush(self, patience: float = 0.0) -> None:
        """Write what is there as far as it is taken; wait that many seconds for a slow reader."""
        # Whoever holds the lock may be this very thread, in a signal's handler; it need not wait.
        if self._lock.acquire(blocking=False):
            try:
                self._write_all(time.monotonic() + patience)
            finally:
                self._lock.release()
        if self._rest:
            self._flush_later()

    def _write_all(self, until: float) -> None:
        self._write_rest(until)
        if self._lines and not self._rest:
            taken = [self._lines.popleft() for _ in range(len(self._lines))]
            self._size = 0
            self._rest = "".join(f"{line}\n" for line in taken).encode("utf-8", "replace")
            self._write_rest(until)

    def _write_rest(self, until: float) -> None:
        waiting, sent = self._rest, 0
        try:
            while sent < len(waiting) and self._is_writable(until):
                sent += os.write(self._descriptor, waiting[sent : sent + _ATOMIC])
        except OSError:
            self.dropped += waiting.count(b"\n", sent)
            self._rest = b""
        else:
            self._rest = waiting[sent:]

    def forget(self) -> None:
        """Drop what is waiting, in a forked process: its parent writes it."""
        self._lock = threading.Lock()
        self._lines.clear()
        self._size, self._rest, self._timer = 0, b"", None

    def _is_writable(self, until: float) -> bool:
        wait = max(0.0, until - time.monotonic())
        return bool(self._poll.poll(wait * 1000))

    def _flush_later(self) -> None:
        """Arrange for the next flush, where there is an event loop; at once where there is none."""
        if self._timer is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            if not self._rest:
                self.flush()
            return
        self._timer = loop.call_later(FLUSH_SECONDS, self._flush_by_timer)

    def _flush_by_timer(self) -> None:
        self._timer = None
        self.flush()


class Clock:
    """The time in UTC as text; the part down to the second is made once a second."""

    def __init__(self) -> None:
        """Start with no second."""
        self._second = -1
        self._start = ""

    def now(self) -> str:
        """Return the time (RFC 3339 §5.6)."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._start = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second))
        return f"{self._start}{int((now - second) * 1000):03d}Z"


class EventLog:
    """The log of the service."""

    def __init__(self, writer: LineWriter | None, form: Literal["json", "text"] = "json") -> None:
        """Write to a writer in a form; to none when there is no writer."""
        self._writer, self._render, self._clock = writer, _RENDERERS[form], Clock()

    @property
    def enabled(self) -> bool:
        """Whether anything is written at all."""
        return self._writer is not None

    @property
    def dropped(self) -> int:
        """The number of lines that could not be written."""
        return self._writer.dropped if self._writer else 0

    def event(self, name: str, level: Level = "info", **fields: object) -> None:
        """Log that something happened; fields that are None are left out.

        Names are "start", "ready", "stop", "release-switched", "worker-lost", "worker-killed" …
        Warnings and errors are written at once.
        """
        known = {key: value for key, value in fields.items() if value is not None}
        self._write(level, name, known)

    def request(self, fields: Mapping[str, object]) -> None:
        """Log one request by its fields."""
        self._write("info", "request", fields)

    def _write(self, level: Level, name: str, fields: Mapping[str, object]) -> None:
        if self._writer is not None:
            event = {"time": self._clock.now(), "level": level, "event": name, **fields}
            self._writer.write(self._render(event), urgent=level != "info")

    def flush(self, patience: float = 0.0) -> None:
        """Write what is waiting; wait that many seconds for a slow reader."""
        if self._writer:
            self._writer.flush(patience)


def open_log(form: LogFormat = "auto", stream: TextIO | None = None) -> EventLog:
    """Return the log on a stream (standard error), and send what libraries log there too.

    What is waiting is written when the process ends. A stream that is closed counts as no log.
    """
    stream = sys.stderr if stream is None else stream
    try:
        descriptor = stream.fileno()
        terminal = stream.isatty()
    except (AttributeError, ValueError, OSError):
        form, descriptor, terminal = "none", -1, False
    if form == "none":
        log = EventLog(None)
    else:
        writer = LineWriter(descriptor, prompt=terminal)
        by_stream: Literal["json", "text"] = "text" if terminal else "json"
        log = EventLog(writer, by_stream if form == "auto" else form)
        atexit.register(log.flush, 1.0)
        os.register_at_fork(after_in_child=writer.forget)
    logging.basicConfig(handlers=[LibraryHandler(log)], level=logging.WARNING, force=True)
    return log


class LibraryHandler(logging.Handler):
    """Hands the standard library's log records (uvicorn's, asyncio's, ours) to the log."""

    def __init__(self, log: EventLog) -> None:
        """Take the log."""
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record as the event "message", with the trace when there is one."""
        if record.name == "uvicorn.error" and str(record.msg).startswith(_TOLD):
            return
        level: Any = next(name for floor, name in _LEVELS if record.levelno >= floor)
        trace = record.exc_info and "".join(traceback.format_exception(*record.exc_info))
        self._log.event(
            "message", level, logger=record.name, message=record.getMessage(), trace=trace or None
        )


def _as_json(event: Mapping[str, object]) -> str:
    """Return an event as JSON in ASCII, so that no character of a client's means anything."""
    try:
        return to_json(event, ensure_ascii=True, fallback=str).decode()
    except PydanticSerializationError:  # A lone surrogate, as the name of a file may have.
        return json.dumps(event, default=str)


def _as_text(event: Mapping[str, object]) -> str:
    """Return an event as a line for people; nothing that a client sent can end or colour it."""
    rest = {key: value for key, value in event.items() if key not in _HEAD}
    trace = str(rest.pop("trace", ""))
    head = f"{event['time']} {event['level']:7} {event['event']}"
    return "".join([head, *_pairs(rest), *(f"\n    | {_safe(li)}" for li in trace.splitlines())])


def _pairs(fields: Mapping[str, object]) -> Iterator[str]:
    for key, value in fields.items():
        text = _safe(str(value))
        yield f" {key}={json.dumps(text) if ' ' in text or not text else text}"


def _safe(text: str) -> str:
    """Return a text with what does not print written as an escape."""
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


_RENDERERS: Final[Mapping[str, Callable[[Mapping[str, object]], str]]] = {
    "json": _as_json,
    "text": _as_text,
}
