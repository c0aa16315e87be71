"""The page on the direction of effects."""

from __future__ import annotations

import pytest

from tests.server.pages.conftest import Outline, Visitor, site_of
from tests.server.pages.direction_release import write_direction_release

SWIM = (
    "Grouping", "Metric", "Method", "Priority", "Heterogeneity", "Certainty", "Presentation",
    "Results", "Limitations",
)  # fmt: skip


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(site_of(write_direction_release(tmp_path_factory.mktemp("directions"))))


def test_without_a_choice_the_page_offers_effects(visitor: Visitor) -> None:
    page = visitor.outline("/direction")
    assert "/direction?effect=trust" in page.links
    assert "/direction" in page.main
    rows = visitor.get("/direction.json").json()["rows"]
    assert [row["label"] for row in rows] == ["trust", "sales <abroad>"]


def test_rows_are_works_and_cells_their_directions(visitor: Visitor) -> None:
    rows = visitor.get("/direction.json?effect=trust").json()["rows"]
    assert [(r["label"], r["primary_data"], r["direction"], r["hedged"]) for r in rows] == [
        ("One (2020)", True, "positive", 0), ("Two (2021)", True, "negative", 0),
        ("Cited (1999)", False, "positive", 1),
    ]  # fmt: skip
    page = visitor.get("/direction?effect=trust").text
    assert "Works with primary data here · qualitative" in page
    assert "Works told second-hand or arguing · quantitative" in page
    assert "raises, only with a reserve; 1 finding" in page
    assert "1 told by others left out" in page


def test_the_sign_test_counts_works_with_primary_data_apart(visitor: Visitor) -> None:
    page = visitor.get("/direction?effect=trust").text
    assert "1 of 2 up<br><small>50 % [9, 91], p = 1.000" in page
    assert "2 of 3 up<br><small>67 % [21, 94], p = 1.000" in page
    assert "says nothing of how large an effect is" in page


def test_the_nine_items_of_swim_are_answered(visitor: Visitor) -> None:
    page = visitor.get("/direction?effect=trust").text
    for item in SWIM:
        assert f"<li><strong>{item}.</strong>" in page
    assert "3 works, 2 of them with primary data" in page
    assert "borrowed" in page


def test_desirability_stands_with_outcomes(visitor: Visitor) -> None:
    page = visitor.get("/direction?cause=platform-use&columns=outcomes").text
    assert "<small>wanted</small>" in page
    assert "◀▶" in page


def test_the_figure_is_a_file_in_which_text_is_text(visitor: Visitor) -> None:
    figure = visitor.get("/direction.svg?cause=platform-use&columns=outcomes")
    assert figure.headers["content-type"] == "image/svg+xml"
    assert "sales &lt;abroad&gt;" in figure.text
    assert "style=" not in figure.text


def test_a_choice_without_findings_leads_to_the_next_wider_one(visitor: Visitor) -> None:
    page = visitor.get("/direction?effect=trust&hedged=yes&basis=primary-data").text
    assert "No finding meets all of this." in page
    assert "/direction?effect=trust" in Outline(page).links


@pytest.mark.parametrize(
    "state",
    [
        "effect=trust&columns=familys",
        "effect=trust&page=2",
        "effect=trust&page=x",
        "effect=trsut",
        "efect=trust",
    ],
)
def test_what_there_is_not_is_refused(visitor: Visitor, state: str) -> None:
    told = visitor.get(f"/direction?{state}", accept="text/html")
    assert told.status_code == 400
