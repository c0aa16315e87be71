"""Which addresses settings may hold, and what is said of those that they may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from smegraph.server import Settings, addresses, create_app
from smegraph.server.errors import WrongAddress
from smegraph.server.pages.site import release_site
from tests.server.test_app import FailingEngine


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/small-firms/graph/", "https://example.org/small-firms/graph"),
        ("HTTPS://Example.ORG:443/Graph", "https://example.org/Graph"),
        ("http://localhost:8000/~me/x", "http://localhost:8000/~me/x"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://exämple.org/%C3%A9", "https://xn--exmple-cua.org/%C3%A9"),
        ("https://example.org/graph-of-x", "https://example.org/graph-of-x"),
    ],
)
def test_a_base_address_has_one_form(given: str, taken: str) -> None:
    assert addresses.base_address(given) == taken


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("example.org", "https://example.org/small-firms would be right"),
        ("ftp://example.org", "https://example.org/small-firms would be right"),
        ("https://", "https://example.org/small-firms would be right"),
        ("https:///graph", "https://example.org/small-firms would be right"),
        ("https://example.org:99999", "https://example.org/small-firms would be right"),
        ("https://exa mple.org", "https://example.org/small-firms would be right"),
        ("https://example..org", "no name"),
        ("https://*.example.org", "no name"),
        ("https://me:secret@example.org", "no user"),
        ("https://example.org/?a", "no user, query"),
        ("https://example.org/?", "no user, query"),
        ("https://example.org/#a", "no user, query or fragment"),
        ("https://example.org/a//b", "https://example.org/small-firms would be right"),
        ("https://example.org/a/../b", "single slashes"),
        ("https://example.org/a%2Fb", "single slashes"),
        ("https://example.org/é", "percent-encoded"),
        ("https://example.org/sparql", "https://example.org or https://example.org/small-firms"),
        ("https://example.org/graphs/mine", "/graphs is an address of the service itself"),
        ("https://example.org/graph", "/graph is an address of the service itself"),
    ],
)
def test_a_base_address_that_cannot_be_right_is_refused_with_what_would(
    given: str, said: str
) -> None:
    with pytest.raises(WrongAddress) as refused:
        addresses.base_address(given)
    assert said in str(refused.value)


def test_the_service_s_own_paths_are_all_known(release: Path) -> None:
    for name in ("audit.json", "coverage.json"):
        assert name in addresses.OWN_PATHS  # only some releases have them
    app, site = create_app(Settings(dataset=release)), release_site(release, FailingEngine())
    app.service.decorate(site)
    paths = [route.path for route in site.routes if isinstance(route, APIRoute | Mount | Route)]
    assert {path.split("/")[1] for path in paths} - {""} <= addresses.OWN_PATHS
    assert len(paths) > 5
