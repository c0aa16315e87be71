"""What people do on the page, in a real Chromium."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from smegraph.release.questions import load_questions
from tests.chromium import chromium, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

    from tests.conftest import Release

pytestmark = pytest.mark.browser

Service = tuple[subprocess.Popen[str], str]
WIDTHS = pytest.mark.parametrize("page", [1280, 390], indirect=True, ids="{}px".format)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page at some width; nothing may be loaded from elsewhere, and no script may fail."""
    strange: list[str] = []

    def noted(asked: Request) -> None:
        if not asked.url.startswith(service[1]):
            strange.append(asked.url)

    page = browser.new_page(viewport={"width": getattr(request, "param", 1280), "height": 900})
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("request", noted)
    page.goto(f"{service[1]}/ask")
    yield page
    page.close()
    assert strange == []


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))


def cells(page: Page) -> list[list[str]]:
    """The rows of the table that is shown."""
    rows = page.locator("#result tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


@WIDTHS
def test_question_of_the_list_is_answered_in_a_table(page: Page) -> None:
    assert fits(page)
    page.get_by_role("link", name=re.compile("share of its turnover")).click()
    page.locator("#result table").wait_for()
    assert cells(page) == [
        ["Firm A", "2018", "40"], ["Firm A", "2019", "70"],
        ["Firm B", "2018", "17"], ["Firm B", "2019", "11"],
    ]  # fmt: skip
    assert page.locator("#status").inner_text().startswith("4 rows")
    assert "sme:exportIntensity" in page.locator("#query").input_value()
    assert fits(page)


@WIDTHS
def test_query_runs_with_control_and_enter(page: Page) -> None:
    write(page, "SELECT ?firm { ?firm a sme:OutgrewMicroFirm }")
    page.keyboard.press("Control+Enter")
    page.locator("#result table").wait_for()
    assert cells(page) == [["Firm B"]]
    assert fits(page)


@WIDTHS
def test_fault_is_shown_with_line_and_column_and_the_cursor_goes_there(page: Page) -> None:
    write(page, "SELECT ?firm {\n  ?firm a sme:Firm ;;; }}\n" + "# long " * 60)
    page.get_by_role("button", name="Run").click()
    fault = page.locator("#error")
    fault.wait_for()
    assert "Line 2, column 25" in fault.inner_text()
    if page.locator(".cm-content").count():
        assert page.locator(".cm-lintRange-error, .cm-lintPoint-error").count() == 1
    assert page.locator("#result").is_hidden()
    assert fits(page)
    page.keyboard.type("X")
    assert page.locator("#query").input_value().index("X") == 39


@WIDTHS
def test_an_unknown_term_is_named_together_with_the_answer(page: Page) -> None:
    page.evaluate(
        """() => {
            window.batches = [];
            new MutationObserver((records) => window.batches.push(records.map((r) => r.target.id)))
                .observe(document.body, { subtree: true, childList: true, attributes: true });
        }"""
    )
    write(page, 'SELECT * { ?x sme:couse ?y } # "größe"')
    page.keyboard.press("Control+Enter")
    hint = page.get_by_role("status", name="Hints")
    hint.get_by_text("is in no graph").wait_for()
    assert hint.inner_text() == "Hint: sme:couse is in no graph; did you mean sme:cause?"
    assert hint.locator("code").all_inner_texts() == ["sme:couse", "sme:cause"]
    assert page.locator("#status").inner_text().startswith("0 rows")
    assert fits(page)
    # They come at once, so that nothing moves below them afterwards.
    (batch,) = (ids for ids in page.evaluate("window.batches") if "hints" in ids)
    assert "result" in batch
    write(page, "SELECT * { ?x sme:cause ?y ; rdfs:label ?l } LIMIT 1")
    page.keyboard.press("Control+Enter")
    page.locator("#result table").wait_for()
    assert hint.inner_text() == ""


def test_a_hint_shows_every_letter_and_no_markup(page: Page) -> None:
    write(page, "SELECT * { ?x sme:größe ?y ; rdfs:label '<b>LinkedIn</b>'@en }")
    page.keyboard.press("Control+Enter")
    hint = page.get_by_role("status", name="Hints")
    hint.get_by_text("is in no graph").wait_for()
    assert hint.inner_text() == "Hint: sme:größe is in no graph."


def test_a_fault_leaves_no_hint_of_the_query_before(page: Page) -> None:
    for query in ("SELECT * { ?x sme:couse ?y }", "SELECT * { ?x sme:couse }"):
        write(page, query)
        page.keyboard.press("Control+Enter")
        page.locator("#hints p, #error p").first.wait_for()
    page.locator("#error").wait_for()
    assert page.locator("#hints").inner_text() == ""


@WIDTHS
def test_long_rows_scroll_in_their_own_frame(page: Page) -> None:
    write(page, "SELECT * { ?finding a sme:Finding ; sme:statement ?s ; ?p ?o }")
    page.get_by_role("button", name="Run").click()
    page.locator("#result table").wait_for()
    assert len(cells(page)) == 100
    assert page.locator("#status").inner_text().startswith("Rows 1 to 100; there are more")
    assert fits(page)


def test_answer_can_be_reached_from_the_keyboard_alone(page: Page, released: Release) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the query
    assert page.evaluate("!!document.activeElement.closest('.editor, #query')")
    page.locator("#tools > *").first.wait_for(state="attached")  # The script has come.
    assert page.evaluate("!!document.activeElement.closest('.editor, #query')")
    page.keyboard.press("Control+Enter")
    page.locator("#result table").wait_for()
    (first, *_) = load_questions(released.path / "questions")
    expected = list(csv.reader(io.StringIO(first.expected or "")))[1:]
    assert len(cells(page)) == len(expected) > 0


def test_name_in_an_answer_leads_to_what_is_known_of_it(page: Page) -> None:
    write(page, "SELECT ?firm { ?firm a sme:OutgrewMicroFirm }")
    page.keyboard.press("Control+Enter")
    page.locator("#result").get_by_role("link", name="Firm B").click()
    page.wait_for_url("**/id/firm-finnish-b.html")
    page.get_by_role("heading", name="Firm B", exact=True).wait_for()


@WIDTHS
def test_contradictions_are_narrowed_down_by_links(page: Page) -> None:
    page.get_by_role("link", name="Contradictions", exact=True).click()
    page.wait_for_url("**/contradictions")
    articles = page.get_by_role("article")
    every = articles.count()
    assert fits(page)
    page.get_by_role("link", name=re.compile("computation mismatch")).click()
    page.wait_for_url("**/contradictions?kind=computation-mismatch")
    assert 0 < articles.count() < every
    assert fits(page)


def test_thing_that_a_contradiction_is_about_has_a_page(page: Page) -> None:
    page.goto(page.url.removesuffix("ask") + "contradictions?kind=computation-mismatch")
    page.get_by_role("link", name="Firm A, 2019").first.click()
    page.wait_for_url("**/id/firm-year-*")
    assert page.locator("h1").inner_text() == "Firm A, 2019"
    assert fits(page)


@WIDTHS
def test_checks_of_the_audit_are_opened_one_family_at_a_time(page: Page) -> None:
    page.get_by_role("link", name="Audit", exact=True).click()
    page.wait_for_url("**/audit")
    assert fits(page)
    table = page.get_by_role("region", name="OWL 2 DL", exact=True)
    assert not table.is_visible()
    page.locator("summary", has_text=re.compile(r"^OWL 2 DL \(")).click()
    table.wait_for()
    assert fits(page)


@pytest.mark.parametrize("page", [1280, 390, 320], indirect=True, ids="{}px".format)
def test_pages_lead_to_each_other_and_mark_where_one_is(page: Page) -> None:
    for place, label in (("More", "Contradictions"), ("More", "Audit"), ("Main", "Ask")):
        navigation = page.get_by_role("navigation", name=place)
        navigation.get_by_role("link", name=label, exact=True).click()
        marked = page.locator("[aria-current=page]")
        marked.get_by_text(label).wait_for()
        assert marked.all_inner_texts() == [label]
        assert fits(page)


def test_question_that_is_chosen_leaves_the_page_marked(page: Page) -> None:
    page.get_by_role("link", name=re.compile("share of its turnover")).click()
    page.locator("#result table").wait_for()
    assert page.locator("[aria-current=page]").all_inner_texts() == ["Ask"]
    assert page.locator(".questions [aria-current=true]").count() == 1


def test_long_name_in_an_answer_stays_within_its_cell(page: Page) -> None:
    name = "id:" + "a-long-name-" * 12 + "ends"
    write(page, f"SELECT ?name (1 AS ?n) {{ VALUES ?name {{ {name} }} }}")
    page.keyboard.press("Control+Enter")
    link = page.get_by_role("link", name=name)
    link.wait_for()
    cell = page.locator("#result td").first
    box, around = link.bounding_box(), cell.bounding_box()
    assert box
    assert around
    assert box["x"] + box["width"] <= around["x"] + around["width"]


PAGES = {
    "ontology": "smegraph: how small firms go abroad",
    "ontology/terms/Finding": "finding",
    "vocab/digital-platform-use": "digital platform use",
    "id/firm-cuberdon": "Cuberdon",
    "id/work-da-rocha-et-al-2024": "Da Rocha et al. (2024)",
    "id/finding-arnone-deprince-results-psychic-distance-private": "At the private",
}


@WIDTHS
def test_page_of_an_own_iri_fits_and_leads_on(page: Page, service: Service) -> None:
    for path, heading in PAGES.items():
        page.goto(f"{service[1]}/{path}")
        assert heading in page.get_by_role("heading", level=1).inner_text()
        assert fits(page), path
        assert page.locator(".identity .iri").inner_text() == "https://w3id.org/smegraph/" + (
            path.replace("/terms/", "#")
        )
    page.get_by_role("link", name="psychic distance", exact=True).first.click()
    page.wait_for_url("**/vocab/psychic-distance.html")
    page.get_by_role("heading", name="psychic distance", level=1).wait_for()
    page.goto(service[1] + "/ontology#SocialMediaFirm")
    assert page.locator("#SocialMediaFirm").evaluate("one => one.matches(':target')")


@WIDTHS
def test_page_for_a_mistyped_iri_leads_to_what_was_meant(page: Page, service: Service) -> None:
    response = page.goto(service[1] + "/id/firm-cuberdn")
    assert response is not None
    assert response.status == 404
    assert fits(page)
    page.get_by_role("link", name="Cuberdon", exact=True).first.click()
    page.get_by_role("heading", name="Cuberdon", level=1).wait_for()
