"""A page whose state is its address, and the same as CSV, JSON and SVG at the same address."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.documents import PAGE_FORM, Desk, Form
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.references import REFERENCE_FORMS, references
from smegraph.server.pages.spreadsheet import TooManyRows, workbook

Parameters: TypeAlias = Sequence[tuple[str, str]]
"""The parameters of an address, in their order, each with its value."""

CSV_FORM: Final = Form("csv", "text/csv; charset=utf-8")
JSON_FORM: Final = Form("json", "application/json")
XLSX_FORM: Final = Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
SVG_FORM: Final = Form("svg", "image/svg+xml")
_DATA_FORMS: Final = (CSV_FORM, XLSX_FORM, JSON_FORM, SVG_FORM)
FORMS: Final = {form.suffix: form for form in (PAGE_FORM, *_DATA_FORMS, *REFERENCE_FORMS.values())}


@dataclass(frozen=True, slots=True)
class Table:
    """What a page shows as rows.

    Attributes:
        columns: the names of the columns.
        rows: a value for each column; None where there is none.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | float | bool | None]]

    def to_csv(self) -> str:
        """Return the table as RFC 4180 has it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows(["" if cell is None else cell for cell in row] for row in self.rows)
        return text.getvalue()

    def to_json(self) -> list[dict[str, object]]:
        """Return the rows as objects, with the names of the columns as keys."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows.

    Attributes:
        template: the name of its template.
        values: what the template is filled with.
        table: the same as rows, or what makes them: rows of a long list are for who asks for them.
        svg: its figure as a file of its own; may be empty.
        query: the SPARQL query that asks for the same; may be empty.
        works: what finds the IRIs of the works behind it, for who cites them; None without any.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    table: Table | Callable[[], Awaitable[Table]] = Table((), ())
    svg: str = ""
    query: str = ""
    works: Callable[[], Awaitable[Sequence[str]]] | None = None


Show: TypeAlias = Callable[[Parameters, Mapping[str, str]], Awaitable[View]]
"""What makes a page of the parameters of its address and of the variables of its path."""


# Decision 086: docs/decisions/086-lookup-tables.md
def add_view(
    app: FastAPI, layout: Layout, engine: Engine, path: str, show: Show, *, also: str = ""
) -> None:
    """Add a page at a path, and its rows, figure and works at the path with a suffix.

    Suffixes are `.csv`, `.xlsx`, `.json`, `.svg`; `.bib`, `.ris`, `.csl` hold the works behind it.

    Where `also` is given, the page is there at that path, too.

    What `show` raises as HttpProblem is told as a page to who asked for one.
    """
    desk = _desk(app, engine, layout.root)

    async def answered(request: Request) -> Response:
        asked = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if asked == also:
            asked = path
        form = _form(asked)
        plain = asked.removesuffix(f".{form.suffix}") if form is not PAGE_FORM else asked
        parameters = request.query_params.multi_items()
        found = dict(request.path_params)
        if form is not PAGE_FORM:
            found = {name: value.removesuffix(f".{form.suffix}") for name, value in found.items()}

        async def make() -> bytes:
            view = await show(parameters, found)
            if form.suffix in REFERENCE_FORMS:
                return await _cited(engine, form, plain, view)
            return await _written(layout, form, plain, parameters, view)

        state = urlencode(parameters)
        answer = await desk.send(request, plain, form, make, negotiated=False, state=state)
        answer.headers["Link"] = _others(layout.root + plain, form, state)
        if form is XLSX_FORM or form.suffix in REFERENCE_FORMS:
            name = f"{plain.rpartition('/')[2]}.{form.suffix}"
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    suffixes = [""] if path.endswith("}") else ["", *(f".{s}" for s in FORMS if s != "html")]
    for place in [path + suffix for suffix in suffixes] + [also] * bool(also):
        app.add_api_route(place, answered, methods=["GET", "HEAD"], include_in_schema=False)


def _desk(app: FastAPI, engine: Engine, root: str) -> Desk:
    """Return the one desk of all views of a site, which keeps what was made within one bound."""
    found = getattr(app.state, "desk", None)
    if not isinstance(found, Desk):
        found = app.state.desk = Desk(engine, root, FORMS)
    return found


def _form(path: str) -> Form:
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return FORMS.get(suffix, PAGE_FORM) if dot and suffix != PAGE_FORM.suffix else PAGE_FORM


def _others(address: str, form: Form, state: str) -> str:
    ending = f"?{state}" if state else ""
    links = []
    for other in (PAGE_FORM, *_DATA_FORMS):
        if other is not form:
            suffix = "" if other is PAGE_FORM else f".{other.suffix}"
            kind = other.media_type
            links.append(f'<{address}{suffix}{ending}>; rel="alternate"; type="{kind}"')
    return ", ".join(links)


async def _cited(engine: Engine, form: Form, path: str, view: View) -> bytes:
    if view.works is None:
        raise HttpProblem("not-found", f"{path} shows no works that could be cited.")
    return (await references(engine, await view.works(), form)).encode()


async def _written(
    layout: Layout, form: Form, path: str, parameters: Parameters, view: View
) -> bytes:
    if form in (CSV_FORM, XLSX_FORM, JSON_FORM):
        table = view.table if isinstance(view.table, Table) else await view.table()
        if form is XLSX_FORM:
            return await asyncio.to_thread(_workbook, table, path)
        if form is CSV_FORM:
            return (await asyncio.to_thread(table.to_csv)).encode()
        told = {"release": layout.version, "query": view.query, "rows": table.to_json()}
        return json.dumps(told, ensure_ascii=False).encode()
    if form is SVG_FORM:
        if not view.svg:
            raise HttpProblem("not-found", f"{path} has no figure.")
        return view.svg.encode()
    ending = f"?{urlencode(parameters)}" if parameters else ""
    forms = {
        "CSV": f"{layout.root}{path}.csv{ending}",
        "XLSX": f"{layout.root}{path}.xlsx{ending}",
        "JSON": f"{layout.root}{path}.json{ending}",
        **({"SVG": f"{layout.root}{path}.svg{ending}"} if view.svg else {}),
        **({"BibTeX": f"{layout.root}{path}.bib{ending}"} if view.works else {}),
        **({"RIS": f"{layout.root}{path}.ris{ending}"} if view.works else {}),
    }
    page = await layout.render(
        view.template, path, address=path + ending, data=forms, query=view.query, **view.values
    )
    return page.encode()


def _workbook(table: Table, path: str) -> bytes:
    try:
        return workbook(table.columns, table.rows)
    except TooManyRows as error:
        raise HttpProblem("not-found", f"{error} {path}.csv has all.") from error


def address(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address of a page in a state, below the root of the site.

    >>> address("/evidence", [("basis", "primary-data")]), address("/evidence")
    ('/evidence?basis=primary-data', '/evidence')
    """
    ending = urlencode(list(pairs))
    return f"{path}?{ending}" if ending else path
