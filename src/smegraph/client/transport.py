"""Requests to a service and its answers over HTTP: time, retries and every way to fail."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode

import httpx

from smegraph.client.errors import (
    BrokenTransfer,
    CannotConnect,
    ClientError,
    DeadlineExceeded,
    NotAuthorized,
    Unavailable,
    UnexpectedAnswer,
)
from smegraph.client.refusals import refusal
from smegraph.client.requests import Request
from smegraph.version import __version__

RETRIES: Final = 3
LONGEST_WAIT: Final = 10.0  # seconds before one retry

_LONGEST_GET: Final = 2000  # characters of a URL that every server and proxy takes
_TOKEN: Final = re.compile(r"[\w.~+/-]+=*", re.ASCII)
_CONNECT: Final = 10.0  # seconds
_IDLE: Final = 3.0  # seconds; servers keep idle connections for 5 s or more


class Reply:
    """The body of an answer as a parser reads it; it counts as broken unless it is whole."""

    def __init__(self, response: httpx.Response, deadline: float | None) -> None:
        """Take a response whose body is not read, and the moment (monotonic) when it must be."""
        self._parts = response.iter_bytes()
        self._deadline = deadline
        self._rest = b""
        self.status = response.status_code
        self.media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.address = str(response.url.copy_with(query=None))

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, none at the end."""
        while not self._rest:
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise DeadlineExceeded("The time was over before the answer was whole.")
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = part
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return taken

    def finish(self) -> None:
        """Read what is left, so that a broken transfer shows."""
        while self.read():
            pass


class HttpTransport:
    """Connections to services; they are kept open from one request to the next."""

    def __init__(self, *, token: str | None, timeout: float | None) -> None:
        """Take a bearer token for every request, and the seconds that an answer may take."""
        self._token, self._timeout = _checked(token), timeout
        self._client, self._process = _client(), os.getpid()

    @property
    def _http(self) -> httpx.Client:
        """The connections of this process: two that shared one would take each other's answers."""
        if self._process != os.getpid():
            closed, self._client, self._process = self._client.is_closed, _client(), os.getpid()
            if closed:
                self._client.close()
        return self._client

    @contextmanager
    def query(self, url: str, request: Request, accept: str) -> Iterator[Reply]:
        """Send a query; the answer is read inside of the `with` block.

        A service that is busy (503 or 429 with Retry-After in seconds) is asked again up to
        RETRIES times, when it asks to wait no longer than LONGEST_WAIT and the time allows it.
        """
        timeout = self._timeout if request.timeout is None else request.timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        for retries_left in reversed(range(RETRIES + 1)):
            with (
                _transfer(url, timeout),
                self._sent(self._query_request(url, request, accept, timeout)) as response,
            ):
                if response.is_success:
                    yield Reply(response, deadline)
                    return
                error = refusal(response)
            time.sleep(_wait(error, retries_left, deadline))

    def update(self, url: str, text: str, token: str | None, timeout: float | None) -> None:
        """Send an update once: whether it was carried out may not be known when this raises."""
        seconds = self._timeout if timeout is None else timeout
        sent = self._http.build_request(
            "POST",
            url,
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update", **self._headers(token)},
            timeout=httpx.Timeout(seconds, connect=_CONNECT),
        )
        with _transfer(url, seconds), self._sent(sent) as response:
            if not response.is_success:
                raise refusal(response)
            response.read()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _headers(self, token: str | None = None) -> dict[str, str]:
        found = _checked(token) or self._token
        return {"Authorization": f"Bearer {found}"} if found else {}

    def _query_request(
        self, url: str, request: Request, accept: str, timeout: float | None
    ) -> httpx.Request:
        """Return a GET, which caches can answer, or a POST of a form when it would be long."""
        form = urlencode(
            [
                ("query", request.text),
                *(("default-graph-uri", iri) for iri in request.graphs or ()),
                *(("named-graph-uri", iri) for iri in request.named_graphs or ()),
            ]
        )
        headers = {"Accept": accept, **self._headers()}
        time_limit = httpx.Timeout(timeout, connect=_CONNECT)
        address = f"{url}{'&' if '?' in url else '?'}{form}"
        if len(address) <= _LONGEST_GET:
            return self._http.build_request("GET", address, headers=headers, timeout=time_limit)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._http.build_request(
            "POST", url, content=form, headers=headers, timeout=time_limit
        )

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        """Send a request; only a GET follows to another address, as a POST may become a GET."""
        if self._http.is_closed:
            raise ClientError("This connection is closed.")
        response = self._http.send(request, stream=True, follow_redirects=request.method == "GET")
        try:
            yield response
        finally:
            response.close()


def _client() -> httpx.Client:
    return httpx.Client(
        limits=httpx.Limits(keepalive_expiry=_IDLE),
        headers={"User-Agent": f"smegraph/{__version__}"},
    )


def _checked(token: str | None) -> str | None:
    """Return a token without the line end of its file; the error never shows it."""
    found = token.strip() if token else None
    if found and not _TOKEN.fullmatch(found):
        raise NotAuthorized("The token has a character that no bearer token has (RFC 6750 §2.1).")
    return found


def _wait(error: ClientError, retries_left: int, deadline: float | None) -> float:
    """Return the seconds to wait before asking again; raise the error when that is no use."""
    seconds = error.retry_after if isinstance(error, Unavailable) else None
    if seconds is None or not retries_left or seconds > LONGEST_WAIT:
        raise error
    if deadline is not None and time.monotonic() + seconds > deadline:
        raise error
    return seconds


# What httpx raises, the most special first, as what it means for whoever asks.
_FAILURES: Final[Mapping[type[httpx.HTTPError], tuple[type[ClientError], str]]] = {
    httpx.ConnectTimeout: (Unavailable, "{url} cannot be reached: no answer in {connect:g} s."),
    httpx.TimeoutException: (DeadlineExceeded, "{url} gave no whole answer in {timeout:g} s."),
    httpx.ConnectError: (Unavailable, "{url} cannot be reached: {error}."),
    httpx.UnsupportedProtocol: (CannotConnect, "{url} is no address of a service: {error}"),
    httpx.TransportError: (
        BrokenTransfer,
        "{url} broke off: {error}. It may have met its limit of time or of size.",
    ),
    httpx.DecodingError: (BrokenTransfer, "{url} broke off, or packed its answer wrongly: {error}"),
    httpx.TooManyRedirects: (UnexpectedAnswer, "{url} leads round in a circle."),
}


@contextmanager
def _transfer(url: str, timeout: float | None) -> Iterator[None]:
    """Raise failures of the transfer and of parsing as errors of a client."""
    try:
        yield
    except httpx.InvalidURL as error:
        raise CannotConnect(f"{url} is no address: {error}.") from error
    except httpx.HTTPError as error:
        for kind, (meaning, sentence) in _FAILURES.items():
            if isinstance(error, kind):
                values = {"url": url, "timeout": timeout, "connect": _CONNECT, "error": str(error)}
                raise meaning(sentence.format(**values)) from error
        raise
    except SyntaxError as error:
        raise UnexpectedAnswer(
            f"{url} answers with what cannot be read to its end: {error}."
        ) from error
