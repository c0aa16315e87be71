"""The limits on what one client may ask of the service, and the connections that keep to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from smegraph.server.settings import Settings

Refused = Callable[[int, str, str], None]


class Checked(Protocol):
    """A connection that is looked at from time to time."""

    loop: asyncio.AbstractEventLoop

    def check(self, now: float) -> None:
        """End the connection when its client takes too long; `now` is the loop's time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may ask of the service; times in seconds, sizes in bytes."""

    url: int
    headers: int
    fields: int
    connections: int
    header_timeout: float
    body_timeout: float
    send_timeout: float
    keep_alive: float

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Return the limits that the settings name."""
        return cls(
            settings.url_limit,
            settings.header_limit,
            settings.header_fields,
            settings.connections,
            settings.header_timeout,
            settings.body_timeout,
            settings.send_timeout,
            settings.keep_alive,
        )

    @property
    def sweep(self) -> float:
        """The seconds between two looks at the connections."""
        shortest = min(self.header_timeout, self.body_timeout, self.send_timeout, self.keep_alive)
        return min(1.0, shortest / 4)


@dataclass(slots=True)
class Connections:
    """What the connections of one service share."""

    limits: Limits
    refused: Refused
    open: set[Checked] = field(default_factory=set)
    lingering: set[Checked] = field(default_factory=set)
    timer: asyncio.TimerHandle | None = None

    def add(self, connection: Checked) -> bool:
        """Take a connection; False when there is no room for it."""
        self.open.add(connection)
        if self.timer is None:
            self.timer = connection.loop.call_later(self.limits.sweep, self._sweep, connection.loop)
        return len(self.open) <= self.limits.connections

    def discard(self, connection: Checked) -> None:
        """Forget a connection."""
        self.open.discard(connection)
        self.lingering.discard(connection)

    def linger(self, connection: Checked) -> bool:
        """Let a refused connection wait for its client; False when too many wait."""
        self.open.discard(connection)
        if len(self.lingering) >= self.limits.connections:
            return False
        self.lingering.add(connection)
        return True

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what takes too long; one timer for all costs a request nothing."""
        now = loop.time()
        for connection in [*self.open, *self.lingering]:
            connection.check(now)
        more = self.open or self.lingering
        self.timer = loop.call_later(self.limits.sweep, self._sweep, loop) if more else None
