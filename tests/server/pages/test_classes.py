"""The page of classes and properties of any dataset, each with its uses."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from smegraph.server.pages.any_thing import ON_A_PAGE
from smegraph.server.pages.ask_page import QueryPage
from smegraph.server.pages.site import dataset_site
from tests.server.pages.conftest import Visitor
from tests.server.pages.foreign import foreign_engine, many

EX = "https://books.example/"
TITLE = quote("http://purl.org/dc/terms/title", safe="")
NOVEL = quote(EX + "Novel", safe="")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    engine = foreign_engine(tmp_path_factory.mktemp("books"), many(ON_A_PAGE))
    page = QueryPage(title="Ask books", lead="Books.")
    return Visitor(dataset_site(page, "", {}, engine=engine))


def test_classes_and_properties_are_counted_and_lead_to_their_uses(visitor: Visitor) -> None:
    text = visitor.get("/classes").text
    assert f'href="/classes?class={NOVEL}">Novel</a>' in text
    assert f'href="/classes?property={TITLE}"' in text
    rows = visitor.get("/classes.json").json()["rows"]
    assert rows[0] == {"kind": "class", "term": EX + "Novel", "label": "Novel",
                       "count": ON_A_PAGE + 2}  # fmt: skip
    assert visitor.outline("/").main == ["/ask", "/classes"]


def test_the_things_of_a_class_come_in_pages(visitor: Visitor) -> None:
    first = visitor.get(f"/classes?class={NOVEL}").text
    assert ">Middlemarch</a>" in first
    assert "Next page" in first
    second = visitor.get(f"/classes?class={NOVEL}&page=2").text
    assert ">Romola</a>" in second
    assert "Next page" not in second


def test_the_statements_of_a_property_have_their_values(visitor: Visitor) -> None:
    assert "<td>Middlemarch</td>" in visitor.get(f"/classes?property={TITLE}").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/classes?class={NOVEL}&property={TITLE}", 400),
        ("/classes?class=https%3A%2F%2Fbooks.example%2FPoem", 404),
        ("/classes?class=no%20iri", 400),
        ("/classes?klass=x", 400),
        (f"/classes?class={NOVEL}&page=0", 400),
    ],
)
def test_what_is_wrong_is_told(visitor: Visitor, address: str, status: int) -> None:
    assert visitor.get(address).status_code == status
