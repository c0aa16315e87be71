"""How often a client may ask, and what it is told when it asks more often."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from smegraph.server.http.rate_limit import Buckets, RateLimited, client_of
from smegraph.server.http.request_record import KEY, RequestRecord


def test_so_many_at_once_and_then_one_for_each_interval() -> None:
    buckets = Buckets(10)
    taken = [buckets.wait("a", 100.0) for _ in range(20)]
    assert taken == [0.0] * 20
    assert buckets.wait("a", 100.0) == pytest.approx(0.1)
    assert buckets.wait("a", 100.1) == 0
    assert buckets.wait("a", 100.1) > 0
    assert buckets.wait("a", 200.0) == 0


def test_a_rate_below_one_is_kept() -> None:
    buckets = Buckets(0.1)
    assert buckets.wait("a", 0.0) == 0
    assert buckets.wait("a", 1.0) == pytest.approx(9)
    assert buckets.wait("a", 10.0) == 0


def test_refused_requests_cost_nothing() -> None:
    buckets = Buckets(1)
    for _ in range(100):
        buckets.wait("a", 0.0)
    assert buckets.wait("a", 1.0) == 0


def test_clients_do_not_take_from_each_other() -> None:
    buckets = Buckets(1)
    while not buckets.wait("a", 0.0):
        continue
    assert buckets.wait("b", 0.0) == 0


def test_the_table_of_clients_is_bounded() -> None:
    buckets = Buckets(1, most_clients=10)
    for number in range(100):
        buckets.wait(str(number), 0.0)
    assert len(buckets) == 10


@given(st.floats(0.1, 100), st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_never_more_than_the_burst_and_the_rate(rate: float, pauses: list[float]) -> None:
    buckets = Buckets(rate)
    now, taken = 1000.0, 0
    for pause in pauses:
        now += pause
        taken += buckets.wait("a", now) == 0
    assert taken <= max(2 * rate, 1) + rate * (now - 1000.0) + 1


@given(st.floats(0.1, 100), st.integers(1, 50))
def test_who_waits_as_told_is_let_in(rate: float, asked: int) -> None:
    buckets = Buckets(rate)
    now = 5.0
    for _ in range(asked):
        wait = buckets.wait("a", now)
        if wait:
            now += wait + 1e-6
            assert buckets.wait("a", now) == 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "2001:0db8:0000:0001"),
        ("2001:db8:0:1:ffff::2", "2001:0db8:0000:0001"),
        ("2001:db8:0:2::1", "2001:0db8:0000:0002"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
        ("no:address", "no:address"),
    ],
)
def test_an_address_stands_for_its_client(address: str, client: str) -> None:
    assert client_of({"client": (address, 1)}) == client


def test_without_an_address_all_are_one_client() -> None:
    assert client_of({}) == client_of({"client": None}) == ""


# ------------------------------------------------------------------ over ASGI


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def ask(app: Any, path: str = "/sparql", **scope: Any) -> list[Message]:
    """The messages of a response."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "method": "GET", "path": path, "client": ("192.0.2.1", 1),
             "headers": [], KEY: RequestRecord(), **scope}  # fmt: skip
    asyncio.run(app(given, nothing, send))
    return sent


def test_a_client_that_is_too_quick_is_told_when_to_come_back() -> None:
    app = RateLimited(fine, 0.01)
    assert ask(app)[0]["status"] == 200
    record = RequestRecord()
    start, body = ask(app, **{KEY: record})
    headers = dict(start["headers"])
    assert start["status"] == 429
    assert 1 <= int(headers[b"retry-after"]) <= 100
    assert headers[b"access-control-allow-origin"] == b"*"
    assert json.loads(body["body"])["type"].endswith("/rate-limited")
    assert record.outcome == "rate-limited"


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_who_watches_the_service_is_never_refused(path: str) -> None:
    app = RateLimited(fine, 0.001)
    assert [ask(app, path)[0]["status"] for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(("believed", "last"), [("192.0.2.1", 200), ("192.0.2.9", 429)])
def test_only_a_believed_proxy_may_name_the_client(believed: str, last: int) -> None:
    app = ProxyHeadersMiddleware(RateLimited(fine, 0.001), believed)  # type: ignore[arg-type]
    for name in (b"198.51.100.1", b"198.51.100.2"):
        status = ask(app, headers=[(b"x-forwarded-for", name)])[0]["status"]
    assert status == last
