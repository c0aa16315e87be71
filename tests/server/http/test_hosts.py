"""The hosts that requests may name, as a real service with its settings answers them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import answering

ASK = "/sparql?query=ASK%7B%7D"
PROBES = ["/health", "/ready", "/metrics"]


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service that takes updates, with the settings that such a one has by itself."""
    with answering(dataset=tmp_path_factory.mktemp("private"), writable=True) as http:
        yield http


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """One that clients see under a name, and which other names are allowed to."""
    with answering(
        dataset=tmp_path_factory.mktemp("named"), writable=True,
        base_url="https://data.example.org/small-firms",
        allowed_host=("graph", "*.lab.example", "10.1.2.3"),
    ) as http:  # fmt: skip
        yield http


def status(http: httpx.Client, host: str, path: str = ASK, method: str = "GET") -> int:
    return http.request(method, path, headers={"Host": host}).status_code


def raw(http: httpx.Client, request: bytes) -> bytes:
    with socket.create_connection((http.base_url.host, http.base_url.port or 80), 60) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1:1",
     "127.1.2.3", "[::1]", "[::1]:8000", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_this_machine_is_always_a_right_host(private: httpx.Client, host: str) -> None:
    assert status(private, host) == 200


@pytest.mark.parametrize(
    "path", ["/", ASK, "/graphs?default", "/static/ask.js", "/.well-known/void"]
)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example",
     "xlocalhost", "192.168.1.5", "[2001:db8::1]"],
)  # fmt: skip
def test_a_host_of_another_name_is_refused(private: httpx.Client, host: str, path: str) -> None:
    response = private.get(path, headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["type"].endswith("/wrong-host")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_every_method_is_refused(private: httpx.Client, method: str) -> None:
    assert status(private, "evil.example", "/sparql", method) == 421


def test_the_refusal_says_which_hosts_are_right_and_how_to_add_one(private: httpx.Client) -> None:
    told = private.get("/", headers={"Host": "data.example.org:80"}).json()
    assert told["allowed"] == ["localhost", "127.0.0.1", "::1"]
    assert told["host"] == "data.example.org"
    assert "localhost, 127.0.0.1, ::1" in told["detail"]
    assert "--allowed-host data.example.org" in told["detail"]
    assert "--base-url" in told["detail"]


@pytest.mark.parametrize(
    "host",
    ["data.example.org", "data.example.org:443", "graph:8000", "a.lab.example", "a.b.lab.example",
     "10.1.2.3:8000", "localhost", "127.0.0.1"],
)  # fmt: skip
def test_the_base_url_s_host_and_the_named_ones_are_right(named: httpx.Client, host: str) -> None:
    assert status(named, host) == 200


@pytest.mark.parametrize(
    "host",
    ["example.org", "lab.example", "xlab.example", "a.graph", "10.1.2.4", "data.example.org.x"],
)
def test_what_only_looks_like_them_is_not(named: httpx.Client, host: str) -> None:
    assert status(named, host) == 421


@pytest.mark.parametrize("path", PROBES)
def test_a_probe_may_ask_for_an_ip_address_but_for_no_other_name(
    private: httpx.Client, path: str
) -> None:
    assert status(private, "10.42.0.17:8000", path) == 200
    assert status(private, "[fd00::17]:8000", path) == 200
    assert status(private, "evil.example", path) == 421


@pytest.mark.parametrize("fields", [b"", b"Host:\r\n"])
def test_a_client_of_http_1_0_without_a_host_is_answered(
    private: httpx.Client, fields: bytes
) -> None:
    answer = raw(private, b"GET " + ASK.encode() + b" HTTP/1.0\r\n" + fields + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_host_in_the_address_of_the_request_counts(private: httpx.Client) -> None:
    """RFC 9112 §3.2.2: it takes the place of the Host header."""
    line = b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert raw(private, line).startswith(b"HTTP/1.1 421 ")


def test_the_address_that_a_connection_came_to_is_right(tmp_path: Path) -> None:
    with answering(dataset=tmp_path, writable=True, host="0.0.0.0") as http:
        assert status(http, "0.0.0.0:8000") == 200
        assert status(http, http.base_url.host) == 200
        assert status(http, "192.0.2.1") == 421


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5", "localhost"])
def test_a_release_is_served_under_any_name(service: httpx.Client, host: str) -> None:
    assert status(service, host) == 200


def test_a_release_can_be_kept_to_a_name(release: Path) -> None:
    with answering(dataset=release, allowed_host=("data.example.org",)) as http:
        assert status(http, "data.example.org") == status(http, "localhost") == 200
        assert status(http, "evil.example") == 421


def test_a_service_that_takes_updates_can_be_opened_to_any_name(tmp_path: Path) -> None:
    with answering(dataset=tmp_path, writable=True, allowed_host=("*",)) as http:
        assert status(http, "evil.example") == 200
