"""One exchange over plain ASGI: what is sent, and a client that goes or takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from starlette.types import Message

from smegraph.server.http.errors import ClientGone
from smegraph.server.http.exchange import Exchange
from smegraph.server.http.request_record import RequestRecord

LARGE = bytes(range(256)) * 4096


class Client:
    """The other side: keeps what is sent, and goes when it is told to."""

    def __init__(self, *, takes: bool = True) -> None:
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self.taking = asyncio.Event()
        if takes:
            self.taking.set()

    async def send(self, message: Message) -> None:
        await self.taking.wait()
        self.messages.append(message)

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def exchange(self, method: str = "GET", send_timeout: float = 30.0) -> Exchange:
        scope = {"type": "http", "method": method}
        return Exchange(scope, self.receive, self.send, {}, RequestRecord(), send_timeout)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


def test_a_short_body_is_one_message_with_its_length() -> None:
    async def work() -> None:
        client = Client()
        await client.exchange().whole([(b"x-own", b"1")], b"abc")
        start, body = client.messages
        assert start["status"] == 200
        assert start["headers"] == [(b"x-own", b"1"), (b"content-length", b"3")]
        assert body == {"type": "http.response.body", "body": b"abc"}

    run(work())


def test_a_large_body_goes_in_pieces() -> None:
    async def work() -> None:
        client = Client()
        await client.exchange().whole([], LARGE)
        start, *parts = client.messages
        assert start["headers"] == [(b"content-length", b"%d" % len(LARGE))]
        assert client.body == LARGE
        assert all(len(part["body"]) <= 2**18 for part in parts)
        assert [part.get("more_body", False) for part in parts] == [True] * 4 + [False]

    run(work())


@pytest.mark.parametrize("body", [b"abc", LARGE])
def test_head_has_the_length_and_no_body(body: bytes) -> None:
    async def work() -> None:
        client = Client()
        exchange = client.exchange("HEAD")
        assert exchange.is_head
        await exchange.whole([], body)
        assert client.messages[0]["headers"] == [(b"content-length", b"%d" % len(body))]
        assert client.body == b""

    run(work())


def test_parts_are_sent_as_they_are() -> None:
    async def work() -> None:
        client = Client()
        exchange = client.exchange()
        await exchange.begin([])
        await exchange.put(b"ab")
        await exchange.put(b"c")
        await exchange.end()
        assert client.body == b"abc"
        assert [found.get("more_body") for found in client.messages] == [None, True, True, None]

    run(work())


def test_who_takes_nothing_in_time_has_gone() -> None:
    async def work() -> None:
        exchange = Client(takes=False).exchange(send_timeout=0.01)
        with pytest.raises(ClientGone):
            await exchange.put(b"ab")

    run(work())


def test_work_ends_when_its_client_goes() -> None:
    async def work() -> None:
        client = Client()
        asyncio.get_running_loop().call_later(0.05, client.gone.set)
        with pytest.raises(ClientGone), client.exchange().watch():
            await asyncio.Event().wait()

    run(work())


def test_work_that_is_done_is_not_disturbed_by_a_client_that_goes_later() -> None:
    async def work() -> None:
        client = Client()
        with client.exchange().watch():
            await asyncio.sleep(0.03)
        client.gone.set()
        await asyncio.sleep(0.03)

    run(work())


def test_an_error_of_the_work_is_its_own() -> None:
    async def work() -> None:
        with pytest.raises(ValueError, match="own"), Client().exchange().watch():
            raise ValueError("own")

    run(work())


def test_work_that_is_cancelled_from_outside_stays_cancelled() -> None:
    async def watched(client: Client) -> None:
        with client.exchange().watch():
            await asyncio.Event().wait()

    async def work() -> None:
        task = asyncio.create_task(watched(Client()))
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(work())
