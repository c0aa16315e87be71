"""The page of a meta-analysis on demand."""

from __future__ import annotations

import sys
from math import sqrt
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from smegraph.server.pages.effect_estimates import EstimateRow
from smegraph.server.pages.meta import Outcome, forest
from smegraph.synthesis.estimates import Estimate, Weighed
from smegraph.synthesis.meta import Combined
from tests.server.pages.conftest import Outline, Visitor, site_of
from tests.server.pages.direction_release import write_direction_release, write_estimates_release

PAIR = "cause=platform-use&effect=sales"
KEPT = {"estimate-full": 0.25, "estimate-b1": 0.10, "estimate-b2": 0.45, "estimate-b3": 0.20}


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(site_of(write_estimates_release(tmp_path_factory.mktemp("estimates"))))


def rows(visitor: Visitor, state: str) -> dict[str, dict[str, object]]:
    found = visitor.get(f"/meta.json?{state}").json()["rows"]
    return {row["estimate"].rpartition("/")[2]: row for row in found}


def test_pairs_with_estimates_are_offered(visitor: Visitor) -> None:
    links = visitor.outline("/meta").links
    assert f"/meta?{PAIR}&statistic=standardized-coefficient" in links


def test_a_release_without_estimates_says_so(tmp_path: Path) -> None:
    empty = Visitor(site_of(write_direction_release(tmp_path)))
    assert "No study here has an estimate of an effect" in empty.get("/meta").text
    page = empty.get("/meta?effect=trust").text
    assert "No document prints an estimate for this" in page
    assert "/direction?effect=trust" in Outline(page).links


def test_one_estimate_of_each_sample_is_taken_and_the_others_have_a_reason(
    visitor: Visitor,
) -> None:
    found = rows(visitor, PAIR)
    taken = {key: row["scaled_value"] for key, row in found.items() if not row["left_out_because"]}
    assert taken == KEPT
    why = {key: row["left_out_because"] for key, row in found.items() if key not in KEPT}
    assert why == {
        "estimate-b0": "another estimate of the same sample is taken",
        "estimate-none": "it has no standard error and no interval",
        "estimate-r1": "another kind of number: Pearson correlation",
    }
    first = rows(visitor, f"{PAIR}&rule=first")
    assert first["estimate-b0"]["left_out_because"] == ""


def test_the_mean_is_what_a_hand_reckons(visitor: Visitor) -> None:
    """All errors are 0.1, so the mean is the plain one, and DL and PM give one tau²."""
    pytest.importorskip("statsmodels", reason="the extra synthesis is not installed")
    mean = sum(KEPT.values()) / 4
    spread = sum((value - mean) ** 2 for value in KEPT.values()) / 3
    error = sqrt(spread / 4)
    for estimator in ("PM", "DL"):
        page = visitor.get(f"/meta?{PAIR}&estimator={estimator}&interval=normal").text
        low, high = mean - 1.959964 * error, mean + 1.959964 * error
        assert f"{mean:.3f} [{low:.3f}, {high:.3f}]" in page
        assert f"{spread - 0.01:.4f}" in page
    assert "Paule &amp; Mandel (1982)" in page


def test_groups_with_fewer_than_three_are_refused_with_the_reason(visitor: Visitor) -> None:
    pytest.importorskip("statsmodels", reason="the extra synthesis is not installed")
    page = visitor.get(f"/meta?{PAIR}&by=country").text
    assert "China" in page
    assert "1 estimate is too few" in page


def test_correlations_and_coefficients_meet_only_by_the_named_conversion(visitor: Visitor) -> None:
    state = f"{PAIR}&statistic=pearson-correlation"
    assert "1 estimate is too few" in visitor.get(f"/meta?{state}").text
    found = rows(visitor, f"{state}&conversion=peterson-brown")
    assert sum(not row["left_out_because"] for row in found.values()) == 6
    page = visitor.get(f"/meta?{state}&conversion=peterson-brown").text
    assert "Peterson &amp; Brown 2005" in page


def test_the_figure_is_a_file_in_which_text_is_text(visitor: Visitor) -> None:
    pytest.importorskip("statsmodels", reason="the extra synthesis is not installed")
    figure = visitor.get(f"/meta.svg?{PAIR}")
    assert figure.headers["content-type"] == "image/svg+xml"
    assert "Sample s0 &lt;x&gt;" in figure.text
    assert "All, k = 4" in figure.text


def test_without_the_library_the_page_says_how_to_install_it(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.meta_analysis", None)
    page = visitor.get(f"/meta?{PAIR}&rule=first").text
    assert "pip install &#34;smegraph[synthesis]&#34;" in page
    assert "Sample s3" in page


@pytest.mark.parametrize(
    "state",
    [
        "estimator=REML",
        "interval=t",
        "rule=best",
        "by=colour",
        "conversion=x",
        "statistic=f-statistic",
    ],
)
def test_what_there_is_not_is_refused(visitor: Visitor, state: str) -> None:
    assert visitor.get(f"/meta?{PAIR}&{state}", accept="text/html").status_code == 400


def test_a_forest_plot_keeps_its_lines_in_the_frame() -> None:
    kept = tuple(
        Weighed(Estimate(key, key, "odds-ratio", value), value, error)
        for key, value, error in (("a", 0.2, 0.1), ("b", -0.4, 0.3), ("c", 0.9, 0.2))
    )
    combined = Combined(3, 0.3, 0.2, -0.1, 0.7, 0.1, 9.0, 0.01, 80.0, -2.0, 2.6, (50, 20, 30),
                        "DL", "normal")  # fmt: skip
    numbers = dict.fromkeys(("value", "adjusted", "isTurned", "start", "controls"), 0)
    missing = dict.fromkeys(("error", "low", "high", "level", "cases"))
    texts = dict.fromkeys(
        ("iri", "statistic", "kind", "sample", "sampleLabel", "subgroup", "model", "locator",
         "study", "finding", "groups"),
        "S",
    )  # fmt: skip
    row = TypeAdapter(EstimateRow).validate_python({**numbers, **missing, **texts})
    plot = forest([Outcome("", kept, combined)], dict.fromkeys("abc", row))
    assert len(plot.lines) == 4
    assert all(260 <= end <= 640 for line in plot.lines for end in (line.low, line.high))
    assert plot.lines[-1].predicted == (260.0, 640.0)
    assert [number for _, number in plot.ticks] == ["-2", "-1", "0", "1", "2"]
    assert plot.zero is not None
