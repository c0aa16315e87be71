"""The pages on the graph itself and on its words."""

from __future__ import annotations

import pytest

from smegraph.server.pages.about import TermRow, entries_of
from tests.server.pages.conftest import Outline, Visitor, site_of
from tests.server.pages.linked_release import write_linked_release


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(site_of(write_linked_release(tmp_path_factory.mktemp("linked"))))


def test_documents_are_listed_with_what_is_known_of_them(visitor: Visitor) -> None:
    rows = visitor.get("/about.json").json()["rows"]
    labels = [row["document"] for row in rows]
    assert labels == ["Arnone & Deprince", "Two Finnish software firms"]
    page = visitor.get("/about").text
    assert "Arnone &amp; Deprince" in page
    assert "https://creativecommons.org/licenses/by/4.0/" in Outline(page).links


def test_a_word_has_its_meaning_and_what_it_is_a_kind_of(visitor: Visitor) -> None:
    rows = visitor.get("/glossary.json").json()["rows"]
    assert {"label": "firm", "definition": "An organization that trades."}.items() <= next(
        row for row in rows if row["label"] == "firm"
    ).items()


def test_words_are_found_by_a_part_of_their_meaning(visitor: Visitor) -> None:
    assert [row["label"] for row in visitor.get("/glossary.json?q=TRADES").json()["rows"]] == [
        "firm"
    ]
    page = visitor.get("/glossary?q=%3Cb%3E")
    assert "No word or meaning holds “&lt;b&gt;”" in page.text


def test_a_class_with_two_above_it_is_one_entry() -> None:
    rows = [TermRow("urn:a", "a", "An a.", f"urn:{one}", one) for one in ("b", "c")]
    (entry,) = entries_of(rows)
    assert [one.label for one in entry.above] == ["b", "c"]


@pytest.mark.parametrize("address", ["/about?q=x", "/glossary?w=x"])
def test_another_parameter_is_refused(visitor: Visitor, address: str) -> None:
    assert visitor.get(address).status_code == 400
