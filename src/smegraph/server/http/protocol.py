"""HTTP/1.1 with limits on what a client may send, and on how long it may take."""

from __future__ import annotations

import asyncio
import math
import re
import resource
from functools import lru_cache
from typing import Any, Final

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from smegraph.server.addresses import ANY
from smegraph.server.http.body import BYTES_PER_SECOND
from smegraph.server.http.cross_origin import closed
from smegraph.server.http.limits import Connections, Limits, Refused
from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.response_writer import CoalescingCycle
from smegraph.server.settings import Settings

# Seconds for which a refused client may go on sending, so that it reads the refusal before the
# connection is reset (RFC 9112 §9.6).
_LINGER: Final = 2.0

# What a client may send after the response before its connection is closed.
_LATE_BODY: Final = 2**20

_LATE_SECONDS: Final = 5.0
_PIPELINED: Final = 64
# What the parser refuses of this is the method, since it knows some only.
_REQUEST_LINE: Final = re.compile(
    rb"(?!(?:PRI|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) )"
    rb"[!#$%&'*+.^_`|~\w-]+ /\S* HTTP/1\.[01]\r?\n",
    re.ASCII,
)
_INVALID_METHOD: Final = httptools.HttpParserInvalidMethodError
_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_HOST: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::(\d{0,5}))?", re.ASCII
)
_BACKLOG: Final = 2048


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits; a subclass for each service sets `shared`.

    What is malformed or too large is answered with a problem, after the responses that are due
    before it; then the connection is closed.
    """

    shared: Connections
    limits: Limits
    is_open = True  # whether pages of any site may read a refusal

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_since: float | None = None  # None: no request's head is being read
        self._head_fed = self._header_size = 0
        self._body_size = 0
        self._body_waited = 0.0
        self._idle_since = 0.0
        self._earlier: list[RequestResponseCycle] = []  # of a pipeline: all but the newest
        self._refusal: HttpProblem | None = None
        self._deaf_since: float | None = None  # from then on, what comes is thrown away
        self._checked = 0.0
        self._unsent = 0
        self._unsent_since = 0.0

    # ------------------------------------------------------------------ connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since = self._checked = self.loop.time()
        if not self.shared.add(self):
            self._refuse(
                HttpProblem(
                    "overloaded",
                    "Too many connections are open. Ask again in 1 s.",
                    headers={"Retry-After": "1"},
                )
            )

    def connection_lost(self, exc: Exception | None) -> None:
        self.shared.discard(self)
        self._unset_keepalive_if_required()
        super().connection_lost(exc)  # It tells the newest request alone.
        for cycle in self._earlier:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._deaf_since is not None:
            return
        self._unset_keepalive_if_required()
        if self._head_since is not None:
            self._head_fed += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            if self._is_late():
                self._linger()
            elif isinstance(error, _INVALID_METHOD) and _REQUEST_LINE.match(data):
                detail = f"There is no such method; some addresses take {_METHODS}."
                self._refuse(HttpProblem("method-not-allowed", detail, headers={"Allow": _METHODS}))
            else:
                self._refuse(self._refusal or HttpProblem("refused", _malformed(error)))
        else:
            limits = self.limits
            if self._head_fed > limits.url + limits.headers and self._head_since is not None:
                self._refuse(_headers_too_large(limits))

    def _feed(self, data: bytes) -> None:
        """Parse; an upgrade to another protocol is not taken up (RFC 9110 §7.8).

        The parser takes the body of a request that offers one for the other protocol. Java's
        client offers HTTP/2 with every first request, so the request is read again without it.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            else:
                return

    def _without_upgrade(self) -> bytes:
        """Return the head of the request that was read, as it would be without an upgrade."""
        lines = [b"%s %s HTTP/1.1\r\n" % (self.parser.get_method(), self.url)]
        for name, value in self.headers:
            if name == b"connection":
                tokens = (token.strip() for token in value.split(b","))
                value = b", ".join(token for token in tokens if token.lower() != b"upgrade")
            if name != b"upgrade":
                lines.append(b"%s: %s\r\n" % (name, value))
        return b"".join(lines) + b"\r\n"

    # ------------------------------------------------------------------ parser

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()
        self._head_fed = self._header_size = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        limit = self.limits.url
        if len(self.url) > limit:
            detail = f"The address has more than {limit} bytes. Send the query by POST."
            self._stop(HttpProblem("uri-too-long", detail))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_size += len(name) + len(value) + 4
        if self._header_size > self.limits.headers:
            self._stop(_headers_too_large(self.limits))
        if self._head_since is None:
            return  # It is a trailer, and the headers stay as they are.
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if len(self.headers) > self.limits.fields:
            self._stop(_headers_too_large(self.limits))
        old = self.parser.get_http_version() == "1.0"
        self._check_fields(old)
        if old:
            self.expect_100_continue = False  # RFC 9110 §10.1.1
        if len(self.pipeline) >= _PIPELINED:
            self._stop(HttpProblem("refused", f"More than {_PIPELINED} requests are sent ahead."))
        if not self.url.startswith(b"/"):
            self._take_target()
        if self.parser.should_upgrade():
            return  # it comes again
        self._head_since = None
        self._body_size, self._body_waited = 0, 0.0
        if self._is_answering():
            unanswered = (cycle for cycle in self._earlier if not cycle.response_complete)
            self._earlier = [*unanswered, self.cycle]
        super().on_headers_complete()  # It makes the cycle, and starts it only after we return.
        self.cycle.__class__ = CoalescingCycle
        if self.expect_100_continue:
            # A client that is answered before it sent its body may leave it out, and what comes
            # next would be read as that body.
            self.cycle.keep_alive = False

    def _check_fields(self, old: bool) -> None:
        """Check what routes and frames a request; HTTP/1.0 (`old`) knew no Host."""
        hosts = 0
        for number, (name, value) in enumerate(self.headers):
            if name == b"host":
                hosts += 1
                if not _is_host(value):
                    self._stop(
                        HttpProblem("refused", "The Host header names no host (RFC 9112 §3.2).")
                    )
                if value != value.lower():  # RFC 3986 §6.2.2.1
                    self.headers[number] = (name, value.lower())
            elif name == b"transfer-encoding" and value.strip().lower() != b"chunked":
                self._stop(
                    HttpProblem("unknown-transfer-coding", "The body may be chunked, no more.")
                )
        if hosts != 1 and (hosts or not old):
            self._stop(HttpProblem("refused", "The request must have one Host header."))

    def _take_target(self) -> None:
        """Take a whole address for the path and the host, an asterisk for the root (§3.2)."""
        if self.url == b"*":
            self.url = b"/"
            return
        parsed = httptools.parse_url(self.url)
        self.url = (parsed.path or b"/") + (b"?" + parsed.query if parsed.query else b"")
        if parsed.host:
            named = b"[%b]" % parsed.host if b":" in parsed.host else parsed.host
            host = (b"%b:%d" % (named, parsed.port) if parsed.port else named).lower()
            others = [field for field in self.headers if field[0] != b"host"]
            self.headers[:] = [*others, (b"host", host)]

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        super().on_body(body)
        if self._is_late():
            raise ValueError("A body goes on after its response.")

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self.cycle.more_body = False
        self._idle_since = self.loop.time()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._idle_since = self.loop.time()
        if self._refusal is not None and not self._is_answering():
            self._answer_refusal(self._refusal)

    def _stop(self, problem: HttpProblem) -> None:
        """End parsing inside a callback of the parser."""
        self._refusal = problem
        raise ValueError(problem.detail)

    # ------------------------------------------------------------------ refusing

    @property
    def _latest(self) -> RequestResponseCycle | None:
        """The request that was read last; None before the first."""
        return self.cycle

    def _is_late(self) -> bool:
        """Say whether a client goes on with a long body although it has its response."""
        cycle = self._latest
        done = cycle is not None and cycle.response_complete and cycle.more_body
        return done and self._body_size > _LATE_BODY

    def _is_answering(self) -> bool:
        return self._latest is not None and not self._latest.response_complete

    def _refuse(self, problem: HttpProblem) -> None:
        """Answer a request that never reaches the application, in its turn."""
        self._refusal = problem
        self._deaf_since = self.loop.time()
        if not self._is_answering():
            self._answer_refusal(problem)
        elif self.cycle.more_body:
            self._break_off(problem)

    def _break_off(self, problem: HttpProblem) -> None:
        """End the request whose body is broken: the application learns that the client left."""
        if self.cycle.response_started or self.pipeline:
            self.transport.abort()
            return
        self.cycle.disconnected = True
        self._answer_refusal(problem)
        self.cycle.message_event.set()

    def _answer_refusal(self, problem: HttpProblem) -> None:
        if self.transport.is_closing():
            return
        response = problem.response()
        own = response.raw_headers if self.is_open else closed(response.raw_headers)
        headers = [*self.server_state.default_headers, *own]
        lines = [b"%s: %s\r\n" % header for header in headers]
        head = STATUS_LINE[response.status_code] + b"".join(lines) + b"connection: close\r\n\r\n"
        self.transport.write(head + bytes(response.body))
        client = self.client[0] if self.client else ""
        self.shared.refused(response.status_code, problem.kind, client)
        self._linger()

    def _linger(self) -> None:
        """Close after what is written, reading on so that the client is not cut off."""
        if self.transport.is_closing():
            return
        self._deaf_since = self.loop.time()
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.shared.linger(self) and self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()

    # ------------------------------------------------------------------ time

    def check(self, now: float) -> None:
        """End the connection when its client takes too long at what it does."""
        elapsed, self._checked = now - self._checked, now
        if self.transport.is_closing():
            self._check_sending(now)
        elif self in self.shared.lingering:
            if now - (self._deaf_since or 0.0) > _LINGER:
                self.transport.abort()
        elif self._is_answering():
            self._check_sending(now)
            self._check_body(elapsed)
        elif self._latest is not None and self._latest.more_body:
            if now - self._idle_since > _LATE_SECONDS:
                self._linger()
        elif self._head_since is not None:
            self._check_head(now)
        elif now - self._idle_since > self.limits.keep_alive + 1:
            self.transport.close()

    def _check_head(self, now: float) -> None:
        seconds = self.limits.header_timeout
        if now - (self._head_since or now) <= seconds:
            return
        if self.headers is None:
            self.transport.close()  # nothing was asked, so nothing is answered
        else:
            self._refuse(
                HttpProblem("request-timeout", f"The headers did not come within {seconds:g} s.")
            )

    def _check_body(self, elapsed: float) -> None:
        if not self.cycle.more_body or self.flow.read_paused or self._deaf_since is not None:
            return
        self._body_waited += elapsed
        allowed = self.limits.body_timeout + self._body_size / BYTES_PER_SECOND
        if self._body_waited > allowed:
            self._refuse(HttpProblem("request-timeout", "The body of the request came too slowly."))

    def _check_sending(self, now: float) -> None:
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, now
        elif now - self._unsent_since > self.limits.send_timeout:
            self.transport.abort()


def _headers_too_large(limits: Limits) -> HttpProblem:
    return HttpProblem(
        "headers-too-large",
        f"The headers have more than {limits.headers} bytes or {limits.fields} fields.",
    )


def _malformed(error: httptools.HttpParserError) -> str:
    """Return what is wrong with a request; the parser's own words are fixed texts."""
    if isinstance(error, httptools.HttpParserCallbackError):
        return "The address of the request is malformed."
    return f"The request is malformed: {error}."


@lru_cache(maxsize=64)
def _is_host(value: bytes) -> bool:
    """Say whether a value is a host with an optional port (RFC 9110 §7.2, RFC 3986 §3.2.2)."""
    found = _HOST.fullmatch(value)
    return found is not None and int(found[1] or 0) < 2**16


def _nobody(status: int, kind: str, client: str) -> None:
    """Tell nobody of a refused request."""


def uvicorn_config(app: ASGIApp, settings: Settings, refused: Refused = _nobody) -> uvicorn.Config:
    """Return how uvicorn serves an application within the limits of the settings.

    `refused` is told of every request that never reaches the application: its status, the kind of
    problem, and the client's address. The log is left to `logs.open_log`.
    """
    limits = Limits.of(settings)
    shared = Connections(limits, refused)
    is_open = ANY in settings.effective().cors_origin
    own = {"shared": shared, "limits": limits, "is_open": is_open}
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=type("LimitedProtocol", (LimitedProtocol,), own),
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarded_allow_ips),
        forwarded_allow_ips=list(settings.forwarded_allow_ips),
        backlog=_BACKLOG,
        timeout_keep_alive=math.ceil(settings.keep_alive),
        timeout_graceful_shutdown=math.ceil(settings.stop_timeout),
    )


def allow_files(connections: int) -> int:
    """Raise this process's limit of open files as far as so many connections need, and return it.

    Without room for them the service could not accept the connections that it then refuses.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * connections + 256
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return max(soft, needed)
