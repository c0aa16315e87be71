"""Templates escape what they are given, want all they ask for, and no HTML stands in Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError

import smegraph.server.pages.rendering as rendering
from smegraph.audit.findings import Report
from smegraph.server.pages import audit, coverage
from smegraph.server.pages.rendering import render
from tests.server.pages.conftest import COVERAGE, REPORT, Outline

PAGES = Path(rendering.__file__).parent
TAG = re.compile(r"</?[a-zA-Z!][\w-]*[\s>/]")
MODULES = sorted(PAGES.glob("*.py"))


def texts(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def names(path: Path) -> set[str]:
    """Every name that a module imports, with the module that it comes from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_there_are_pages_to_look_at() -> None:
    assert len(MODULES) >= 8


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_html_stands_in_python(path: Path) -> None:
    assert [text for text in texts(path) if TAG.search(text)] == []
    assert not names(path) & {"html", "html.escape", "string", "string.Template"}


@pytest.mark.parametrize(
    "text", ["<p>", "</dd>", '<a href="x">', "a <br/> b", "<h1 class", "<!doctype "]
)
def test_html_would_be_found(text: str) -> None:
    assert TAG.search(text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_page_opens_no_store(path: Path) -> None:
    strangers = {"pyoxigraph.Store", "smegraph.store", "rdflib"}
    found = {name for name in names(path) if any(f"{name}.".startswith(f"{s}.") for s in strangers)}
    assert found == set()
    assert "import pyoxigraph" not in path.read_text("utf-8")  # terms are named one by one


@pytest.mark.parametrize("path", sorted((PAGES / "templates").glob("*")), ids=lambda p: p.stem)
def test_every_template_compiles_and_marks_nothing_as_safe(path: Path) -> None:
    try:
        rendering._ENVIRONMENT.get_template(path.name)
    except TemplateSyntaxError as error:
        pytest.fail(f"{path.name}, line {error.lineno}: {error.message}")
    assert not re.search(r"\|\s*safe|autoescape", path.read_text("utf-8"))


def test_a_template_that_asks_for_more_than_it_gets_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="studies"):
        render("coverage.html", base="file.html", look="", data="")


@pytest.mark.parametrize(
    "page", [coverage.render_file(COVERAGE), audit.render_file(REPORT)], ids=["coverage", "audit"]
)
def test_a_page_of_its_own_carries_its_look_and_asks_for_nothing(page: str) -> None:
    found = Outline(page)
    assert found.tags["style"] == 1
    assert "--accent: #0b6b67" in page
    assert found.tags["script"] == found.tags["link"] == found.tags["img"] == 0
    assert all(link.startswith("#") for link in found.links)
    assert found.headings[0] == 1


def test_what_a_page_of_its_own_shows_is_escaped() -> None:
    page = audit.render_file(Report("<b>", "<i>", True, []))
    assert "&lt;b&gt;</code>, version &lt;i&gt;" in page
