"""Write one line for each request and event to standard error, without ever waiting for it."""

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
from collections.abc import Iterator, MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog
from pydantic_core import to_json

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
    """Adds the time in UTC to an event; the part down to the second is made once a second."""

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

    def __call__(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Return the event with "time" and what it is in front."""
        return {"time": self.now(), "level": method, "event": event["event"], **event}


class _Sink:
    """What structlog calls with a rendered line."""

    def __init__(self, writer: LineWriter) -> None:
        self._writer = writer

    def info(self, line: str) -> None:
        self._writer.write(line)

    def error(self, line: str) -> None:
        self._writer.write(line, urgent=True)

    warning = error


class _Logger(structlog.BoundLoggerBase):
    """Renders an event by the processors and hands it to the sink's method for its level."""

    def emit(self, level: str, name: str, fields: dict[str, object]) -> None:
        self._proxy_to_logger(level, name, **fields)


class EventLog:
    """The log of the service."""

    def __init__(self, writer: LineWriter | None, form: Literal["json", "text"] = "json") -> None:
        """Write to a writer in a form; to none when there is no writer."""
        self._writer, self._form, self._clock = writer, form, Clock()
        processors: list[structlog.typing.Processor] = [self._clock, _RENDERERS[form]]
        self._logger = _Logger(_Sink(writer), processors, {}) if writer else None

    @property
    def enabled(self) -> bool:
        """Whether anything is written at all."""
        return self._logger is not None

    @property
    def dropped(self) -> int:
        """How many lines could not be written."""
        return self._writer.dropped if self._writer else 0

    def event(self, name: str, level: Level = "info", **fields: object) -> None:
        """Log that something happened; fields that are None are left out.

        Names are "start", "ready", "stop", "release-switched", "worker-lost", "worker-killed" …
        Warnings and errors are written at once.
        """
        if self._logger is not None:
            known = {key: value for key, value in fields.items() if value is not None}
            self._logger.emit(level, name, known)

    def request(self, fields: dict[str, object]) -> None:
        """Log one request by its fields; in JSON without the processors, as there are so many."""
        if self._writer is not None and self._form == "json":
            rest = to_json(fields).decode()[1:]
            head = f'{{"time":"{self._clock.now()}","level":"info","event":"request",'
            self._writer.write(head + rest)
        elif self._logger is not None:
            self._logger.emit("info", "request", fields)

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


_encode: Final = json.JSONEncoder(default=str, separators=(", ", ": ")).encode


def _as_json(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    return _encode(event)


def _as_text(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """Return an event as a line for people; nothing that a client sent can end or colour it."""
    head = f"{event.pop('time')} {event.pop('level'):7} {event.pop('event')}"
    trace = event.pop("trace", "")
    return "".join([head, *_pairs(event), *(f"\n    | {_safe(li)}" for li in trace.splitlines())])


def _pairs(event: MutableMapping[str, Any]) -> Iterator[str]:
    for key, value in event.items():
        text = _safe(str(value))
        yield f" {key}={_encode(text) if ' ' in text or not text else text}"


def _safe(text: str) -> str:
    """Return a text with what does not print written as an escape."""
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


_RENDERERS: Final = {"json": _as_json, "text": _as_text}
