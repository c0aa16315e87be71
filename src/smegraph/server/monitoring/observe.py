"""Every request followed to its end: one line in the log, and the metrics."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smegraph.server.http.problems import HttpProblem, internal_error
from smegraph.server.http.request_record import KEY, RequestRecord
from smegraph.server.monitoring.logs import EventLog
from smegraph.server.monitoring.metrics import Metrics

_LONGEST: Final = 256


class _Exchange:
    """What is seen of one response as it is sent."""

    __slots__ = ("complete", "send_on", "sent", "start", "status")

    def __init__(self, send: Send) -> None:
        self.send_on = send
        self.start = perf_counter()
        self.status = 0
        self.sent = 0
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        elif message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send_on(message)

    def client_left(self) -> bool:
        """Say whether the response broke off with the client; yes where the server cannot tell."""
        cycle = getattr(self.send_on, "__self__", None)  # uvicorn's own state of the request
        left: bool = getattr(cycle, "disconnected", not self.complete)
        return left


# Decision 024: docs/decisions/024-front-process.md
class Observed:
    """Outermost ASGI wrapper: gives each request its record, then logs and counts what became.

    An error that the application lets out is answered as a problem without any of its text, and
    raised on, so that the server closes the connection.
    """

    def __init__(self, app: ASGIApp, log: EventLog, metrics: Metrics) -> None:
        """Wrap `app`."""
        self._app = app
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(send)
        record = scope[KEY] = RequestRecord()
        try:
            await self._app(scope, receive, exchange.send)
        except asyncio.CancelledError:  # The service is being stopped, and waits no longer.
            record.outcome = "stopping"
            if not exchange.status:
                problem = HttpProblem("stopping", _stopping(record))
                await problem.response()(scope, receive, exchange.send)
            raise
        except Exception as error:
            record.outcome = "broken" if exchange.status else "internal-error"
            problem = internal_error(error)
            if not exchange.status:
                await problem.response()(scope, receive, exchange.send)
            raise
        finally:
            seconds = perf_counter() - exchange.start
            if record.outcome == "ok":
                record.outcome = _outcome(exchange)
            # Afterwards, as what was sent leaves only at the end of the present task.
            loop = asyncio.get_running_loop()
            loop.call_soon(self._tell, scope, record, exchange, seconds)

    def refused(self, status: int, kind: str, client: str) -> None:
        """Log and count a request that was refused before it reached the application."""
        self._metrics.observe("protocol", status, 0.0, outcome=kind)
        told = {"status": status, "client": client, "operation": "protocol", "outcome": kind}
        self._log.request(told)

    def _tell(
        self, scope: Scope, record: RequestRecord, exchange: _Exchange, seconds: float
    ) -> None:
        self._metrics.observe(
            record.operation or "page",
            exchange.status,
            seconds,
            sent=exchange.sent,
            cache=record.cache,
            outcome=record.outcome,
        )
        if self._log.enabled:
            self._log.request(_fields(scope, record, exchange, seconds))


def _stopping(record: RequestRecord) -> str:
    if record.operation in ("update", "graph-store"):
        return "The service is being stopped. A query tells later whether this was carried out."
    return "The service is being stopped. Ask again later."


def _outcome(exchange: _Exchange) -> str:
    """Return what became of a request of which the application says nothing."""
    if exchange.client_left():
        return "client-gone"
    if not exchange.complete:
        return "broken"
    return "ok" if exchange.status < 400 else "refused" if exchange.status < 500 else "failed"


def _fields(
    scope: Scope, record: RequestRecord, exchange: _Exchange, seconds: float
) -> dict[str, object]:
    """Return what the log tells: never the text of a query, which may be private."""
    client: Any = scope.get("client")
    fields: dict[str, object] = {
        "method": scope["method"],
        "path": scope["path"][:_LONGEST],
        "status": exchange.status,
        "duration_ms": round(seconds * 1000, 3),
        "bytes": exchange.sent,
        "client": client[0] if client else "",
        "operation": record.operation or "page",
        "outcome": record.outcome,
    }
    if record.query:
        fields["query"] = record.query
        fields["cache"] = record.cache
        fields["worker"] = record.worker
    for name, value in scope["headers"]:
        if name == b"user-agent":
            fields["user_agent"] = value[:_LONGEST].decode("latin-1")
            break
    return fields
