"""The page on directions as a person uses it, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.chromium import chromium
from tests.server.pages.direction_release import write_estimates_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def client(
    serve: Callable[..., httpx.Client], tmp_path_factory: pytest.TempPathFactory
) -> httpx.Client:
    return serve(write_estimates_release(tmp_path_factory.mktemp("directions")))


@pytest.mark.parametrize("width", [1280, 390], ids="{}px".format)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_effect_is_chosen_and_filtered_without_a_script(
    browser: Browser, client: httpx.Client, width: int, scheme: str
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        java_script_enabled=False,
        color_scheme=scheme,
    )
    failed: list[str] = []
    page.on("requestfailed", lambda asked: failed.append(asked.url))
    page.goto(f"{client.base_url}/direction")
    page.get_by_role("link", name="trust").click()
    page.wait_for_url("**/direction?effect=trust")
    assert page.locator(".plot tbody th[scope=row]").count() == 3
    page.get_by_label("Evidence").select_option("primary-data")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**basis=primary-data**")
    assert page.locator(".plot tbody th[scope=row]").count() == 2
    assert "effect=trust" in page.url
    page.go_back()
    page.wait_for_url("**/direction?effect=trust")
    assert page.locator(".plot tbody th[scope=row]").count() == 3
    page.close()
    assert failed == []


@pytest.mark.parametrize("path", ["/direction?effect=trust", "/meta?effect=sales", "/meta"])
@pytest.mark.parametrize("width", [1280, 390, 320], ids="{}px".format)
def test_nothing_makes_a_page_scroll_sideways(
    browser: Browser, client: httpx.Client, path: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(f"{client.base_url}{path}")
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide)
    page.close()
    assert errors == []
