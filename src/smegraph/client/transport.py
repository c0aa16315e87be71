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
    IncompleteAnswer,
    LimitExceeded,
    NotAuthorized,
    Unavailable,
    UnexpectedAnswer,
)
from smegraph.client.redirects import (
    MOST_REDIRECTS,
    SEE_OTHER,
    endpoint_of,
    holds_query,
    same_origin,
    target_of,
)
from smegraph.client.refusals import refusal
from smegraph.client.requests import Request
from smegraph.client.wholeness import check_whole, most_rows
from smegraph.results.hint_field import FIELD, decode_hints
from smegraph.version import __version__

RETRIES: Final = 3
LONGEST_WAIT: Final = 10.0  # seconds before one retry

_LONGEST_GET: Final = 2000  # characters of a URL that every server and proxy takes
_TOKEN: Final = re.compile(r"[\w.~+/-]+=*", re.ASCII)
_CONNECT: Final = 10.0  # seconds
_ACCEPTED: Final = 202
_IDLE: Final = 3.0  # seconds; servers keep idle connections for 5 s or more


class Reply:
    """The body of an answer as a parser reads it; it counts as broken unless it is whole."""

    def __init__(
        self, response: httpx.Response, address: str, deadline: float | None, limit: int | None
    ) -> None:
        """Take a response whose body is not read, and the moment (monotonic) when it must be.

        `address` is that of the endpoint; `limit` is how many bytes the body may have.
        """
        self._parts = response.iter_bytes()
        self._deadline = deadline
        self._rest = b""
        self._limit, self._read = limit, 0
        self.has_end = {"content-length", "transfer-encoding"} & {*response.headers} != set()
        self.status = response.status_code
        self.media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.address = address
        self.most_rows = most_rows(response)
        self.hints = decode_hints(response.headers.get(FIELD, ""))

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, none at the end."""
        while not self._rest:
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise DeadlineExceeded("The time was over before the answer was whole.")
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = part
            self._read += len(part)
            if self._limit is not None and self._read > self._limit:
                raise LimitExceeded(f"The answer has more than {self._limit} bytes.")
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return taken

    def whole(self) -> bytes:
        """Return all that is left; what breaks off raises."""
        return b"".join(iter(self.read, b""))


class HttpTransport:
    """Connections to services; they are kept open from one request to the next."""

    def __init__(
        self,
        *,
        home: str,
        token: str | None,
        timeout: float | None,
        redirects: int = MOST_REDIRECTS,
        limit: int | None = None,
        posted: bool = False,
    ) -> None:
        """Take a bearer token for every request, and the seconds that an answer may take.

        The token goes to the origin of `home`, and to no other. A query follows up to so many
        `redirects` from one address to the next. An answer may have up to `limit` bytes. With
        `posted` each query is a POST of a form (SPARQL 1.1 Protocol §2.1.2), however short it is.
        """
        self._home, self._token, self._timeout = home, _checked(token), timeout
        self._redirects, self._limit, self._posted = redirects, limit, posted
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

        It goes on to where it is sent, but for the token, which stays at its origin. A service that
        is busy (503 or 429 with Retry-After in seconds) is asked again up to RETRIES
        times, when it asks to wait no longer than LONGEST_WAIT and the time allows it.
        """
        timeout = self._timeout if request.timeout is None else request.timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        for retries_left in reversed(range(RETRIES + 1)):
            with (
                _transfer(url, timeout),
                self._followed(url, request, accept, timeout) as (response, endpoint),
            ):
                if response.is_success:
                    check_whole(response)
                    yield Reply(response, endpoint, deadline, self._limit)
                    return
                error = self._refusal(response)
            time.sleep(_wait(error, retries_left, deadline))

    def _refusal(self, response: httpx.Response) -> ClientError:
        """Return why there is no answer; where it is for want of our token, also why."""
        error, url = refusal(response), str(response.url).partition("?")[0]
        if not isinstance(error, NotAuthorized) or not self._token or self._is_home(url):
            return error
        return NotAuthorized(
            f"{error} {url} is of another origin than {self._home}, so it did not get the token.",
            kind=error.kind,
            status=error.status,
            members=error.members,
        )

    # Decision 054: docs/decisions/054-answers-of-other-services.md
    def update(self, url: str, text: str, token: str | None, timeout: float | None) -> None:
        """Send an update once: whether it was carried out may not be known when this raises."""
        seconds = self._timeout if timeout is None else timeout
        sent = self._http.build_request(
            "POST",
            url,
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update", **self._headers(url, token)},
            timeout=_limits(seconds),
        )
        with _transfer(url, seconds), self._sent(sent) as response:
            if target := target_of(response):
                raise UnexpectedAnswer(
                    f"{url} answers {response.status_code}: it has moved to {target}. An update is "
                    "not sent on; connect to that address if it is the right one.",
                    status=response.status_code,
                    members={"location": target},
                )
            if not response.is_success:
                raise refusal(response)
            if response.status_code == _ACCEPTED:
                raise IncompleteAnswer(
                    f"{url} has taken the update and answers 202: it is not carried out yet.",
                    status=_ACCEPTED,
                )
            response.read()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _headers(self, url: str, token: str | None = None) -> dict[str, str]:
        found = _checked(token) or self._token
        return {"Authorization": f"Bearer {found}"} if found and self._is_home(url) else {}

    def _is_home(self, url: str) -> bool:
        return same_origin(url, self._home)

    @contextmanager
    def _followed(
        self, url: str, request: Request, accept: str, timeout: float | None
    ) -> Iterator[tuple[httpx.Response, str]]:
        """Send a query to an address, and to where that leads, until something else comes back.

        An address without the query is that of the endpoint, and is asked anew by the same method;
        but 303 names what to GET (RFC 9110 §15.4). Yields the response, and the endpoint's address.
        """
        sent, seen, endpoint = self._query_request(url, request, accept, timeout), [url], url
        for_good = True
        while True:
            with self._sent(sent) as response:
                target = target_of(response)
                if target is None:
                    yield response, endpoint
                    return
                self._check_chain(seen, target, response.status_code)
            seen.append(target)
            for_good = for_good and response.status_code != SEE_OTHER
            if for_good:
                endpoint = endpoint_of(target)
            is_whole = not for_good or (sent.method == "GET" and holds_query(target))
            sent = self._query_request(
                target, None if is_whole else request, accept, timeout,
                sent.method if for_good else "GET",
            )  # fmt: skip

    def _check_chain(self, seen: list[str], target: str, status: int) -> None:
        """Refuse to go on to an address."""
        shown = endpoint_of(target)
        if not self._redirects:
            why = f"leads to {shown}, which is not followed"
        elif target in seen:
            why = f"leads round in a circle, back to {shown}"
        elif len(seen) > self._redirects:
            why = f"leads on more than {self._redirects} times, at last to {shown}"
        else:
            return
        raise UnexpectedAnswer(f"{seen[0]} {why}.", status=status, members={"location": shown})

    def _query_request(
        self,
        url: str,
        request: Request | None,
        accept: str,
        timeout: float | None,
        method: str | None = None,
    ) -> httpx.Request:
        """Return a GET, which caches can answer, or a POST of a form when it would be long.

        Without a request the address is taken as it is.
        """
        headers = {"Accept": accept, **self._headers(url)}
        time_limit = _limits(timeout)
        # Decision 083: docs/decisions/083-asking-across-services.md
        method = "POST" if self._posted and request else method
        form = _form(request) if request else ""
        address = f"{url}{'&' if '?' in url else '?'}{form}" if form else url
        if method == "GET" or (method is None and (not form or len(address) <= _LONGEST_GET)):
            return self._http.build_request("GET", address, headers=headers, timeout=time_limit)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._http.build_request(
            "POST", url, content=form, headers=headers, timeout=time_limit
        )

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        if self._http.is_closed:
            raise ClientError("This connection is closed.")
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
        except httpx.InvalidURL as error:  # The request has a valid one: this is of the response.
            where = endpoint_of(str(request.url))
            raise UnexpectedAnswer(
                f"{where} leads to what is no address of the web: {error}"
            ) from error
        try:
            yield response
        finally:
            response.close()


def _form(request: Request) -> str:
    return urlencode(
        [
            ("query", request.text),
            *(("default-graph-uri", iri) for iri in request.graphs or ()),
            *(("named-graph-uri", iri) for iri in request.named_graphs or ()),
        ]
    )


def _limits(timeout: float | None) -> httpx.Timeout:
    return httpx.Timeout(timeout, connect=_CONNECT if timeout is None else min(timeout, _CONNECT))


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
}


def _asked_of(error: httpx.HTTPError, url: str) -> str:
    """Return the address that an error is about: one that was led to, perhaps."""
    try:
        return endpoint_of(str(error.request.url))
    except RuntimeError:  # It has no request.
        return url


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
                values = {
                    "url": _asked_of(error, url),
                    "timeout": timeout,
                    "connect": _CONNECT if timeout is None else min(timeout, _CONNECT),
                    "error": str(error),
                }
                raise meaning(sentence.format(**values)) from error
        raise
    except SyntaxError as error:
        raise UnexpectedAnswer(
            f"{url} answers with what cannot be read to its end: {error}."
        ) from error
