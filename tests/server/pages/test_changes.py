"""The page on what changed since the release before, and the same as rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.server.pages.changes import SHOWN, kinds_of
from tests.server.conftest import write_release
from tests.server.exports.releases import write_releases
from tests.server.pages.conftest import Visitor, site_of


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_releases(tmp_path_factory.mktemp("changes") / "releases")


def test_a_page_says_what_is_new_what_changed_and_in_which_graph(release: Path) -> None:
    visitor = Visitor(site_of(release))
    text = visitor.get("/changes").text
    assert "What changed since release bbb" in text
    assert "&lt;b&gt;Firm A&lt;/b&gt;" in text
    assert "2001 → 2002" in text
    rows = visitor.get("/changes.json").json()["rows"]
    assert {(row["change"], row["label"]) for row in rows} == {
        ("New", "Firm B"), ("Changed", "<b>Firm A</b>"), ("Changed", "One"),
        ("Findings with another direction, reserve or evidence", "One"),
    }  # fmt: skip
    assert visitor.get("/changes?x=1").status_code == 400


def test_the_first_release_has_nothing_to_compare_with(release: Path) -> None:
    first = release.parents[1] / "alone" / "first"
    first.mkdir(parents=True)
    write_release(first)
    text = Visitor(site_of(first)).get("/changes").text
    assert "there is nothing to compare with" in text


def test_many_things_of_a_kind_are_counted_and_the_first_shown() -> None:
    many = [{"iri": f"urn:{n}", "label": str(n), "kind": "firm"} for n in range(SHOWN + 3)]
    (found,) = kinds_of(many)
    assert (found.kind, found.count, len(found.items)) == ("firm", SHOWN + 3, SHOWN)
