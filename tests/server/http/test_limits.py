"""The limits as the settings name them, and the table of connections."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from smegraph.server.http.limits import Connections, Limits
from smegraph.server.settings import Settings


@dataclass(eq=False)
class Connection:
    """A connection that notes when it is looked at."""

    loop: asyncio.AbstractEventLoop
    looked_at: list[float] = field(default_factory=list)

    def check(self, now: float) -> None:
        """Note it."""
        self.looked_at.append(now)


def shared(**settings: object) -> Connections:
    limits = Limits.of(Settings(**settings))  # type: ignore[arg-type]
    return Connections(limits, lambda status, kind, client: None)


def test_the_limits_are_those_of_the_settings() -> None:
    limits = Limits.of(Settings(url_limit=300, header_fields=17, body_timeout=2.5))
    assert (limits.url, limits.fields, limits.body_timeout) == (300, 17, 2.5)


@pytest.mark.parametrize(("timeout", "sweep"), [(0.4, 0.1), (100.0, 1.0)])
def test_the_shortest_time_says_how_often_is_looked(timeout: float, sweep: float) -> None:
    named = dict.fromkeys(("header_timeout", "body_timeout", "send_timeout"), 200.0)
    assert Limits.of(Settings(keep_alive=timeout, **named)).sweep == sweep  # type: ignore[arg-type]


def test_connections_are_taken_as_long_as_there_is_room() -> None:
    async def work() -> None:
        table, loop = shared(connections=2), asyncio.get_running_loop()
        first, second, third = (Connection(loop) for _ in range(3))
        assert [table.add(found) for found in (first, second, third)] == [True, True, False]
        table.discard(third)
        table.discard(first)
        assert table.add(Connection(loop))
        assert table.timer is not None
        table.timer.cancel()

    asyncio.run(work())


def test_as_many_as_are_open_may_linger_and_take_no_room() -> None:
    async def work() -> None:
        table, loop = shared(connections=1), asyncio.get_running_loop()
        first, second = Connection(loop), Connection(loop)
        table.add(first)
        assert table.linger(first)
        assert table.add(second)
        assert not table.linger(second)
        assert (table.open, table.lingering) == (set(), {first})
        table.discard(first)
        assert not table.lingering
        assert table.timer is not None
        table.timer.cancel()

    asyncio.run(work())


def test_every_connection_is_looked_at_until_there_is_none() -> None:
    async def work() -> None:
        table, loop = shared(keep_alive=0.004), asyncio.get_running_loop()
        first, second = Connection(loop), Connection(loop)
        table.add(first)
        table.add(second)
        table.linger(second)
        while len(first.looked_at) < 2 or len(second.looked_at) < 2:
            await asyncio.sleep(0.001)
        table.discard(first)
        table.discard(second)
        while table.timer is not None:
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(work(), 30))
