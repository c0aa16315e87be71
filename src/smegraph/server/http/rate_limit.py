"""A limit on the requests of each client in a second, with the time to come back at."""

from __future__ import annotations

import math
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.request_record import record_of

# What watches the service must see it under any load.
EXEMPT: Final = frozenset({"/health", "/ready", "/metrics"})

_BURST_SECONDS: Final = 2.0
_MOST_CLIENTS: Final = 10_000


# Decision 034: docs/decisions/034-service-libraries.md
class Buckets:
    """A token bucket for each client, kept as the time at which it is full again.

    A bucket holds what two seconds bring, and at least one token. The table is bounded: the
    client that has been away longest is forgotten first, which can only favour it.
    """

    def __init__(self, rate: float, most_clients: int = _MOST_CLIENTS) -> None:
        """Take the tokens that a bucket gets each second."""
        self._interval = 1.0 / rate
        self._depth = max(_BURST_SECONDS, self._interval)
        self._most = most_clients
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Return how many clients are known."""
        return len(self._full_at)

    def wait(self, client: str, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        full_at = max(self._full_at.pop(client, 0.0), now)
        excess = full_at + self._interval - now - self._depth
        # Put back at the end: the order of a dict is then the order of the last requests.
        self._full_at[client] = full_at if excess > 1e-9 else full_at + self._interval
        if len(self._full_at) > self._most:
            del self._full_at[next(iter(self._full_at))]
        return max(0.0, excess) if excess > 1e-9 else 0.0


class RateLimited:
    """ASGI wrapper: answers 429 with Retry-After (RFC 6585 §4) to a client that is too quick.

    The client is `scope["client"]`: the peer, or whom a believed proxy names; an IPv6 network of
    64 bits is one client, as one customer gets at least that much.
    """

    def __init__(self, app: ASGIApp, rate: float) -> None:
        """Wrap `app`; the rate is in requests per second."""
        self._app = app
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            await self._app(scope, receive, send)
            return
        wait = self._buckets.wait(client_of(scope), monotonic())
        if not wait:
            await self._app(scope, receive, send)
            return
        record_of(scope).outcome = "rate-limited"
        seconds = math.ceil(wait)
        problem = HttpProblem(
            "rate-limited",
            f"Too many requests come from this address. Ask again in {seconds} s.",
            headers={"Retry-After": str(seconds)},
        )
        await problem.response()(scope, receive, send)


def client_of(scope: Scope) -> str:
    """Return the name by which a client is limited: its IPv4 address, or its IPv6 network."""
    peer = scope.get("client")
    if not peer:
        return ""
    host = str(peer[0])
    if ":" not in host:
        return host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return address.exploded[:19]
