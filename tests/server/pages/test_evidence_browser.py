"""What people do with the figures of evidence, in a real Chromium, on a small release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest

from tests.chromium import chromium, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Serve: TypeAlias = Callable[[Path], httpx.Client]
PAGES = ("/evidence", "/constructs", "/constructs/growth?to=cost", "/disagreements")
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(serve: Serve, evidence: Path) -> str:
    return str(serve(evidence).base_url).rstrip("/")


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page; nothing may come from elsewhere, and nothing may fail."""
    with watched(browser, address) as open_:

        def sized(path: str, width: int = 1280, **options: Any) -> Page:
            return open_(path, viewport={"width": width, "height": 900}, **options)

        yield sized


def fits(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways(opened: Callable[..., Page], path: str, width: int) -> None:
    page = opened(path, width)
    assert fits(page)
    for summary in page.locator("main summary:visible").all():
        summary.click()
    assert fits(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    opened: Callable[..., Page], path: str
) -> None:
    assert fits(opened(path, 320))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_cell_is_opened_a_filter_chosen_and_back_leads_back(
    opened: Callable[..., Page], script: bool
) -> None:
    page = opened("/evidence", java_script_enabled=script)
    page.get_by_text("Choose by evidence").click()
    page.get_by_label("With a reserve").select_option("yes")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**hedged=yes*")
    assert "2 findings of 2 works" in page.locator(".lead").inner_text()
    page.locator("table.map td a").first.click()
    page.wait_for_url("**/findings?**")
    assert page.locator("table.findings tbody tr").count() == 1
    page.go_back()
    page.wait_for_url("**hedged=yes*")
    page.get_by_role("link", name="With a reserve: yes ×").click()
    page.wait_for_url("**/evidence")
    assert "8 findings of 4 works" in page.locator(".lead").inner_text()


def test_on_a_narrow_screen_the_map_is_a_list_of_rows_that_open(
    opened: Callable[..., Page],
) -> None:
    page = opened("/evidence", 390)
    assert page.locator("table.map").is_hidden()
    page.locator(".map-list summary").first.click()
    link = page.locator(".map-list a:visible").first
    assert "findings of" in link.inner_text()
    link.click()
    page.wait_for_url("**/findings?**")


def test_a_construct_is_found_and_a_neighbour_of_its_figure_opened(
    opened: Callable[..., Page],
) -> None:
    page = opened("/constructs")
    page.get_by_label("Words in its name").fill("grow")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="growth", exact=True).click()
    page.wait_for_url("**/constructs/growth")
    page.locator("svg.fan a").filter(has_text="LinkedIn use").click()
    page.wait_for_url("**/constructs/linkedin-use")
    page.locator("select[name=to]").select_option("cost")
    page.get_by_role("button", name="Show chains").click()
    page.wait_for_url("**to=cost*")
    assert page.locator(".chains li").count() == 1


def test_on_a_narrow_screen_pairs_are_a_list(opened: Callable[..., Page]) -> None:
    page = opened("/constructs/growth", 390)
    assert page.locator("svg.fan").is_hidden()
    assert page.locator(".side-list li").count() == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_their_ground(opened: Callable[..., Page], scheme: str) -> None:
    page = opened("/evidence", color_scheme=scheme)
    colours = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.map .positive')).fill,
                 getComputedStyle(document.querySelector('.map td')).backgroundColor]"""
    )
    light, dark = sorted((_luminance(colour) for colour in colours), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11


def _luminance(colour: str) -> float:
    """The relative luminance of `rgb(r, g, b)` (WCAG 2.2)."""
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
