"""The page `/papers`: the works by what they study and find, side by side, and as references."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from smegraph.namespaces import ID
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.compare import FEWEST, MOST, compare
from smegraph.server.pages.documents import Desk, Form
from smegraph.server.pages.findings import short
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import iri_of, page_number, require, require_page
from smegraph.server.pages.rendering import render
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.server.pages.works import (
    CITED,
    FOUND,
    SORTS,
    TAGS,
    Counted,
    WorkChoice,
    WorkEvidence,
    WorkRow,
    WorkTag,
    evidence_of,
    how_many,
    samples_of,
    tags_of,
    work_choice,
    work_counts,
    work_labels,
    works_named,
    works_of,
)

PATH: Final = "/papers"
ON_A_PAGE: Final = 50
FIRST_VALUES: Final = 8  # of a facet, before the rest is folded
_COMPARE, _PAGE, _SORT = "compare", "page", "sort"
_OWN: Final = (_COMPARE, _PAGE, _SORT)
_NEWEST: Final = "-year"
_ROLES: Final = {"reviewed": "reviewed by a document", "coded": "coded documents"}
TEXT_FORMS: Final = {
    "md": Form("md", "text/markdown; charset=utf-8", name="Markdown"),
    "tex": Form("tex", "application/x-tex; charset=utf-8", name="LaTeX"),
}
"""The forms of a comparison beside CSV and JSON."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper as the page shows it."""

    thing: Named
    key: str
    row: WorkRow
    evidence: Sequence[WorkEvidence]
    tags: Mapping[str, Sequence[WorkTag]]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: its name, how many papers have it, and the address that turns it."""

    label: str
    works: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetText:
    """A facet beside the table."""

    title: str
    values: Sequence[FacetValue]

    @property
    def is_chosen(self) -> bool:
        """Whether papers are chosen by it."""
        return any(value.chosen for value in self.values)


@dataclass(frozen=True, slots=True)
class Bar:
    """A year of the strip; lengths in units of the drawing."""

    year: int
    works: int
    x: float
    width: float
    height: float
    label: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """How many papers there are of each year, as bars."""

    bars: Sequence[Bar]
    width: int


_STRIP_HEIGHT: Final = 60
_WIDEST: Final = 480


def strip_of(counts: Sequence[Counted], choice: WorkChoice) -> Strip:
    """Return the years from the first to the last, each with its papers."""
    works = {int(one.value): one.works for one in counts}
    years = range(min(works), max(works) + 1) if works else range(0)
    step = min(30.0, _WIDEST / max(1, len(years)))
    most = max(works.values(), default=1)
    chosen = choice.chosen.get("year", ())
    bars = [
        Bar(
            year,
            works.get(year, 0),
            round(place * step + step * 0.1, 2),
            round(step * 0.8, 2),
            round(_STRIP_HEIGHT * works.get(year, 0) / most, 2),
            str(year) if step >= 28 or year % 10 == 0 else f"{year % 100:02}" if step > 12 else "",
            address(PATH, choice.turned("year", str(year))),
            str(year) in chosen,
        )
        for place, year in enumerate(years)
    ]
    return Strip(bars, round(step * len(years)))


# Decision 095: docs/decisions/095-papers-studies-platforms.md
def add_papers(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page, its comparison, and both in further forms."""

    async def show(parameters: Parameters, _: Mapping[str, str]) -> View:
        asked = await _Asked.of(lookup, parameters)
        if asked.compared:
            asked.few()
            return await _compared(lookup, asked)
        return await _listed(lookup, asked)

    async def written(parameters: Parameters, form: Form) -> str:
        asked = await _Asked.of(lookup, parameters)
        if not asked.compared:
            raise HttpProblem("not-found", f"{PATH}.{form.suffix} holds a comparison: choose "
                              f"papers by the parameter {_COMPARE}.")  # fmt: skip
        asked.few()
        found = await compare(lookup, await works_named(lookup, asked.compared))
        return found.to_markdown() if form.suffix == "md" else found.to_latex()

    add_view(app, layout, engine, PATH, show)
    add_texts(app, layout, engine, PATH, TEXT_FORMS, written)


def add_texts(
    app: FastAPI,
    layout: Layout,
    engine: Engine,
    path: str,
    forms: Mapping[str, Form],
    write: Callable[[Parameters, Form], Awaitable[str]],
) -> None:
    """Add further forms of a page, each at its path with a suffix."""
    desk = Desk(engine, layout.root, forms)

    def added(form: Form) -> None:
        async def answered(request: Request) -> Response:
            parameters = request.query_params.multi_items()

            async def make() -> bytes:
                return (await write(parameters, form)).encode()

            state = urlencode(parameters)
            answer = await desk.send(request, path, form, make, negotiated=False, state=state)
            del answer.headers["Link"]
            name = f"{path.strip('/')}.{form.suffix}"
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer

        where = f"{path}.{form.suffix}"
        app.add_api_route(where, answered, methods=["GET", "HEAD"], include_in_schema=False)

    for form in forms.values():
        added(form)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for."""

    choice: WorkChoice
    labels: Mapping[str, str]
    compared: Sequence[str]
    number: int
    sort: str

    @classmethod
    async def of(cls, lookup: Lookup, parameters: Parameters) -> _Asked:
        """Return what the parameters of an address ask for; raises HttpProblem (400)."""
        labels = await work_labels(lookup)
        choice = work_choice(labels, parameters, _OWN)
        named = dict.fromkeys(value for name, value in parameters if name == _COMPARE and value)
        works = [iri for iri in labels if iri.startswith(f"{ID}work-")]
        compared = [iri_of("paper", _key(value), works, (f"{ID}work-",)) for value in named]
        sort = next((v for name, v in reversed(parameters) if name == _SORT and v), _NEWEST)
        require(_SORT, sort, [*SORTS, *(f"-{name}" for name in SORTS)])
        number = next((v for name, v in reversed(parameters) if name == _PAGE and v), "1")
        return cls(choice, labels, compared, page_number(number), sort)

    def few(self) -> None:
        """Refuse (400) a number of papers that do not stand side by side."""
        number = len(self.compared)
        if not FEWEST <= number <= MOST:
            raise HttpProblem(
                "invalid-parameter",
                f"{FEWEST} to {MOST} papers stand side by side; {number} "
                f"{'is' if number == 1 else 'are'} chosen.",
            )

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """Return the parameters of the address with its order, and with others set."""
        order = {} if self.sort == _NEWEST else {_SORT: self.sort}
        return self.choice.pairs(**{**order, **changes})


def _key(value: str) -> str:
    return value.removeprefix("work-")


async def _compared(lookup: Lookup, asked: _Asked) -> View:
    papers = await works_named(lookup, asked.compared)
    found = await compare(lookup, papers)

    async def compared() -> list[str]:
        return [*asked.compared]

    left = {
        paper.iri: address(PATH, [(_COMPARE, short(o.iri)) for o in papers if o.iri != paper.iri])
        for paper in papers
        if len(papers) > FEWEST
    }
    values = {
        "papers": [(named(paper.iri, paper.label), left.get(paper.iri, "")) for paper in papers],
        "rows": found.rows,
        "forms": _forms([(_COMPARE, short(paper.iri)) for paper in papers], compared=True),
        "back": address(PATH, asked.pairs()),
    }
    return View(
        "compare.html",
        values,
        found.table(),
        query=asked.choice.query(asked.compared),
        works=compared,
    )


def _forms(pairs: Sequence[tuple[str, str]], *, compared: bool = False) -> dict[str, str]:
    forms = {"BibTeX": "bib", "RIS": "ris", "CSL-JSON": "csl"}
    forms = {"Markdown": "md", "LaTeX": "tex", **forms} if compared else forms
    return {name: address(f"{PATH}.{suffix}", pairs) for name, suffix in forms.items()}


async def _listed(lookup: Lookup, asked: _Asked) -> View:
    choice, total = asked.choice, await how_many(lookup, asked.choice)
    require_page(asked.number, total, ON_A_PAGE, "papers")
    counts = await work_counts(lookup, choice)
    strip = strip_of(counts["year"], choice)
    start = (asked.number - 1) * ON_A_PAGE
    shown = await works_of(lookup, choice, asked.sort, limit=ON_A_PAGE, offset=start)

    async def table() -> Table:
        return await _table(lookup, choice, await works_of(lookup, choice, asked.sort))

    values = {
        "papers": await _texts(lookup, choice, shown),
        "total": total,
        "number": asked.number,
        "pages": _pages(asked, total),
        "facets": _facets(asked, counts),
        "chosen": _chosen(asked),
        "strip": strip,
        "sorts": _sorts(asked),
        "forms": _forms(choice.pairs()),
        "with_cited": CITED in choice.chosen,
        "cited": address(PATH, choice.turned(CITED, "yes")),
        "found": [pair for pair in choice.pairs() if pair[0] in {f.name for f in FOUND}],
        "kept": choice.pairs(),
        "most": MOST,
    }
    svg = render("years.svg", strip=strip) if strip.bars else ""

    async def listed() -> list[str]:
        return [work.iri for work in await works_of(lookup, choice)]

    return View("papers.html", values, table, svg, query=choice.query(), works=listed)


async def _texts(lookup: Lookup, choice: WorkChoice, works: Sequence[WorkRow]) -> list[PaperText]:
    evidence = await evidence_of(lookup, choice, works)
    tags = await tags_of(lookup, works)
    return [
        PaperText(named(work.iri, work.title or work.label), short(work.iri), work,
                  evidence[work.iri], tags[work.iri])
        for work in works
    ]  # fmt: skip


_LISTED_TAGS: Final = (
    "type", "method", "theory", "scope", "country", "industry", "platform", "firms",
)  # fmt: skip


async def _table(lookup: Lookup, choice: WorkChoice, works: Sequence[WorkRow]) -> Table:
    """Return the papers as a table: record, design, and findings for each evidence basis."""
    texts = await _texts(lookup, choice, works)
    samples = await samples_of(lookup, works)
    bases = sorted({one.label for text in texts for one in text.evidence})
    columns = [
        "paper", "label", "authors", "year", "title", "periodical", "doi", "reviewed", "coded",
        "sample", *_LISTED_TAGS, *(f"findings: {basis}" for basis in bases),
        "findings with a reserve", "times cited", "citing documents",
    ]  # fmt: skip
    rows = []
    for text in texts:
        row, found = text.row, {one.label: one.findings for one in text.evidence}
        sorted_by = ("; ".join(t.label for t in text.tags.get(k, ())) for k in _LISTED_TAGS)
        rows.append([
            row.iri, row.label, row.authors, row.year, row.title, row.periodical, row.doi,
            row.reviewed, row.coded, "; ".join(s.text for s in samples[row.iri]), *sorted_by,
            *(found.get(basis, 0) for basis in bases), sum(one.hedged for one in text.evidence),
            row.cited, row.documents,
        ])  # fmt: skip
    return Table(columns, rows)


def _facets(asked: _Asked, counts: Mapping[str, Sequence[Counted]]) -> list[FacetText]:
    choice = asked.choice
    titles = {"role": "Papers", **{facet.name: facet.title for facet in (*TAGS, *FOUND)}}
    facets = []
    for name, title in titles.items():
        taken = choice.chosen.get(name, ())
        values = []
        for one in counts[name]:
            value = short(one.value)
            label = _ROLES.get(value, asked.labels.get(one.value, value))
            where = address(PATH, choice.turned(name, value))
            values.append(FacetValue(label, one.works, where, value in taken))
        values.sort(key=lambda value: (not value.chosen, -value.works, value.label))
        if any(value.works for value in values):
            facets.append(FacetText(title, values))
    return facets


def _chosen(asked: _Asked) -> list[tuple[str, str]]:
    """Return what is chosen, each as a text with the address without it."""
    choice = asked.choice
    titles = {facet.name: facet.title for facet in (*TAGS, *FOUND)} | {"role": "Papers"}
    chosen = []
    for name, value in choice.pairs():
        label = asked.labels.get(choice.iris.get((name, value), ""), _ROLES.get(value, value))
        if name == CITED:
            text = "with works that are only cited"
        else:
            text = f"{titles.get(name, name.capitalize())}: {label}"
        chosen.append((text, address(PATH, choice.turned(name, value))))
    return chosen


def _sorts(asked: _Asked) -> dict[str, tuple[str, str]]:
    """Return for each order the address that takes or turns it, and how it is sorted now."""
    first_down = {"year", "findings", "cited"}
    sorts = {}
    for name in SORTS:
        start = f"-{name}" if name in first_down else name
        other = name if name in first_down else f"-{name}"
        way = "descending" if asked.sort == f"-{name}" else "ascending"
        state = way if asked.sort.removeprefix("-") == name else ""
        wanted = other if asked.sort == start else start
        pairs = asked.choice.pairs(**({} if wanted == _NEWEST else {_SORT: wanted}))
        sorts[name] = (address(PATH, pairs), state)
    return sorts


def _pages(asked: _Asked, total: int) -> dict[str, str]:
    """Return the addresses of the page before and of the one behind."""
    ways = {}
    if asked.number > 1:
        ways["Previous page"] = address(PATH, asked.pairs(page=str(asked.number - 1)))
    if asked.number * ON_A_PAGE < total:
        ways["Next page"] = address(PATH, asked.pairs(page=str(asked.number + 1)))
    return ways
