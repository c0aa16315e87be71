"""The site as a whole: what the graph says is escaped, and a graph that cannot be asked is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smegraph.release.questions import Question
from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.engine.errors import DeadlineExceeded, EngineError, Overloaded
from smegraph.server.pages.ask_page import QueryPage
from smegraph.server.pages.site import dataset_site, release_site
from smegraph.sparql.errors import QueryFailed
from smegraph.store import EmbeddedStore
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import SCRIPT, Outline, Visitor, engine_of

PATHS = ["/evidence", "/constructs", "/disagreements", "/contradictions", "/coverage", "/audit"]
OURS = {
    "/": ["/static/ask_page.js", "application/json"],
    **{path: ["/static/ask.js"] for path in PATHS},
}


class Failing(InProcessEngine):
    """An engine that fails as long as `error` is set."""

    error: Exception | None = None

    async def answer(self, request: QueryRequest) -> Answer:
        if self.error is not None:
            raise self.error
        return await super().answer(request)


@pytest.mark.parametrize("path", PATHS)
def test_all_that_a_release_brings_is_escaped(visitor: Visitor, path: str) -> None:
    text = visitor.get(path).text
    found = Outline(text)
    assert found.scripts == OURS[path]
    assert not any(name == "style" or name.startswith("on") for name in found.attributes)
    assert SCRIPT not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_data_for_the_script_cannot_end_its_element(whole: Path) -> None:
    page = QueryPage(title="t", lead="l", questions=[Question("", "a", SCRIPT, (), SCRIPT, None)])
    text = Visitor(dataset_site(page, SCRIPT, {SCRIPT: 1}, engine_of(whole))).get("/").text
    assert SCRIPT not in text
    assert Outline(text).scripts == OURS["/"]


@pytest.mark.parametrize("name", ["study", "kind"])
def test_a_parameter_is_never_shown_as_html(visitor: Visitor, name: str) -> None:
    response = visitor.get(f"/contradictions?{name}={SCRIPT}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (DeadlineExceeded(2.0), 504, "deadline-exceeded"),
        (Overloaded(7), 503, "overloaded"),
        (QueryFailed("/secret/path"), 500, "internal-error"),
    ],
    ids=["deadline", "overloaded", "failed"],
)
@pytest.mark.parametrize("path", PATHS)
def test_a_graph_that_cannot_be_asked_is_a_problem_and_tried_anew(
    whole: Path, path: str, error: EngineError, status: int, kind: str
) -> None:
    engine = Failing(EmbeddedStore(whole / "store"))
    visitor = Visitor(release_site(whole, engine))
    engine.error = error
    for _ in range(2):
        response = visitor.get(path)
        assert response.status_code == status
        assert response.json()["type"].endswith(f"/{kind}")
        assert "secret" not in response.text
        assert response.headers.get("retry-after") == ("7" if status == 503 else None)
        assert response.headers["content-security-policy"]
    engine.error = None
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_graph_is_asked_once(whole: Path, path: str) -> None:
    engine = Failing(EmbeddedStore(whole / "store"))
    visitor = Visitor(release_site(whole, engine))
    first = visitor.get(path).text
    engine.error = Overloaded(1)
    assert visitor.get(path).text == first


def test_reports_are_there_as_data_too(whole: Path, visitor: Visitor) -> None:
    for name in ("audit", "coverage"):
        found = visitor.get(f"/{name}.json")
        assert found.headers["content-type"] == "application/json"
        assert found.json() == json.loads((whole / f"{name}.json").read_text("utf-8"))
        assert f"/{name}.json" in visitor.outline(f"/{name}").links


def test_a_strict_service_shows_the_same(whole: Path, visitor: Visitor) -> None:
    strict = InProcessEngine(EmbeddedStore(whole / "store", default_graph="strict", prefixes={}))
    other = Visitor(release_site(whole, strict, union=False))
    for path in PATHS[1:]:
        assert other.get(path).text == visitor.get(path).text
    assert "the default graph is the stored one" in other.get("/ask").text


def test_a_dataset_has_a_page_to_ask_from_and_its_classes(whole: Path) -> None:
    page = QueryPage(title="Ask <this>", lead="A dataset.", prefixes=False, union=False)
    visitor = Visitor(dataset_site(page, "", {}, engine_of(whole)))
    found = visitor.outline("/")
    assert found.main == ["/ask", "/classes"]
    text = visitor.get("/").text
    assert "Ask &lt;this&gt;" in text
    assert "There are none yet." in text
    assert "need no declaration" not in text
    assert visitor.get("/contradictions").status_code == 404
    assert visitor.get("/static/ask.js").status_code == 200
