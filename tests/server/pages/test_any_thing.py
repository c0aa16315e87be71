"""The page of a thing of any dataset: both directions, in pages, as the data are now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.pages.any_thing import ON_A_PAGE
from smegraph.server.pages.ask_page import QueryPage
from smegraph.server.pages.site import dataset_site
from tests.server.pages.conftest import Outline, Visitor
from tests.server.pages.foreign import Changing, foreign_engine, many

EX = "https://books.example/"
PAGE = QueryPage(title="Ask books", lead="Books.")


def thing(name: str) -> str:
    return f"/thing?iri={quote(EX + name, safe='')}"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    engine = foreign_engine(tmp_path_factory.mktemp("books"), many(ON_A_PAGE + 5))
    return Visitor(dataset_site(PAGE, "", {}, engine=engine))


def test_a_thing_says_what_is_said_of_it_and_what_points_at_it(visitor: Visitor) -> None:
    text = visitor.get(thing("middlemarch")).text
    assert "<h1>Middlemarch</h1>" in text
    assert ">George Eliot</a>" in text
    assert "904 <small>integer</small>" in text
    text = visitor.get(thing("towns")).text
    assert "What points at it" in text
    assert ">Middlemarch</a>" in text
    assert "villes de province <small>fr</small>" in text


def test_many_that_point_come_in_pages(visitor: Visitor) -> None:
    first = Outline(visitor.get(thing("eliot")).text)
    (behind,) = [link for link in first.links if "pointing=2" in link]
    text = visitor.get(behind).text
    assert "Previous page" in text
    assert "Next page" not in text
    assert f">{ON_A_PAGE + 8}</span>" in text


def test_every_link_leads_somewhere(visitor: Visitor) -> None:
    for address in (thing("middlemarch"), "/classes", "/search?q=eliot"):
        for link in {*visitor.outline(address).links}:
            if link.startswith("/") and not link.startswith(("/health", "/sparql")):
                assert visitor.get(link, accept="text/html").status_code in (200, 404), link


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/thing", 400, "with iri="),
        ("/thing?iri=no%20iri", 400, "no absolute IRI"),
        ("/thing?iri=x%3E+%7D", 400, "no absolute IRI"),
        (thing("nobody"), 404, "names nothing"),
        (thing("eliot") + "&page=x", 400, "is no page"),
        (thing("eliot") + "&pages=1", 400, 'Did you mean "page"?'),
    ],
)
def test_what_is_wrong_is_told(visitor: Visitor, address: str, status: int, said: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_labels_are_escaped_and_rows_are_there_as_data(visitor: Visitor) -> None:
    assert "Florence <script>" not in visitor.get(thing("florence")).text
    rows = visitor.get(thing("romola").replace("/thing", "/thing.json")).json()["rows"]
    assert {"direction": "says", "property": "http://purl.org/dc/terms/title", "value": "Romola",
            "label": ""} in rows  # fmt: skip


def test_a_foreign_dataset_is_searched(visitor: Visitor) -> None:
    def found(q: str) -> list[tuple[str, str]]:
        rows = visitor.get(f"/search.json?q={quote(q)}").json()["rows"]
        return [(row["found"], row["label"]) for row in rows]

    assert found("middelmarch")[0] == ("thing", "Middlemarch")
    assert ("thing", "George Eliot") in found("mary ann evans")
    assert found("eliot florence")[-1] == ("fact", "Romola")
    assert ("thing", "provincial towns") in found("villes de province")
    text = visitor.get("/search?q=eliot+florence").text
    assert "What joins them" in text
    assert f'href="{thing("romola")}"' in text


def test_pages_are_those_of_the_data_as_they_are_now(tmp_path: Path) -> None:
    before, after = (tmp_path / name for name in ("before", "after"))
    one = foreign_engine(before)
    engine = Changing(one._store, "1")
    visitor = Visitor(dataset_site(PAGE, "", {}, engine=engine))
    assert visitor.get("/search.json?q=Felix").json()["rows"] == []
    assert visitor.get(thing("felix")).status_code == 404
    more = 'ex:felix a ex:Novel ; dct:title "Felix Holt" ; dct:creator ex:eliot .'
    engine.turn_to(foreign_engine(after, more), "2")
    assert visitor.get("/search.json?q=Felix").json()["rows"][0]["label"] == "Felix Holt"
    assert "<h1>Felix Holt</h1>" in visitor.get(thing("felix")).text
    rows = visitor.get("/classes.json").json()["rows"]
    assert {"kind": "class", "term": EX + "Novel", "label": "Novel", "count": 3} in rows


def test_a_writable_dataset_is_searched_as_it_changes(
    serve: Callable[..., httpx.Client], tmp_path: Path
) -> None:
    http = serve(tmp_path, writable=True)
    token = {"Authorization": f"Bearer {TokenFile(tmp_path).create({'update'})}"}

    def labels(q: str) -> list[str]:
        return [row["label"] for row in http.get(f"/search.json?q={q}").json()["rows"]]

    assert labels("Middlemarch") == []
    for name in ("Middlemarch", "Romola"):
        update = f'INSERT DATA {{ <{EX}{name}> a <{EX}Novel> ; dcterms:title "{name}" }}'
        assert http.post("/sparql", data={"update": update}, headers=token).status_code == 204
        assert labels(name) == [name]
        assert http.get(thing(name)).status_code == 200
    assert http.get("/classes.json").json()["rows"][0]["count"] == 2
