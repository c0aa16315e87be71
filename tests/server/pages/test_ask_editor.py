"""What people do where one asks, in a real Chromium, with the editor and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from smegraph.server.pages.ask_window import packed, window
from smegraph.server.pages.rendering import STATIC
from tests.chromium import chromium, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HAS_EDITOR = (STATIC / "bundled" / "editor.js").is_file()
with_editor = pytest.mark.skipif(not HAS_EDITOR, reason="the editor is not bundled")
FIRMS = "SELECT ?firm ?founded { ?firm a sme:Firm ; sme:founded ?founded }"
MANY = "SELECT ?s ?t { ?s ?p ?o . ?t ?q ?v }"
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, service: httpx.Client) -> Iterator[Page]:
    """The page to ask from; no script fails, nothing is refused or loaded elsewhere."""
    strange: list[str] = []
    failed: list[str] = []
    urls: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("console", lambda said: strange.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda asked: failed.append(asked.url))
    page.on("request", lambda asked: urls.append(asked.url))
    page.goto(f"{service.base_url}/ask")
    yield page
    page.close()
    assert strange == []
    # What is stopped, overtaken, or left by going on fails as it should.
    meant = ("/sparql", "/ask/terms", "/static/")
    assert [url for url in failed if not any(part in url for part in meant)] == []
    assert all(url.startswith(str(service.base_url)) for url in urls)


def run(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("Control+Enter")


def column(page: Page, number: int = 1) -> list[str]:
    return page.locator(f"#result tbody td:nth-child({number})").all_inner_texts()


@with_editor
def test_a_term_is_completed_by_its_label_from_the_keyboard(page: Page) -> None:
    write(page, "SELECT * { ?use sme:ofFirm ")
    page.keyboard.type("cuber")
    page.locator(".cm-tooltip-autocomplete").get_by_text("Cuberdon", exact=True).wait_for()
    page.wait_for_timeout(200)  # CodeMirror takes no key in the first 75 ms.
    page.keyboard.press("Enter")
    page.keyboard.type(" }")
    written = page.locator("#query").input_value()
    assert written.startswith("SELECT * { ?use sme:ofFirm id:firm-cuberdon }")


def test_rows_have_labels_that_can_be_taken_away(page: Page) -> None:
    run(page, FIRMS)
    page.get_by_role("link", name="Firm A").wait_for()
    page.get_by_label("Labels").uncheck()
    assert "id:firm-finnish-a" in column(page)
    page.get_by_label("Labels").check()
    assert "Firm A" in column(page)


def test_rows_are_sorted_by_a_column(page: Page) -> None:
    run(page, FIRMS)
    for order in (["2014", "2015"], ["2015", "2014"]):
        page.get_by_role("button", name="founded").click()
        assert column(page, 2) == order
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("founded")


def test_rows_come_in_pages_and_no_more_is_fetched(page: Page) -> None:
    sizes: list[int] = []
    page.on("response", lambda got: sizes.append(len(got.body())) if "/sparql" in got.url else None)
    run(page, MANY)
    page.get_by_role("button", name="Next 100").click()
    page.get_by_text("Rows 101 to 200").wait_for()
    assert len(column(page)) == 100
    page.get_by_role("button", name="Previous 100").click()
    page.get_by_text("Rows 1 to 100").wait_for()
    assert all(size < 60_000 for size in sizes)


def test_a_query_that_takes_too_long_is_stopped(page: Page) -> None:
    run(page, SLOW)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    assert page.get_by_role("button", name="Stop").is_hidden()
    run(page, FIRMS)
    page.get_by_role("link", name="Firm A").wait_for()


def test_what_was_written_is_there_after_back_and_reload(page: Page) -> None:
    run(page, FIRMS)
    page.get_by_role("link", name="Firm A").wait_for()
    run(page, f"{FIRMS} LIMIT 1")
    page.get_by_text("1 row").first.wait_for()
    page.go_back()
    page.get_by_text("2 rows").wait_for()
    assert page.locator("#query").input_value() == FIRMS
    write(page, "SELECT half of it")
    page.reload()
    page.locator("#tools > *").first.wait_for(state="attached")
    assert page.locator("#query").input_value() == "SELECT half of it"
    page.locator(".history summary").click()
    assert page.locator(".history li").count() == 2


def test_links_to_a_query_open_it_old_ones_and_short_ones_too(
    page: Page, service: httpx.Client
) -> None:
    page.goto(f"{service.base_url}/ask?q={packed(FIRMS)}")
    page.get_by_text("2 rows").wait_for()
    for start in ("", "ask"):
        page.goto(f"{service.base_url}/{start}#query={quote(FIRMS + ' LIMIT 1')}")
        page.get_by_text("1 row").first.wait_for()
    page.goto(f"{service.base_url}/ask#query={quote(FIRMS)}")
    page.get_by_text("2 rows").wait_for()


def test_the_link_that_skips_to_the_query_leaves_it_as_it_is(
    page: Page, service: httpx.Client
) -> None:
    page.goto(f"{service.base_url}/ask")
    before = page.locator("#query").input_value()
    page.goto("about:blank")
    page.goto(f"{service.base_url}/ask#query")
    page.locator("#tools > *").first.wait_for(state="attached")
    assert page.locator("#query").input_value() == before != ""


def test_the_short_link_and_programs_are_there_to_copy(page: Page) -> None:
    run(page, FIRMS)
    page.get_by_role("button", name="Link", exact=True).click()
    page.locator(".program", has_text="/ask?q=").wait_for()
    page.get_by_role("button", name="Citation", exact=True).click()
    cited = page.locator(".program", has_text="Asked on").inner_text()
    assert re.fullmatch(
        r"smegraph, release \S+: the answer to a SPARQL query\. Asked on \d{4}-\d\d-\d\d\. "
        r"http://\S+/ask\?q=\S+\s*",
        cited,
    ), cited
    for name, sign in (("curl", "--data-urlencode"), ("Python", "urlopen"), ("R", "read.csv")):
        page.get_by_role("button", name=name, exact=True).click()
        assert sign in page.locator(".program").inner_text()


def test_few_numbers_are_shown_as_bars_and_a_small_graph_as_a_drawing(page: Page) -> None:
    run(page, FIRMS)
    page.get_by_role("button", name="Bars").click()
    assert page.locator(".bars rect").count() == 2
    run(page, "CONSTRUCT { ?f sme:uses ?c } WHERE { ?u sme:ofFirm ?f ; sme:onChannel ?c }")
    page.locator("svg.net").wait_for()
    assert page.locator("svg.net circle").count() == 2
    assert page.locator(".downloads").inner_text().count("Turtle") == 1
    page.get_by_role("button", name="Turtle").click()
    page.locator("pre.text", has_text="sme:uses").first.wait_for()


@pytest.mark.parametrize("query", [MANY, f"{MANY} LIMIT 150 OFFSET 3", f"{MANY} # LIMIT 2", FIRMS])
def test_both_programs_ask_for_the_same_rows(page: Page, query: str) -> None:
    script = "async (q) => (await import('/static/ask_window.js')).windowOf(q, 100, 101)"
    assert page.evaluate(script, query) == window(query, 100, 101)


def test_without_a_script_the_form_is_answered_by_a_page(
    browser: Browser, service: httpx.Client
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.base_url}/ask")
    page.locator("#query").fill(MANY)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="Next rows").click()
    assert page.locator("#result tbody tr").count() == 100
    assert page.locator("#query").input_value().strip() == MANY
    context.close()


def test_the_answer_stands_in_view(page: Page) -> None:
    run(page, FIRMS + "\n" * 30)
    page.locator("#result table").wait_for()
    box = page.locator("#result tbody tr").first.bounding_box()
    assert box
    assert 0 < box["y"] < 850
