"""Each page of the real release, in a real Chromium: it is whole, fits, and shuts nobody out."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.chromium import chromium, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Service = tuple[subprocess.Popen[str], str]
PAGES = (
    "/", "/search?q=LinkedIn+trust", "/findings", "/evidence", "/constructs", "/constructs/trust",
    "/disagreements", "/contradictions", "/direction", "/meta", "/papers", "/platforms", "/firms",
    "/studies", "/studies/arnone-deprince", "/questions", "/ask", "/about", "/glossary", "/data",
    "/id/firm-cuberdon", "/vocab/trust", "/ontology/terms/Firm", "/nowhere",
)  # fmt: skip
AS_A_BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"}
EDITOR = ((), ("/static/bundled/editor.js",))
LOOKS = ((1280, "light"), (390, "dark"))
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# What axe calls these keeps somebody from reading or using the page.
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """Opens pages; no script may fail, nothing may be missing, nothing may come from elsewhere."""
    with watched(browser, service[1]) as open_:
        yield open_


def faults(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out, with the first place of each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("path", "look"), zip(PAGES, itertools.cycle(LOOKS), strict=False))
def test_a_page_fits_and_shuts_nobody_out(
    opened: Callable[..., Page], path: str, look: tuple[int, str]
) -> None:
    """Each at both widths; axe looks for long at a page, so it sees every other one in the dark."""
    width, scheme = look
    page = opened(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.locator("h1").count() == 1
    assert page.evaluate(FITS)
    assert faults(page) == []
    (other,) = {width for width, _ in LOOKS} - {width}
    page.set_viewport_size({"width": other, "height": 900})
    assert page.evaluate(FITS)


def test_what_axe_finds_is_told(opened: Callable[..., Page]) -> None:
    """The check can fail: a picture without words, and letters that are hardly to be seen."""
    page = opened("/about", color_scheme="light")
    page.evaluate(
        """() => {
            document.querySelector("main p").style.color = "#ccc";
            document.querySelector("main").append(document.createElement("img"));
        }"""
    )
    assert {fault.partition(" ")[0] for fault in faults(page)} == {"color-contrast", "image-alt"}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_without_a_script(opened: Callable[..., Page], path: str) -> None:
    """Whoever has no scripts reads the same heading and text, and can go on from there."""
    page = opened(path, java_script_enabled=False)
    assert page.locator("main").inner_text().strip()
    assert page.get_by_role("navigation", name="Main").get_by_role("link").count() >= 6
    assert page.get_by_role("searchbox", name="Search", exact=True).is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(service: Service, path: str) -> None:
    """With all that it loads, as it comes over the wire: 150 kB, and 220 kB where one asks."""
    sizes: dict[str, int] = {}
    with httpx.Client(
        base_url=service[1], headers=AS_A_BROWSER, timeout=60, follow_redirects=True
    ) as http:
        text = http.get(path).text
        loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
        for one in (path, *loaded, *EDITOR[path == "/ask"]):
            with http.stream("GET", one) as got:
                sizes[one] = sum(map(len, got.iter_raw()))
    assert len(sizes) >= 3
    assert sum(sizes.values()) < (220_000 if path == "/ask" else 150_000), sizes


def test_by_keyboard_alone_one_comes_past_the_navigation(opened: Callable[..., Page]) -> None:
    for path in ("/", "/papers", "/ask", "/id/firm-cuberdon"):
        page = opened(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), path
