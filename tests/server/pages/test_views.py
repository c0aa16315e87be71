"""A page whose state is its address, and the same as data at the same address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI

from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.documents import Desk
from smegraph.server.pages.layout import Layout, Link
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from tests.server.pages.conftest import Visitor, engine_of
from tests.server.pages.test_spreadsheet import cells


def application(release: Path) -> tuple[FastAPI, list[str]]:
    made: list[str] = []

    async def links() -> list[Link]:
        return []

    async def show(parameters: Parameters, path: Mapping[str, str]) -> View:
        if ("fail", "yes") in parameters:
            raise HttpProblem("invalid-parameter", "Not so.")
        name = path.get("name", "")
        made.append(name)
        title = HttpProblem("refused", f"{name} {list(parameters)}")
        svg = "<svg/>" if ("svg", "yes") in parameters else ""
        table = Table(["a", "b"], [[1, None], ['say "x", y', True]])
        return View("problem.html", {"problem": title, "title": "T"}, table, svg, "ASK {}")

    app = FastAPI()
    layout = Layout("Release 1", links, "/site")
    engine = engine_of(release)
    add_view(app, layout, engine, "/plain", show)
    add_view(app, layout, engine, "/named/{name}", show)

    @app.exception_handler(HttpProblem)
    async def told(request: object, error: HttpProblem) -> object:
        return error.response()

    return app, made


@pytest.fixture
def visitor(release: Path) -> Visitor:
    return Visitor(application(release)[0])


def test_a_page_has_its_parameters_and_leads_to_its_data(visitor: Visitor) -> None:
    page = visitor.get("/plain?x=1&x=2")
    assert "[(&#39;x&#39;, &#39;1&#39;), (&#39;x&#39;, &#39;2&#39;)]" in page.text
    assert '</site/plain.csv?x=1&x=2>; rel="alternate"; type="text/csv"' in page.headers["link"]


def test_rows_are_there_as_csv_and_json(visitor: Visitor) -> None:
    table = visitor.get("/plain.csv?x=1")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text == 'a,b\r\n1,\r\n"say ""x"", y",True\r\n'
    assert visitor.get("/plain.json").json() == {
        "release": "Release 1", "query": "ASK {}",
        "rows": [{"a": 1, "b": None}, {"a": 'say "x", y', "b": True}],
    }  # fmt: skip


def test_rows_are_there_as_a_workbook(visitor: Visitor) -> None:
    answer = visitor.get("/plain.xlsx?x=1")
    assert answer.headers["content-disposition"] == 'attachment; filename="plain.xlsx"'
    assert cells(answer.content) == {
        "A1": ("s", "a"), "B1": ("s", "b"), "A2": ("n", "1"), "A3": ("s", 'say "x", y'),
        "B3": ("b", "1"),
    }  # fmt: skip


@pytest.mark.parametrize("suffix", ["", ".csv", ".json", ".xlsx"])
def test_a_name_in_the_path_is_without_the_suffix(release: Path, suffix: str) -> None:
    app, made = application(release)
    assert Visitor(app).get(f"/named/trust.in{suffix}").status_code == 200
    assert made == ["trust.in"]


def test_a_figure_is_there_where_the_page_has_one(visitor: Visitor) -> None:
    figure = visitor.get("/plain.svg?svg=yes")
    assert (figure.text, figure.headers["content-type"]) == ("<svg/>", "image/svg+xml")
    assert visitor.get("/plain.svg").status_code == 404


@pytest.mark.parametrize("suffix", ["bib", "ris", "csl"])
def test_a_page_without_works_has_none_to_cite(visitor: Visitor, suffix: str) -> None:
    answer = visitor.get(f"/plain.{suffix}")
    assert answer.status_code == 404
    assert "no works that could be cited" in answer.text


def test_each_state_is_made_once_and_has_its_tag(release: Path) -> None:
    app, made = application(release)
    visitor = Visitor(app)
    tags = {visitor.get(path).headers["etag"] for path in ("/plain", "/plain?x=1", "/plain.csv")}
    assert len(tags) == 3
    again = visitor.get("/plain")
    assert len(made) == 3
    assert visitor.get("/plain", if_none_match=again.headers["etag"]).status_code == 304


def test_what_is_refused_is_refused_in_each_form(visitor: Visitor) -> None:
    assert [visitor.get(f"/plain{s}?fail=yes").status_code for s in ("", ".csv", ".svg")] == [
        400, 400, 400,
    ]  # fmt: skip


def test_an_address_has_its_pairs_encoded() -> None:
    assert address("/a", [("b", "c d"), ("b", "é")]) == "/a?b=c+d&b=%C3%A9"


def test_rows_of_a_long_list_are_made_for_who_asks_for_them(release: Path) -> None:
    made: list[str] = []

    async def links() -> list[Link]:
        return []

    async def rows() -> Table:
        made.append("rows")
        return Table(["a"], [[1]])

    async def show(parameters: Parameters, path: Mapping[str, str]) -> View:
        problem = HttpProblem("refused", "shown")
        return View("problem.html", {"problem": problem, "title": "T"}, rows)

    app = FastAPI()
    add_view(app, Layout("1", links), engine_of(release), "/long", show)
    visitor = Visitor(app)
    assert visitor.get("/long").status_code == 200
    assert made == []
    assert visitor.get("/long.csv").text == "a\r\n1\r\n"
    assert made == ["rows"]


def test_what_is_kept_has_one_bound_for_all_pages(release: Path) -> None:
    app, _ = application(release)
    desks = {
        cell.cell_contents
        for route in app.routes
        for cell in getattr(getattr(route, "endpoint", None), "__closure__", None) or ()
        if isinstance(cell.cell_contents, Desk)
    }
    assert len(desks) == 1
