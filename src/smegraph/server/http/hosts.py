"""The names that a request may ask for: a page of another name cannot read what is private here.

Such a page can have its own name lead to this machine (DNS rebinding). The browser then sees one
site, and the name in the Host header is all that tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from smegraph.server.http.problems import HttpProblem
from smegraph.server.http.rate_limit import EXEMPT
from smegraph.server.http.request_record import record_of

_MOST_KNOWN: Final = 256

Address = IPv4Address | IPv6Address


# Decision 058: docs/decisions/058-who-may-read.md
class OnlyHosts:
    """ASGI wrapper: answers 421 (RFC 9110 §15.5.20) to a request for another host than these.

    The addresses of this machine that a connection came to are always among them, and so is every
    loopback address. A probe (`/health`, `/ready`, `/metrics`) may ask for any IP address, and a
    request without a Host header is answered: no page of a browser can make either.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        """Wrap `app`; the hosts are names, IP addresses and wildcards such as `*.example.org`."""
        self._app, self._shown = app, [*hosts]
        self._names = frozenset(host for host in hosts if not host.startswith("*."))
        self._endings = tuple(host[1:] for host in hosts if host.startswith("*."))
        self._known: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        given = [value for name, value in scope["headers"] if name == b"host"]
        if all(not value or value in self._known or self._takes(value, scope) for value in given):
            await self._app(scope, receive, send)
            return
        record_of(scope).outcome = "wrong-host"
        await self._problem(host_of(given[0])).send(send, method=scope["method"])

    def _takes(self, value: bytes, scope: Scope) -> bool:
        host = host_of(value)
        address = _address(host)
        named = host in self._names or (address is None and host.endswith(self._endings))
        if named or (address is not None and address.is_loopback):
            if len(self._known) < _MOST_KNOWN:
                self._known.add(value)
            return True
        if address is None:
            return False
        local = scope.get("server") or ("",)
        return address == _address(str(local[0])) or scope["path"] in EXEMPT

    def _problem(self, host: str) -> HttpProblem:
        allowed = ", ".join(self._shown)
        return HttpProblem(
            "wrong-host",
            f"The request is for {host!r}, and this service answers for {allowed}. Who runs it "
            f"may add --allowed-host {host}, or name the address that clients see by --base-url.",
            host=host,
            allowed=self._shown,
        )


def host_of(value: bytes) -> str:
    """Return the host of a Host header, without port; of an IP address its shortest form.

    >>> host_of(b"Example.org.:8000"), host_of(b"[0:0::1]:80")
    ('example.org', '::1')
    """
    text = value.decode("latin-1").lower()
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    else:
        host = text.partition(":")[0].removesuffix(".")
    address = _address(host)
    return host if address is None else str(address)


def _address(host: str) -> Address | None:
    with suppress(ValueError):
        found = ip_address(host.partition("%")[0])
        return getattr(found, "ipv4_mapped", None) or found
    return None
