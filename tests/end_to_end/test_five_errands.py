"""Five things that a researcher wants to know who knows no SPARQL, from the start page on.

Each takes one click, or a few words in the search; what is seen is what the studies say.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Service = tuple[subprocess.Popen[str], str]
# The question, what one would type instead, and what has to be seen then: texts of the page. Where
# a thing is named, the words lead to it, and it shows the rest.
ERRANDS = [
    (
        "What do studies say about LinkedIn and trust?", "linkdin trust", "",
        ["Movy uses LinkedIn", "mutual trust", "primary data", "Arnone & Deprince"],
    ),
    (
        "Which firms use Facebook?", "facebook", "Facebook",
        ["ADlab", "Cuberdon", "Crea-Appli", "primary data"],
    ),
    (
        "What links digital capability and export performance?",
        "digital capability export performance", "",
        ["Jean & Kim (2020)", "Alarcón-del-Amo et al. (2018)", "literature statement"],
    ),
    (
        "Which papers studied China?", "china", "China",
        ["Fan et al. (2023)", "Williams et al. (2020)", "Jin & Hurd (2018)"],
    ),
    (
        "Who cites Johanson & Vahlne (1977)?", "Johanson 1977", "",
        ["Citation of Johanson & Vahlne (1977)", "Arnone & Deprince", "Da Rocha et al. (2024)"],
    ),
]  # fmt: skip
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[1280, 390], ids="{}px".format)
def page(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(service[1])
    yield page
    page.close()


def seen(page: Page) -> str:
    """What stands on a page, closed parts too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


@pytest.mark.parametrize(("question", "words", "thing", "expected"), ERRANDS, ids=lambda _: "")
def test_an_errand_is_done_with_one_click(
    page: Page, question: str, words: str, thing: str, expected: list[str]
) -> None:
    page.get_by_role("link", name=question).click()
    page.wait_for_load_state()
    text = seen(page)
    assert [one for one in expected if one not in text] == []
    assert page.evaluate(FITS)
    page.go_back()
    assert page.get_by_role("link", name=question).is_visible()


@pytest.mark.parametrize(("question", "words", "thing", "expected"), ERRANDS, ids=lambda _: "")
def test_an_errand_is_done_with_some_words(
    page: Page, question: str, words: str, thing: str, expected: list[str]
) -> None:
    page.get_by_label("What do you want to know about?").fill(words)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Search: {words}").wait_for()
    assert page.evaluate(FITS)
    if thing:
        page.locator(".found-things").get_by_role("link", name=thing, exact=True).first.click()
        page.get_by_role("heading", name=thing, level=1, exact=True).wait_for()
        assert page.evaluate(FITS)
    text = seen(page)
    assert [one for one in expected if one not in text] == []
