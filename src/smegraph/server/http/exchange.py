"""One HTTP exchange over plain ASGI: what is sent, and the client that may go meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from smegraph.server.http.errors import ClientGone
from smegraph.server.http.fields import Fields
from smegraph.server.http.headers import RawHeader
from smegraph.server.http.request_record import RequestRecord

_PIECE: Final = 256 * 1024  # As much of a body as the transport is given at once.
_WATCH_AFTER: Final = 0.02


@dataclass(slots=True)
class Exchange:
    """A request and the way back.

    Attributes:
        send_timeout: seconds that the client may take nothing of what is sent.
    """

    scope: Scope
    receive: Receive
    send: Send
    fields: Fields
    record: RequestRecord
    send_timeout: float

    @property
    def is_head(self) -> bool:
        """Whether the client wants no body."""
        return bool(self.scope["method"] == "HEAD")

    def watch(self) -> ClientWatch:
        """Return what ends the work within `with` when the client goes away."""
        return ClientWatch(self.receive)

    async def begin(self, headers: list[RawHeader]) -> None:
        """Send the head of a response with the status 200."""
        await self._put({"type": "http.response.start", "status": 200, "headers": headers})

    async def put(self, part: bytes) -> None:
        """Send a part of the body; raises ClientGone when the client does not take it in time."""
        await self._put({"type": "http.response.body", "body": part, "more_body": True})

    async def end(self) -> None:
        """Send the end of the body."""
        await self._put({"type": "http.response.body", "body": b""})

    async def whole(self, headers: list[RawHeader], body: bytes) -> None:
        """Send a response with the status 200, its length and its body, for HEAD without that.

        A large body goes in pieces, so that no buffer of a slow client holds it whole.
        """
        headers.append((b"content-length", b"%d" % len(body)))
        if self.is_head:
            body = b""
        if len(body) <= _PIECE:
            # The server takes what is small at once; should it not, as earlier answers are unread,
            # the HTTP layer ends the connection after the same time.
            await self.send({"type": "http.response.start", "status": 200, "headers": headers})
            await self.send({"type": "http.response.body", "body": body})
            return
        await self.begin(headers)
        for start in range(0, len(body), _PIECE):
            await self.put(body[start : start + _PIECE])
        await self.end()

    async def _put(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self.send_timeout):
                await self.send(message)
        except TimeoutError as error:
            raise ClientGone from error


class ClientWatch:
    """A context in which the work is cancelled when the client goes away; it raises ClientGone.

    The watching begins after a moment, so that what is quick pays nothing for it. Nothing else may
    receive, and the response may not be finished, within the context.
    """

    __slots__ = ("_gone", "_receive", "_timer", "_watched", "_watcher")

    def __init__(self, receive: Receive) -> None:
        """Take what tells of the client."""
        self._receive = receive
        self._gone = False
        self._watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._watched = asyncio.current_task()
        assert self._watched is not None  # A coroutine always runs in a task.
        # To ask for the running loop is a system call (getpid) up to Python 3.11.
        self._timer = self._watched.get_loop().call_later(_WATCH_AFTER, self._start)

    def _start(self) -> None:
        assert self._watched is not None
        self._watcher = self._watched.get_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        assert self._watched is not None
        self._watched.cancel()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._gone and self._watched is not None and self._watched.uncancel() == 0:
            raise ClientGone from error
