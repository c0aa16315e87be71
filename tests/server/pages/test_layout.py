"""Every page leads to the others, says which one it is, and has a sound outline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.pages.conftest import Outline, Visitor, site_of

OF_STUDIES = ["/evidence", "/constructs", "/direction", "/papers", "/platforms"]
MAIN = [*OF_STUDIES, "/questions", "/ask"]
ALWAYS = ["/studies", "/firms", "/findings", "/disagreements", "/glossary", "/about"]
BELOW = [*ALWAYS, "/contradictions", "/coverage", "/audit"]
PATHS = [*MAIN, *BELOW]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_leads_to_all_the_others_and_marks_itself(visitor: Visitor, path: str) -> None:
    found = visitor.outline(path)
    assert found.main == MAIN
    assert found.current == [path]


def test_every_page_leads_to_those_at_its_foot(visitor: Visitor) -> None:
    assert {*BELOW} <= {*visitor.outline("/").links}


def test_what_the_foot_leads_to_is_there(release: Path) -> None:
    links = Visitor(site_of(release)).outline("/").links
    assert {*ALWAYS} <= {*links}
    assert not {"/contradictions", "/coverage", "/audit", "/ontology"} & {*links}


def test_a_page_with_a_parameter_is_still_the_same_page(visitor: Visitor) -> None:
    assert visitor.outline("/contradictions?kind=gap").current == ["/contradictions"]


def test_what_a_release_does_not_have_is_not_led_to(release: Path) -> None:
    visitor = Visitor(site_of(release))
    for path in ("/ask", "/contradictions", "/"):
        assert visitor.outline(path).main == [*OF_STUDIES, "/questions", "/ask"]


@pytest.mark.parametrize("path", PATHS)
def test_the_outline_of_a_page_is_sound(visitor: Visitor, path: str) -> None:
    found = visitor.outline(path)
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert [found.tags[name] for name in ("html", "main", "header", "footer")] == [1] * 4


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_skipped_to_from_the_keyboard(visitor: Visitor, path: str) -> None:
    text = visitor.get(path).text
    first = Outline(text).links[0]
    assert first.startswith("#")
    assert f'id="{first[1:]}"' in text


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_asked_for_anew_and_by_head_too(visitor: Visitor, path: str) -> None:
    response = visitor.get(path, "HEAD")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert visitor.get(path, "POST").status_code == (303 if path == "/ask" else 405)
