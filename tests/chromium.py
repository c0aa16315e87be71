"""The machine's own Chromium, for tests of what people do on the pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test that asks for it is skipped where there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """What opens pages of a site, by path and with Playwright's options for a new page.

    In the end nothing may have failed on them, and nothing may have come from another host. That
    the page itself is refused is for the test to say.
    """
    strange: list[str] = []
    pages: list[Page] = []

    def open_(path: str, **options: Any) -> Page:
        page = browser.new_page(**options)
        pages.append(page)
        page.set_default_timeout(60_000)

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and message.location["url"] != address + path:
                strange.append(message.text)

        def answered(response: Response) -> None:
            if response.status >= 400 and response.url != address + path:
                strange.append(f"{response.status} {response.url}")

        def asked(request: Request) -> None:
            if not request.url.startswith(address):
                strange.append(request.url)

        page.on("pageerror", lambda error: strange.append(str(error)))
        page.on("console", said)
        page.on("response", answered)
        page.on("request", asked)
        page.goto(address + path)
        return page

    yield open_
    for page in pages:
        page.close()
    assert strange == []


def write(page: Page, query: str) -> None:
    """Write a query where one asks: into the editor, or the text area where there is none."""
    page.locator("#query:visible, .cm-content").first.wait_for()
    page.locator("#tools > *").first.wait_for(state="attached")
    page.locator("#query:visible, .cm-content").first.fill(query)
