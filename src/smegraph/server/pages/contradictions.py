"""List the contradictions that the graph holds: the page at `/contradictions`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

import pyoxigraph
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import Response

from smegraph.namespaces import BASE
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.layout import HERE, ask, site_page
from smegraph.store.embedded import EmbeddedStore

PATH: Final = "/contradictions"
QUERY: Final = (HERE / "queries" / "contradictions.rq").read_text("utf-8")

_STUDY: Final = BASE + "id/work-"
_ABOUT: Final = "SELECT ?property ?value\nWHERE {{ <{iri}> ?property ?value }}\n" + (
    "ORDER BY ?property ?value\n"
)


@dataclass(frozen=True)
class Named:
    """A study, a kind, or a thing that a note is about."""

    key: str
    label: str
    iri: str
    definition: str = ""


@dataclass(frozen=True)
class Reading:
    """One of the two readings, and where the document gives rise to it."""

    text: str
    locator: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Note:
    """One contradiction, doubt or gap of a document, as a curator noted it."""

    key: str
    study: Named
    kind: Named
    statement: str
    readings: tuple[Reading, Reading]
    about: tuple[Named, ...]


def add_contradictions(app: FastAPI, store: EmbeddedStore, version: str) -> int:
    """Add the page; returns how many notes it lists. A release does not change, so it asks once."""
    notes = load_notes(store)

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def contradictions(request: Request) -> Response:
        try:
            study, kind = _choice(request, notes)
        except HttpProblem as problem:
            return problem.response()
        page = render(notes, version, study=study, kind=kind)
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return len(notes)


def _choice(request: Request, notes: Sequence[Note]) -> tuple[str | None, str | None]:
    """The study and the kind that a request asks for; what is unknown is refused by name."""
    known = {"study": {n.study.key for n in notes}, "kind": {n.kind.key for n in notes}}
    for name in request.query_params:
        if name not in known:
            detail = f"{name!r} is no parameter; there are study and kind."
            raise HttpProblem("unknown-parameter", detail, parameter=name, known=list(known))
        values = request.query_params.getlist(name)
        if len(values) > 1:
            raise HttpProblem("repeated-parameter", f"There can be one {name!r}.", parameter=name)
        if values[0] not in known[name]:
            detail = f"No contradiction has the {name} {values[0]!r}."
            raise HttpProblem("not-found", detail, parameter=name, known=sorted(known[name]))
    return request.query_params.get("study"), request.query_params.get("kind")


# ---------------------------------------------------------------------------- what the graph says


def load_notes(store: EmbeddedStore) -> list[Note]:
    """Return the notes by study, kind and place; the query gives them in this order."""
    found = store.query(QUERY)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [
        {name: term.value for name, term in zip(names, row, strict=True) if _has_value(term)}
        for row in found
    ]
    return [_note(list(group)) for _, group in groupby(rows, key=lambda row: row["note"])]


def _has_value(term: object) -> bool:
    return isinstance(term, pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal)


def _note(rows: Sequence[dict[str, str]]) -> Note:
    row = rows[0]
    about = {found["about"]: found.get("aboutLabel", "") for found in rows if "about" in found}
    return Note(
        key=_last(row["note"]),
        study=_named(row, "study", row["study"].removeprefix(_STUDY)),
        kind=_named(row, "kind", _last(row["kind"])),
        statement=row["statement"],
        readings=(_reading(row, "first"), _reading(row, "second")),
        about=tuple(Named(_last(iri), label or _last(iri), iri) for iri, label in about.items()),
    )


def _reading(row: dict[str, str], which: str) -> Reading:
    start, end = row.get(f"{which}Start"), row.get(f"{which}End")
    return Reading(
        row.get(f"{which}Reading", ""),
        row.get(f"{which}Locator", ""),
        int(start) if start else None,
        int(end) if end else None,
    )


def _named(row: dict[str, str], name: str, key: str) -> Named:
    label = row.get(f"{name}Label", key)
    return Named(key, label, row[name], row.get(f"{name}Meaning", ""))


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


# ---------------------------------------------------------------------------- what people see


def render(
    notes: Sequence[Note], version: str, *, study: str | None = None, kind: str | None = None
) -> str:
    """Return the page with the notes of a study and of a kind, or of all."""
    shown = [n for n in notes if study in (None, n.study.key) and kind in (None, n.kind.key)]
    main = "\n".join(
        [
            '<section class="intro">',
            "<h1>Where do the documents contradict themselves?</h1>",
            '<p class="lead">What a document says stands as it says it. Where two places do not '
            "agree, one can be read in two ways, or something is missing, both readings are kept "
            "side by side, each with its place in the document. Nobody chose between them.</p>",
            f'<p class="tally">{_tally(shown, notes)} {ask(QUERY, "The same as data")}</p>',
            "</section>",
            _filters(notes, study, kind),
            *_studies(shown),
        ]
    )
    return site_page(
        title="Contradictions in the documents: smegraph",
        description="Where studies of small firms and digital platforms contradict themselves.",
        main=main,
        version=version,
    )


def _tally(shown: Sequence[Note], notes: Sequence[Note]) -> str:
    if not notes:
        return "This release holds no contradictions."
    if len(shown) == len(notes):
        studies = len({note.study for note in notes})
        noun = "study" if studies == 1 else "studies"
        return f"<strong>{len(notes):,}</strong> in {studies} {noun}."
    return f"<strong>{len(shown):,}</strong> of {len(notes):,}."


def _filters(notes: Sequence[Note], study: str | None, kind: str | None) -> str:
    """Links that narrow the list down; each says how many it leaves."""
    if not notes:
        return ""
    in_kind = [note for note in notes if kind in (None, note.kind.key)]
    in_study = [note for note in notes if study in (None, note.study.key)]
    studies = _choices("study", [n.study for n in in_kind], study, {"kind": kind})
    kinds = _choices("kind", [n.kind for n in in_study], kind, {"study": study})
    return (
        '<nav class="filters" aria-label="Narrow the list down">'
        f'<h2 id="by-study">Study</h2>{studies}<h2 id="by-kind">Kind</h2>{kinds}</nav>'
    )


def _choices(
    name: str, found: Sequence[Named], chosen: str | None, other: dict[str, str | None]
) -> str:
    every = f"<li>{_choice_link('All', len(found), chosen is None, other)}</li>"
    labels = {value.key: value.label for value in found}
    items = [
        _choice_link(label, sum(v.key == key for v in found), key == chosen, {name: key, **other})
        for key, label in sorted(labels.items(), key=lambda entry: entry[1].casefold())
    ]
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="chips" aria-labelledby="by-{name}">{every}{listed}</ul>'


def _choice_link(label: str, count: int, is_chosen: bool, choice: dict[str, str | None]) -> str:
    wanted = sorted((name, value) for name, value in choice.items() if value is not None)
    address = PATH + (f"?{urlencode(wanted)}" if wanted else "")
    current = ' aria-current="true"' if is_chosen else ""
    return (
        f'<a href="{escape(address)}"{current}>{escape(label)} '
        f'<span class="count">{count:,}</span></a>'
    )


def _studies(notes: Iterable[Note]) -> Iterable[str]:
    for study, of_study in groupby(notes, key=lambda note: note.study):
        group = list(of_study)
        yield f'<section class="study" aria-labelledby="study-{escape(study.key)}">'
        yield (
            f'<h2 id="study-{escape(study.key)}">{escape(study.label)} '
            f'<span class="count">{len(group):,}</span></h2>'
        )
        for kind, of_kind in groupby(group, key=lambda note: note.kind):
            yield from _kind(kind, list(of_kind))
        yield "</section>"


def _kind(kind: Named, notes: Sequence[Note]) -> Iterable[str]:
    label = kind.label[:1].upper() + kind.label[1:]
    yield f'<h3>{escape(label)} <span class="count">{len(notes):,}</span></h3>'
    if kind.definition:
        yield f'<p class="quiet">{escape(kind.definition)}</p>'
    yield from (_article(note) for note in notes)


def _article(note: Note) -> str:
    readings = "".join(
        _reading_item(reading, name)
        for reading, name in zip(note.readings, ("One reading", "The other"), strict=True)
        if reading.text
    )
    about = "".join(
        f"<li>{ask(_ABOUT.format(iri=thing.iri), thing.label)}</li>" for thing in note.about
    )
    listed = f'<div class="about"><p>About</p><ul>{about}</ul></div>' if about else ""
    return (
        f'<article class="note" id="{escape(note.key)}">'
        f'<p class="statement">{escape(note.statement)}</p>'
        f'<dl class="readings">{readings}</dl>{listed}</article>'
    )


def _reading_item(reading: Reading, name: str) -> str:
    place = escape(reading.locator)
    if reading.start is not None:
        offsets = f"{reading.start:,}–{reading.end:,}"
        place += f' <span class="offsets">characters {offsets}</span>'
    shown = f'<dd class="place">{place}</dd>' if place else ""
    return f"<div><dt>{name}</dt><dd>{escape(reading.text)}</dd>{shown}</div>"
