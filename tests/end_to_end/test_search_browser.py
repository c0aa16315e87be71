"""What people do with the search, in a real Chromium: type, Enter, follow a thing, go back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.chromium import chromium
from tests.server.conftest import answering
from tests.server.pages.searched_release import write_searched_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("page", [1280, 390, 320], indirect=True, ids="{}px".format)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a small release is served."""
    with answering(dataset=write_searched_release(tmp_path_factory.mktemp("searched"))) as http:
        yield str(http.base_url).rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The start page at some width; no fault on the console, no request to another host."""
    strange: list[str] = []
    page = browser.new_page(viewport={"width": getattr(request, "param", 1280), "height": 900})
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("console", lambda said: strange.append(said.text) if said.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(address) else strange.append(r.url))
    page.goto(f"{address}/start")
    yield page
    page.close()
    assert strange == []


@WIDTHS
def test_type_enter_follow_a_thing_and_go_back(page: Page) -> None:
    assert page.evaluate(FITS)
    page.get_by_role("searchbox", name="Search", exact=True).fill("linkdin trust")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Facts that join them").wait_for()
    assert page.get_by_role("searchbox").input_value() == "linkdin trust"
    assert page.get_by_text("It says raises.").is_visible()
    assert page.evaluate(FITS)
    page.locator(".found-things").get_by_role("link", name="LinkedIn", exact=True).click()
    page.get_by_role("heading", name="LinkedIn", level=1).wait_for()
    page.go_back()
    page.get_by_role("heading", name="Facts that join them").wait_for()
    assert page.get_by_role("searchbox").input_value() == "linkdin trust"


def test_the_box_is_reached_and_used_by_the_keyboard_alone(page: Page) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search":
            break
    page.keyboard.type("China")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Search: China").wait_for()


def test_an_errand_of_the_start_page_is_one_click(page: Page) -> None:
    page.get_by_role("link", name="Who cites Johanson & Vahlne (1977)?").click()
    page.get_by_text("Citation of Johanson & Vahlne (1977)").first.wait_for()


def test_it_works_without_a_script(browser: Browser, address: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/start")
    page.get_by_label("What do you want to know about?").fill("export performance")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Facts that name it").wait_for()
    page.close()
