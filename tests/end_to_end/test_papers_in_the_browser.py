"""What people do on the pages on papers, studies and platforms, in a real Chromium."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Service = tuple[subprocess.Popen[str], str]
PATHS = (
    "/papers", "/papers?compare=fan-et-al-2023&compare=guo-et-al-2023", "/platforms", "/firms",
    "/studies", "/studies/finnish-software?kind=Finding", "/id/work-johanson-vahlne-1977.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with chromium() as browser:
        yield browser


def opened(browser: Browser, width: int, **settings: object) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **settings)  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    return page


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_load_nothing_from_elsewhere(
    browser: Browser, service: Service, width: int, scheme: str
) -> None:
    strange: list[str] = []
    page = opened(browser, width, color_scheme=scheme)
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("console", lambda told: strange.append(told.text) if told.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(service[1]) else strange.append(asked.url),
    )
    for path in PATHS:
        page.goto(service[1] + path)
        assert page.locator("h1").count() == 1, path
        assert fits(page), path
    page.close()
    assert strange == []


@pytest.mark.parametrize("width", [1280, 390])
def test_facet_is_chosen_papers_compared_and_back_returns(
    browser: Browser, service: Service, width: int, tmp_path: Path
) -> None:
    page = opened(browser, width, java_script_enabled=False)
    page.goto(service[1] + "/papers?role=reviewed")
    page.locator(".facet a", has_text=re.compile("^Asia")).click()
    page.locator("h2", has_text="15 papers").wait_for()
    for box in page.locator("input[name=compare]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare the ticked").click()
    page.locator("h1", has_text="2 papers side by side").wait_for()
    assert page.locator("mark.differs").count() > 2
    with page.expect_download() as download:
        page.get_by_role("link", name="LaTeX").click()
    download.value.save_as(tmp_path / "papers.tex")
    assert "\\begin{tabular}" in (tmp_path / "papers.tex").read_text("utf-8")
    page.go_back()
    page.locator("h2", has_text="15 papers").wait_for()
    page.close()


def test_cell_of_the_matrix_opens_its_facts(browser: Browser, service: Service) -> None:
    page = opened(browser, 1280)
    page.goto(service[1] + "/platforms")
    page.locator("a.said").first.click()
    page.wait_for_url(re.compile("#facts"))
    page.locator("#facts").wait_for()
    assert page.locator(".chips a").count() == 2
    page.close()
