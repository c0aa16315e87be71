"""A service that a proxy puts below a path: no page and no program is sent out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

import smegraph
from smegraph.server.dataset.access_tokens import TokenFile
from tests.chromium import chromium, write
from tests.server.pages.conftest import Outline
from tests.server.proxy import Proxy, behind, origin_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Response

PREFIX = "/small-firms/graph"
Site = tuple[Proxy, httpx.Client]
PAGES = ["/", "/contradictions", "/coverage", "/audit", "/ask", "/evidence", "/papers", "/studies"]


@pytest.fixture(scope="module", params=[True, False], ids=["stripped", "kept"])
def site(request: pytest.FixtureRequest, whole: Path) -> Iterator[Site]:
    """A release with a page of each kind behind each kind of proxy, and a client of that."""
    proxy = Proxy(PREFIX, strips=request.param)
    with behind(proxy, dataset=whole) as http:
        yield proxy, http


@pytest.fixture(autouse=True)
def forget(site: Site) -> None:
    site[0].outside.clear()
    site[0].failed.clear()


@pytest.mark.parametrize("path", PAGES)
def test_each_address_on_a_page_lies_below_the_prefix_and_is_answered(
    site: Site, path: str
) -> None:
    proxy, http = site
    page = Outline(http.get(path).raise_for_status().text)
    scripts = [found for found in page.scripts if found != "application/json"]
    addresses = [*(link for link in page.links if not link.startswith("#")), *scripts, *page.loaded]
    assert len(addresses) >= 7
    for address in addresses:
        assert address.startswith(f"{PREFIX}/"), address
        found = http.get(origin_of(http) + address, follow_redirects=True)
        assert found.status_code == 200
        assert found.url.path.startswith(f"{PREFIX}/")
    assert proxy.outside == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/sparql/", "/sparql"),
        ("/sparql/?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/coverage/", "/coverage"),
        ("/health/", "/health"),
        ("/static", "/static/"),
    ],
)
def test_each_redirect_stays_below_the_prefix(site: Site, asked: str, expected: str) -> None:
    _, http = site
    response = http.get(asked)
    assert response.status_code in (307, 308)
    address = origin_of(http) + PREFIX
    assert urljoin(address + asked, response.headers["location"]) == address + expected


def test_who_opens_the_endpoint_in_a_browser_is_sent_to_the_first_page(site: Site) -> None:
    _, http = site
    response = http.get("/sparql", headers={"Accept": "text/html"})
    assert response.status_code == 303
    address = origin_of(http) + PREFIX
    assert urljoin(f"{address}/sparql", response.headers["location"]) == f"{address}/"


def test_the_prefix_itself_is_the_first_page(site: Site) -> None:
    _, http = site
    bare = http.get(origin_of(http) + PREFIX)
    assert bare.text == http.get("/").text


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_the_descriptions_name_the_address_that_clients_see(site: Site, path: str) -> None:
    _, http = site
    found = [*parse(http.get(path, headers={"Accept": "text/turtle"}).text, RdfFormat.TURTLE)]
    address = str(http.base_url).rstrip("/")
    assert NamedNode(f"{address}{path}") in {triple.subject for triple in found}
    named = {
        str(term.value)
        for triple in found
        for term in (triple.subject, triple.object)
        if str(term).startswith(f"<{origin_of(http)}")
    }
    assert named
    assert all(iri.startswith(f"{address}/") for iri in named)


def test_the_openapi_document_names_the_server_that_clients_see(site: Site) -> None:
    _, http = site
    assert http.get("/openapi.json").json()["servers"] == [{"url": str(http.base_url).rstrip("/")}]


def test_a_problem_names_the_path_that_the_client_asked_for(site: Site) -> None:
    _, http = site
    assert f"GET {PREFIX}/nothing is" in http.get("/nothing").json()["detail"]


def test_the_client_for_python_connects_below_the_prefix(site: Site) -> None:
    _, http = site
    with smegraph.connect(str(http.base_url)) as graph:
        assert len(graph.select("SELECT ?firm { ?firm a sme:Firm }")) == 4


def test_a_neighbour_s_path_that_begins_alike_is_not_taken_for_the_prefix(site: Site) -> None:
    proxy, _ = site
    assert httpx.get(f"{proxy.upstream}{PREFIX}ics/").status_code == 404


@pytest.mark.parametrize("path", ["/health", f"{PREFIX}/health"])
def test_a_probe_that_asks_the_service_itself_may_leave_the_prefix_out(
    site: Site, path: str
) -> None:
    assert httpx.get(site[0].upstream + path).json()["status"] == "ok"


def test_a_proxy_that_names_no_host_changes_no_redirect(whole: Path) -> None:
    proxy = Proxy(PREFIX, strips=True, passes_host=False)
    with behind(proxy, dataset=whole) as http:
        assert http.get("/coverage/").headers["location"] == f"{http.base_url}coverage"


@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
def test_a_graph_is_made_and_found_below_the_prefix(tmp_path: Path, strips: bool) -> None:
    headers = {"Authorization": f"Bearer {TokenFile(tmp_path).create(['graph-store'])}"}
    turtle = {"Content-Type": "text/turtle"}
    with behind(Proxy(PREFIX, strips=strips), dataset=tmp_path, writable=True) as http:
        http.headers.update(headers)
        address = str(http.base_url).rstrip("/")
        made = http.post("/graphs", content="<s> <p> <o> .", headers=turtle)
        assert made.status_code == 201
        assert made.headers["location"].startswith(f"{address}/graphs/")
        assert len([*parse(http.get(made.headers["location"]).text, RdfFormat.TURTLE)]) == 1
        http.put("/graphs/people", content="<s> <p> <o> .", headers=turtle)
        query = f"ASK {{ GRAPH <{address}/graphs/people> {{ ?s ?p ?o }} }}"
        assert http.get("/sparql", params={"query": query}).json()["boolean"]


# ------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The first page; nothing may be asked outside the prefix, and nothing may fail."""
    _, http = site
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(str(http.base_url)):
            wrong.append(f"asked {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # An icon is, when the person goes on.
            wrong.append(f"{request.failure} {request.url}")

    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", failed)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", asked)
    page.on("response", answered)
    page.goto(str(http.base_url))
    yield page
    page.close()
    assert wrong == []
    assert (site[0].outside, site[0].failed) == ([], [])


@pytest.mark.browser
def test_a_person_walks_through_all_pages_and_asks(page: Page, site: Site) -> None:
    _, http = site
    for name, path in [("Contradictions", PAGES[1]), ("Coverage", PAGES[2]), ("Audit", PAGES[3])]:
        page.get_by_role("navigation", name="More").get_by_role("link", name=name).click()
        page.wait_for_url(f"{http.base_url}{path[1:]}")
        assert urlsplit(page.url).path == PREFIX + path
    page.get_by_role("link", name="smegraph", exact=True).click()
    page.wait_for_url(str(http.base_url))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ask").click()
    page.wait_for_url("**/ask")
    write(page, "SELECT ?firm { ?firm a sme:Firm }")
    page.get_by_role("button", name="Run").click()
    page.locator("#result table").wait_for()
    page.get_by_role("link", name="Cuberdon").click()
    page.wait_for_url("**/id/firm-cuberdon.html")
    page.get_by_role("heading", name="Cuberdon", exact=True).wait_for()
    assert urlsplit(page.url).path == f"{PREFIX}/id/firm-cuberdon.html"


@pytest.mark.browser
def test_a_person_downloads_a_result(page: Page, site: Site) -> None:
    page.goto(f"{site[1].base_url}ask")
    write(page, "SELECT ?firm { ?firm a sme:Firm }")
    page.get_by_role("button", name="Run").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "firm-cuberdon" in Path(download.value.path()).read_text("utf-8")


@pytest.mark.browser
def test_a_person_asks_from_the_contradictions_and_narrows_them_down(
    page: Page, site: Site
) -> None:
    _, http = site
    page.goto(f"{http.base_url}contradictions")
    page.get_by_role("link", name="doubt 1").click()
    page.wait_for_url("**/contradictions?kind=doubt")
    page.get_by_role("link", name="The same as data").click()
    page.locator("#result table").wait_for()
    assert urlsplit(page.url).path == f"{PREFIX}/ask"
