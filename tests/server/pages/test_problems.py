"""The kinds of problems as documents."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from pyoxigraph import NamedNode, RdfFormat, parse

from smegraph.namespaces import RDF, SKOS
from smegraph.server.http.problems import KINDS, TYPES, HttpProblem
from smegraph.server.pages import problems
from smegraph.server.pages.ask_page import QueryPage
from smegraph.server.pages.documents import FORMS
from smegraph.server.pages.site import dataset_site
from tests.server.pages.conftest import Visitor, engine_of, site_of


@pytest.fixture(scope="module")
def visitor(linked: Path) -> Visitor:
    return Visitor(site_of(linked))


@pytest.fixture(scope="module")
def other(linked: Path) -> Visitor:
    page = QueryPage(title="Any", lead="Any.", questions=[], union=True, pages=False)
    return Visitor(dataset_site(page, "any", {}, engine_of(linked)))


def test_each_kind_says_what_it_means_and_what_would_be_right() -> None:
    file = Path(problems.__file__).with_suffix(".yaml")
    assert yaml.safe_load(file.read_text("utf-8")).keys() == KINDS.keys()
    for kind in problems.problem_kinds().values():
        for text in (kind.means, kind.right):
            assert text.endswith(".")
            assert len(text) > 10


@pytest.mark.parametrize("kind", ["not-found", "deadline-exceeded"])
def test_the_type_of_a_problem_answers(visitor: Visitor, kind: str) -> None:
    path = TYPES.removeprefix("https://w3id.org/smegraph") + kind
    assert HttpProblem(kind, "").status == KINDS[kind][0]
    page = visitor.get(path, accept="text/html")
    assert page.headers["vary"] == "Accept"
    assert f"<h1>{KINDS[kind][1]}</h1>" in page.text
    assert f"HTTP {KINDS[kind][0]}" in page.text
    told = [quad.triple for quad in parse(visitor.get(path).content, RdfFormat.TURTLE)]
    concept = NamedNode(SKOS + "Concept")
    assert [one.subject.value for one in told if one.object == concept] == [TYPES + kind]


@pytest.mark.parametrize("suffix", FORMS)
def test_all_kinds_are_one_document_in_each_form(visitor: Visitor, suffix: str) -> None:
    found = visitor.get(f"/problem.{suffix}")
    assert found.status_code == 200
    assert found.headers["content-type"] == FORMS[suffix].content_type
    if suffix == "nt":
        assert found.text.count(f"<{RDF}type> <{SKOS}Concept>") == len(KINDS)


def test_an_unknown_kind_is_told_with_what_was_meant(visitor: Visitor) -> None:
    found = visitor.get("/problem/not-fund")
    assert found.status_code == 404
    assert "not-found" in found.json()["detail"]


def test_a_dataset_that_is_no_release_answers_for_its_problems(other: Visitor) -> None:
    assert isinstance(other.app, FastAPI)
    assert "Right would be" in other.get("/problem/read-only", accept="text/html").text
